"""Archiving: a project asks for nothing more, and may be opened again. What that means for its sponsors
is carried out above this layer, by a job that finds what is archived."""

from datetime import datetime

from django.db import transaction

from funding.accounts.models import User
from funding.projects import editing
from funding.projects.models import Project
from funding.projects.refusals import Refused

Status = Project.Status


def archive(*, project: Project, by: User, now: datetime) -> None:
    """Take no new sponsors from here on; its page and its books stay. Raises `Refused` for a draft.
    Twice is once."""
    with transaction.atomic():
        editing.lock(project, by, "run")
        published = Project.objects.filter(pk=project.pk, status=Status.PUBLISHED)
        if published.update(status=Status.ARCHIVED, archived_at=now):
            editing.touch(project.pk)
            editing.note(project, by, "archived the project")
        elif Project.objects.filter(pk=project.pk, status=Status.DRAFT).exists():
            raise Refused(f"{project} is a draft: it has no page yet and nothing to end.")


def reopen(*, project: Project, by: User) -> None:
    """Take sponsors again. Sponsorships that have ended, or are about to, do not come back by
    themselves."""
    with transaction.atomic():
        editing.lock(project, by, "run")
        archived = Project.objects.filter(pk=project.pk, status=Status.ARCHIVED)
        if archived.update(status=Status.PUBLISHED, archived_at=None):
            editing.touch(project.pk)
            editing.note(project, by, "opened the project again")
