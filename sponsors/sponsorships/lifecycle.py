"""The life of a sponsorship: the only writer of its status, and with `totals`, which it calls in the
same transaction, of `projects.Funding`.

People may ask for the moves of `MOVES`; Stripe may report any state, and what it says is accepted
(`accept`) from every live one. Ended states never reopen: who comes back begins a new sponsorship.
No money moves here, and no money moves because of what happens here."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from funding.ledger.money import Money
from funding.projects import editing
from sponsors.sponsorships import mail, refusals, seats, totals
from sponsors.sponsorships.models import (
    COUNTED,
    ENDED,
    GRACE,
    HOLDS_SEAT,
    Interval,
    Move,
    PaysBy,
    Sponsorship,
    Status,
    Visibility,
)

# What a person may ask for, by what the sponsorship is now.
MOVES: dict[str, set[str]] = {
    Status.DRAFT: {Status.PENDING},
    Status.PENDING: {Status.ABANDONED},
    Status.AWAITING_INVOICE: {Status.CANCELLED},  # nothing is paid: the invoice is taken back
    Status.ACTIVE: {Status.CANCELLING, Status.PAUSED},
    Status.PAST_DUE: {Status.CANCELLED},  # at once: there is no paid time to wait for
    Status.CANCELLING: {Status.ACTIVE},
    Status.PAUSED: {Status.ACTIVE, Status.CANCELLING, Status.CANCELLED},
}


# Somebody asked that it ends, or took that back. Of an archived project everybody is told otherwise.
CHANGES_OF_MIND = {
    (Status.ACTIVE, Status.CANCELLING), (Status.CANCELLING, Status.ACTIVE),
    (Status.PAST_DUE, Status.CANCELLED), (Status.PAUSED, Status.CANCELLING),
    (Status.PAUSED, Status.CANCELLED),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody agreed to: how often, and the net price they saw when they did."""

    interval: Interval
    price: Money
    visibility: Visibility = Visibility.PUBLIC
    wants_updates: bool = True


def may_ask(sponsorship: Sponsorship, after: Status) -> bool:
    """Whether a person may ask for this move now. What ends with its project does not go on."""
    if sponsorship.under_way or (after == Status.ACTIVE and not sponsorship.project.is_open):
        return False
    return after in MOVES.get(sponsorship.status, set())


def may_end(sponsorship: Sponsorship) -> bool:
    """Whether a person may ask for its end now, be it at once or with the period."""
    return any(may_ask(sponsorship, end) for end in (Status.CANCELLING, Status.CANCELLED))


def insist_may_ask(sponsorship: Sponsorship, after: Status) -> None:
    if sponsorship.under_way:
        raise refusals.UnderWay
    if after == Status.ACTIVE and not sponsorship.project.is_open:
        raise refusals.ProjectNotOpen(
            f"{sponsorship.project} is archived, so this cannot be renewed."
        )
    if not may_ask(sponsorship, after):
        raise refusals.NotAllowed(refusals.FIRST[Status(sponsorship.status)])


@dataclass(frozen=True, slots=True)
class Said:
    """What Stripe's objects, as they are now, say of a sponsorship."""

    status: Status
    paid_through: datetime | None = None  # None: nothing was ever paid
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    first_paid_at: datetime | None = None
    interval: str = ""
    amount: int = 0  # of one interval, net, in minor units
    due_at: datetime | None = None  # of the invoice that was sent and is open
    pays_by: PaysBy = PaysBy.CARD
    resumes_at: datetime | None = None
    left_out: bool = False  # active, and what its period bills is taken back: nobody pays for now
    end_reason: str = ""
    end_words: str = ""


