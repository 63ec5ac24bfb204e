"""Seats: a tier may have a limited number, and `taken` is moved here alone."""

from django.db.models import F, Q

from funding.projects import editing
from funding.projects.models import Tier
from sponsors.sponsorships import refusals


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
