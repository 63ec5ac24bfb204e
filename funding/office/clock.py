"""What time it is. All site code asks here, so that a test or the demo can walk through a year.

`now()` is the time of the world: of periods, books, deadlines and standing. With `CLOCK_URL` set
it is that clock's (the sandbox's); production refuses the setting. `machine_now()` is the time of
this machine: of leases, claims and heartbeats, which measure processes and not the world.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPException
from urllib.request import urlopen

from django.conf import settings

_tied: list[Callable[[], datetime]] = []
_offset = {"seconds": 0.0, "asked": float("-inf")}


def now() -> datetime:
    """The instant in the world, aware, in UTC."""
    if _tied:
        return _tied[-1]()
    return machine_now() + timedelta(seconds=_offset_seconds())


def today() -> date:
    """The day in UTC."""
    return now().date()


def machine_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def tied_to(source: Callable[[], datetime]) -> Iterator[None]:
    """Inside, in every thread, `now()` is what `source` says: for tests, and for history that is
    made in one process."""
    _tied.append(source)
    try:
        yield
    finally:
        _tied.remove(source)


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Inside, it is always `instant`."""
    with tied_to(lambda: instant):
        yield


def _offset_seconds() -> float:
    """How far the world's clock is ahead of ours; asked anew once a second at the most."""
    if not settings.CLOCK_URL:
        return 0.0
    if time.monotonic() - _offset["asked"] >= 1.0:
        # While the clock's server restarts, what it said last still holds.
        with (
            suppress(OSError, HTTPException, ValueError, KeyError, TypeError),
            urlopen(settings.CLOCK_URL, timeout=2) as answer,
        ):
            _offset["seconds"] = float(json.load(answer)["offset"])
        _offset["asked"] = time.monotonic()
    return _offset["seconds"]
