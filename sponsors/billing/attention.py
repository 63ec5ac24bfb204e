"""Attention: what waits for the people who run the site. One line for each kind of thing, in the order
of how much it presses; each says how many wait and where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from funding.office import outbox
from sponsors.billing import banking, reconciling
from sponsors.billing.models import Invoice


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


def _overdue(now: datetime) -> Task:
    return Task(
        title="Invoices that are overdue",
        words="Their companies were told once. Ask them, record the money if it is at the bank, or "
        "write the invoice off.",
        address=reverse("billing:staff-invoices") + "?show=overdue",
        count=Invoice.objects.overdue(now).count(),
    )


def _without_location(now: datetime) -> Task:
    return Task(
        title="Invoices that cannot be made",
        words="Stripe does not know where the company is taxed. The company sees it on its home; "
        "the invoice goes out when the address is complete.",
        address=reverse("billing:staff-invoices") + "?show=stuck",
        count=Invoice.objects.without_location().count(),
    )


def _unrecorded(now: datetime) -> Task:
    return Task(
        title="Money that nobody has recorded",
        words="Stripe calls these invoices paid outside. The books know nothing of the money until "
        "amount, reference and day are written down.",
        address=reverse("billing:staff-invoices") + "?show=unrecorded",
        count=banking.unrecorded().count(),
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
    _unrecorded,
    _without_location,
    _overdue,
    _unreconciled,
]
