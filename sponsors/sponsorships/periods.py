"""When what was promised is due. Pure functions of days."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from funding.projects.models import Benefit

Kind = Benefit.Kind

ONCE = {
    Kind.DOCS: timedelta(days=14),
    Kind.RELEASES: timedelta(days=30),
    Kind.OWN: timedelta(days=14),
}
AGAIN = {Kind.HOURS: 1, Kind.CALL: 3}  # months; a logo the site shows, and support is asked for


@dataclass(frozen=True, slots=True)
class Due:
    period: str  # the day its month or quarter began; empty: once
    on: date


def due(kind: str, *, first_paid: date, until: date) -> Iterator[Due]:
    """What a benefit of this kind brings in the periods that began before `until`."""
    if kind in ONCE:
        yield Due("", first_paid + ONCE[Kind(kind)])
    elif kind in AGAIN:
        months, number = AGAIN[Kind(kind)], 0
        while (begins := months_after(first_paid, number * months)) < until:
            number += 1
            yield Due(begins.isoformat(), months_after(first_paid, number * months))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; a 31st is the last day of shorter months."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
