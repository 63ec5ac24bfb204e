"""Seats: a tier may have a limited number, and `taken` is moved here alone. What a sponsorship is
asked to become holds a seat of its tier as well, until it comes about or is dropped."""

from datetime import datetime

from django.db.models import F, Q

from funding.projects import editing
from funding.projects.models import Tier
from sponsors.sponsorships import refusals
from sponsors.sponsorships.models import Change, Sponsorship


def take(tier: Tier) -> None:
    """One conditional update, so that of 200 who race for three seats three get one."""
    free = Q(seats=None) | Q(taken__lt=F("seats"))
    if not Tier.objects.filter(free, pk=tier.pk, closed_at=None).update(taken=F("taken") + 1):
        try:
            tier.refresh_from_db()
        except Tier.DoesNotExist as error:
            raise refusals.TierGone(tier) from error
        if not tier.is_open:
            raise refusals.TierClosed(
                f"{tier.name} is closed to new sponsors. Choose another tier."
            )
        raise refusals.TierFull(
            f"All {tier.seats} places of {tier.name} are taken. Choose another tier."
        )
    editing.touch(tier.project_id)


def give_back(tier_id: int, *, project_id: int) -> None:
    Tier.objects.filter(pk=tier_id).update(taken=F("taken") - 1)
    editing.touch(project_id)


def live(sponsorship: Sponsorship) -> Change | None:
    """What it is asked to become, if somebody asked."""
    return Change.objects.live().filter(sponsorship=sponsorship).select_related("tier").first()


def drop_change(sponsorship: Sponsorship, *, outcome: str, now: datetime) -> Change | None:
    """What it was to become does not come about; the seat held for it is free. None when nothing
    was asked. Under the sponsorship's lock."""
    change = live(sponsorship)
    if change is None:
        return None
    change.status, change.outcome, change.ended_at = Change.Status.DROPPED, outcome[:160], now
    change.save(update_fields=["status", "outcome", "ended_at"])
    if change.tier_id != sponsorship.tier_id:
        give_back(change.tier_id, project_id=sponsorship.project_id)
    return change
