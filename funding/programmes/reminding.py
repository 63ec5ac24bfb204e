"""Reminding: of each checkpoint a side hears when it opens and two days before it is due, and the
organisers three days after that. Each goes out once for each date, whoever runs the job how often."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from funding.office.models import Message
from funding.programmes import timing
from funding.programmes.mail import running as mail
from funding.programmes.models import Place, Round
from funding.programmes.timing import Step

BEFORE = timedelta(days=2)
AFTER = timedelta(days=3)
FORGOTTEN = timedelta(days=30)  # who is later than that was told long ago
Reminder = tuple[str, Callable[[], None]]


def remind(*, now: datetime) -> int:
    """Write the mails that are due and not yet written; returns how many."""
    running = Place.objects.filter(status=Place.Status.RUNNING, round__status=Round.Status.OPEN)
    places = timing.with_steps(running)
    due = {key: write for place in places for key, write in _due(place, now)}
    there = set(Message.objects.filter(key__in=due).values_list("key", flat=True))
    for key in due.keys() - there:
        due[key]()
    return len(due.keys() - there)


def _due(place: Place, now: datetime) -> Iterator[Reminder]:
    for step in timing.steps(place):
        if not step.is_complete:
            yield from _at(step, now)


def _at(step: Step, now: datetime) -> Iterator[Reminder]:
    key = f"checkpoint:{step.checkpoint.pk}:{step.place.pk}:{step.place.extended_weeks}"
    if step.opens_at <= now < step.due_at:
        closing = step.due_at - BEFORE <= now
        for side in step.missing:
            yield _to(step, side, f"{key}:{'due' if closing else 'opens'}:{side}")
    elif step.due_at + AFTER <= now < step.due_at + FORGOTTEN:
        yield (
            f"{key}:late",
            lambda: mail.late(f"{key}:late", step.place, step.checkpoint, step.missing),
        )


def _to(step: Step, side: str, key: str) -> Reminder:
    return key, lambda: mail.asked(key, step.place, step.checkpoint, side, step.due_at)
