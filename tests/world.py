"""Stripe and its clock in the tests' own process: the sandbox's engine, spoken to by the real
client, telling the site of its events through URL, signature and handler."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.test import Client

from funding.office import clock
from sandbox.engine import Engine
from sandbox.transport import InProcess
from sponsors.billing import connecting, gateway

BEGINNING = datetime(2026, 1, 5, 10, tzinfo=UTC)
_current: list[Engine] = []


def client() -> InProcess:
    """Named by `STRIPE_HTTP_CLIENT`: where the gateway's client sends its requests."""
    return InProcess(_current[-1])


@contextmanager
def engine(seed: str = "tests", now: datetime = BEGINNING) -> Iterator[Engine]:
    """A Stripe account made ready for this site, with both clocks as one."""
    world = Engine(seed=seed, now=int(now.timestamp()))
    world.post = deliver
    _current.append(world)
    before = settings.STRIPE_WEBHOOK_SECRETS
    gateway.forget_client()
    try:
        with clock.tied_to(lambda: datetime.fromtimestamp(world.now(), UTC)):
            connect()
            yield world
    finally:
        settings.STRIPE_WEBHOOK_SECRETS = before
        _current.remove(world)
        gateway.forget_client()


def connect() -> None:
    for line in connecting.connect():
        if line.startswith("STRIPE_WEBHOOK_SECRETS="):
            settings.STRIPE_WEBHOOK_SECRETS = line.partition("=")[2].split()


def deliver(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Post a webhook to the site as Stripe does."""
    names = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    answer = Client(raise_request_exception=False).post(
        "/stripe/webhook/", data=body, content_type="application/json", **names
    )
    return answer.status_code


def days(world: Engine, count: float) -> None:
    """Walk so many days on, through everything that falls due."""
    world.advance_by(int(timedelta(days=count).total_seconds()))