def accept(*, sponsorship_id: int, said: Said, cause: str, now: datetime) -> Sponsorship:
    """Write down what Stripe says, in one transaction with everything that follows from it. The
    same thing said twice changes nothing; an ended sponsorship stays ended."""
    with transaction.atomic():
        sponsorship = locked(sponsorship_id)
        if sponsorship.status in ENDED:
            return _stand(sponsorship, said)
        first_time = sponsorship.since is None and said.first_paid_at is not None
        dates, counting = _dates(sponsorship), _counting(sponsorship)
        paid_before = sponsorship.paid_through
        _note_terms(sponsorship, said)
        _note_dates(sponsorship, said)
        sponsorship.under_way = said.status == Status.PENDING  # Stripe has it, and it is not paid
        if said.status == sponsorship.status and _dates(sponsorship) == dates:
            return sponsorship
        before = sponsorship.status
        _move(sponsorship, said.status, cause=cause, now=now, at=said.ended_at)
        if _counting(sponsorship) != counting:
            totals.refresh(project_id=sponsorship.project_id)
        if first_time:
            mail.thanks(sponsorship)
            mail.new_sponsor(sponsorship)
        elif before != sponsorship.status and sponsorship.project.is_open:
            _tell(sponsorship, Status(before))
        _tell_of_paying(sponsorship, before, paid_before)
    return sponsorship


def note_paid_through(
    *, sponsorship_id: int, paid_through: datetime | None, now: datetime
) -> Sponsorship:
    """Money went back, or came again: until when it is paid for, and what follows from that. The
    status is as it was, also of what has ended."""
    with transaction.atomic():
        sponsorship = locked(sponsorship_id)
        dates, counting = _dates(sponsorship), _counting(sponsorship)
        sponsorship.paid_through = paid_through or sponsorship.paid_through
        sponsorship.stands_until = stands_until(sponsorship)
        status = Status(sponsorship.status)
        if status != Status.ACTIVE:  # of that one the newest invoice tells
            sponsorship.committed_until = _committed_until(sponsorship, status)
        if _dates(sponsorship) != dates:
            _move(sponsorship, status, cause="", now=now)
        if _counting(sponsorship) != counting:
            totals.refresh(project_id=sponsorship.project_id)
    return sponsorship


def _tell(sponsorship: Sponsorship, before: Status) -> None:
    """Both sides hear of what somebody asked for."""
    after = Status(sponsorship.status)
    if (before, after) in CHANGES_OF_MIND:
        mail.change_of_mind(sponsorship, before=before)
    elif (before, after) == (Status.ACTIVE, Status.PAUSED):
        mail.paused(sponsorship)
    elif (before, after) == (Status.PAUSED, Status.ACTIVE):
        mail.resumed(sponsorship)


def _tell_of_paying(sponsorship: Sponsorship, before: str, paid_before: datetime | None) -> None:
    """Both sides when it ended unpaid; its company when what had failed was paid after all."""
    after, paid = sponsorship.status, sponsorship.paid_through
    if after == Status.LAPSED and before != after:
        mail.lapsed(sponsorship)
        mail.has_left(sponsorship)
    mended = before == Status.PAST_DUE and after in (Status.ACTIVE, Status.CANCELLING)
    if mended and paid and paid_before and paid > paid_before:
        mail.all_is_well(sponsorship)


def wait_for_payment(sponsorship: Sponsorship, *, now: datetime) -> None:
    """Somebody chose it, and a seat is held for it."""
    _move(sponsorship, Status.PENDING, cause="Chosen on the project’s page", now=now)


def abandon(*, sponsorship_id: int, cause: str, now: datetime) -> bool:
    """Let a pending sponsorship and its seat go; False when it is pending no longer."""
    with transaction.atomic():
        sponsorship = locked(sponsorship_id)
        if sponsorship.status != Status.PENDING:
            return False
        _move(sponsorship, Status.ABANDONED, cause=cause, now=now)
    return True


def a_month(terms: Terms) -> int:
    """The price, or a twelfth of a yearly one, half a minor unit rounded up."""
    amount = terms.price.amount
    return amount if terms.interval == Interval.MONTH else (amount * 2 + 12) // 24


def locked(sponsorship_id: int) -> Sponsorship:
    return Sponsorship.objects.select_for_update(of=("self",)).get(pk=sponsorship_id)


def _note_terms(sponsorship: Sponsorship, said: Said) -> None:
    """Until it is first paid for, the terms are those of the page that was paid on: another page
    may have been asked for meanwhile, in another tab."""
    if sponsorship.since is not None or not said.interval or not said.first_paid_at:
        return
    sponsorship.interval, sponsorship.amount = said.interval, said.amount
    price = Money(said.amount, sponsorship.currency)
    sponsorship.a_month = a_month(Terms(Interval(said.interval), price))


