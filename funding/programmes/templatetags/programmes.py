"""Filters for what programmes show."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def in_zone(instant: datetime, zone: str) -> str:
    """20 December 2026, 16:00 UTC (17:00 in Berlin)."""
    utc = instant.astimezone(UTC)
    said = f"{date_format(utc, 'j F Y, H:i')} UTC"
    if zone in ("", "UTC"):
        return said
    there = instant.astimezone(ZoneInfo(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    day = "" if there.date() == utc.date() else f"{date_format(there, 'j F')}, "
    return f"{said} ({day}{there:%H:%M} in {city})"
