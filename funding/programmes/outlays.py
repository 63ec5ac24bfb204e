"""Outlays: what was paid out of a round's account, as a treasurer puts it down: instalments of stipends
and programme cost. Each writes its entry in the books in the same transaction, one at a time for each
round, and never pays more than is held. What was recorded wrongly is taken back by an entry that names
the one it corrects, on its day."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, Sum

from funding.accounts.models import User
from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money
from funding.office import clock
from funding.programmes import log, releasing
from funding.programmes.models import FundingCall, Instalment, Outlay, Round
from funding.programmes.refusals import Refused

HELD, BANK = Account.Kind.HELD, Account.Kind.BANK
Kind = Outlay.Kind
# What moves a round's own money. All else is its sponsors': what they paid, and what goes back.
OWN = (Entry.Kind.CARRIED, Entry.Kind.STIPEND_PAID, Entry.Kind.COST_PAID, Entry.Kind.CORRECTION)
BOOKED_AS = {Kind.STIPEND: Entry.Kind.STIPEND_PAID, Kind.COST: Entry.Kind.COST_PAID}


class NotHeld(Refused):
    """A round pays out what it has, and no more."""


class NotYet(Refused):
    """While a round may still fail, all that was paid for it may have to go back."""


class NotToBePaid(Refused):
    """An instalment is paid once, and only after it was released."""


class TakenBackAlready(Refused):
    """Of two who correct the same thing, the second finds it done."""


class Cleared(Refused):
    """What was left of a round has gone: nothing is paid out of it any more, or put back."""


def held(round_: Round) -> Money | None:
    """What is left in a round's account now; nothing is known before it has a call."""
    call = FundingCall.objects.filter(round=round_).first()
    if call is None:
        return None
    return balances.of(posting.round(round_.pk, HELD), call.currency)


def available(round_: Round) -> Money | None:
    """What of it can be paid out: what its places cost, and what an earlier round has left for it, less
    what was paid and what the cards cost. What is above that goes the way that its call announced."""
    left = held(round_)
    if left is None:
        return None
    own = round_.call.cost.amount * round_.places_funded + _moved(round_, "credit")
    return min(left, Money(own - _moved(round_, "debit"), left.currency))


@transaction.atomic
def pay(instalment_id: int, *, paid_by: str, paid_on: date, reference: str, by: User) -> Outlay:
    """An instalment was paid, as it stands. Raises `NotToBePaid`, `NotYet`, `NotHeld`."""
    place = Instalment.objects.select_related("place").get(pk=instalment_id).place
    round_ = _lock(place.round_id)
    one = releasing.lock(instalment_id)
    if one.status != Instalment.Status.RELEASED:
        status = Instalment.Status(one.status).label.lower()
        raise NotToBePaid(f"This instalment cannot be paid: {status}. Nothing was recorded.")
    outlay = Outlay(
        round=round_, kind=Kind.STIPEND, instalment=one, amount=one.amount,
        payee=f"{one.place.public_name or 'A participant'}, {one.checkpoint}"[:120],
        currency=one.place.currency, paid_on=paid_on, paid_by=paid_by, reference=reference,
    )  # fmt: skip
    _book(outlay, by)
    releasing.pay(one)
    return outlay


@transaction.atomic
def spend(
    round_: Round, *, what: str, amount: int, paid_by: str, paid_on: date, reference: str, by: User
) -> Outlay:
    """Programme cost was paid. Raises `NotYet`, `NotHeld`."""
    round_ = _lock(round_.pk)
    outlay = Outlay(
        round=round_, kind=Kind.COST, payee=what, amount=amount, currency=round_.call.currency,
        paid_on=paid_on, paid_by=paid_by, reference=reference,
    )  # fmt: skip
    _book(outlay, by)
    return outlay


