"""Combing: through Stripe's lists page by page, a hundred at a time, and never one by one. What
differs is looked up again, and what differs then still is written down."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from funding.office import clock, leases, outbox
from sponsors.billing import (
    catching_up,
    comparing,
    gateway,
    handlers,
    inbox,
    paying_out,
    states,
    tallying,
)
from sponsors.billing.comparing import Difference
from sponsors.billing.gateway import Json
from sponsors.billing.models import Finding, Reconciliation

log = logging.getLogger(__name__)
LEASE = "reconciliation"
A_PAGE = 100
OLD = timedelta(days=1)  # of what is older, and was never told, nobody gets mail any more
MOST_FINDINGS = 1000
WAITS = (1, 2, 4, 8, 16, 32, 32, 32)  # seconds, while Stripe is busy or does not answer
Answer = TypeVar("Answer")


class TooMuchDiffers(Exception):
    """So much that looking each thing up would take hours, and is no repair."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of object: how Stripe lists it, and how it is compared."""

    name: str  # as in Stripe's address
    asked: Json
    compare: Callable[[Sequence[Json]], Iterator[Difference]]
    ours: comparing.Ours


SUBSCRIPTIONS = Topic(
    "subscriptions",
    {"status": "all", "expand": ["data.latest_invoice"]},
    comparing.subscriptions,
    comparing.our_subscriptions,
)
TRANSACTIONS = Topic(
    "balance_transactions",
    {"expand": ["data.source"]},
    tallying.transactions,
    tallying.our_transactions,
)
TOPICS = (
    SUBSCRIPTIONS,
    Topic("invoices", {"expand": ["data.payments"]}, comparing.invoices, comparing.our_invoices),
    TRANSACTIONS,
    Topic("refunds", {}, comparing.refunds, comparing.our_refunds),
    Topic("disputes", {}, comparing.disputes, comparing.our_disputes),
)


