"""How the site comes to the town: its way to Stripe, to the post, to the clocks and to the broker."""

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from celery import Task
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import client
from django.test.utils import override_settings

from funding.office import clock
from sandbox.transport import InProcess
from sponsors.billing import connecting, gateway
from tests.simulation.messages import Letter
from tests.simulation.town import Town
from tests.simulation.weather import Answers, Letters

SELDOM = (200_000, 20, 50)  # a town makes much and keeps most of it
_towns: list[Town] = []


class Door(InProcess):
    """The gateway's way to Stripe, through the weather."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.engine)
        self.town = town

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any
    ) -> Any:  # noqa: E501
        path = url.split("?")[0].partition("/v1")[2]
        return self.town.ask(
            lambda: super(Door, self).request(method, url, headers, post_data, **more),
            method.upper(), f"/v1{path}",
        )  # fmt: skip


class Postbox(BaseEmailBackend):
    """Every mail that left; the postman may be the last thing that a process sees."""

    def open(self) -> bool:
        return True

    def send_messages(self, mails: Any) -> int:
        town = _towns[-1]
        for mail in mails:
            town.postbox.append(Letter(tuple(mail.to), mail.subject, mail.body))
        return len(mails)


def door() -> Door:
    """Named by `STRIPE_HTTP_CLIENT`."""
    return Door(_towns[-1])


NAMED = {
    "STRIPE_HTTP_CLIENT": "tests.simulation.doors.door",
    "EMAIL_BACKEND": "tests.simulation.doors.Postbox",
    "STRIPE_WEBHOOK_SECRETS": [],
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}


@contextmanager
def inhabited(town: Town) -> Iterator[Town]:
    """The town's clocks, its database, its broker and its Stripe are the site's."""
    level, swept = logging.root.manager.disable, gc.get_threshold()
    with ExitStack() as stack:
        logging.disable(logging.CRITICAL)
        stack.callback(logging.disable, level)
        gc.set_threshold(*SELDOM)
        stack.callback(gc.set_threshold, *swept)
        stack.enter_context(override_settings(**NAMED))
        for patch in _patches(town):
            stack.enter_context(patch)
        stack.enter_context(clock.tied_to(town.now))
        _towns.append(town)
        stack.callback(_towns.remove, town)
        gateway.forget_client()
        stack.callback(gateway.forget_client)
        _connect()
        town.engine.api.faults = Answers(town.weather)
        town.engine.postman.knobs = Letters(town.weather)
        stack.enter_context(_mortal_database(town))
        yield town


@contextmanager
def _mortal_database(town: Town) -> Iterator[None]:
    connection.ensure_connection()
    town._commit = connection.commit
    connection.commit = town.commit
    try:
        with connection.execute_wrapper(town.statement):
            yield
    finally:
        del connection.commit


def _patches(town: Town) -> list[Any]:
    return [
        mock.patch.object(clock, "machine_now", town.machine_now),
        mock.patch.object(time, "sleep", town.sleep),
        mock.patch.object(client, "store_rendered_templates", lambda *given, **more: None),
        mock.patch.object(
            Task, "apply_async", lambda task, *given, **more: town.enqueue(task, *given, **more)
        ),
    ]


def _connect() -> None:
    for line in connecting.connect():
        if line.startswith("STRIPE_WEBHOOK_SECRETS="):
            settings.STRIPE_WEBHOOK_SECRETS = line.partition("=")[2].split()
