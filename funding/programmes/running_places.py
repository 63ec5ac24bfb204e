"""Places that are running: extended, ended early, completed, and their instalments decided by hand.
The only writer of a place's status once it is accepted."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from funding.accounts.models import User
from funding.programmes import log, places_lock, releasing, timing
from funding.programmes.mail import running as mail
from funding.programmes.models import MOST_WEEKS, Extension, Instalment, Place
from funding.programmes.refusals import Refused
from funding.programmes.timing import Step

Status = Place.Status


class TooLong(Refused):
    """A place is extended by so many weeks at most, in all."""


class NotComplete(Refused):
    """Something of it is still to come."""


@transaction.atomic
def extend(place_id: int, *, weeks: int, reason: str, by: User, now: datetime) -> Place:
    """Move this place's own dates; nobody else's. Raises `TooLong`, `NotRunning`."""
    place = places_lock.running(place_id)
    left = MOST_WEEKS - place.extended_weeks
    if weeks > left:
        raise TooLong(
            f"A place is extended by {MOST_WEEKS} weeks at most: "
            + (f"{_weeks(left)} left for this one." if left else "this one has had all of them.")
        )
    Extension.objects.create(place=place, weeks=weeks, reason=reason, by=by, at=now)
    place.extended_weeks += weeks
    if place.ends_at:
        place.ends_at += timedelta(weeks=weeks)
    place.save(update_fields=["extended_weeks", "ends_at"])
    log.note(place.round, by, f"extended {place} by {_weeks(weeks)}; {log.WHY}")
    mail.extended(place, weeks)
    return place


@transaction.atomic
def end_early(place_id: int, *, last_day: date, reason: str, by: User) -> int:
    """It ends before its time. What was released stays to be paid, what waits is dropped and stays in
    the round's account. Answers what was dropped, minor units. Raises `NotRunning`."""
    place = places_lock.running(place_id)
    dropped = releasing.drop(place)
    place.status, place.end_reason = Status.ENDED, reason
    place.ended_at = datetime.combine(last_day, time(), UTC)
    place.save(update_fields=["status", "ended_at", "end_reason"])
    log.note(place.round, by, f"ended {place} early, last day {last_day}; {log.WHY}")
    mail.ended(place)
    return dropped


@transaction.atomic
def release(instalment_id: int, *, by: User, reason: str, now: datetime) -> None:
    """An organiser's decision on an instalment; with the last one the place may be complete."""
    place = releasing.place_of(instalment_id)
    releasing.release(instalment_id, by=by, reason=reason, now=now)
    complete_if_over(place, now=now)


def complete_if_over(place: Place, *, now: datetime) -> bool:
    """Nothing waits at any checkpoint any more: at each both sides were heard, or it was due and an
    organiser decided. What was paid ahead completes nothing. Under the place's lock."""
    steps = _steps(place)
    over = all(step.is_complete or step.due_at <= now for step in steps)
    if place.status != Status.RUNNING or not steps or not over or _waiting(place):
        return False
    _complete(place, None, now)
    return True


@transaction.atomic
def complete(place_id: int, *, by: User, now: datetime) -> Place:
    """By hand, although somebody was not heard. Raises `NotComplete`, `NotRunning`."""
    place = places_lock.running(place_id)
    if place.user_id == by.pk:
        raise releasing.OnesOwn("This is your own place. Ask another organiser.")
    if waiting := _waiting(place):
        raise NotComplete(
            f"{waiting} of its instalments wait{'s' if waiting == 1 else ''} for a checkpoint. "
            "Release them or end the place early."
        )
    if any(not step.is_open(now) for step in _steps(place)):
        raise NotComplete("Its last checkpoint is not open yet.")
    _complete(place, by, now)
    return place


def _complete(place: Place, by: User | None, now: datetime) -> None:
    place.status, place.ended_at = Status.DONE, now
    place.save(update_fields=["status", "ended_at"])
    log.note(place.round, by, f"completed {place}")
    mail.completed(place)


def _steps(place: Place) -> list[Step]:
    """As they stand under the lock."""
    return timing.steps(timing.with_steps(Place.objects.filter(pk=place.pk)).get())


def _waiting(place: Place) -> int:
    return Instalment.objects.filter(place=place, status=Instalment.Status.PENDING).count()


def _weeks(number: int) -> str:
    return f"{number} week{'' if number == 1 else 's'}"
