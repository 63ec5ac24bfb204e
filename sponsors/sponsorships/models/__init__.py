"""Sponsorships, their diaries, what they are asked to become, and what they were promised. Only
`lifecycle` writes a status."""

from sponsors.sponsorships.models.changes import Change, Move
from sponsors.sponsorships.models.commitments import (
    CARD_HOLDS,
    COMMITMENT_GRACE,
    FIRM,
    LIVE,
    OFFER_HOLDS,
    OFFERED_FOR,
    Commitment,
    CommitmentMove,
    CommitmentStatus,
    Waiting,
)
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
    "CARD_HOLDS", "COMMITMENT_GRACE", "COMMITTED", "COUNTED", "Change", "Commitment",
    "CommitmentMove", "CommitmentStatus", "ENDED", "FIRM", "Fulfilment", "GRACE", "HOLDS_SEAT",
    "Interval", "LIVE", "Move", "OFFERED_FOR", "OFFER_HOLDS", "PaysBy", "Reason", "Sponsorship",
    "SponsorshipQuerySet", "Status", "Visibility", "Waiting", "count_sponsors",
]  # fmt: skip
