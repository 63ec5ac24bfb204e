"""Dates to begin with: phases of usual length, one after the other from today on, for organisers who
have none yet. They are only typed into the form; nothing is kept before somebody saves it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from funding.programmes.models import Phase

Kind = Phase.Kind
WEEKS = {
    Kind.FUNDING: 6,
    Kind.APPLICATIONS: 4,
    Kind.REVIEW: 2,
    Kind.SELECTION: 1,
    Kind.ACCEPTANCE: 2,
    Kind.RUNNING: 12,
    Kind.CLOSING: 3,
}
HOUR = time(16)  # in the round's zone: people are awake before and after a deadline


def of(now: datetime, zone: str) -> dict[str, tuple[datetime, datetime]]:
    """Each phase begins when the one before ends, at the same hour in the zone."""
    there = ZoneInfo(zone or "UTC")
    day, times = now.astimezone(there).date(), {}
    for kind, weeks in WEEKS.items():
        ends = day + timedelta(weeks=weeks)
        begins_at, ends_at = (datetime.combine(one, HOUR, there) for one in (day, ends))
        times[kind.value] = (begins_at.astimezone(UTC), ends_at.astimezone(UTC))
        day = ends
    return times
