"""Releasing: a card that was saved for a seat is forgotten at Stripe once the seat came to nothing, or is
paid by purchase order after all. What the company pays other things with stays."""

import logging

from django.db.models import Q

from sponsors.billing import calls, gateway
from sponsors.billing.models import Setup, Subscription
from sponsors.sponsorships.models import CommitmentStatus, PaysBy

log = logging.getLogger(__name__)

NOTHING_CAME = (
    CommitmentStatus.EXPIRED,
    CommitmentStatus.WITHDRAWN,
    CommitmentStatus.FAILED,
    CommitmentStatus.RELEASED,
)


def sweep(*, most: int = 100) -> None:
    """Each once: its id is kept no longer then. Stripe not answering costs one sweep."""
    needless = Q(commitment__status__in=NOTHING_CAME) | Q(commitment__pays_by=PaysBy.INVOICE)
    over = Setup.objects.filter(needless).exclude(payment_method="")
    for setup in over.order_by("id")[:most]:
        try:
            _release(setup)
        except Exception as error:  # noqa: BLE001 - one that cannot be released stops no other
            log.warning("The card of %s is not released yet: %s", setup, type(error).__name__)


def _release(setup: Setup) -> None:
    if _is_needed_no_more(setup.payment_method):
        try:
            calls.ask(
                purpose="release_card",
                subject=f"setup:{setup.pk}",
                do=lambda key: gateway.release_card(setup.payment_method, key=key),
                harmless=True,
            )
        except gateway.Refused:
            log.info("The card of %s was released already", setup)
    Setup.objects.filter(pk=setup.pk).update(payment_method="")


def _is_needed_no_more(name: str) -> bool:
    """Whether it is a customer's, and pays for nothing else there."""
    try:
        customer_id = gateway.payment_method(name)["customer"]
    except gateway.NotFound:
        return False
    if customer_id is None or Subscription.objects.filter(payment_method=name).exists():
        return False
    chosen = gateway.customer(customer_id)["invoice_settings"]["default_payment_method"]
    return bool(chosen != name)
