"""An engine that stands still, the real stripe client on it, and the few things tests begin with."""

import json
import threading
import time
from datetime import UTC, datetime

import pytest
import stripe

from sandbox.engine import Engine
from sandbox.server import Server
from sandbox.transport import InProcess


def moment(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.fixture
def at():
    """Seconds since 1970 of a date and time in UTC."""
    return moment


def new_engine(now="2026-01-15T12:00"):
    engine = Engine(seed="tests", now=moment(now))
    engine.post = lambda url, body, headers: 200
    return engine


@pytest.fixture
def engine():
    return new_engine()


@pytest.fixture
def client(engine):
    return stripe.StripeClient("sk_test_x", http_client=InProcess(engine))


class World:
    """A customer and a price to try things with."""

    def __init__(self, engine, client):
        self.engine = engine
        self.client = client
        self.product = client.v1.products.create({"name": "Gold"})
        self.price = self.new_price(1000)
        self.customer = client.v1.customers.create({"name": "Ada", "email": "ada@example.org"})

    def new_price(self, amount, currency="eur", interval="month", **more):
        return self.client.v1.prices.create(
            {
                "product": self.product.id,
                "unit_amount": amount,
                "currency": currency,
                "recurring": {"interval": interval},
                **more,
            }
        )

    def session(self, **more):
        return self.client.v1.checkout.sessions.create(
            {
                "mode": "subscription",
                "customer": self.customer.id,
                "line_items": [{"price": self.price.id, "quantity": 1}],
                "success_url": "https://site.test/done?session={CHECKOUT_SESSION_ID}",
                "cancel_url": "https://site.test/back",
                **more,
            }
        )

    def setup_session(self, **more):
        return self.client.v1.checkout.sessions.create(
            {
                "mode": "setup",
                "currency": "eur",
                "customer": self.customer.id,
                "success_url": "https://site.test/done",
                **more,
            }
        )

    def subscribed(self, **how):
        session = self.session()
        outcome = self.engine.pay_checkout(session.id, **how)
        assert outcome.ok, outcome
        return self.reread(session).subscription

    def reread(self, session):
        return self.client.v1.checkout.sessions.retrieve(session.id)

    def subscription(self, identifier):
        return self.client.v1.subscriptions.retrieve(identifier)

    def invoices(self, subscription):
        return self.client.v1.invoices.list({"subscription": subscription, "limit": 100}).data

    def types(self):
        """Everything announced so far, oldest first."""
        listed = self.client.v1.events.list({"limit": 100})
        return [event.type for event in listed.auto_paging_iter()][::-1]


@pytest.fixture
def world(engine, client):
    return World(engine, client)


@pytest.fixture(scope="session")
def world_at():
    """A world that begins at that date and time."""

    def begin(text):
        engine = new_engine(text)
        return World(engine, stripe.StripeClient("sk_test_x", http_client=InProcess(engine)))

    return begin


class Receiver:
    """A webhook endpoint that verifies, keeps and answers."""

    def __init__(self, engine, client, types=("*",), url="https://site.test/webhook"):
        endpoint = {"url": url, "enabled_events": list(types)}
        self.secret = client.v1.webhook_endpoints.create(endpoint).secret
        self.status = 200
        self.events = []
        self.forged = 0
        engine.post = self.receive

    def receive(self, url, body, headers):
        try:
            event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], self.secret)
        except stripe.SignatureVerificationError:
            self.forged += 1
            return 400
        if self.status == 200:
            self.events.append(json.loads(body))
            assert event.id
        return self.status

    @property
    def types(self):
        return [event["type"] for event in self.events]


@pytest.fixture
def receiver(engine, client):
    return Receiver(engine, client)


@pytest.fixture(scope="module")
def server():
    server = Server(Engine(flowing=True), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.address:
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def online(server):
    return stripe.StripeClient("sk_test_x", base_addresses={"api": server.address})
