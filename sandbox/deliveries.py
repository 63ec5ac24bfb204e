"""Sending webhooks: signed, tried again when they are not answered, and troubled on purpose."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import stripe

from sandbox import events, expansion
from sandbox.account import ADDRESS, Account
from sandbox.clock import HOUR, MINUTE
from sandbox.store import Object

Post = Callable[[str, bytes, dict[str, str]], int]

MODES = ("drop", "duplicate", "reorder", "delay", "forge", "down")
# Stripe tries for three days, later and later.
RETRIES = (
    MINUTE,
    10 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
    24 * HOUR,
)
TIMEOUT = 10


@dataclass
class Trouble:
    """What goes wrong with the next deliveries; without `times` until it is taken away."""

    mode: str
    times: int | None = None
    types: list[str] = field(default_factory=list)
    seconds: int = 60

    def meets(self, type: str) -> bool:
        return self.times != 0 and (not self.types or type in self.types)

    def use(self) -> None:
        if self.times is not None:
            self.times -= 1


class Knobs:
    """The troubles that are set at the moment."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []

    def add(
        self,
        mode: str,
        *,
        times: int | None = None,
        types: list[str] | None = None,
        seconds: int = 60,
    ) -> Trouble:
        if mode not in MODES:
            raise ValueError(f"A mode is one of {', '.join(MODES)}; not {mode}.")
        trouble = Trouble(mode, times, list(types or []), seconds)
        self.troubles.append(trouble)
        return trouble

    def clear(self) -> None:
        self.troubles.clear()

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(trouble) for trouble in self.troubles]

    def take(self, type: str) -> Trouble | None:
        self.troubles = [trouble for trouble in self.troubles if trouble.times != 0]
        for trouble in self.troubles:
            if trouble.meets(type):
                trouble.use()
                return trouble
        return None


@dataclass(frozen=True)
class Letter:
    """One webhook, ready to be posted."""

    delivery: str
    url: str
    body: bytes
    headers: dict[str, str]
    mode: str | None = None


