"""A project's totals, written anew from its sponsorships: by `lifecycle` in the transaction in which
one of them changes, and by the job when one stops counting because its time has passed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, Sum

from funding.projects import editing
from funding.projects.models import NEVER, Funding, Project
from sponsors.sponsorships.models import COMMITTED, Sponsorship, count_sponsors


def refresh(*, project_id: int) -> None:
    """Write the project's totals anew from its sponsorships as they are marked. Sponsorships are
    locked before their project's totals, here and everywhere."""
    Funding.objects.get_or_create(project_id=project_id)
    Funding.objects.select_for_update().get(pk=project_id)
    Funding.objects.filter(pk=project_id).update(**derive(project_id=project_id))
    editing.recount(Project.objects.get(pk=project_id))


def derive(*, project_id: int) -> dict[str, int | datetime]:
    """What `Funding` must say: committed and awaiting a month, how many sponsors, and when the
    newest of them first paid."""
    counted, paying = Q(counts=True), Q(counts=True, status__in=COMMITTED)
    said = Sponsorship.objects.filter(project_id=project_id).aggregate(
        committed=Sum("a_month", filter=paying),
        awaiting=Sum("a_month", filter=counted & ~Q(status__in=COMMITTED)),
        sponsors=count_sponsors(paying),
        funded_at=Max("first_paid_at"),
    )
    return {"funded_at": said.pop("funded_at") or NEVER} | {
        name: value or 0 for name, value in said.items()
    }


def refresh_overdue(*, now: datetime) -> int:
    """Unmark what stopped counting though nobody wrote anything, because its time passed, and write
    those projects' totals. Returns how many projects."""
    overdue = Sponsorship.objects.stopped_counting(now)
    projects = sorted(set(overdue.values_list("project_id", flat=True)))
    for project_id in projects:
        with transaction.atomic():
            overdue.filter(project_id=project_id).update(counts=False)
            refresh(project_id=project_id)
    return len(projects)
