"""The sandbox's clock: real time with an offset, or standing still until it is moved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """Seconds since 1970, as Stripe counts them."""

    def __init__(self, *, flowing: bool, now: int | None = None) -> None:
        self.flowing = flowing
        self.offset = 0.0 if now is None else now - time.time()
        self.standing: int | None = None
        self._held = False
        self._before = self.offset
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
        outermost = not self._held
        self._held = True
        try:
            yield
        finally:
            if outermost:
                self._held = False
                self._let_go()

    def _let_go(self) -> None:
        if self.flowing and self.standing is not None:
            self.offset = max(self._before, self.standing - time.time())
            self.standing = None

    def hold_at(self, moment: int) -> None:
        if self.flowing and self.standing is None:
            self._before = self.offset
        self.standing = max(moment, self.standing or moment)
        self.offset = self.standing - time.time()

    @property
    def reached(self) -> int:
        """Where stepping has got to; on a flowing clock things may fall due a little late."""
        return self.standing if self.standing is not None else 0
