"""Instants in a zone: how people write, read and shift them. In the database they are UTC."""

from datetime import UTC, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date


def zones() -> list[tuple[str, str]]:
    """Zones to choose from: UTC, and those that are named after a place."""
    regions = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    named = sorted(one for one in available_timezones() if one.partition("/")[0] in regions)
    return [("UTC", "UTC"), *((one, one.replace("_", " ")) for one in named)]


def said(instant: datetime, zone: str) -> str:
    """20 December 2026, 16:00 UTC (17:00 in Berlin)."""
    utc = instant.astimezone(UTC)
    words = f"{_day(utc)} {utc.year}, {utc:%H:%M} UTC"
    if zone in ("", "UTC"):
        return words
    there = instant.astimezone(ZoneInfo(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    day = "" if there.date() == utc.date() else f"{_day(there)}, "
    return f"{words} ({day}{there:%H:%M} in {city})"


def shifted(instant: datetime, by: timedelta, zone: str) -> datetime:
    """Whole days later, at the same time of day in the zone."""
    return (instant.astimezone(ZoneInfo(zone)) + by).astimezone(UTC)


def left(until: datetime, now: datetime) -> str:
    """How long there is still, without alarm: "28 days left", "5 hours left"."""
    seconds = (until - now).total_seconds()
    if seconds <= 0:
        return ""
    for length, name in ((86_400, "day"), (3_600, "hour")):
        if seconds >= 2 * length:
            return f"{int(seconds // length)} {name}s left"
    minutes = ceil(seconds / 60)
    return f"{minutes} minutes left" if minutes > 1 else "a minute left"


def _day(when: datetime) -> str:
    return format_date(when, "d MMMM", locale="en_GB")
