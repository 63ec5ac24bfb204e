"""Attention: what waits for the people who run the site. One line for each kind of thing, in the order
of how much it presses; each says how many wait and where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from funding.office import outbox
from sponsors.billing import reconciling


@dataclass(frozen=True, slots=True)
class Task:
    title: str
    words: str  # what it is, and what is to be done
    address: str
    count: int


def tasks(*, now: datetime) -> list[Task]:
    """Every kind, those of which something waits first."""
    found = [task(now) for task in KINDS]
    return sorted(found, key=lambda one: one.count == 0)


def _stuck_mail(now: datetime) -> Task:
    return Task(
        title="Mail that may not have arrived",
        words="Something died while it was being sent. Ask who should have got it; it is never "
        "sent again by itself.",
        address=reverse("admin:office_message_changelist") + "?status__exact=sending",
        count=outbox.stuck(),
    )


def _unreconciled(now: datetime) -> Task:
    return Task(
        title="Differences from Stripe",
        words="What the last comparison with Stripe found and could not mend, or that none has "
        "come to its end for two nights.",
        address=reverse("billing:staff-reconciliation"),
        count=reconciling.needing_somebody(now=now),
    )


KINDS: list[Callable[[datetime], Task]] = [
    _stuck_mail,
    _unreconciled,
]
