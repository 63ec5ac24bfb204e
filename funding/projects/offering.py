"""Offering: the tiers that can be bought. What is sold keeps its price and its promises, so a change
here is for those who come later; a tier that anybody ever bought can be closed, never removed.

Tiers are locked before their project, as where seats are taken, so that neither waits for the other
for ever."""

from django.db import router, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector

from funding.accounts.models import User
from funding.office import clock
from funding.projects import editing
from funding.projects.forms import TierForm
from funding.projects.models import Project, Tier


class WasSold(Exception):
    """Somebody has bought this tier, or is about to: it stays in the books."""


def was_sold(tier: Tier) -> bool:
    """Whether anything that stays points at it, now or from long ago."""
    try:
        Collector(using=router.db_for_write(Tier), origin=tier).collect([tier])
    except ProtectedError:
        return True
    return tier.taken > 0


def is_last(tier: Tier, *, project: Project) -> bool:
    """Whether a page that everybody sees offers nothing else."""
    others = project.tiers.on_offer().exclude(pk=tier.pk)
    return project.is_open and tier.is_open and not others.exists()


@transaction.atomic
def put(form: TierForm, *, project: Project, by: User) -> bool:
    """Save a tier; a new one comes last. False when the form says what is to be mended."""
    tiers = _locked(project, by)
    tier = form.instance
    if tier.pk:
        return editing.save(
            form, project=project, by=by, what=f"the tier “{form.initial['name']}”"
        )
    tier.position = max((one.position for one in tiers), default=-1) + 1
    return editing.save(form, project=project, by=by, what="the tier")


@transaction.atomic
def move(tier: Tier, way: str, *, project: Project, by: User) -> int:
    """One place "up" or "down" the list; answers where it stands then, counted from 1."""
    tiers = _locked(project, by)
    return editing.move(
        tier, way, among=tiers, by=by, project=project, what=f"the tier “{tier.name}”"
    )


@transaction.atomic
def close(tier: Tier, *, project: Project, by: User) -> None:
    """Nobody new can take it; who has it keeps it."""
    _locked(project, by)
    if Tier.objects.on_offer().filter(pk=tier.pk).update(closed_at=clock.now()):
        editing.touch(project.pk)
        editing.note(project, by, f"closed the tier “{tier.name}”")


@transaction.atomic
def reopen(tier: Tier, *, project: Project, by: User) -> None:
    _locked(project, by)
    if Tier.objects.filter(pk=tier.pk).exclude(closed_at=None).update(closed_at=None):
        editing.touch(project.pk)
        editing.note(project, by, f"opened the tier “{tier.name}” again")


@transaction.atomic
def remove(tier: Tier, *, project: Project, by: User) -> None:
    """Forget a tier that nobody ever took. Raises `WasSold`."""
    there = next((one for one in _locked(project, by) if one == tier), None)
    if there is None:
        return
    if was_sold(there):
        raise WasSold
    there.delete()
    editing.touch(project.pk)
    editing.note(project, by, f"removed the tier “{tier.name}”")


def _locked(project: Project, by: User) -> list[Tier]:
    """The project's tiers in their order; nobody takes a seat or edits until we are done."""
    by_number = Tier.objects.select_for_update(of=("self",)).filter(project=project).order_by("pk")
    tiers = list(by_number)
    editing.lock(project, by)
    return sorted(tiers, key=lambda tier: (tier.position, tier.pk))
