"""What projects hold about a person."""

import re
from collections.abc import Iterator

from django.db.models import Count, Q

from funding.accounts.models import User
from funding.projects import editing
from funding.projects.models import Activity, Invitation, Maintainer, Project, Update
from funding.projects.models.people import InvitationQuerySet

OWNER = Maintainer.Role.OWNER
LEFT = "somebody who left"


def hindrances(user: User) -> Iterator[str]:
    """A project that goes on needs somebody who may do everything."""
    theirs = Project.objects.filter(maintainers__user=user, maintainers__role=OWNER)
    going_on = theirs.exclude(status=Project.Status.ARCHIVED).values("pk")
    owners = Count("maintainers", filter=Q(maintainers__role=OWNER))
    alone = Project.objects.filter(pk__in=going_on).annotate(owners=owners).filter(owners=1)
    for name in alone.order_by("name").values_list("name", flat=True):
        yield f"You are the only owner of {name}: hand it over or archive it first."


def export(user: User) -> dict[str, object]:
    maintains = Maintainer.objects.filter(user=user).order_by("pk")
    written = Update.objects.filter(author=user).order_by("pk")
    return {
        "projects": list(maintains.values("project__name", "project__slug", "role")),
        "invitations": list(
            _invitations(user).values("project__name", "role", "created_at", "accepted_at")
        ),
        "project_log": list(
            Activity.objects.filter(by=user).order_by("pk").values("project__name", "at", "did")
        ),
        "updates": list(written.values("project__name", "title", "body", "published_at")),
    }


def hold(user: User) -> None:
    """From here to the end of the transaction nobody else comes to their projects or leaves them,
    so that of two owners who go at once the second is told that they are the last."""
    for project in Project.objects.run_by(user).order_by("pk"):
        editing.lock(project)


def forget(user: User) -> None:
    """Their part in projects. What they wrote stays, by somebody who left."""
    written = Update.objects.filter(author=user).values_list("project_id", flat=True)
    for project_id in sorted(set(written)):
        editing.touch(project_id)
    _take_out_of_logs(user)
    Maintainer.objects.filter(user=user).delete()
    _invitations(user).delete()


def _take_out_of_logs(user: User) -> None:
    """A log's lines stay as they are; only who was meant is told no longer."""
    theirs = Q(project__maintainers__user=user) | Q(by=user) | Q(did__icontains=user.email)
    for line in Activity.objects.filter(theirs).distinct():
        told = line.did
        for text in filter(None, (user.email, user.name)):
            told = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", LEFT, told, flags=re.IGNORECASE)
        if told != line.did:
            line.did = told[:300]
            line.save(update_fields=["did"])


def _invitations(user: User) -> InvitationQuerySet:
    """To this person, whether they were accepted or not."""
    return Invitation.objects.filter(email__iexact=user.email).order_by("pk")
