"""Months of service: pure functions of instants. A 31st is the last day of shorter months and comes
back to the 31st."""

from calendar import monthrange
from datetime import datetime, timedelta

A_MONTH, OFF = timedelta(days=31, hours=1), timedelta(days=3)


def months_between(begins: datetime, ends: datetime) -> int:
    """For how many months it is, the last one begun counted as whole: 12 of a year, those that are
    left of a change in mid-year, 1 of what is earned at once. An anchor on the 29th to 31st is off
    by up to three days."""
    if ends - begins <= A_MONTH:
        return 1
    return next((n for n in range(1, 40) if month_after(begins, n) + OFF >= ends), 40)


def served_from(begins: datetime, ends: datetime) -> datetime:
    """The beginning of those months; of a part of a year, such that they end with the year's."""
    months = months_between(begins, ends)
    whole = month_after(begins, months) <= ends + OFF
    return begins if whole else month_after(ends, -months)


def month_after(start: datetime, months: int) -> datetime:
    """The same instant so many months later; a 31st is the last day of shorter months."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
