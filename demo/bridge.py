"""Stripe and the site in one process, which is how a year passes in seconds: the sandbox's engine
behind the real client, webhooks verified and kept by the site, and one clock for both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import stripe
from django.conf import settings

from funding.office import clock
from sandbox.engine import Engine
from sandbox.transport import InProcess
from sponsors.billing import connecting, gateway, handlers, inbox

_open: list["Bridge"] = []


class Bridge:
    """An engine whose webhooks end at this site."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.roots: set[str] = set()
        engine.post = self._receive

    def walk(self, to: datetime) -> None:
        """Go on to a moment, through all that falls due at Stripe, and learn of it."""
        self.engine.advance(max(int(to.timestamp()), self.engine.now()))
        self.learn()

    def learn(self) -> None:
        """Look up whatever Stripe says has changed. Subscriptions come before their payments: a
        day's dozen events of one renewal are two look-ups."""
        self.engine.deliver()
        while self.roots:
            roots, self.roots = sorted(self.roots, reverse=True), set()
            for root in roots:
                handlers.refresh(root)
            self.engine.deliver()

    def _receive(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """What the webhook's view does, without the request around it."""
        event = gateway.verify(body, headers["Stripe-Signature"])
        if root := inbox.keep(event):
            self.roots.add(root)
        return 200


def client() -> InProcess:
    """Named by `STRIPE_HTTP_CLIENT`: where the gateway's client sends its requests."""
    return InProcess(_open[-1].engine)


@contextmanager
def opened(engine: Engine) -> Iterator[Bridge]:
    """Inside, the site speaks to this engine and lives by its clock."""
    bridge = Bridge(engine)
    _open.append(bridge)
    gateway.forget_client()
    try:
        with clock.tied_to(lambda: datetime.fromtimestamp(engine.now(), UTC)):
            yield bridge
    finally:
        _open.remove(bridge)
        gateway.forget_client()


def connect() -> dict[str, str]:
    """Make the account ready for this site's address; the settings to keep. An endpoint of another
    address is moved here, with what still waits for it, and keeps its secret."""
    account = stripe.StripeClient(settings.STRIPE_SECRET_KEY, http_client=client()).v1
    for endpoint in account.webhook_endpoints.list().data:
        if endpoint.url != connecting.webhook_url():
            account.webhook_endpoints.update(endpoint.id, {"url": connecting.webhook_url()})
    found = {
        "STRIPE_WEBHOOK_SECRETS": " ".join(settings.STRIPE_WEBHOOK_SECRETS),
        "STRIPE_PORTAL_CONFIGURATION": settings.STRIPE_PORTAL_CONFIGURATION,
    }
    for line in connecting.connect():
        name, _, value = line.partition("=")
        if name in found:
            found[name] = value
    settings.STRIPE_WEBHOOK_SECRETS = found["STRIPE_WEBHOOK_SECRETS"].split()
    settings.STRIPE_PORTAL_CONFIGURATION = found["STRIPE_PORTAL_CONFIGURATION"]
    return found
