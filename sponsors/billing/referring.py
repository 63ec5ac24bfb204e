"""Referring: a company's own reference stands on every invoice to come of what is paid by card, of
sponsorships older than the reference too. What is paid by invoice carries it with its order
(`purchase_orders`)."""

import logging

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from sponsors.billing import calls, gateway, knowing
from sponsors.billing.models import Invoice, Subscription

log = logging.getLogger(__name__)

OVER = ("canceled", "incomplete_expired")


def tell_all(*, most: int = 100) -> int:
    """Put the reference on the subscriptions that carry another; returns how many there were."""
    rows = list(_untold()[:most])
    for subscription_id, reference in rows:
        try:
            _tell(subscription_id, reference)
        except Exception as error:  # noqa: BLE001 - one that cannot be told stops no other
            log.warning("%s has no reference yet: %s", subscription_id, type(error).__name__)
    return len(rows)


def _untold() -> QuerySet[Subscription, tuple[str, str]]:
    """Subscriptions, and what they are to carry. What Stripe was told last stands in the row, or on the newest invoice."""
    newest = Invoice.objects.filter(sponsorship=OuterRef("sponsorship")).exclude(status="draft")
    said = Subquery(newest.order_by("-created_at", "-id").values("reference")[:1])
    rows = Subscription.objects.annotate(
        wanted=Coalesce(F("sponsorship__company__paperwork__reference"), Value("")),
        told=Coalesce(F("told_reference"), said, Value("")),
    )
    live = rows.filter(
        sponsorship__order__isnull=True, customer__livemode=gateway.livemode()
    ).exclude(status__in=OVER)
    different = live.exclude(wanted=F("told")).order_by("pk")
    return different.values_list("stripe_id", "wanted")


def _tell(subscription_id: str, reference: str) -> None:
    wanted = knowing.custom_fields(reference=reference) or knowing.NO_FIELDS
    calls.ask(
        purpose="set_reference",
        subject=subscription_id,
        do=lambda key: gateway.update_subscription(subscription_id, params=wanted, key=key),
        harmless=True,
    )
    Subscription.objects.filter(stripe_id=subscription_id).update(told_reference=reference)
