"""The waiting list of a call: companies that would take a seat if one came free, in the order in which
they came. A seat that comes free is kept for the first of them; who does not sign in time makes way."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery

from funding.accounts.models import User
from funding.programmes import calls
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company
from sponsors.sponsorships import commitments, refusals, seat_refusals
from sponsors.sponsorships.models import Commitment, Waiting

State = FundingCall.State


class NothingToWaitFor(refusals.Refused):
    """A seat can be had now, or none ever will."""


def join(*, call_id: int, company: Company, by: User, now: datetime) -> Waiting:
    """At the end of the list; who is on it stays where they are. Raises `NothingToWaitFor`, and
    `SeatTaken` for a company that has a seat."""
    with transaction.atomic():
        refusals.insist_not_gone(by)
        call = calls.lock(call_id)
        if there := of(call, company):
            return there
        if seat := Commitment.objects.live().filter(call=call, company=company).first():
            raise seat_refusals.SeatTaken(seat)
        if not call.is_open(now):
            raise NothingToWaitFor("The call is over, so no seat will come free.")
        if can_have_one(call, company, now=now):
            raise NothingToWaitFor("A seat is free: take it, there is nothing to wait for.")
        return Waiting.objects.create(call=call, company=company, user=by, since=now)


def leave(*, call_id: int, company: Company, now: datetime) -> bool:
    """Off the list; False where they were not on it."""
    rows = Waiting.objects.waiting().filter(call=call_id, company=company)
    return bool(rows.update(left_at=now))


def of(call: FundingCall, company: Company) -> Waiting | None:
    return Waiting.objects.waiting().filter(call=call, company=company).first()


def of_company(company: Company) -> list[Waiting]:
    """Where it waits for a seat that may still come, each with its `rank`. One query."""
    line = Waiting.objects.waiting().filter(call=OuterRef("call"), pk__lte=OuterRef("pk"))
    ahead = line.order_by().values("call").annotate(number=Count("pk")).values("number")
    may_come = Q(call__state=State.OPEN) | Q(call__state=State.SUCCEEDED, call__settled_at=None)
    rows = Waiting.objects.waiting().filter(may_come, company=company)
    return list(rows.select_related("call__round__programme").annotate(rank=Subquery(ahead)))


def rank(waiting: Waiting) -> int:
    """1 is asked next."""
    ahead = Waiting.objects.waiting().filter(call=waiting.call_id, pk__lte=waiting.pk)
    return ahead.count()


def can_have_one(call: FundingCall, company: Company, *, now: datetime) -> bool:
    """Whether a seat is free for this company just now."""
    try:
        seat_refusals.insist_open(call, company, now)
        seat_refusals.insist_nobody_waits(call, company, now)
    except refusals.Refused:
        return False
    return _free(call) is not None


def offer_next(call_id: int, now: datetime) -> list[Commitment]:
    """Each seat that is free is kept for the next who waits; they have some days to sign. Asked
    twice or by two at once, a seat is offered once."""
    made: list[Commitment] = []
    with transaction.atomic():
        call = calls.lock(call_id)
        while (share := _free(call)) and (waiting := _next(call, now)):
            made.append(_offer(call, share, waiting, now))
    return made


def offer_all(*, now: datetime, most: int = 200) -> int:
    """What was kept long enough goes back, and every seat that is free is offered to who waits."""
    for pk in Commitment.objects.expired(now).values_list("pk", flat=True)[:most]:
        commitments.expire(commitment_id=pk, now=now)
    waited_for = Waiting.objects.waiting().order_by().values("call")
    free = Share.objects.filter(call__in=waited_for, taken__lt=F("seats"))
    made = 0
    for call_id in sorted(set(free.values_list("call", flat=True))):
        made += len(offer_next(call_id, now))
    return made


def _offer(call: FundingCall, share: Share, waiting: Waiting, now: datetime) -> Commitment:
    kept = commitments.offer(call=call, share=share, waiting=waiting, now=now)
    Waiting.objects.filter(pk=waiting.pk).update(offered=kept)
    return kept


def _free(call: FundingCall) -> Share | None:
    """The cheapest that is free."""
    free = Share.objects.filter(call=call, taken__lt=F("seats"))
    return free.order_by("amount", "position", "id").first()


def _next(call: FundingCall, now: datetime) -> Waiting | None:
    """Who is asked next; who has a seat by now waits no longer."""
    if not _is_on_offer(call, now):
        return None
    seated = Commitment.objects.live().filter(call=call).values("company")
    rows = Waiting.objects.waiting().filter(call=call).select_related("company", "user")
    rows.filter(company__in=seated).update(left_at=now)
    return next((one for one in rows if _may_have(call, one.company, now)), None)


def _is_on_offer(call: FundingCall, now: datetime) -> bool:
    """A round that comes about looks for others where somebody did not pay, after its closing, too."""
    return call.is_open(now) or (call.state == State.SUCCEEDED and call.settled_at is None)


def _may_have(call: FundingCall, company: Company, now: datetime) -> bool:
    if call.closed_at is not None:
        return True
    try:
        seat_refusals.insist_open(call, company, now)
    except refusals.Refused:
        return False
    return True
