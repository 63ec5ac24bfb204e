"""What time it is. All site code asks here, so that a test or the demo can walk through a year.

`now()` is the time of the world: of periods, books, deadlines and standing. With `CLOCK_URL` set
it is that clock's (the sandbox's); production refuses the setting. `machine_now()` is the time of
this machine: of leases, claims and heartbeats, which measure processes and not the world.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from urllib.request import urlopen

from django.conf import settings

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_offset = {"seconds": 0.0, "asked": float("-inf")}


def now() -> datetime:
    """The instant in the world, aware, in UTC."""
    if frozen := _frozen.get():
        return frozen
    return machine_now() + timedelta(seconds=_offset_seconds())


def today() -> date:
    """The day in UTC."""
    return now().date()


def machine_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Inside, `now()` is `instant`: for tests and for history made in one process."""
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)


def _offset_seconds() -> float:
    """How far the world's clock is ahead of ours; asked anew once a second at the most."""
    if not settings.CLOCK_URL:
        return 0.0
    if time.monotonic() - _offset["asked"] >= 1.0:
        try:
            with urlopen(settings.CLOCK_URL, timeout=2) as answer:
                _offset["seconds"] = float(json.load(answer)["offset"])
        except (OSError, ValueError, KeyError):
            pass  # the clock's server restarts: what it said last still holds
        _offset["asked"] = time.monotonic()
    return _offset["seconds"]
