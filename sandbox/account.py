"""The Stripe account that the sandbox plays: its objects, clock, plans, settings and events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox import errors, expansion, ids, shapes
from sandbox.clock import DAY, HOUR, MINUTE, Clock
from sandbox.store import Object, Store
from sandbox.timeline import Timeline

API_VERSION = "2026-10-28.endive"
# Stands for the sandbox's address in what is kept; filled in when it is shown.
ADDRESS = "sandbox:/"


@dataclass
class Settings:
    """What differs between Stripe accounts, or takes a while at Stripe."""

    fee_percent: str = "2.9"
    fee_fixed: int = 30
    fee_after: int = MINUTE
    available_after: int = 2 * DAY
    finalize_after: int = HOUR
    finalize_at_last_after: int = 72 * HOUR
    retries_after_days: tuple[int, ...] = (3, 5, 7)
    settlement_after: int = 3 * DAY
    incomplete_expires_after: int = 23 * HOUR
    checkout_expires_after: int = 24 * HOUR
    events_kept: int = 30 * DAY
    payout_takes: int = 2 * DAY
    payouts_daily: bool = False
    # To each endpoint; 0: as many as come. Stripe answers 25.
    calls_a_second: int = 0
    delayed_subscription_status: str = "active"
    refund_settles_after: int = 2 * DAY
    refund_fails_after: int = 21 * DAY
    dispute_fee: int = 1500
    dispute_fee_returned: bool = False
    disputed_after: int = HOUR
    dispute_due_after: int = 9 * DAY
    dispute_decided_after: int = 60 * DAY
    inquiry_closes_after: int = 120 * DAY
    # By the currency of a charge: the one it is settled in, and what one unit becomes there.
    settles_in: dict[str, tuple[str, str]] = field(default_factory=dict)
    country: str = "GB"
    name: str = "Sandbox"


@dataclass
class Caller:
    """The API request that is being answered, as events name it."""

    id: str | None = None
    idempotency_key: str | None = None


@dataclass
class Draft:
    type: str
    item: Object
    snapshot: str
    previous: Object | None


@dataclass
class Account:
    """All state and the few ways in which objects are made, changed and announced."""

    seed: str
    store: Store
    clock: Clock
    settings: Settings = field(default_factory=Settings)
    caller: Caller = field(default_factory=Caller)
    drafts: list[Draft] | None = None
    # The day on which what is too old was last thrown away.
    swept: int = 0
    sums: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.store)
        kept = self.store.by_id.get("_counters")
        self.counters: Object = kept or {"id": "_counters", "object": "_counters", "counts": {}}

    def now(self) -> int:
        return self.clock.now()

    def number(self, name: str) -> int:
        counts = self.counters["counts"]
        counts[name] = counts.get(name, 0) + 1
        self.store.put(self.counters)
        return int(counts[name])

    def new_id(self, prefix: str) -> str:
        return ids.identifier(self.seed, prefix, self.number(prefix))

    def new(self, kind: str, prefix: str, **fields: Any) -> Object:
        item = shapes.blank(kind)
        item["id"] = self.new_id(prefix)
        known = shapes.fields(kind)
        if "created" in known:
            item["created"] = self.now()
        if "livemode" in known:
            item["livemode"] = False
        if "metadata" in known:
            item["metadata"] = {}
        item.update(fields)
        return item

    def add(self, item: Object, event: str | None = None) -> Object:
        self.store.put(item)
        if event:
            self.emit(event, item)
        return item

    def change(self, item: Object, event: str | None = None, **fields: Any) -> Object:
        """Change fields; the event, if any, tells what they were."""
        previous = difference(item, fields)
        item.update(fields)
        self.store.put(item)
        if event and previous:
            self.emit(event, item, previous)
        return previous

    def find(self, kind: str, identifier: str, param: str = "id", status: int = 400) -> Object:
        item = self.store.get(kind, identifier)
        if item is None:
            raise errors.no_such(kind, identifier, param, status)
        return item

    def plan(self, at: int, action: str, subject: str) -> None:
        self.timeline.plan(at, action, subject)

    def emit(self, type: str, item: Object, previous: Object | None = None) -> None:
        snapshot = json.dumps(expansion.visible(item), separators=(",", ":"))
        shown = expansion.visible(previous) if previous is not None else None
        draft = Draft(type, item, snapshot, shown)
        if self.drafts is None:
            self._record(draft)
        else:
            self.drafts.append(draft)

    @contextmanager
    def in_order(self, order: tuple[str, ...]) -> Iterator[None]:
        """Announce what happens inside together, in the order in which Stripe announces it."""
        if self.drafts is not None:
            yield
            return
        self.drafts = []
        try:
            yield
        finally:
            drafts, self.drafts = self.drafts, None
            ranks = {name: rank for rank, name in enumerate(order)}
            for draft in sorted(drafts, key=lambda draft: ranks.get(draft.type, -1)):
                self._record(draft)

    def _record(self, draft: Draft) -> None:
        event = self.new("event", "evt", type=draft.type, api_version=API_VERSION)
        event["_snapshot"] = draft.snapshot
        event["_previous"] = draft.previous
        event["request"] = {
            "id": self.caller.id,
            "idempotency_key": self.caller.idempotency_key,
        }
        event["pending_webhooks"] = 0
        for endpoint in self.store.kinds["webhook_endpoint"].values():
            if listens(endpoint, draft.type):
                self._deliver_to(endpoint, event)
        self.store.put(event)
        if draft.type == "invoice.created":
            # Collection waits until this event has been answered.
            self.change(draft.item, _created_event=event["id"])

    def deliver_again(self, event: Object) -> None:
        for endpoint in self.store.kinds["webhook_endpoint"].values():
            if listens(endpoint, event["type"]):
                self._deliver_to(endpoint, event)
        self.store.put(event)

    def _deliver_to(self, endpoint: Object, event: Object) -> None:
        event["pending_webhooks"] += 1
        name = f"_delivery_{self.number('_delivery')}"
        delivery = {"id": name, "object": "_delivery", "event": event["id"]}
        self.store.put(
            {
                **delivery,
                "type": event["type"],
                "endpoint": endpoint["id"],
                "created": self.now(),
                "due": self.now(),
                "status": "pending",
                "attempts": [],
            }
        )


def listens(endpoint: Object, type: str) -> bool:
    enabled = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and (type in enabled or "*" in enabled)


def difference(item: Object, fields: Object) -> Object:
    """The former values of what changes; of an object in a field only the parts that change."""
    previous: Object = {}
    for name, value in fields.items():
        former = item.get(name)
        if name[:1] == "_" or former == value:
            continue
        if isinstance(former, dict) and isinstance(value, dict):
            names = [part for part in {**former, **value} if former.get(part) != value.get(part)]
            previous[name] = {part: former.get(part) for part in sorted(names)}
        else:
            previous[name] = former
    return previous
