"""Outlays: what was paid out of a round's account, as a treasurer puts it down: instalments of stipends
and programme cost. Each writes its entry in the books in the same transaction, one at a time for each
round, and never pays more than is held. What was recorded wrongly is taken back by an entry that names
the one it corrects, on its day."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

from django.db import transaction

from funding.accounts.models import User
from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.office import clock
from funding.programmes import log, releasing
from funding.programmes.models import FundingCall, Instalment, Outlay, Round
from funding.programmes.refusals import Refused

HELD, BANK = Account.Kind.HELD, Account.Kind.BANK
Kind = Outlay.Kind
BOOKED_AS = {Kind.STIPEND: Entry.Kind.STIPEND_PAID, Kind.COST: Entry.Kind.COST_PAID}


class NotHeld(Refused):
    """A round pays out what it has, and no more."""


class NotToBePaid(Refused):
    """An instalment is paid once, and only after it was released."""


class TakenBackAlready(Refused):
    """Of two who correct the same thing, the second finds it done."""


def held(round_: Round) -> Money | None:
    """What is left in a round's account now; nothing is known before it has a call."""
    call = FundingCall.objects.filter(round=round_).first()
    if call is None:
        return None
    return balances.of(posting.round(round_.pk, HELD), call.currency)


@transaction.atomic
def pay(instalment_id: int, *, paid_by: str, paid_on: date, reference: str, by: User) -> Outlay:
    """An instalment was paid, as it stands. Raises `NotToBePaid`, `NotHeld`."""
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
    """Programme cost was paid. Raises `NotHeld`."""
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
    leg = _leg(row)
    row.taken_back, _ = posting.post(
        reference=f"correction:{row.entry.reference}",
        kind=Entry.Kind.CORRECTION,
        occurred_at=row.entry.occurred_at,
        legs=[posting.Leg(leg.credit, leg.debit, leg.money)],
        memo=because[:200],
        corrects=row.entry,
    )
    row.taken_back_because = because
    row.save(update_fields=["taken_back", "taken_back_because"])
    if row.instalment_id:
        releasing.take_back(releasing.lock(row.instalment_id))
    log.note_of_money(round_, by, f"took back {row.money.exact} paid: {_said(row)}: {because}")


def _lock(round_id: int) -> Round:
    rounds = Round.objects.select_for_update(of=("self",)).select_related("programme", "call")
    return rounds.get(pk=round_id)


def _book(outlay: Outlay, by: User) -> None:
    left = held(outlay.round)
    assert left is not None
    if left < outlay.money:
        raise NotHeld(
            f"{left.exact} is left in the round’s account, and this is {outlay.money.exact}. Only "
            "what is there can be paid out."
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


def _said(outlay: Outlay) -> str:
    """What for, in words that name no participant: books and logs are never rewritten."""
    if outlay.instalment is None:
        return f"programme cost, {outlay.payee}"
    return f"stipend of place {outlay.instalment.place_id}, {outlay.instalment.checkpoint}"


def _leg(outlay: Outlay) -> posting.Leg:
    account = posting.round(outlay.round_id, HELD)
    return posting.Leg(account, posting.Place(BANK), outlay.money)
