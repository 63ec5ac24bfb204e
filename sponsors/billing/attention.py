"""Attention: what waits for the people who run the site. One line for each kind of thing, in the order
of how much it presses; each says how many wait and where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.urls import reverse

from funding.office import outbox
from sponsors.billing import banking, disputing, inbox, looking, reconciling, states
from sponsors.billing.models import Dispute, Invoice, Subscription
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


def _dead_events(now: datetime) -> Task:
    return Task(
        title="Events that could not be handled",
        words="Stripe told us something, and for three days we could not make sense of it. Read why, "
        "mend that, and try again.",
        address=reverse("billing:staff-events"),
        count=inbox.dead().count(),
    )


def _unknown_states(now: datetime) -> Task:
    return Task(
        title="Subscriptions in a state that we do not know",
        words="Stripe has a new word for how they are. What we show of them stays as it was until "
        "the site knows the word.",
        address=reverse("admin:billing_subscription_changelist"),
        count=Subscription.objects.exclude(status__in=states.KNOWN).count(),
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


def _not_owed(now: datetime) -> Task:
    return Task(
        title="Money at the bank that was not owed",
        words="Its invoice is void, was paid in another way, or was lowered before the money was "
        "matched. Send back what is too much.",
        address=reverse("billing:staff-invoices") + "?show=not-owed",
        count=banking.not_owed(now=now).count(),
    )


def _disputes(now: datetime) -> Task:
    return Task(
        title="Disputes to answer",
        words="A bank has taken a payment back or asks about one. What is not answered before its "
        "day is lost.",
        address=reverse("billing:staff-disputes"),
        count=Dispute.objects.needing_an_answer().count(),
    )


def _charged_again(now: datetime) -> Task:
    return Task(
        title="Disputed, and charged again",
        words="A payment was disputed as fraud, or its dispute is lost, and the sponsorship goes on "
        "with the same card. Ask the company, or end it on the dispute’s page: it is charged "
        "again unless somebody does.",
        address=reverse("billing:staff-disputes"),
        count=disputing.going_on().count(),
    )


def _failed_refunds(now: datetime) -> Task:
    return Task(
        title="Refunds that failed",
        words="The bank sent the money back. Ask the company for an account that it can go to.",
        address=reverse("billing:staff-payments") + "?show=failed",
        count=looking.payments("failed").count(),
    )


def _paid_too_much(now: datetime) -> Task:
    return Task(
        title="Invoices that were paid twice",
        words="What was paid too much belongs to the company: give it back.",
        address=reverse("billing:staff-payments") + "?show=surplus",
        count=looking.payments("surplus").count(),
    )


def _warned(now: datetime) -> Task:
    return Task(
        title="Warnings of fraud",
        words="A bank believes that somebody else paid with the card. Giving the payment back now "
        "spares the dispute and its fee.",
        address=reverse("billing:staff-payments") + "?show=warned",
        count=looking.payments("warned").count(),
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
    _disputes,
    _charged_again,
    _warned,
    _failed_refunds,
    _paid_too_much,
    _stuck_mail,
    _dead_events,
    _unknown_states,
    _unrecorded,
    _not_owed,
    _without_location,
    _overdue,
    _changed_prices,
    _unreconciled,
]
