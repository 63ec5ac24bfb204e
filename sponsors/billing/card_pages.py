"""Card pages: Stripe's page on which a card is saved for a programme's seat, from the button and back.
Pressing the button twice leads to one page; the seat is kept for as long as that page is open."""

import logging
import time
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from sponsors.billing import calls, gateway, handlers, knowing, payers
from sponsors.billing.gateway import Json
from sponsors.billing.models import Customer, Setup
from sponsors.sponsorships import refusals, signing
from sponsors.sponsorships.models import Commitment

log = logging.getLogger(__name__)

# Stripe closes a page after 30 minutes at the least; the minute is for the way there.
PAGE_LIVES = timedelta(minutes=31)
# After the page has closed: until word of what was saved in its last moment has come.
WORD_TAKES = timedelta(minutes=2)
MOST_LOOKS, BETWEEN_LOOKS = 4, 0.3  # seconds


class CardOnItsWay(refusals.Refused):
    """A card was saved there already; what comes of it is about to be known."""


def open_for(commitment: Commitment, *, now: datetime) -> str:
    """The address of the page. Raises `refusals.Refused` when the seat is kept no longer, and
    `gateway.GatewayError` when Stripe cannot be had; then the button may be pressed again."""
    with knowing.turn(f"seat:{commitment.pk}"):
        page = commitment.setups.live().filter(expires_at__gt=now + WORD_TAKES).first()
        if page is None:
            page = _begin(commitment, now)
        return (page if page.url else _open(page)).url


def settle(page: Setup) -> Commitment:
    """Look at what became of a page; the commitment as it is then. It runs what the webhook's task
    runs, so it does not matter who comes first. Raises the gateway's errors."""
    if page.stripe_id is None and not _learn(page):
        Setup.objects.filter(pk=page.pk).update(status=Setup.Status.EXPIRED)
    if page.stripe_id:
        for _ in range(MOST_LOOKS):
            if handlers.refresh(page.stripe_id):
                break
            time.sleep(BETWEEN_LOOKS)
    return Commitment.objects.with_parties().get(pk=page.commitment_id)


def sweep(*, now: datetime, most: int = 100) -> None:
    """Look at pages that must have ended by now and of which nobody told us."""
    late = Setup.objects.late(now).select_related("commitment__company").order_by("id")
    for page in late[:most]:
        try:
            settle(page)
        except Exception:  # noqa: BLE001 - one page that cannot be looked up stops no other
            log.warning("%s cannot be looked up", page, exc_info=True)


def _begin(commitment: Commitment, now: datetime) -> Setup:
    """A new page's row, with the seat kept for as long as it will be open. A card that was saved
    before somebody signed for it anew is not used for what they signed."""
    signed = commitment.setups.filter(created_at__gte=commitment.accepted_at)
    if signed.filter(status=Setup.Status.COMPLETE).exists():
        raise CardOnItsWay("A card was saved already; see what became of it.")
    expires_at = now + PAGE_LIVES
    signing.hold(commitment_id=commitment.pk, until=expires_at + WORD_TAKES)
    return Setup.objects.create(commitment=commitment, created_at=now, expires_at=expires_at)


def _learn(page: Setup) -> bool:
    """Find the page of a row whose answer was lost: the same key brings the same page. False when
    Stripe says that it never came to be."""
    try:
        _open(page)
    except gateway.Refused:
        return False
    return True


def _open(page: Setup) -> Setup:
    commitment = page.commitment
    try:
        session = payers.whoever_is_there(
            lambda: knowing.customer(commitment.company, commitment.currency),
            lambda customer: _session_for(page, customer),
        )
    except gateway.Refused:
        Setup.objects.filter(pk=page.pk).update(status=Setup.Status.EXPIRED)
        raise
    page.stripe_id, page.url = session["id"], session["url"] or ""
    page.save(update_fields=["stripe_id", "url"])
    return page


def _session_for(page: Setup, customer: Customer) -> Json:
    return calls.ask(
        purpose="open_setup",
        subject=f"setup:{page.pk}",
        do=lambda key: gateway.open_checkout(params=_session(page, customer), key=key),
        look_up=lambda: gateway.find_checkout(
            customer_id=str(customer.stripe_id), reference=f"setup:{page.pk}"
        ),
        read=gateway.checkout,
    )


def _session(page: Setup, customer: Customer) -> Json:
    """https://docs.stripe.com/payments/save-and-reuse?platform=web&ui=stripe-hosted"""
    commitment = page.commitment
    metadata = {"commitment": str(commitment.pk)}
    return {
        "mode": "setup",
        "customer": customer.stripe_id,
        "currency": commitment.currency.lower(),
        "client_reference_id": f"setup:{page.pk}",
        "metadata": metadata,
        "setup_intent_data": {"metadata": metadata},
        "billing_address_collection": "required",
        "customer_update": {"address": "auto"},
        "expires_at": int(page.expires_at.timestamp()),
        "success_url": _absolute("billing:card-saved", commitment),
        "cancel_url": _absolute("billing:card-left", commitment),
    }


def _absolute(name: str, commitment: Commitment) -> str:
    return urljoin(settings.SITE_URL, reverse(name, args=[commitment.pk]))
