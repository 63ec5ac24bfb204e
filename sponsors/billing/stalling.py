"""Stalling: calls with which nothing has moved for a day although something should: before they are
settled, or when their round is done and what is left of it should go its way. A step that fails is
tried again each minute and stops no other (`closing`); here staff see that it still waits, and for what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from funding.programmes.models import FundingCall
from sponsors.billing import repaying, unsettled
from sponsors.billing.models import Invoice, Payment
from sponsors.sponsorships.models import Commitment, CommitmentMove, CommitmentStatus, PaysBy

A_DAY = timedelta(days=1)
State, Status = FundingCall.State, CommitmentStatus


@dataclass(frozen=True, slots=True)
class Stalled:
    call: FundingCall
    waits_for: list[str]


def count(now: datetime) -> int:
    return len(calls(now))


def stalled(now: datetime) -> list[Stalled]:
    return [Stalled(call, list(_waits_for(call))) for call in calls(now)]


def calls(now: datetime) -> list[FundingCall]:
    """Over for a day, with no seat that is rightly waited for, and no dispute that its bank decides."""
    over = Q(
        closed_at__lte=now - A_DAY, settled_at=None, state__in=[State.SUCCEEDED, State.FAILED]
    )
    late = Q(pk__in=FundingCall.objects.to_be_closed(now - A_DAY).values("pk"))
    moved = CommitmentMove.objects.filter(commitment__call=OuterRef("pk"), at__gt=now - A_DAY)
    rows = FundingCall.objects.filter((over & ~Exists(_in_time(now))) | late).filter(
        ~Exists(moved)
    )
    done = FundingCall.objects.to_be_cleared().filter(round__ended_at__lte=now - A_DAY)
    found = (rows | done).select_related("round__programme").order_by("closes_at", "pk")
    return [call for call in found if not repaying.unsettled_disputes(_payments(call)).exists()]


def _in_time(now: datetime) -> QuerySet[Commitment]:
    """Seats of a call that came about which are offered, or can still be paid."""
    grace = Q(grace_until__gt=now - A_DAY)
    invoice = Q(grace_until=None, pays_by=PaysBy.INVOICE)
    kept = Q(status=Status.RESERVED, reserved_until__gt=now - A_DAY)
    due = Q(status=Status.DUE) & (grace | invoice)
    return Commitment.objects.filter(kept | due, call=OuterRef("pk"), call__state=State.SUCCEEDED)


def _waits_for(call: FundingCall) -> Iterator[str]:
    """In sentences; the amounts are exact."""
    if call.closed_at is None:
        yield "Its time is over, and it was not closed."
        return
    if call.settled_at is not None:
        yield from unsettled.at_the_end(call)
        return
    seats = Commitment.objects.filter(call=call)
    if owing := seats.filter(status__in=[Status.COMMITTED, Status.DUE]).count():
        done = (
            "not taken back" if call.state == State.FAILED else "neither paid nor known to be late"
        )
        yield f"{owing} of its seats: the invoice is {done}."
    if kept := seats.filter(status=Status.RESERVED).count():
        yield f"{kept} of its seats: kept longer than they should be."
    if back := repaying.owed_back().filter(commitment__call=call).count():
        yield f"{back} of its invoices: what was paid has not gone back yet."
    if call.state == State.FAILED:
        yield from _account(call)


def _account(call: FundingCall) -> Iterator[str]:
    """What will stand in its round's account once all has gone back and the fees are borne."""
    if Invoice.objects.filter(commitment__call=call, status="open").exists():
        return
    if repaying.owed_back().filter(commitment__call=call).exists():
        return
    left = repaying.held(call)
    if left.amount < 0:
        yield (
            f"{(-left).exact} was paid out before it failed and is missing in its round’s account. "
            "What was recorded by mistake its treasurers can take back on the round’s page of money."
        )
    elif left:
        yield f"{left.exact} is left in its round’s account, and belongs to somebody."


def _payments(call: FundingCall) -> QuerySet[Payment]:
    return Payment.objects.filter(invoice__commitment__call=call)