class Postman:
    """Carries what is due to the endpoints, outside the lock that guards the account."""

    def __init__(self, account: Account, lock: threading.RLock) -> None:
        self.account = account
        self.lock = lock
        self.knobs = Knobs()
        self.post: Post = post
        self.address = "http://localhost"
        self.held: list[str] = []
        self._carrying = threading.RLock()
        for delivery in account.store.kinds["_delivery"].values():
            if delivery["status"] == "sending":
                delivery["status"] = "pending"

    def deliver(self) -> None:
        """Send everything that is due now, and whatever comes of it."""
        # Whoever comes second waits, so that after this all that was due has been sent.
        with self._carrying:
            while letters := self._collected():
                for letter in letters:
                    self._send(letter)
                # If this is lost, they are sent once more, which may happen at any time anyway.
                with self.lock:
                    self.account.store.save()

    def _collected(self) -> list[Letter]:
        with self.lock:
            return self._letters()

    def _letters(self) -> list[Letter]:
        store, now = self.account.store, self.account.now()
        due = [
            store.by_id[name]
            for name in list(store.waiting)
            if store.by_id[name]["due"] <= now and store.by_id[name]["status"] == "pending"
        ]
        due.sort(key=lambda delivery: int(delivery["due"]))
        letters: list[Letter] = []
        for delivery in due:
            letters += self._prepare(delivery)
        return letters

    def _prepare(self, delivery: Object) -> list[Letter]:
        store = self.account.store
        endpoint = store.by_id.get(delivery["endpoint"])
        if endpoint is None or endpoint["status"] != "enabled":
            self._finish(delivery, "canceled")
            return []
        free = delivery.pop("_free", False)
        trouble = None if free else self.knobs.take(delivery["type"])
        mode = trouble.mode if trouble else None
        if mode == "drop":
            self._finish(delivery, "dropped")
            return []
        if trouble is not None and mode in ("delay", "reorder"):
            return self._put_off(delivery, trouble)
        delivery["status"] = "sending"
        store.put(delivery)
        letter = self._letter(delivery, endpoint, mode)
        behind = [self._release(name) for name in self._take_held()]
        copies = [letter, letter] if mode == "duplicate" else [letter]
        return copies + [late for late in behind if late is not None]

    def _put_off(self, delivery: Object, trouble: Trouble) -> list[Letter]:
        if trouble.mode == "reorder":
            self.held.append(delivery["id"])
        self._wait(delivery, trouble.seconds)
        delivery["_free"] = True
        return []

    def _take_held(self) -> list[str]:
        held, self.held = self.held, []
        return held

    def _release(self, name: str) -> Letter | None:
        delivery = self.account.store.by_id.get(name)
        if delivery is None or delivery["status"] != "pending":
            return None
        endpoint = self.account.store.by_id.get(delivery["endpoint"])
        if endpoint is None:
            return None
        delivery.update(status="sending", _free=False)
        return self._letter(delivery, endpoint, None)

    def _letter(self, delivery: Object, endpoint: Object, mode: str | None) -> Letter:
        event = self.account.store.by_id[delivery["event"]]
        shown = expansion.visible(events.shown(event))
        text = json.dumps(shown).replace(ADDRESS, self.address)
        secret = "whsec_of_someone_else" if mode == "forge" else endpoint["_secret"]
        # Receivers compare with real time, whatever the sandbox's clock says.
        signature = stripe.WebhookSignature.generate_signature_header(text, secret)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        return Letter(delivery["id"], endpoint["url"], text.encode(), headers, mode)

    def _send(self, letter: Letter) -> None:
        if letter.mode == "down":
            status, problem = 0, "the endpoint is down"
        else:
            status, problem = self._post(letter)
        with self.lock:
            delivery = self.account.store.by_id.get(letter.delivery)
            if delivery is not None:
                self._note(delivery, status, problem)

    def _post(self, letter: Letter) -> tuple[int, str]:
        try:
            return self.post(letter.url, letter.body, letter.headers), ""
        except Exception as failure:  # noqa: BLE001 - a receiver may fail in any way
            return 0, f"{type(failure).__name__}: {failure}"

    def _note(self, delivery: Object, status: int, problem: str) -> None:
        attempt = {"at": self.account.now(), "real": time.time(), "status": status}
        delivery["attempts"].append({**attempt, "problem": problem})
        if 200 <= status < 300:
            if delivery["status"] != "delivered":
                self._finish(delivery, "delivered")
            return
        if delivery["status"] == "delivered":
            return
        number = len(delivery["attempts"]) - 1
        if number < len(RETRIES):
            self._wait(delivery, RETRIES[number])
        else:
            self._finish(delivery, "failed")

    def _wait(self, delivery: Object, seconds: int) -> None:
        delivery.update(status="pending", due=self.account.now() + seconds)
        self.account.plan(delivery["due"], "delivery.try_again", delivery["id"])
        self.account.store.put(delivery)

    def _finish(self, delivery: Object, status: str) -> None:
        delivery["status"] = status
        self.account.store.put(delivery)
        event = self.account.store.by_id.get(delivery["event"])
        # A webhook that got lost or was given up never arrived, so it stays pending.
        if event is not None and status in ("delivered", "canceled"):
            self.account.change(event, pending_webhooks=max(0, event["pending_webhooks"] - 1))

    def resend(self, event_id: str) -> None:
        """Send an event once more to every endpoint that listens to it."""
        event = self.account.find("event", event_id, status=404)
        self.account.deliver_again(event)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with OPENER.open(request, timeout=TIMEOUT) as response:
            return int(response.status)
    except urllib.error.HTTPError as answer:
        return answer.code


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """A redirect is no answer to a webhook."""


# Webhooks go to this machine; a proxy would only be in the way.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)