@dataclass
class Comb:
    """One run: its row, the lease that it holds, and whom it tells how far it is."""

    row: Reconciliation
    token: str
    tell: Callable[[str], object]
    found: int = 0

    def everything(self) -> None:
        until = self.row.started_at
        for topic in TOPICS:
            every = topic is SUBSCRIPTIONS and self.row.every_subscription
            self.topic(topic, None if every else self.row.since, until)
        self.balances()

    def topic(self, topic: Topic, since: datetime | None, until: datetime) -> None:
        """Page by page, newest first; of ours whatever was made in the time that a page spans."""
        created = {"lte": int(until.timestamp())}
        if since:
            created["gte"] = int(since.timestamp())
        asked: Json = {**topic.asked, "limit": A_PAGE, "created": created}
        newest, edge = until, set[str]()
        while True:
            page = self.listed(topic, asked)
            listed, last = page["data"], not page["has_more"]
            oldest = since and since - timedelta(seconds=1)
            if not last:
                oldest = states.at(listed[-1]["created"])
            self.compare(topic, listed)
            ids = {one["id"] for one in listed}
            self.look_for_ours(topic, ids | edge, oldest, newest)
            self.progress(topic, len(listed))
            if last:
                return
            # What is of the same second as the last may go on on the next page.
            second = listed[-1]["created"]
            edge = {name for name in edge if newest == oldest} | {
                one["id"] for one in listed if one["created"] == second
            }
            newest = oldest or newest
            asked["starting_after"] = listed[-1]["id"]

    def listed(self, topic: Topic, asked: Json) -> Json:
        self.row.calls += 1
        return self.patiently(lambda: gateway.page(topic.name, asked))

    def compare(self, topic: Topic, objects: Sequence[Json]) -> None:
        differing = list(topic.compare(objects))
        if not differing:
            return
        self.patiently(lambda: catching_up.catch_up(if_never=OLD))
        still = list(topic.compare(objects))
        troubles = {one.stripe_id: self.mend(one, objects) for one in still}
        names = {one.stripe_id for one in differing}
        left = self.left(topic, [one for one in objects if one["id"] in names])
        for one in differing:
            self.find(left.get(one.stripe_id, one), one.stripe_id not in left, troubles)

    def left(self, topic: Topic, objects: Sequence[Json]) -> dict[str, Difference]:
        """What differs still. It may have changed at Stripe since it was listed."""
        left = {one.stripe_id: one for one in topic.compare(objects)}
        if topic is TRANSACTIONS:
            return left  # these never change
        again = [name for name, one in left.items() if one.root]
        now = [found for name in again if (found := self.read(topic, name))]
        for name in again:
            del left[name]
        return left | {one.stripe_id: one for one in topic.compare(now)}

    def read(self, topic: Topic, stripe_id: str) -> Json | None:
        expand = [name.removeprefix("data.") for name in topic.asked.get("expand", ())]
        try:
            return self.patiently(lambda: gateway.read(topic.name, stripe_id, expand=expand))
        except gateway.NotFound:
            return None

    def mend(self, one: Difference, objects: Sequence[Json]) -> str:
        """Look its root up again; what that ran into, if it did. Nobody gets mail about what is old;
        what an event tells of that nobody has handled yet is no old news."""
        with nullcontext() if one.root and inbox.unhandled([one.root]) else outbox.withheld():
            try:
                if one.root:
                    self.refresh(one.root, [one.also] if one.also else [])
                elif one.kind == "missing":
                    paying_out.write(next(o for o in objects if o["id"] == one.stripe_id))
            except leases.LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - it is written down, and stops no other
                log.warning("%s could not be mended", one.stripe_id, exc_info=True)
                return f" {type(error).__name__}: {error}"
        return ""

    def refresh(self, root: str, also: Sequence[str]) -> None:
        """Whoever else is at it is soon done."""
        for _ in range(3):
            if self.patiently(lambda: handlers.refresh(root, also=also)):
                return
            time.sleep(1)

    def find(self, one: Difference, mended: bool, troubles: dict[str, str] | None = None) -> None:
        self.found += 1
        if self.found > MOST_FINDINGS:
            raise TooMuchDiffers(
                f"More than {MOST_FINDINGS} differences: is this the account of this database?"
            )
        trouble = "" if mended else (troubles or {}).get(one.stripe_id, "")
        Finding.objects.update_or_create(
            reconciliation=self.row, kind=one.kind, stripe_id=one.stripe_id,
            defaults={
                "amount": one.amount, "currency": one.currency, "is_mended": mended,
                "words": (one.words + trouble)[:300],
            },
        )  # fmt: skip

    def look_for_ours(
        self, topic: Topic, listed: set[str], after: datetime | None, until: datetime
    ) -> None:
        for name in comparing.absent(topic.ours, listed, after=after, until=until):
            if self.read(topic, name) is None:
                words = "We have it, and Stripe has not: it may be of another account or mode."
                self.find(Difference("absent", name, words), False)

    def balances(self) -> None:
        """What came in while we ran may be on its way to us: it is looked at before judging."""
        for again in range(3):
            theirs = tallying.at_stripe(self.patiently(gateway.balance))
            ours = tallying.in_books()
            if again == 2 or all(
                theirs.get(c, 0) == ours.get(c, 0) for c in theirs.keys() | ours.keys()
            ):
                break
            self.topic(TRANSACTIONS, self.row.started_at, clock.now())
        for currency in sorted(theirs.keys() | ours.keys()):
            there, here = theirs.get(currency, 0), ours.get(currency, 0)
            self.row.balances[currency] = {"stripe": there, "books": here}
            if there != here:
                words = (
                    f"Stripe has {tallying.written(there, currency)}, the books say "
                    f"{tallying.written(here, currency)}."
                )
                one = Difference(
                    "balance", currency, words, amount=there - here, currency=currency
                )
                self.find(one, False)

    def progress(self, topic: Topic, count: int) -> None:
        looked_at = self.row.looked_at
        looked_at[topic.name] = looked_at.get(topic.name, 0) + count
        leases.prolong(LEASE, self.token)
        self.row.save(update_fields=["calls", "looked_at"])
        self.tell(f"{topic.name.replace('_', ' ')}: {looked_at[topic.name]:,}")

    def patiently(self, call: Callable[[], Answer]) -> Answer:
        """Wait while Stripe is busy or away, and go on where we were."""
        for seconds in WAITS:
            try:
                return call()
            except (gateway.Busy, gateway.Unknown):
                time.sleep(seconds)
                leases.prolong(LEASE, self.token)
        return call()
