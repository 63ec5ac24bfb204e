"""The sandbox's clock: real time with an offset, or standing still until it is moved."""

from __future__ import annotations

import time
from contextlib import contextmanager
from collections.abc import Iterator

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """Seconds since 1970, as Stripe counts them."""

    def __init__(self, *, flowing: bool, now: int | None = None) -> None:
        self.flowing = flowing
        self.offset = 0.0 if now is None else now - time.time()
        self.standing: int | None = None
        if not flowing:
            self.standing = int(time.time()) if now is None else now

    def precise(self) -> float:
        return self.standing if self.standing is not None else time.time() + self.offset

    def now(self) -> int:
        return int(self.precise())

    def set(self, moment: int) -> None:
        self.offset = moment - time.time()
        if not self.flowing:
            self.standing = moment

    @contextmanager
    def held(self) -> Iterator[None]:
        """While falling-due things are worked through, each sees exactly its own moment."""
        if not self.flowing:
            yield
            return
        try:
            yield
        finally:
            if self.standing is not None:
                self.offset = self.standing - time.time()
            self.standing = None

    def hold_at(self, moment: int) -> None:
        self.standing = moment
        self.offset = moment - time.time()
