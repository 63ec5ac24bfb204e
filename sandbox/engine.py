"""The whole of Stripe in one object: the API, the clock, the hosted pages' actions, the knobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from sandbox import (
    balance,
    changes,
    checkout,
    checkout_tax,
    completion,
    due,
    replacement,
    schedules,
    subscriptions,
)
from sandbox.account import ADDRESS, Account
from sandbox.api import Api, Response
from sandbox.clock import Clock
from sandbox.dashboard import Dashboard
from sandbox.deliveries import Knobs, Post, Postman
from sandbox.faults import Faults
from sandbox.store import Object, Store
from sandbox.typed import Outcome, Typed, tax_ids


class Engine(Dashboard):
    """Safe for threads: one lock, never held while a webhook is on its way."""

    def __init__(
        self,
        *,
        seed: str = "mainstay",
        now: int | None = None,
        state: str | Path | None = None,
        flowing: bool = False,
    ) -> None:
        self.lock = threading.RLock()
        store = Store(state)
        self.account = Account(seed, store, _clock(store, now, flowing=flowing))
        balance.count_all(self.account)
        self.postman = Postman(self.account, self.lock)
        self.faults = Faults()
        self.rejections: list[str] = []
        self.api = Api(self.account, self.lock, self.faults, self.rejections)
        self._advancing = threading.RLock()
        self._keep_clock()

    @property
    def post(self) -> Post:
        return self.postman.post

    @post.setter
    def post(self, post: Post) -> None:
        self.postman.post = post

    @property
    def knobs(self) -> Knobs:
        return self.postman.knobs

    @property
    def address(self) -> str:
        """Where the hosted pages are, for the URLs in what the API answers."""
        return self.api.address

    @address.setter
    def address(self, address: str) -> None:
        self.api.address = self.postman.address = address.rstrip("/")

    @property
    def ignored(self) -> list[str]:
        """Parameters that were right but that the sandbox passed over."""
        return self.api.ignored

    def now(self) -> int:
        return self.account.now()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Response:
        return self.api.request(method, path, query, headers or {}, body)

    def advance_by(self, seconds: int) -> None:
        self.advance(self.now() + seconds)

    def advance(self, to: int) -> None:
        """Work through what falls due, each at its own moment, and be at that moment then."""
        with self._advancing, self.account.clock.held():
            self.deliver()
            while self._step(to):
                self.deliver()
            with self.lock:
                self.account.clock.hold_at(max(to, self.now()))
            self.deliver()
        with self.lock:
            self._keep_clock()

    def tick(self) -> None:
        """Do what has fallen due by itself on a flowing clock; delivering is for others."""
        moment = self.account.timeline.next_moment()
        if moment is None or moment > self.now():
            return
        if not self._advancing.acquire(blocking=False):
            return
        try:
            to = self.now()
            with self.account.clock.held():
                while self._step(to):
                    pass
            self._keep_clock()
        finally:
            self._advancing.release()

    def _step(self, to: int) -> bool:
        with self.lock:
            item = self.account.timeline.take(to)
            if item is None:
                return False
            self.account.clock.hold_at(max(item["at"], self.account.clock.reached))
            self.api.own_doing()
            due.do(self.account, item)
            self._keep_clock()
            return True

    def _keep_clock(self) -> None:
        clock = self.account.clock
        kept: Object = {"id": "_clock", "object": "_clock", "standing": clock.standing}
        self.account.store.put({**kept, "offset": clock.offset if clock.flowing else None})
        self.account.store.save()

    def deliver(self) -> None:
        self.postman.deliver()

    def resend(self, event_id: str) -> None:
        with self.lock:
            self.postman.resend(event_id)
            self.account.store.save()

    def pay_checkout(
        self,
        session_id: str,
        *,
        card: str = "4242424242424242",
        method: Literal["card", "sepa_debit"] = "card",
        iban: str = "DE89370400440532013000",
        name: str | None = "Ada Example",
        email: str | None = None,
        country: str | None = None,
        tax_id: str | None = None,
        postal_code: str | None = None,
    ) -> Outcome:
        address = {"postal_code": postal_code} if postal_code else {}
        typed = Typed(method, card, iban, name, email, country, address=address, tax_id=tax_id)
        return self.submit_checkout(session_id, typed)

    def show_tax(self, session_id: str, typed: Typed) -> int:
        """What the page says of tax once an address is typed; it is charged when it was shown."""
        with self.lock:
            session = self._session(session_id)
            if session["automatic_tax"]["enabled"]:
                address = {**typed.address, "country": typed.country}
                given = tax_ids(session, typed)
                checkout_tax.show(self.account, session, address, given)
                self.account.store.save()
            return int((session["total_details"] or {}).get("amount_tax", 0))

    def submit_checkout(self, session_id: str, typed: Typed) -> Outcome:
        with self.lock:
            self.api.own_doing()
            session = self._session(session_id)
            outcome = self._addressed(completion.pay(self.account, session, typed))
            self.account.store.save()
            return outcome

    def authenticate(self, intent_id: str, *, succeed: bool = True) -> Outcome:
        """The bank's page: someone agrees to a payment or a set-up, or does not."""
        with self.lock:
            self.api.own_doing()
            outcome = replacement.authenticate(self.account, intent_id, succeed=succeed)
            outcome = self._addressed(outcome)
            self.account.store.save()
            return outcome

    def cancel_checkout(self, session_id: str) -> str | None:
        """The link back; the session stays open, as at Stripe. The answer is where it leads."""
        with self.lock:
            url: str | None = self._session(session_id)["cancel_url"]
            return url

    def expire_checkout(self, session_id: str) -> None:
        with self.lock:
            self.api.own_doing()
            checkout.expire(self.account, {}, session_id)
            self.account.store.save()

    def replace_card(self, customer_id: str, card: str, *, everywhere: bool = True) -> Outcome:
        """Not `everywhere`: what has a card of its own keeps it, as after the portal's flow."""
        with self.lock:
            self.api.own_doing()
            outcome = replacement.replace_card(
                self.account, customer_id, card, everywhere=everywhere
            )
            self.account.store.save()
            return outcome

    def pay_invoice(self, invoice_id: str, card: str | None = None) -> Outcome:
        """What the hosted invoice page does."""
        with self.lock:
            self.api.own_doing()
            outcome = replacement.pay_invoice(self.account, invoice_id, card)
            outcome = self._addressed(outcome)
            self.account.store.save()
            return outcome

    def order_transfer(self, invoice_id: str) -> Outcome:
        """What the hosted invoice page does: the bank transfers what is open, in some days."""
        with self.lock:
            self.api.own_doing()
            outcome = replacement.order_transfer(self.account, invoice_id)
            self.account.store.save()
            return outcome

    def cancel_in_portal(
        self,
        subscription_id: str,
        *,
        wanted: bool,
        at_once: bool = False,
        feedback: str = "",
        comment: str = "",
    ) -> None:
        """Cancel at the period's end or at once, with a reason or without, or take back that it
        ends. A plan of what it becomes is let go first."""
        with self.lock:
            self.api.own_doing()
            schedule = self.account.store.by_id[subscription_id]["schedule"]
            if schedule:
                schedules.release(self.account, {}, schedule)
            said = {"cancellation_details": {"feedback": feedback, "comment": comment}}
            params: Object = {**said} if wanted and (feedback or comment) else {}
            if wanted and at_once:
                subscriptions.cancel(self.account, params, subscription_id)
            else:
                params = {"cancel_at_period_end": wanted, **params}
                changes.update(self.account, params, subscription_id)
            self.account.store.save()

    def _addressed(self, outcome: Outcome) -> Outcome:
        if outcome.next is None:
            return outcome
        return replace(outcome, next=outcome.next.replace(ADDRESS, self.address))

    def _session(self, session_id: str) -> Object:
        return self.account.find("checkout.session", session_id, "session", 404)

    def truth(self) -> dict[str, Any]:
        with self.lock:
            return balance.truth(self.account)

    def close(self) -> None:
        with self.lock:
            self._keep_clock()
            self.account.store.close()


def _clock(store: Store, now: int | None, *, flowing: bool) -> Clock:
    kept = store.by_id.get("_clock")
    clock = Clock(flowing=flowing, now=now)
    if kept is None:
        return clock
    if kept["standing"] is not None:
        # It stood there, or was stopped on the way through what fell due.
        clock.set(kept["standing"])
    else:
        clock.set(int(time.time() + kept["offset"]))
    return clock
