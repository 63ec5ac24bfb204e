"""The town: web, worker and beat in one process and one thread, each mortal. What a process does is
run by `process`; where it may die, `Crash` is thrown, which nothing in the site catches, and from
then on until it is buried the database hears nothing more of it: what was not committed is gone."""

import re
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from celery import Task
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from funding.projects import cards, directory, pagecache
from sandbox import operations
from sandbox.engine import Engine
from sponsors.billing import gateway
from tests.simulation import database
from tests.simulation.messages import Crash, Dies, Letter, Message
from tests.simulation.weather import Weather

BEGINNING = datetime(2026, 1, 5, 10, tzinfo=UTC)
WRITES = ("INSERT", "UPDATE", "DELETE")
TRANSACTION = ("SAVEPOINT", "ROLLBACK", "RELEASE")
AT_ONCE = 0.1  # of the times the worker is quick
LEASE_AND_MORE = 100.0  # seconds
_towns: list["Town"] = []


@dataclass
class Town:
    seed: int
    weather: Weather
    engine: Engine = field(init=False)
    random: Random = field(init=False)
    queue: deque[Message] = field(default_factory=deque)
    postbox: list[Letter] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    companies: list[Any] = field(default_factory=list)
    staff: Any = None
    clients: dict[int, Client] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    late: list[Message] = field(default_factory=list)
    ahead: float = 0.0  # seconds that this machine has waited
    reconciles: bool = False  # every night; without, webhooks and the events list have to do
    dead: bool = False
    deaths: int = 0
    meanwhile: Callable[[], None] | None = None  # what others do while a process stands still

    def __post_init__(self) -> None:
        self.random = Random(f"town {self.seed}")
        self.engine = Engine(seed=f"town{self.seed}", now=int(BEGINNING.timestamp()))
        self.engine.post = self.receive

    # Time

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.engine.now(), UTC)

    def machine_now(self) -> datetime:
        return self.now() + timedelta(seconds=self.ahead)

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds

    def walk(self, **length: float) -> None:
        """So much later. The worker comes round at some of the moments at which Stripe does something
        and at the end, so that it finds now one thing changed, now many."""
        to = self.engine.now() + int(timedelta(**length).total_seconds())
        while (moment := self.engine.account.timeline.next_moment()) is not None and moment <= to:
            self.engine.advance(moment)
            if self.random.random() < AT_ONCE:
                self.work()
        self.engine.advance(to)
        self.work()

    # Processes

    def process(self, name: str, deed: Callable[[], Any]) -> Any:
        """What it answers, or None when it died of it."""
        self.running.append(name)
        try:
            return deed()
        except Crash:
            self._bury()
            return None
        finally:
            self.running.pop()

    def die(self) -> None:
        """Here and now."""
        self.dead = True
        self.deaths += 1
        if connection.connection is not None:
            connection.connection.rollback()
        raise Crash

    def _bury(self) -> None:
        """Nothing is left of what it had in memory."""
        self.dead = False
        database.lose()
        gateway.forget_client()
        for memory in (pagecache, cards, directory):
            memory.clear()

    @property
    def doing(self) -> str:
        return self.running[-1] if self.running else "nobody"

    # The database

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.dead:
            if sql.startswith(TRANSACTION):
                return None
            raise Crash
        if not self.running or connection.in_atomic_block or not sql.startswith(WRITES):
            return execute(sql, params, many, context)
        trouble = self.weather.roll("commits", self.doing)
        if trouble == "dies_before_commit":
            self.die()
        answer = execute(sql, params, many, context)
        if trouble:
            self.die()
        return answer

    def commit(self) -> None:
        if self.dead:
            raise Crash
        trouble = self.weather.roll("commits", self.doing) if self.running else None
        if trouble == "dies_before_commit":
            self.die()
        self._commit()
        if trouble:
            self.die()

    # The broker

    def enqueue(self, task: Task, args: Any = None, kwargs: Any = None, **options: Any) -> None:
        trouble = self.weather.roll("tasks", task.name.rpartition(".")[2])
        message = Message(task, tuple(args or ()))
        if trouble == "lost":
            if self.weather.random.random() < 0.5:
                raise OperationalError("The broker is away.")
            return
        self.queue.append(message)
        if trouble == "twice":
            self.queue.append(message)
        if trouble == "late":
            self.late.append(self.queue.pop())
        if trouble == "dies_at_start":
            self.queue.pop()
            self.queue.append(Message(Dies(task, self), message.arguments))

    def work(self) -> None:
        """Until nothing waits. What a death interrupts is given to another worker."""
        while self.queue:
            message = self.queue.popleft()
            deaths = self.deaths
            name = message.task.name.rpartition(".")[2]
            self.process(name, partial(self._perform, message))
            if self.deaths > deaths:
                task = getattr(message.task, "task", message.task)
                self.queue.append(Message(task, message.arguments))

    def _perform(self, message: Message) -> None:
        """A task may fail when Stripe does: it is due again. Anything else is a mistake."""
        try:
            message.task(*message.arguments)
        except gateway.GatewayError:
            return
        except Exception as error:  # noqa: BLE001 - told at the end of the step
            why = "".join(traceback.format_exception(error)[-6:])
            self.breaches.append(f"{message.task.name} failed: {why}")

    def beat(self, *, seldom: bool = True) -> None:
        """The timetable: what is on it every half minute, and what is more seldom."""
        self.queue.extend(self.late)
        self.late.clear()
        for job in settings.CELERY_BEAT_SCHEDULE.values():
            often = isinstance(job["schedule"], float) and job["schedule"] <= 60
            idle = IDLE if self.reconciles else IDLE | COMPARING
            if job["task"] not in idle and (often or seldom):
                try:
                    self.enqueue(import_string(job["task"]))
                except OperationalError:
                    continue
        self.work()

    # Stripe and the site

    def receive(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """A webhook at the site's door."""
        names = {f"HTTP_{name.upper().replace('-', '_')}": said for name, said in headers.items()}
        answer = self.process("webhook", lambda: _door.post(
            "/stripe/webhook/", data=body, content_type="application/json", **names
        ))  # fmt: skip
        if answer is None:
            return 0
        if answer.status_code == 200:
            self.acknowledged.append(_EVENT.search(body.decode())[0])
        return int(answer.status_code)

    def ask(self, inner: Callable[[], Any], method: str, path: str) -> Any:
        """A request of the site on its way to Stripe."""
        if self.dead:
            raise Crash
        if connection.in_atomic_block:
            self.breaches.append(f"A transaction is open while Stripe is asked: {method} {path}")
        found = operations.route(method, path)
        place = f"{method} {found[0].path}" if found else f"{method} {path}"
        trouble = self.weather.roll("calls", place) if self.running else None
        if trouble == "dies_before":
            self.die()
        answer = inner()
        if trouble == "dies_after":
            self.die()
        if trouble == "stalls":
            self._stall()
        return answer

    def _stall(self) -> None:
        """Stripe has answered, and the process stands still: others go on meanwhile, for so long
        that its leases have run out."""
        self.ahead += LEASE_AND_MORE
        doing, self.running = self.running, []
        try:
            while_asleep, self.meanwhile = self.meanwhile, None
            if while_asleep:
                while_asleep()
            self.engine.deliver()
            self.work()
        finally:
            self.running = doing

    def visit(self, company: Any, method: str, path: str, /, **data: Any) -> Any:
        """Somebody of the company at one of our pages; None when no answer came. An answer that
        nobody should get is a breach."""
        client = self.clients.setdefault(company.pk, Client(raise_request_exception=False))
        if settings.SESSION_COOKIE_NAME not in client.cookies:
            client.force_login(company.memberships.get().user)
        name = re.sub(r"\d+", "N", path)
        answer = self.process(name, lambda: getattr(client, method)(path, data))
        if answer is not None and answer.status_code >= 500 and answer.status_code != 503:
            why = (
                "".join(traceback.format_exception(*answer.exc_info)[-6:])
                if answer.exc_info
                else ""
            )
            self.breaches.append(f"{method} {path} was answered {answer.status_code}: {why}")
        return answer


# What the town has no use for.
IDLE = {"funding.office.tasks.beat", "funding.office.tasks.tidy", "funding.accounts.tasks.tidy"}
COMPARING = {"sponsors.billing.tasks.ask_to_reconcile", "sponsors.billing.tasks.reconcile"}
_EVENT = re.compile(r"evt_\w+")
_door = Client(raise_request_exception=False)
