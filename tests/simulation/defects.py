"""Ten mistakes that somebody could make in the site, each with the smallest history that shows it.
`planted()` makes the mistake; whether it is found is for the town's own eyes (`truth`)."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest import mock
from uuid import uuid4

from django.db import connection

from funding.ledger import posting
from funding.ledger.models import Entry
from funding.office import leases, outbox
from funding.office.models import Message
from sponsors.billing import calls, gateway, inbox, mirroring, periods, renewals, settling
from sponsors.billing.models import Deferral, Event
from sponsors.sponsorships import seats
from tests.simulation import database
from tests.simulation.actors import Step
from tests.simulation.weather import Expected

MONTHLY, YEARLY = Step("join", pick=0), Step("join", pick=2)  # the first tier, and one by the year
ENTRIES = Entry._meta.db_table


@dataclass(frozen=True)
class Defect:
    name: str
    planted: Callable[[], AbstractContextManager[Any]]
    steps: Sequence[Step | float]
    trouble: Sequence[Expected] = ()


def _instead(owner: Any, name: str, function: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: mock.patch.object(owner, name, function)


@contextmanager
def _new_key_each_time() -> Iterator[None]:
    """A call that is asked again gets a key of its own."""
    ask = calls._do

    def do(call: Any, do: Callable[[str], Any]) -> Any:
        return ask(call, lambda key: do(f"{key}:{uuid4()}"))

    with mock.patch.object(calls, "_do", do):
        yield


@contextmanager
def _acknowledged_before_commit() -> Iterator[None]:
    """A webhook is answered, and what it said is written down with the next one."""
    keep, waiting = inbox.keep, []

    def later(event: Any, payload: str = "") -> str | None:
        while waiting:
            keep(*waiting.pop(0))
        waiting.append((event, payload))
        return inbox._row(event, payload or "{}").root

    with mock.patch.object(inbox, "keep", later):
        yield


@contextmanager
def _no_unique_reference() -> Iterator[None]:
    """The books lost the rule that a reference is in them once."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _forget_rule(cursor)
            yield
            return
        cursor.execute(f"ALTER TABLE {ENTRIES} DROP CONSTRAINT {ENTRIES}_reference_key")
        try:
            yield
        finally:
            database.fresh()
            cursor.execute(f"ALTER TABLE {ENTRIES} ADD UNIQUE (reference)")


def _forget_rule(cursor: Any) -> None:
    """SQLite keeps the rule in the table's own words, and an index of its own for it."""
    cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [ENTRIES])
    words = cursor.fetchone()[0].replace("(120) NOT NULL UNIQUE", "(120) NOT NULL")
    cursor.execute("PRAGMA writable_schema = ON")
    cursor.execute("UPDATE sqlite_master SET sql = %s WHERE name = %s", [words, ENTRIES])
    cursor.execute("DELETE FROM sqlite_master WHERE name = %s", [f"sqlite_autoindex_{ENTRIES}_1"])
    cursor.execute("PRAGMA writable_schema = RESET")


@contextmanager
def _event_is_believed() -> Iterator[None]:
    """What an event carries is taken for what is so now."""
    look_up = mirroring.look_up

    def believe(subscription_id: str, object_ids: set[str]) -> Callable[[], bool]:
        events = Event.objects.unhandled().filter(object_id=subscription_id).order_by("-pk")
        told = events.first()
        apply = look_up(subscription_id, object_ids)
        if told is None:
            return apply
        now = gateway.subscription(subscription_id)
        then = json.loads(told.payload)["data"]["object"]
        believed = {**now, **then, "latest_invoice": now["latest_invoice"]}
        with mock.patch.object(gateway, "subscription", lambda name: believed):
            return look_up(subscription_id, object_ids)

    with mock.patch.object(mirroring, "look_up", believe):
        yield


@contextmanager
def _no_lease() -> Iterator[None]:
    """Everybody works on everything at once."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(leases, "take", lambda name: "anybody"))
        stack.enter_context(mock.patch.object(leases, "insist", lambda name, token: None))
        yield


@contextmanager
def _drifting_months() -> Iterator[None]:
    """The next month is counted from this one, so that a 31st is a 28th for ever."""

    def next_month(start: datetime, months: int) -> datetime:
        at = start
        for _ in range(months):
            at = right(at, 1)
        return at

    right = periods.month_after
    with mock.patch.object(periods, "month_after", next_month):
        yield


@contextmanager
def _fee_by_float() -> Iterator[None]:
    """What the card took is reckoned from the price list and not read off Stripe's own paper."""
    apportion = settling.apportion

    def reckon(payment: Any, transaction: Any) -> None:
        payment.fee = int(payment.amount * 0.029 + 30)
        apportion(payment, transaction)

    with mock.patch.object(settling, "apportion", reckon):
        yield


def _unclaimed(message_id: int) -> Message | None:
    return Message.objects.waiting().filter(pk=message_id).first()


@contextmanager
def _month_twice() -> Iterator[None]:
    """A month is released under a name of its own each time, and nobody notes that it was."""
    post, save = posting.post, Deferral.save

    def again(*, reference: str, **given: Any) -> Any:
        if given["kind"] == Entry.Kind.MONTH_RELEASED:
            reference = f"{reference}.{uuid4().hex[:6]}"
        return post(reference=reference, **given)

    def forget(self: Deferral, *given: Any, **named: Any) -> None:
        if self.released != 1 or Entry.objects.filter(kind=Entry.Kind.MONTH_RELEASED).count() > 1:
            save(self, *given, **named)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(renewals.posting, "post", again))
        stack.enter_context(mock.patch.object(Deferral, "save", forget))
        yield


DEFECTS = [
    Defect(
        "A key made anew for each try",
        _new_key_each_time,
        [MONTHLY],
        [Expected("answers", "timeout_after", "POST /v1/checkout/sessions", times=3)],
    ),
    Defect(
        "An event acknowledged before it is kept",
        _acknowledged_before_commit,
        [MONTHLY],
    ),
    Defect(
        "The books without their unique reference",
        _no_unique_reference,
        [MONTHLY, 1.0, Step("restore_yesterdays_rows")],
    ),
    Defect(
        "An event believed without a look at Stripe",
        _event_is_believed,
        [
            MONTHLY,
            1.0,
            Step("cancel_in_the_portal", how=0),
            Step("cancel_in_the_portal", how=1),
            3.0,
        ],
        [Expected("events", "delay", "customer.subscription.updated")],
    ),
    Defect(
        "No lease on what is looked up",
        _no_lease,
        [MONTHLY, 1.0, Step("a_slow_worker")],
    ),
    Defect(
        "A month's end that drifts",
        _drifting_months,
        [26.0, YEARLY, 70.0],
    ),
    Defect(
        "A fee reckoned with a float",
        _fee_by_float,
        [MONTHLY, 1.0],
    ),
    Defect(
        "A mail sent without being claimed",
        _instead(outbox, "_claim", _unclaimed),
        [MONTHLY, 2.0, 2.0],
        [Expected("commits", "dies_before_commit", "send_messages")],
    ),
    Defect(
        "A seat that is not given back",
        _instead(seats, "give_back", lambda tier_id, *, project_id: None),
        [Step("join", pick=0, how=5), 1.0],
    ),
    Defect(
        "A month released twice",
        _month_twice,
        [YEARLY, 40.0],
    ),
]
