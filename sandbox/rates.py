"""How many calls an endpoint answers in a second, where a limit is set: it is about machines and
their haste, so its seconds are real ones."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

SECOND = 1.0


class Rates:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.answered: dict[str, deque[float]] = defaultdict(deque)

    def allows(self, endpoint: str, limit: int) -> bool:
        """Whether one more is answered now. Those that are refused do not count."""
        if limit <= 0:
            return True
        now, answered = self.clock(), self.answered[endpoint]
        while answered and now - answered[0] >= SECOND:
            answered.popleft()
        if len(answered) >= limit:
            return False
        answered.append(now)
        return True
