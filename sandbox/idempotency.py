"""Answers kept by idempotency key for a day, so that a repeated request does nothing twice."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.clock import DAY
from sandbox.errors import StripeError
from sandbox.store import Object, Store

KEPT = DAY
LONGEST = 255


class Idempotency:
    """The keys seen, what they were first used for, and what was answered."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.in_use: set[str] = set()
        self._guard = threading.Lock()

    @contextmanager
    def using(self, key: str | None) -> Iterator[None]:
        """Two requests at once with one key: the second is refused, as Stripe does."""
        if key is None:
            yield
            return
        with self._guard:
            if key in self.in_use:
                raise in_use(key)
            self.in_use.add(key)
        try:
            yield
        finally:
            with self._guard:
                self.in_use.discard(key)

    def recall(self, key: str, request: str, now: int) -> Object | None:
        kept = self.store.by_id.get(f"_idempotency_{key}")
        if kept is None:
            return None
        if now - kept["created"] >= KEPT:
            self.store.remove(kept)
            return None
        if kept["request"] != request:
            raise other_request(key)
        return kept

    def keep(
        self, key: str, request: str, now: int, status: int, body: str, request_id: str
    ) -> None:
        name = f"_idempotency_{key}"
        item: Object = {"id": name, "object": "_idempotency", "created": now}
        self.store.put(
            {**item, "request": request, "status": status, "body": body, "first": request_id}
        )

    def forget_old(self, now: int) -> None:
        for kept in list(self.store.kinds["_idempotency"].values()):
            if now - kept["created"] < KEPT:
                return
            self.store.remove(kept)


def fingerprint(method: str, path: str, body: bytes) -> str:
    return f"{method} {path} {hashlib.sha256(body).hexdigest()}"


def in_use(key: str) -> StripeError:
    return StripeError(
        409,
        "idempotency_error",
        "There is currently another in-progress request using this Idempotent Key (that probably "
        f"means you submitted twice, and the other request is still going through): {key}. "
        "Please try again later.",
        code="idempotency_key_in_use",
    )


def other_request(key: str) -> StripeError:
    return StripeError(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same endpoint and parameters "
        f"they were first used with. Try using a key other than '{key}' if you meant to execute "
        "a different request.",
    )


def too_long() -> StripeError:
    return StripeError(
        400,
        "idempotency_error",
        f"Idempotency keys can be at most {LONGEST} characters long.",
    )
