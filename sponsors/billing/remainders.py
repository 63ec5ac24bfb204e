"""Remainders: what a call has raised above the cost of the places that it pays for. Once nobody owes and
nobody can take a seat, it is carried out as the call has announced, in one transaction that also says
that it was: whatever crashes, it happens once. Refunds that were written down there are asked of Stripe
after it, and again until they are answered (`giving_back`)."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money, split
from funding.ledger.posting import Leg, Place
from funding.programmes import calls
from funding.programmes.models import FundingCall, Programme, Round
from sponsors.billing import gateway, giving_back, repaying
from sponsors.billing.models import Asked, BankPayment, Invoice, Payment
from sponsors.sponsorships import deciding
from sponsors.sponsorships.models import Commitment, CommitmentStatus

log = logging.getLogger(__name__)

Kind, Rule = Account.Kind, FundingCall.Remainder
OWING = (CommitmentStatus.RESERVED, CommitmentStatus.COMMITTED, CommitmentStatus.DUE)
Paid = Payment | BankPayment
WHY = "Your part of what the round did not need."


class NotYet(Exception):
    """Money of it is on its way, or a seat is on offer."""


def settle(call: FundingCall, *, now: datetime) -> bool:
    """Carry it out; False while something is waited for."""
    try:
        with transaction.atomic():
            _lock_invoices(call)
            _lock_programme(call)
            asked = _settle(calls.lock(call.pk), now)
    except NotYet:
        return False
    for one in asked:
        _carry_out(one, now)
    return True


def programme(programme_id: int, kind: Account.Kind) -> Place:
    """What is kept for its rounds to come."""
    return Place(kind, f"programme:{programme_id}")


def _lock_invoices(call: FundingCall) -> None:
    """Before the call, as whoever writes one of them does, which then tells of its seat."""
    rows = Invoice.objects.select_for_update(of=("self",)).filter(commitment__call=call)
    list(rows.order_by("pk").values_list("pk"))


def _lock_programme(call: FundingCall) -> None:
    """Two rounds of it do not both take what is kept. Before the call, as whoever runs it does."""
    Programme.objects.select_for_update(of=("self",)).get(pk=call.round.programme_id)


def _settle(call: FundingCall, now: datetime) -> list[Asked]:
    _insist_ready(call)
    _carry_in(call, now)
    paid = [one for one in _paid(call) if _left(one) > 0]
    asked = _give(call, _remainder(call, paid), paid, now)
    call.settled_at = now
    call.save(update_fields=["settled_at"])
    return asked


def _insist_ready(call: FundingCall) -> None:
    owing = Commitment.objects.filter(call=call, status__in=OWING)
    payments = _payments(call)
    waits = (
        call.settled_at is not None
        or call.closed_at is None
        or call.state != FundingCall.State.SUCCEEDED
        or owing.exists()
        or deciding.is_short(call)
        or _not_arrived(call).exists()
        or repaying.owed_back().filter(commitment__call=call).exists()
        or Asked.objects.filter(payment__in=payments, status=Asked.Status.ASKED).exists()
        or repaying.unsettled_disputes(payments).exists()
    )
    if waits:
        raise NotYet(str(call))


def _payments(call: FundingCall) -> QuerySet[Payment]:
    return Payment.objects.filter(invoice__commitment__call=call)


def _not_arrived(call: FundingCall) -> QuerySet[Commitment]:
    """Seats that are paid, and whose money is in no book yet."""
    rows = Commitment.objects.filter(call=call, status=CommitmentStatus.PAID)
    arrived = _payments(call).exclude(balance_transaction=None).values("invoice__commitment")
    bank = _bank(call).values("invoice__commitment")
    return rows.exclude(pk__in=arrived).exclude(pk__in=bank)


def _bank(call: FundingCall) -> QuerySet[BankPayment]:
    return BankPayment.objects.agreed().filter(invoice__commitment__call=call)


def _paid(call: FundingCall) -> list[Paid]:
    """What paid for its seats, in the order in which they were taken."""
    of_seats = {"invoice__commitment__status": CommitmentStatus.PAID}
    settled = _payments(call).exclude(balance_transaction=None).filter(**of_seats)
    rows: list[Paid] = [
        *settled.select_related("invoice"),
        *_bank(call).filter(**of_seats).select_related("invoice"),
    ]
    return sorted(rows, key=lambda one: (one.invoice.commitment_id or 0, one.pk))


def _left(one: Paid) -> int:
    """What of it is the round's, net, and has not gone back."""
    if isinstance(one, BankPayment):
        return one.net
    gone = one.movements.aggregate(net=Sum("net"))["net"] or 0
    return int(one.net - gone)


def _remainder(call: FundingCall, paid: list[Paid]) -> Money:
    places = Round.objects.values_list("places_funded", flat=True).get(pk=call.round_id)
    raised = sum(_left(one) for one in paid)
    return call.money(max(raised - places * call.cost.amount, 0))


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


def _give(call: FundingCall, money: Money, paid: list[Paid], now: datetime) -> list[Asked]:
    if not money:
        calls.note(call, "All is paid, and nothing is left over.", at=now)
        return []
    if call.remainder == Rule.REFUND:
        return _refund(call, money, paid, now)
    to, words = {
        Rule.NEXT_ROUND: (
            programme(call.round.programme_id, Kind.HELD), "is kept for the next round"
        ),
        Rule.GENERAL: (repaying.GENERAL, "goes to the operator’s general fund"),
    }[Rule(call.remainder)]  # fmt: skip
    posting.post(
        reference=f"call:{call.pk}:remainder",
        kind=Entry.Kind.REMAINDER,
        occurred_at=now,
        legs=[Leg(posting.round(call.round_id, Kind.HELD), to, money)],
        memo=f"Remainder of {call}",
    )
    calls.note(call, f"The remainder of {money.exact} {words}.", at=now)
    return []


def _refund(call: FundingCall, money: Money, paid: list[Paid], now: datetime) -> list[Asked]:
    """To each by what it paid: parts of whole units that sum to it exactly, net, and each with its
    tax."""
    parts = split(money.amount, [_left(one) for one in paid])
    given = [(one, part) for one, part in zip(paid, parts, strict=True) if part]
    asked = [
        giving_back.promise(one, amount=gross(one.net, one.tax, part), why=WHY, now=now)
        for one, part in given
        if isinstance(one, Payment)
    ]
    if None in asked:
        raise NotYet(str(call))
    by_hand = call.money(sum(part for one, part in given if isinstance(one, BankPayment)))
    calls.note(call, f"The remainder of {money.exact} goes back to its sponsors.", at=now)
    if by_hand:
        calls.note(call, f"{by_hand.exact} of it is to be sent by bank, by hand.", at=now)
    return [one for one in asked if one]


def gross(net: int, tax: int, part: int) -> int:
    """`part` of a net amount with its part of the tax, half a unit rounded up; a credit note of so
    much has exactly that net."""
    return part + (2 * tax * part + net) // (2 * net)


def _carry_out(asked: Asked, now: datetime) -> None:
    try:
        giving_back.carry_out(asked, now=now)
    except (giving_back.CannotGiveBack, gateway.GatewayError):
        log.warning("%s waits to be given back", asked.pk, exc_info=True)
