"""Connecting: what a Stripe account (live, test mode or the sandbox) needs before the first payment,
and what is wrong with the one that the settings name."""

from collections.abc import Iterator
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from sponsors.billing import gateway, inbox, states
from sponsors.billing.gateway import Json


class CannotConnect(Exception):
    """Nothing can be prepared with these settings; the message says what to change."""


def connect() -> Iterator[str]:
    """Make the account ready, and say line by line what was done and what is to be set. A secret is
    said once, when Stripe makes it. Raises `CannotConnect`."""
    yield _check_key()
    yield from _check_endpoint()
    yield from _check_portal()
    yield (
        "Turn Stripe's own mails to customers off (failed payments, cards that expire, renewals, "
        "invoices): this site sends them, and nobody should get two."
    )


def webhook_url() -> str:
    return urljoin(settings.SITE_URL, reverse("billing:stripe-webhook"))


def _check_key() -> str:
    if not settings.STRIPE_SECRET_KEY.startswith(("sk_", "rk_")):
        raise CannotConnect(
            "STRIPE_SECRET_KEY does not look like a secret key: it begins with sk_ or rk_. "
            "A publishable key (pk_) will not do."
        )
    try:
        balance = gateway.balance()
    except gateway.GatewayError as error:
        raise CannotConnect(f"Stripe does not answer to this key: {error}") from error
    if balance["livemode"] != gateway.livemode():
        raise CannotConnect("The key and the account differ about live and test mode.")
    return f"The key is good, in {'live' if gateway.livemode() else 'test'} mode."


def _check_endpoint() -> Iterator[str]:
    url = webhook_url()
    ours = [end for end in gateway.webhook_endpoints() if end["url"] == url]
    current = [end for end in ours if end["api_version"] == gateway.VERSION]
    for old in ours:
        if old not in current:
            yield (
                f"Endpoint {old['id']} is at API version {old['api_version']}. Delete it in "
                "Stripe once the new one has delivered its first event."
            )
    if not current:
        made = gateway.create_webhook_endpoint(url=url, events=list(inbox.FOLLOWED))
        yield f"Made webhook endpoint {made['id']} for {url}. Put its secret into the settings:"
        yield f"STRIPE_WEBHOOK_SECRETS={' '.join([made['secret'], *settings.STRIPE_WEBHOOK_SECRETS])}"
        return
    yield _check_current(current[0])
    if not settings.STRIPE_WEBHOOK_SECRETS:
        yield (
            "STRIPE_WEBHOOK_SECRETS is not set. Stripe shows the secret of "
            f"{current[0]['id']} in its dashboard."
        )


def _check_current(endpoint: Json) -> str:
    right = endpoint["status"] == "enabled" and (
        set(endpoint["enabled_events"]) == set(inbox.FOLLOWED)
    )
    if right:
        return f"Webhook endpoint {endpoint['id']} is right."
    gateway.update_webhook_endpoint(endpoint["id"], events=list(inbox.FOLLOWED))
    return f"Webhook endpoint {endpoint['id']} now sends just the events that we follow."


def _check_portal() -> Iterator[str]:
    ours = [
        one
        for one in gateway.portal_configurations()
        if one["metadata"].get("site") == settings.SITE_URL
    ]
    if ours:
        made = gateway.update_portal_configuration(ours[0]["id"], params=_portal())
        yield f"Portal configuration {made['id']} is right."
    else:
        made = gateway.create_portal_configuration(params=_portal())
        yield f"Made portal configuration {made['id']}."
    if made["id"] != settings.STRIPE_PORTAL_CONFIGURATION:
        yield f"STRIPE_PORTAL_CONFIGURATION={made['id']}"


def _portal() -> Json:
    """Card, address and invoices at Stripe; tiers, pauses and ends have our own rules and pages."""
    return {
        "business_profile": {"headline": f"{settings.SITE_NAME}: your payment details"},
        "default_return_url": urljoin(settings.SITE_URL, reverse("sponsorships:list")),
        "metadata": {"site": settings.SITE_URL},
        "features": {
            "payment_method_update": {"enabled": True},
            "invoice_history": {"enabled": True},
            "customer_update": {"enabled": True, "allowed_updates": ["address", "tax_id"]},
            "subscription_cancel": {
                "enabled": True,
                "mode": "at_period_end",
                "cancellation_reason": {"enabled": True, "options": sorted(states.REASONS)},
            },
            "subscription_update": {"enabled": False},
            "subscription_pause": {"enabled": False},
        },
    }
