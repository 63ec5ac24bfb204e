"""Remainders: money of a call that its places do not need. Twice it is carried out as the call has
announced: once nobody owes and nobody can take a seat, what was raised above the cost of the places
that it pays for; and once the round is done, whatever is left in its account. Each in one transaction
that also says that it was: whatever crashes, it happens once. Refunds that were written down there
are asked of Stripe after it, and again until they are answered (`giving_back`); what Stripe refuses,
again each day."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money, split
from funding.ledger.posting import Leg, Place
from funding.programmes import calls
from funding.programmes.models import FundingCall, Programme, Round
from sponsors.billing import gateway, giving_back, repaying, returning, sending_back, unsettled
from sponsors.billing.models import Asked, BankPayment, BankReturn, Invoice, Payment
from sponsors.sponsorships import deciding
from sponsors.sponsorships.models import CommitmentStatus

log = logging.getLogger(__name__)

Kind, Rule = Account.Kind, FundingCall.Remainder
Paid = Payment | BankPayment
WHY = "Your part of what the round did not need."


class NotYet(Exception):
    """Money of it is on its way, or a seat is on offer."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the two settlements: under which name it is in the books, and its words."""

    name: str
    left: str
    nothing: str


FIRST = Step("remainder", "The remainder of {}", "All is paid, and nothing is left over.")
LAST = Step("left", "What was left at the end, {},", "The round is done, and nothing is left.")


def settle(call: FundingCall, *, now: datetime) -> bool:
    """What the call has raised too much; False while something is waited for."""
    return _carried(call, _settle, now)


def clear(call: FundingCall, *, now: datetime) -> bool:
    """What is left once its round is done; False while something is waited for."""
    return _carried(call, _clear, now)


def try_again(*, now: datetime, most: int = 50) -> None:
    """Parts that Stripe has refused to give back. Nothing is given twice: what went back meanwhile by
    whoever's hand is not among them."""
    rows = giving_back.refused().filter(
        at__lte=now - repaying.AGAIN_AFTER,
        payment__invoice__commitment__status=CommitmentStatus.PAID,
        payment__invoice__commitment__call__state=FundingCall.State.SUCCEEDED,
    )
    for asked in list(rows.select_related("payment")[:most]):
        if new := _promised_again(asked, now):
            _carry_out(new, now)


def programme(programme_id: int, kind: Account.Kind) -> Place:
    """What is kept for its rounds to come."""
    return Place(kind, f"programme:{programme_id}")


def gross(net: int, tax: int, part: int) -> int:
    """`part` of a net amount with its part of the tax, half a unit rounded up; a credit note of so
    much has exactly that net."""
    return part + (2 * tax * part + net) // (2 * net)


def _carried(
    call: FundingCall, deed: Callable[[FundingCall, datetime], list[Asked]], now: datetime
) -> bool:
    try:
        with transaction.atomic():
            _lock_invoices(call)
            _lock_programme(call)
            asked = deed(calls.lock(call.pk), now)
    except NotYet:
        return False
    for one in asked:
        _carry_out(one, now)
    return True


def _lock_invoices(call: FundingCall) -> None:
    """Before the call, as whoever writes one of them does, which then tells of its seat."""
    rows = Invoice.objects.select_for_update(of=("self",)).filter(commitment__call=call)
    list(rows.order_by("pk").values_list("pk"))


def _lock_programme(call: FundingCall) -> None:
    """Two rounds of it do not both take what is kept. Before the call, as whoever runs it does."""
    Programme.objects.select_for_update(of=("self",)).get(pk=call.round.programme_id)


def _settle(call: FundingCall, now: datetime) -> list[Asked]:
    is_over = call.closed_at is not None and call.state == FundingCall.State.SUCCEEDED
    if (
        not is_over
        or call.settled_at is not None
        or any(unsettled.of(call))
        or deciding.is_short(call)
    ):
        raise NotYet(str(call))
    _carry_in(call, now)
    paid = _paid(call)
    asked = _give(call, _remainder(call, paid), paid, FIRST, now)
    call.settled_at = now
    call.save(update_fields=["settled_at"])
    return asked


def _clear(call: FundingCall, now: datetime) -> list[Asked]:
    round_ = Round.objects.locked(call.round_id)  # as who pays out of it does
    is_over = round_.status == Round.Status.DONE and call.state == FundingCall.State.SUCCEEDED
    if not is_over or call.cleared_at is not None or any(unsettled.at_the_end(call)):
        raise NotYet(str(call))
    left = balances.of(posting.round(round_.pk, Kind.HELD), call.currency)
    asked = _give(call, call.money(max(left.amount, 0)), _paid(call), LAST, now)
    call.cleared_at = now
    call.save(update_fields=["cleared_at"])
    return asked


def _paid(call: FundingCall) -> list[Paid]:
    """What paid for its seats and has not gone back, in the order in which they were taken."""
    of_seats = {"invoice__commitment__status": CommitmentStatus.PAID}
    settled = unsettled.payments(call).exclude(balance_transaction=None).filter(**of_seats)
    rows: list[Paid] = [
        *settled.select_related("invoice"),
        *unsettled.bank(call).filter(**of_seats).select_related("invoice"),
    ]
    rows.sort(key=lambda one: (one.invoice.commitment_id or 0, one.pk))
    return [one for one in rows if _left(one) > 0]


