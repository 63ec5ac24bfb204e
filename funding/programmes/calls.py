"""Calls: into which seats a round's cost is cut, and what is decided of it. The only writer of
`Share` rows (but for `taken`), of decisions, and of how many places are funded.

What is firm is known above: whoever calls `decide` and what follows tells it, holding the call's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from funding.ledger.money import Money
from funding.programmes import editing, failing_rounds
from funding.programmes.models import CostPart, Decision, FundingCall, Note, Round, Share

State = FundingCall.State


class NotExact(Exception):
    """The seats do not sum to what the call wants; `missing` is what they lack (or, below nothing,
    are too much)."""

    def __init__(self, missing: Money) -> None:
        self.missing = missing
        is_less = missing.amount > 0
        off = missing if is_less else -missing
        super().__init__(
            f"The seats sum to {off} {'less' if is_less else 'more'} than all places cost."
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """So many seats at this price."""

    name: str
    amount: int
    seats: int


def lock(call_id: int) -> FundingCall:
    """One at a time: whatever moves firm money, and what is decided because of it. In the caller's
    transaction."""
    calls = FundingCall.objects.select_for_update(of=("self",))
    return calls.select_related("round__programme").get(pk=call_id)


def equal(wanted: Money, seats: int, *, name: str = "Sponsor") -> list[Cut]:
    """Seats whose prices differ by one minor unit at most and sum exactly to what is wanted."""
    each, rest = divmod(wanted.amount, seats)
    cuts = [Cut(name, each + 1, rest), Cut(name, each, seats - rest)]
    return [cut for cut in cuts if cut.seats and cut.amount]


def insist_exact(wanted: Money, cuts: Sequence[Cut]) -> None:
    missing = wanted.amount - sum(cut.amount * cut.seats for cut in cuts)
    if missing:
        raise NotExact(Money(missing, wanted.currency))


@transaction.atomic
def price(call: FundingCall, *, parts: Sequence[CostPart]) -> None:
    """What a place costs besides the stipend; seats are cut anew after that."""
    call.parts.all().delete()
    for position, part in enumerate(parts):
        part.call, part.position, part.pk = call, position, None
    CostPart.objects.bulk_create(parts)
    call.programme_cost = sum(part.amount for part in parts)
    FundingCall.objects.filter(pk=call.pk).update(programme_cost=call.programme_cost)


@transaction.atomic
def cut(call: FundingCall, *, into: Sequence[Cut]) -> None:
    """Its seats, while nobody can take one. Raises `NotExact`."""
    insist_exact(call.wanted, into)
    call.shares.all().delete()
    Share.objects.bulk_create(
        Share(call=call, name=one.name, amount=one.amount, seats=one.seats, position=position)
        for position, one in enumerate(into)
    )


def note(call: FundingCall, words: str, *, at: datetime) -> None:
    """A line of its diary. It names no company that stays anonymous."""
    Note.objects.create(call=call, at=at, words=words[:300])


def decide(call: FundingCall, *, firm: Money, now: datetime) -> list[Decision]:
    """What is decided because so much is firm now: nothing, that the round comes about, or that
    further places do. Each once. Under the call's lock."""
    if call.state not in (State.OPEN, State.SUCCEEDED) or call.closed_at is not None:
        return []
    made = [
        Decision(call=call, place=number, is_success=True, firm=firm.amount, decided_at=now)
        for number in _decided_by(call, firm)
    ]
    if made:
        Decision.objects.bulk_create(made)
        _succeed(call, now)
    return made


def close(call: FundingCall, *, firm: Money, now: datetime) -> bool:
    """Its time is over: nobody takes a seat any more. True when it failed by that. Under the lock."""
    if call.closed_at is not None:
        return False
    call.closed_at = now
    fails = call.state == State.OPEN
    if fails:
        call.state = State.FAILED
        call.decided_at = now
        Decision.objects.create(
            call=call, place=0, is_success=False, firm=firm.amount, decided_at=now
        )
        note(call, f"Closed with {firm} of {call.least}: nobody is charged.", at=now)
        failing_rounds.fail(call.round_id, was_decided=False, now=now)
    else:
        note(call, f"Closed with {firm} of {call.wanted}.", at=now)
    call.save(update_fields=["closed_at", "state", "decided_at"])
    return fails


def secure(call: FundingCall, *, paid: Money, now: datetime) -> None:
    """So much is paid that it comes about whoever else does not pay: from now on it is not undone, and
    its money may be paid out. Under the lock."""
    if call.state == State.SUCCEEDED and call.secured_at is None and paid >= call.least:
        call.secured_at = now
        call.save(update_fields=["secured_at"])


def undo(call: FundingCall, *, firm: Money, now: datetime) -> None:
    """Firm money fell below the least after all, and nobody is left who would take a seat: what was
    decided is undone and everything paid is refunded. Never of one that is secure. Under the lock."""
    assert not call.is_secure
    call.decisions.filter(undone_at=None).update(undone_at=now)
    call.state = State.FAILED
    call.save(update_fields=["state"])
    note(call, f"Only {firm} of {call.least} is left: what was paid is refunded.", at=now)
    failing_rounds.fail(call.round_id, was_decided=True, now=now)


def fund_places(call: FundingCall, *, firm: Money) -> int:
    """So many places are paid for, as the money stands; never fewer than are taken. Under the
    lock."""
    if call.state != State.SUCCEEDED:
        return 0
    paid_for = min(firm.amount // call.cost.amount, call.places_wanted)
    round_ = Round.objects.locked(call.round_id)
    funded = max(paid_for, round_.places_taken)
    if funded != round_.places_funded:
        round_.places_funded = funded
        round_.save(update_fields=["places_funded"])
    return funded


def _decided_by(call: FundingCall, firm: Money) -> list[int]:
    """The numbers of what is to be decided now: 0 for all of it, or the places that became whole."""
    made = set(call.decisions.values_list("place", flat=True))
    if call.mode == FundingCall.Mode.ALL_OR_NOTHING:
        return [0] if firm.amount >= call.least.amount and not made else []
    whole = min(firm.amount // call.cost.amount, call.places_wanted)
    if whole < call.places_least:
        return []
    return [number for number in range(1, whole + 1) if number not in made]


def _succeed(call: FundingCall, now: datetime) -> None:
    if call.state == State.SUCCEEDED:
        return
    call.state, call.decided_at = State.SUCCEEDED, now
    call.save(update_fields=["state", "decided_at"])
    note(call, "It comes about: enough sponsors stand behind it.", at=now)
    editing.touch(call.round.programme)
