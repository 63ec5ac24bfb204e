"""Stripe and its clock in the tests' own process: the sandbox's engine, spoken to by the real
client, telling the site of its events through URL, signature and handler."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.conf import settings
from django.test import Client

from funding.office import clock
from sandbox.engine import Engine
from sandbox.transport import InProcess
from sponsors.billing import connecting, gateway, tasks

BEGINNING = datetime(2026, 1, 5, 10, tzinfo=UTC)
_current: list[Engine] = []
HINT = tasks.handle_roots.delay


def client() -> InProcess:
    """Named by `STRIPE_HTTP_CLIENT`: where the gateway's client sends its requests."""
    return InProcess(_current[-1])


@contextmanager
def engine(seed: str = "tests", now: datetime = BEGINNING) -> Iterator[Engine]:
    """A Stripe account made ready for this site, with both clocks as one."""
    world = Engine(seed=seed, now=int(now.timestamp()))
    world.post = deliver
    world.postman.deliver = Carrier(world).carry
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


class Carrier:
    """A worker that comes to its hints when all that is due has been posted, as it does on the real
    site: the dozen events of one payment are then two look-ups."""

    def __init__(self, world: Engine) -> None:
        self.hints: list[str] = []
        self.postman, self.post_all = world.postman, world.postman.deliver

    def carry(self) -> None:
        """Whoever comes second waits for the work too, so that no test begins while it goes on."""
        with self.postman._carrying:
            self._post_all()
            while self.hints:
                roots, self.hints = self.hints, []
                tasks.handle_roots.delay(roots)
                self._post_all()

    def _post_all(self) -> None:
        if tasks.handle_roots.delay == HINT:
            with mock.patch.object(tasks.handle_roots, "delay", self.note):
                self.post_all()
        else:
            self.post_all()  # a test takes the hints itself

    def note(self, roots: list[str]) -> None:
        self.hints += roots


def kept(world: Engine) -> Callable[[], None]:
    """Its answer brings Stripe back to what it is now, as often as it is called."""
    account, postman = world.account, world.postman
    store, timeline = account.store, account.timeline
    parts = {"sums": account.sums, "swept": account.swept, "counters": account.counters}
    queue = {"queue": timeline.queue, "number": timeline.number}
    before = deepcopy((vars(store), parts, queue, vars(account.clock), postman.held))

    def bring_back() -> None:
        memory, counted, planned, told, held = deepcopy(before)
        vars(store).update(memory)
        vars(account).update(counted)
        vars(timeline).update(planned)
        vars(account.clock).update(told)
        postman.held = held

    return bring_back


def days(world: Engine, count: float) -> None:
    """Walk so many days on, through everything that falls due."""
    world.advance_by(int(timedelta(days=count).total_seconds()))
