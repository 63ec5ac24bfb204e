"""Attention: what waits for the people who run the site. One line for each kind of thing, in the order
of how much it presses; each says how many wait and where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.urls import reverse

from funding.office import outbox
from sponsors.billing import reconciling
from sponsors.sponsorships import changing
from sponsors.sponsorships.models import Move

LATELY = timedelta(days=30)


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


def _changed_prices(now: datetime) -> Task:
    changed = Move.objects.filter(cause__startswith=changing.AT_STRIPE, at__gte=now - LATELY)
    return Task(
        title="Prices changed in Stripe’s dashboard",
        words="In the last 30 days. What is charged is believed; the tier and what it promised "
        "stay as they were. See that the company and the project know.",
        address=reverse("admin:sponsorships_move_changelist") + f"?q={quote(changing.AT_STRIPE)}",
        count=changed.count(),
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
    _changed_prices,
    _unreconciled,
]