def _counting(sponsorship: Sponsorship) -> tuple[object, ...]:
    """What the project's totals depend on."""
    return sponsorship.status, sponsorship.counts, sponsorship.committed_until


def _dates(sponsorship: Sponsorship) -> tuple[object, ...]:
    return (
        sponsorship.under_way,
        sponsorship.since, sponsorship.paid_through, sponsorship.committed_until,
        sponsorship.ends_at, sponsorship.stands_until, sponsorship.pays_by,
        sponsorship.resumes_at, sponsorship.end_reason, sponsorship.end_words,
    )  # fmt: skip


def _note_dates(sponsorship: Sponsorship, said: Said) -> None:
    sponsorship.paid_through = said.paid_through or sponsorship.paid_through
    sponsorship.due_at, sponsorship.pays_by = said.due_at, said.pays_by
    sponsorship.stands_until = stands_until(sponsorship)
    sponsorship.ends_at, sponsorship.resumes_at = said.ends_at, said.resumes_at
    ends = said.status in (Status.CANCELLING, Status.CANCELLED)
    sponsorship.end_reason = said.end_reason if ends else ""
    sponsorship.end_words = said.end_words if ends else ""
    if sponsorship.since is None and said.first_paid_at:
        before = sponsorship.previous
        sponsorship.first_paid_at = said.first_paid_at
        sponsorship.since = before.since if before and before.since else said.first_paid_at
    until = _committed_until(sponsorship, said.status)
    sponsorship.committed_until = sponsorship.paid_through if said.left_out else until


def _committed_until(sponsorship: Sponsorship, status: Status) -> datetime | None:
    return {
        Status.CANCELLING: sponsorship.paid_through,
        Status.PAST_DUE: sponsorship.stands_until,
        # One of which no invoice is open awaits nothing, and never did.
        Status.AWAITING_INVOICE: sponsorship.due_at or sponsorship.created_at,
    }.get(status)


def _stand(sponsorship: Sponsorship, said: Said) -> Sponsorship:
    """What ended stays as it is. Until when its name stands follows what is paid and billed: an
    invoice that is written off afterwards carries nothing any more."""
    before = sponsorship.stands_until
    sponsorship.paid_through = said.paid_through or sponsorship.paid_through
    sponsorship.due_at = said.due_at
    sponsorship.stands_until = stands_until(sponsorship)
    if sponsorship.stands_until != before:
        sponsorship.save(update_fields=["paid_through", "due_at", "stands_until"])
        editing.touch(sponsorship.project_id)
    return sponsorship


def stands_until(sponsorship: Sponsorship) -> datetime | None:
    """Until when the name and the benefits stand: what is paid for or billed and not yet due, and
    14 days of grace."""
    known = [at for at in (sponsorship.paid_through, sponsorship.due_at) if at]
    return max(known) + GRACE if known else None


def _move(
    sponsorship: Sponsorship,
    after: Status,
    *,
    cause: str,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """`at` is when it happened, where that is not when we heard of it."""
    before = Status(sponsorship.status)
    if after in ENDED and before not in ENDED:
        sponsorship.ended_at = at or now
    if before in HOLDS_SEAT and after not in HOLDS_SEAT:
        seats.give_back(sponsorship.tier_id, project_id=sponsorship.project_id)
        seats.drop_change(sponsorship, outcome="The sponsorship ended first", now=now)
    sponsorship.status = after
    until = sponsorship.committed_until
    sponsorship.counts = after in COUNTED and (until is None or until > now)
    sponsorship.save(
        update_fields=[
            "status", "interval", "amount", "a_month", "under_way", "since", "first_paid_at",
            "paid_through", "due_at", "pays_by", "stands_until", "committed_until", "counts",
            "ends_at", "ended_at", "resumes_at", "end_reason", "end_words",
        ]
    )  # fmt: skip
    if after != before:
        _note(sponsorship, before, cause, at or now)


def _note(sponsorship: Sponsorship, before: Status, cause: str, now: datetime) -> None:
    Move.objects.create(
        sponsorship=sponsorship, before=before, after=sponsorship.status, at=now, cause=cause
    )
