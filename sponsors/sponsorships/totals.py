"""A project's totals, written anew from its sponsorships: by `lifecycle` in the transaction in which
one of them changes, and by the job when one stops counting because its time has passed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, Sum

from funding.projects import editing
from funding.projects.models import Funding, Project
from sponsors.sponsorships.models import Sponsorship, Status


def refresh(*, project_id: int, now: datetime) -> None:
    """Write the project's totals anew from its sponsorships as they are now."""
    Funding.objects.get_or_create(project_id=project_id)
    Funding.objects.select_for_update().get(pk=project_id)
    totals = derive(project_id=project_id, now=now)
    over = Sponsorship.objects.stopped_counting(now).filter(project_id=project_id)
    over.update(counts=False)
    Funding.objects.filter(pk=project_id).update(**totals)
    editing.recount(Project.objects.get(pk=project_id))


def derive(*, project_id: int, now: datetime) -> dict[str, int]:
    """What `Funding` must say: committed and awaiting a month, and how many sponsors."""
    rows = Sponsorship.objects.filter(project_id=project_id)
    committed = rows.committed(now).aggregate(
        money=Sum("a_month"), companies=Count("company", distinct=True)
    )
    awaiting = rows.filter(status=Status.AWAITING_INVOICE).filter(
        Q(committed_until=None) | Q(committed_until__gt=now)
    )
    return {
        "committed": committed["money"] or 0,
        "sponsors": committed["companies"],
        "awaiting": awaiting.aggregate(money=Sum("a_month"))["money"] or 0,
    }


def refresh_overdue(*, now: datetime) -> int:
    """Write the totals of projects of which a sponsorship stopped counting though nobody wrote
    anything: its time passed. Returns how many projects."""
    overdue = Sponsorship.objects.stopped_counting(now)
    projects = list(overdue.values_list("project_id", flat=True).distinct().order_by())
    for project_id in projects:
        with transaction.atomic():
            refresh(project_id=project_id, now=now)
    return len(projects)
