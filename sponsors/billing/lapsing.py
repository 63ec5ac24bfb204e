"""Lapsing: grace is over and nobody paid. The subscription is ended at Stripe, so that nothing can be
charged any more; what was charged to a card is taken back, an invoice that was sent is still owed.
What Stripe then says makes it lapsed.

The job finds what is due and not yet done, and may run at any time and any number of times."""

import logging
from datetime import datetime

from django.db.models import Q, QuerySet

from funding.office import leases
from sponsors.billing import failing, gateway, handlers, states, unpaid
from sponsors.billing.models import Subscription
from sponsors.sponsorships.models import Status

log = logging.getLogger(__name__)


def lapse_due(*, now: datetime, most: int = 200) -> int:
    """End what is past due and past its grace; returns how many of them were looked at. What
    Stripe leaves *unpaid* after its last try goes on making invoices, so it is ended as well."""
    names = (
        _due(now).order_by("sponsorship__stands_until", "pk").values_list("stripe_id", flat=True)
    )
    return sum(_try(name, now) for name in list(names[:most]))


def _due(now: datetime) -> QuerySet[Subscription]:
    return Subscription.objects.filter(
        Q(sponsorship__status=Status.PAST_DUE, sponsorship__stands_until__lt=now)
        | Q(sponsorship__status=Status.LAPSED, status="unpaid")
    )


def _try(name: str, now: datetime) -> bool:
    try:
        with leases.held(f"lapse:{name}"):
            _lapse(name, now)
    except leases.LeaseTaken:
        return False  # another worker is at it
    except Exception:  # noqa: BLE001 - one that cannot be ended stops no other
        log.warning("%s cannot be let lapse", name, exc_info=True)
        return False
    return True


def _lapse(name: str, now: datetime) -> None:
    """Look first: it may have been paid since we heard of it last, or be about to be."""
    if not handlers.refresh(name) or not _due(now).filter(stripe_id=name).exists():
        return
    subscription = gateway.subscription(name)
    if any(intent["status"] == "processing" for intent in failing.tried(subscription)):
        return
    unpaid.end(subscription, comment=states.NOT_PAID)
    handlers.refresh(name)
