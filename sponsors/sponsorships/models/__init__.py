"""Sponsorships, their diaries, what they are asked to become, and what they were promised. Only
`lifecycle` writes a status."""

from sponsors.sponsorships.models.changes import Change, Move
from sponsors.sponsorships.models.fulfilment import Fulfilment
from sponsors.sponsorships.models.sponsorship import (
    COMMITTED,
    COUNTED,
    ENDED,
    GRACE,
    HOLDS_SEAT,
    Interval,
    PaysBy,
    Reason,
    Sponsorship,
    SponsorshipQuerySet,
    Status,
    Visibility,
    count_sponsors,
)

__all__ = [
    "COMMITTED", "COUNTED", "Change", "ENDED", "Fulfilment", "GRACE", "HOLDS_SEAT", "Interval",
    "Move", "PaysBy", "Reason", "Sponsorship", "SponsorshipQuerySet", "Status", "Visibility",
    "count_sponsors",
]  # fmt: skip
