"""Catching up: events that never reached us, from Stripe's own list. Whoever mends what differs does
this first, so that what is only late is told of as always, and mail is withheld for old news alone."""

import logging
from datetime import timedelta

from funding.office import clock
from funding.office.models import Watermark
from sponsors.billing import checkout, gateway, handlers, inbox

log = logging.getLogger(__name__)
OVERLAP = timedelta(hours=2)
STRIPE_KEEPS = timedelta(days=30)


def catch_up(*, if_never: timedelta = STRIPE_KEEPS) -> None:
    """Since the last time that this was done to its end; else for so long, or as long as Stripe keeps
    them. Raises the gateway's errors of reading the list; what cannot be handled is tried again later."""
    now = clock.now()
    mark = Watermark.objects.filter(name="stripe-events").first()
    since = mark.read_to - OVERLAP if mark else now - if_never
    for root in inbox.keep_all(gateway.events_since(int(since.timestamp()))):
        refresh(root)
    if mark or if_never >= STRIPE_KEEPS:
        Watermark.objects.update_or_create(name="stripe-events", defaults={"read_to": now})


def refresh(root: str) -> None:
    try:
        if handlers.refresh(root) and root.startswith("cs_"):
            checkout.tell_again(root)
    except Exception:  # noqa: BLE001 - noted on the events, which are tried again and shown
        log.warning("%s could not be handled", root, exc_info=True)
