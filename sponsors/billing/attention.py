"""Attention: what waits for the people who run the site. One line for each kind of thing, in the order
of how much it presses; each says how many wait and where they are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from django.urls import reverse

from funding.office import outbox
from funding.programmes import ending_rounds
from sponsors.billing import banking, disputing, inbox, looking, reconciling, repaying, states
from sponsors.billing.models import Customer, Dispute, Invoice, Subscription
from sponsors.sponsorships import changing
from sponsors.sponsorships.models import Move

LATELY = timedelta(days=30)
FORGOTTEN = timedelta(days=60)  # of a round that is over and not ended


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that waits: what it is and what is to be done, on which page."""

    title: str
    words: str
    page: str
    query: str = ""
    count: Callable[[datetime], int] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Task:
    title: str
    words: str
    address: str
    count: int


def tasks(*, now: datetime) -> list[Task]:
    """Every kind, those of which something waits first."""
    found = [
        Task(kind.title, kind.words, reverse(kind.page) + kind.query, kind.count(now))
        for kind in KINDS
    ]
    return sorted(found, key=lambda one: one.count == 0)


def _changed_prices(now: datetime) -> int:
    changed = Move.objects.filter(cause__startswith=changing.AT_STRIPE, at__gte=now - LATELY)
    return changed.count()


KINDS = [
    Kind(
        "Disputes to answer",
        "A bank has taken a payment back or asks about one. What is not answered before its "
        "day is lost.",
        "billing:staff-disputes",
        count=lambda now: Dispute.objects.needing_an_answer().count(),
    ),
    Kind(
        "Disputed, and charged again",
        "A payment was disputed as fraud, or its dispute is lost, and the sponsorship goes on "
        "with the same card. Ask the company, then end it or let it go on, on the dispute’s "
        "page: it is charged again unless it is ended.",
        "billing:staff-disputes",
        count=lambda now: disputing.going_on().count(),
    ),
    Kind(
        "Warnings of fraud",
        "A bank believes that somebody else paid with the card. Giving the payment back now "
        "spares the dispute and its fee.",
        "billing:staff-payments",
        "?show=warned",
        count=lambda now: looking.payments("warned").count(),
    ),
    Kind(
        "Refunds that failed",
        "The bank sent the money back. Ask the company for an account that it can go to.",
        "billing:staff-payments",
        "?show=failed",
        count=lambda now: looking.payments("failed").count(),
    ),
    Kind(
        "Invoices that were paid twice",
        "What was paid too much belongs to the company: give it back.",
        "billing:staff-payments",
        "?show=surplus",
        count=lambda now: looking.payments("surplus").count(),
    ),
    Kind(
        "Mail that may not have arrived",
        "Something died while it was being sent. Ask who should have got it; it is never "
        "sent again by itself.",
        "admin:office_message_changelist",
        "?status__exact=sending",
        count=lambda now: outbox.stuck(),
    ),
    Kind(
        "Events that could not be handled",
        "Stripe told us something, and for three days we could not make sense of it. Read why, "
        "mend that, and try again.",
        "billing:staff-events",
        count=lambda now: inbox.dead().count(),
    ),
    Kind(
        "Subscriptions in a state that we do not know",
        "Stripe has a new word for how they are. What we show of them stays as it was until "
        "the site knows the word.",
        "admin:billing_subscription_changelist",
        count=lambda now: Subscription.objects.exclude(status__in=states.KNOWN).count(),
    ),
    Kind(
        "Money that nobody has recorded",
        "Stripe calls these invoices paid outside. The books know nothing of the money until "
        "amount, reference and day are written down.",
        "billing:staff-invoices",
        "?show=unrecorded",
        count=lambda now: banking.unrecorded().count(),
    ),
    Kind(
        "Money at the bank that was not owed",
        "Its invoice is void, was paid in another way, or was lowered before the money was "
        "matched. Send back what is too much.",
        "billing:staff-invoices",
        "?show=not-owed",
        count=lambda now: banking.not_owed(now=now).count(),
    ),
    Kind(
        "Seats to pay back by bank",
        "Their round did not come about, and their money came to the bank. Send it back; all "
        "that was paid through Stripe goes back by itself.",
        "billing:staff-invoices",
        "?show=seats-back",
        count=lambda now: repaying.by_bank().count(),
    ),
    Kind(
        "Invoices that cannot be made",
        "Stripe does not know where the company is taxed. The company sees it on its home; "
        "the invoice goes out when the address is complete.",
        "billing:staff-invoices",
        "?show=stuck",
        count=lambda now: Invoice.objects.without_location().count(),
    ),
    Kind(
        "Invoices that are overdue",
        "Their companies were told once. Ask them, record the money if it is at the bank, or "
        "write the invoice off.",
        "billing:staff-invoices",
        "?show=overdue",
        count=lambda now: Invoice.objects.overdue(now).count(),
    ),
    Kind(
        "Addresses typed at Stripe",
        "They are not those of the company’s paperwork. The company sees it there and chooses; ask "
        "it if its tax depends on that.",
        "admin:billing_customer_changelist",
        "?elsewhere=yes",
        count=lambda now: Customer.objects.typed_elsewhere().count(),
    ),
    Kind(
        "Prices changed in Stripe’s dashboard",
        "In the last 30 days. What is charged is believed; the tier and what it promised "
        "stay as they were. See that the company and the project know.",
        "admin:sponsorships_move_changelist",
        f"?q={quote(changing.AT_STRIPE)}",
        count=lambda now: _changed_prices(now),
    ),
    Kind(
        "Rounds that nobody ends",
        "Their last phase has been over for two months, and their organisers were told twice. Write "
        "to them; what applicants wrote is deleted on its day whatever they do.",
        "billing:staff-rounds",
        count=lambda now: ending_rounds.overdue(now=now, by=FORGOTTEN).count(),
    ),
    Kind(
        "Differences from Stripe",
        "What the last comparison with Stripe found and could not mend, or that none has "
        "come to its end for two nights.",
        "billing:staff-reconciliation",
        count=lambda now: reconciling.needing_somebody(now=now),
    ),
]
