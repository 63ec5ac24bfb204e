"""A season of renewals for the webhook bench: companies that sponsor, and month by month the
letters that Stripe would post."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from time import process_time
from typing import Any, Self

from celery import current_app
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_test_environment

from bench.letters import Letter, Recorded, send
from bench.limits import TABLE
from sponsors.billing import gateway, tasks
from sponsors.billing.models import Event
from tests import factories, scenarios, world


class Season:
    """Stripe and the site in one process, with the site's answers to Stripe recorded."""

    def __init__(self, *, sponsorships: int) -> None:
        self.count = sponsorships
        self.stack = ExitStack()
        self.letters: list[Letter] = []

    def __enter__(self) -> Self:
        setup_test_environment(debug=False)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        current_app.conf.task_always_eager = True
        self.delay = tasks.handle_roots.delay
        self.stack.enter_context(override_settings(STRIPE_HTTP_CLIENT="bench.season.client"))
        self.engine = self.stack.enter_context(world.engine(seed="bench"))
        self._join()
        self.engine.post = self._collect
        return self

    def __exit__(self, *problem: Any) -> None:
        tasks.handle_roots.delay = self.delay
        self.stack.close()

    def _join(self) -> None:
        tiers = [factories.tier(factories.project()) for _ in range(10)]
        for number in range(self.count):
            scenarios.paid(self.engine, tier=tiers[number % len(tiers)])
        self.engine.advance_by(86400)

    def _collect(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.letters.append((body, headers["Stripe-Signature"]))
        return 200

    def next_month(self) -> list[Letter]:
        """The letters of a month of renewals, and Stripe's answers for whoever looks things up."""
        self.letters = []
        self.engine.advance_by(int(timedelta(days=31).total_seconds()))
        _recorded.clear()
        gateway.forget_client()
        return self.letters

    def clear(self) -> None:
        """Forget what was kept but not handled."""
        Event.objects.filter(status=Event.Status.NEW).delete()

    def bare(self) -> Callable[..., Any]:
        return _handler(MIDDLEWARE=[], ROOT_URLCONF="bench.limits")

    def site(self, *, hint: bool) -> Callable[..., Any]:
        """The whole site; without hints what is kept waits."""
        tasks.handle_roots.delay = (lambda roots: None) if not hint else None
        return _handler()

    def whole(self, letters: list[Letter]) -> tuple[float, float]:
        """Seconds to keep, look up and book a month, and statements an event. What Stripe answers
        is asked beforehand."""
        roots = self._roots(letters)
        self._record(roots)
        self.clear()
        site, count = self.site(hint=False), Statements()
        before = process_time()
        with connection.execute_wrapper(count):
            for body, signature in letters:
                send(site, body, signature)
            tasks.handle_roots(roots)
        seconds = process_time() - before
        if Event.objects.filter(status=Event.Status.NEW).exists():
            raise SystemExit("Not every event was handled.")
        return seconds, count.total / len(letters)

    def _roots(self, letters: list[Letter]) -> list[str]:
        self.clear()
        site = self.site(hint=False)
        for body, signature in letters:
            send(site, body, signature)
        kept = Event.objects.filter(status=Event.Status.NEW)
        return sorted(set(kept.values_list("root", flat=True)), reverse=True)

    def _record(self, roots: list[str]) -> None:
        for root in roots:
            look_up = gateway.subscription if root.startswith("sub_") else gateway.payment_intent
            look_up(root)


class Statements:
    """Counts what is asked of the database."""

    def __init__(self) -> None:
        self.total = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.total += 1
        return execute(sql, params, many, context)


_recorded: list[Recorded] = []


def client() -> Recorded:
    if not _recorded:
        _recorded.append(Recorded(world.client()))
    return _recorded[0]


def _handler(**values: Any) -> Callable[..., Any]:
    with override_settings(**values):
        handler = WSGIHandler()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        with override_settings(**values):
            return handler(environ, start)

    return application if values else handler
