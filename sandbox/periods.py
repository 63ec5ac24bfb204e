"""Billing periods, counted from an anchor so that the 31st comes back after February."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

from sandbox.clock import DAY
from sandbox.store import Object

LENGTHS = {"day": DAY, "week": 7 * DAY}
MONTHS = {"month": 1, "year": 12}


def boundary(anchor: int, recurring: Object, number: int) -> int:
    """The end of the period of that number after the anchor; number may be negative."""
    interval, count = recurring["interval"], recurring["interval_count"]
    if interval in LENGTHS:
        return anchor + number * int(count) * LENGTHS[interval]
    return add_months(anchor, number * int(count) * MONTHS[interval])


def add_months(moment: int, months: int) -> int:
    at = datetime.fromtimestamp(moment, UTC)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return int(at.replace(year=year, month=month + 1, day=day).timestamp())


def next_boundary(anchor: int, recurring: Object, moment: int) -> int:
    """The first boundary after a moment."""
    longest = boundary(0, recurring, 1)
    number = (moment - anchor) // longest - 1
    while boundary(anchor, recurring, number) <= moment:
        number += 1
    return boundary(anchor, recurring, number)


def previous_boundary(anchor: int, recurring: Object, end: int) -> int:
    """The boundary one period before another one."""
    number = (end - anchor) // boundary(0, recurring, 1) - 2
    while boundary(anchor, recurring, number + 1) < end:
        number += 1
    return boundary(anchor, recurring, number)