def _gone(one: Paid) -> tuple[int, int]:
    """Net and tax of it that went back, or are promised by bank."""
    if isinstance(one, BankPayment):
        return BankReturn.objects.filter(bank_payment=one).together()
    gone = one.movements.aggregate(net=Sum("net"), tax=Sum("tax"))
    return gone["net"] or 0, gone["tax"] or 0


def _left(one: Paid) -> int:
    """What of it is the round's, net, and has not gone back."""
    return one.net - _gone(one)[0]


def _is_the_banks(one: Paid) -> bool:
    """Whoever's bank has taken some of it back for good gets nothing of the rest from us."""
    return isinstance(one, Payment) and one.disputes.filter(status="lost").exists()


def _remainder(call: FundingCall, paid: list[Paid]) -> Money:
    """What was paid above the cost of the places, as far as it is still there: a bank may have taken
    money back that was paid out already."""
    places = Round.objects.locked(call.round_id).places_funded  # as who pays out of it does
    raised = sum(_left(one) for one in paid)
    above = call.money(raised - places * call.cost.amount)
    return max(min(above, repaying.held(call)), call.money(0))


def _carry_in(call: FundingCall, now: datetime) -> None:
    """What an earlier round has left for this one."""
    kept = programme(call.round.programme_id, Kind.HELD)
    money = balances.of(kept, call.currency)
    if money.amount <= 0:
        return
    posting.post(
        reference=f"call:{call.pk}:carried",
        kind=Entry.Kind.CARRIED,
        occurred_at=now,
        legs=[Leg(kept, posting.round(call.round_id, Kind.HELD), money)],
        memo=f"Left by an earlier round, for {call}",
    )
    calls.note(call, f"{money.exact} came over from an earlier round.", at=now)


def _give(
    call: FundingCall, money: Money, paid: list[Paid], step: Step, now: datetime
) -> list[Asked]:
    """As the call has announced. Never more goes back to one than it has paid; what is above all of
    that, from an earlier round, is kept for the next."""
    if not money:
        calls.note(call, step.nothing, at=now)
        return []
    if call.remainder != Rule.REFUND:
        _pass_on(call, money, step, now, is_kept=call.remainder == Rule.NEXT_ROUND)
        return []
    paid = [one for one in paid if not _is_the_banks(one)]
    back = call.money(min(money.amount, sum(_left(one) for one in paid)))
    asked = _refund(call, back, paid, step, now) if back else []
    if money > back:
        _pass_on(call, money - back, step, now, is_kept=True)
    return asked


def _pass_on(call: FundingCall, money: Money, step: Step, now: datetime, *, is_kept: bool) -> None:
    """To the programme, which keeps it for its next round, or to the general fund."""
    to, words = repaying.GENERAL, "goes to the operator’s general fund."
    if is_kept:
        to, words = programme(call.round.programme_id, Kind.HELD), "is kept for the next round."
    posting.post(
        reference=f"call:{call.pk}:{step.name}",
        kind=Entry.Kind.REMAINDER,
        occurred_at=now,
        legs=[Leg(posting.round(call.round_id, Kind.HELD), to, money)],
        memo=f"{step.name.capitalize()} of {call}"[:200],
    )
    calls.note(call, f"{step.left.format(money.exact)} {words}", at=now)


def _refund(
    call: FundingCall, money: Money, paid: list[Paid], step: Step, now: datetime
) -> list[Asked]:
    """To each by what it paid: parts of whole units that sum to it exactly, net, and each with its
    tax. What came to the bank is sent from there, by staff."""
    parts = split(money.amount, [_left(one) for one in paid])
    given = [(one, part) for one, part in zip(paid, parts, strict=True) if part]
    asked = [_promised(one, part, now) for one, part in given if isinstance(one, Payment)]
    if None in asked:
        raise NotYet(str(call))
    by_hand = [_sent(one, part, now) for one, part in given if isinstance(one, BankPayment)]
    calls.note(call, f"{step.left.format(money.exact)} goes back to its sponsors.", at=now)
    if by_hand:
        together = call.money(sum(one.net for one in by_hand))
        calls.note(call, f"{together.exact} of it is sent by bank, by hand.", at=now)
    return [one for one in asked if one]


def _promised(one: Payment, part: int, now: datetime) -> Asked | None:
    return giving_back.promise(one, amount=part + _tax_of(one, part), why=WHY, now=now)


def _sent(one: BankPayment, part: int, now: datetime) -> BankReturn:
    return sending_back.promise(one, net=part, tax=_tax_of(one, part), why=WHY, now=now)


def _tax_of(one: Paid, part: int) -> int:
    """Of so much more of it, so that with all of it all the tax goes back."""
    net, tax = _gone(one)
    return max(gross(one.net, one.tax, net + part) - net - part - tax, 0)


def _promised_again(asked: Asked, now: datetime) -> Asked | None:
    with transaction.atomic():
        returning.locked(asked.payment.payment_intent)
        if not giving_back.refused().filter(pk=asked.pk).exists():
            return None
        return giving_back.promise(asked.payment, amount=asked.amount, why=asked.why, now=now)


def _carry_out(asked: Asked, now: datetime) -> None:
    try:
        giving_back.carry_out(asked, now=now)
    except (giving_back.CannotGiveBack, gateway.GatewayError):
        log.warning("%s waits to be given back", asked.pk, exc_info=True)
