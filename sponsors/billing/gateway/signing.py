"""What Stripe signs."""

import json
import time

import stripe
from django.conf import settings

from sponsors.billing.gateway.client import FUTURE_TOLERANCE, BadSignature, Json


def verify(payload: bytes, header: str) -> Json:
    """The event in a webhook, if one of our secrets signed it within five minutes of now."""
    if not header.isascii():
        raise BadSignature("No signature of Stripe's.")
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            text = payload.decode()
            stripe.WebhookSignature.verify_header(text, header, secret, FUTURE_TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        _insist_not_to_come(header)
        return _event(text)
    raise BadSignature("No secret of ours signed this.")


def _insist_not_to_come(header: str) -> None:
    times = [part[2:] for part in header.split(",") if part.startswith("t=")]
    if any(int(at) > time.time() + FUTURE_TOLERANCE for at in times if at.isdecimal()):
        raise BadSignature("Signed in the future.")


def _event(text: str) -> Json:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSignature("No event.") from error
    if not isinstance(event, dict):
        raise BadSignature("No event.")
    return event