@transaction.atomic
def take_back(outlay: Outlay, *, because: str, by: User) -> None:
    """It was recorded wrongly: the money is in the account again, and an instalment is to be paid
    again. Raises `TakenBackAlready`."""
    round_ = _lock(outlay.round_id)
    row = Outlay.objects.select_related("entry", "instalment__checkpoint").get(pk=outlay.pk)
    if row.taken_back_id:
        raise TakenBackAlready(f"{row} is taken back already. Nothing more was changed.")
    row.taken_back = posting.take_back(row.entry, _leg(row), because=because)
    row.taken_back_because = because
    row.save(update_fields=["taken_back", "taken_back_because"])
    if row.instalment_id:
        releasing.take_back(releasing.lock(row.instalment_id))
    log.note_of_money(round_, by, f"took back {row.money.exact} paid: {_said(row)}: {because}")


def _lock(round_id: int) -> Round:
    """As `Round.objects.locked`, with its call. Raises `Cleared`."""
    rounds = Round.objects.select_for_update(of=("self",), no_key=True)
    round_ = rounds.select_related("programme", "call").get(pk=round_id)
    call = FundingCall.objects.filter(round=round_).first()
    if call is not None and call.cleared_at is not None:
        raise Cleared(
            "The round is done, and what was left of its money has gone the way that its call "
            "announced. Nothing was recorded. Ask the people who run this site."
        )
    return round_


def not_yet(call: FundingCall) -> str:
    """Why nothing of it can be paid out, and until when; nothing if it can."""
    if call.is_secure:
        return ""
    if call.state == FundingCall.State.FAILED:
        return "The round does not come about, so what was paid for it goes back to its sponsors."
    return (
        f"Nothing can be paid out yet. Until its sponsors have paid {call.least.exact}, the least that "
        "the round needs, it may still fail, and then all of it goes back to them."
    )


def _book(outlay: Outlay, by: User) -> None:
    if refused := not_yet(outlay.round.call):
        raise NotYet(refused)
    left, own = held(outlay.round), available(outlay.round)
    assert left is not None and own is not None
    if left < outlay.money:
        raise NotHeld(
            f"{left.exact} is left in the round’s account, and this is {outlay.money.exact}. Only "
            "what is there can be paid out."
        )
    if own < outlay.money:
        raise NotHeld(
            f"{left.exact} is in the round’s account, and its places need no more than {own.exact} of "
            f"it. This is {outlay.money.exact}. What they do not need goes the way that its call "
            "announced."
        )
    kind = BOOKED_AS[Kind(outlay.kind)]
    outlay.entry, _ = posting.post(
        reference=f"{kind}:{uuid4()}",
        kind=kind,
        occurred_at=datetime.combine(outlay.paid_on, time(), UTC),
        legs=[_leg(outlay)],
        memo=_said(outlay),
    )
    outlay.recorded_by, outlay.recorded_at = by, clock.now()
    outlay.save(force_insert=True)
    log.note_of_money(outlay.round, by, f"recorded {outlay.money.exact} paid: {_said(outlay)}")


def _moved(round_: Round, side: str) -> int:
    """Into ("credit") or out of a round's account, of its own money and for its cards."""
    other = "debit" if side == "credit" else "credit"
    of_it = {f"{side}__kind": HELD, f"{side}__owner": f"round:{round_.pk}"}
    rows = Transfer.objects.filter(currency=round_.call.currency, **of_it)
    own = rows.filter(Q(entry__kind__in=OWN) | Q(**{f"{other}__kind": Account.Kind.FEES}))
    return own.aggregate(sum=Sum("amount"))["sum"] or 0


def _said(outlay: Outlay) -> str:
    """What for, in words that name no participant: books and logs are never rewritten."""
    if outlay.instalment is None:
        return f"programme cost, {outlay.payee}"
    return f"stipend of place {outlay.instalment.place_id}, {outlay.instalment.checkpoint}"


def _leg(outlay: Outlay) -> posting.Leg:
    account = posting.round(outlay.round_id, HELD)
    return posting.Leg(account, posting.Place(BANK), outlay.money)
