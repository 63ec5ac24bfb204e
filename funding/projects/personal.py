"""What projects hold about a person."""

from collections.abc import Iterator

from django.db.models import Count, Q

from funding.accounts import asking
from funding.accounts.models import User
from funding.office import outbox
from funding.projects import editing, recording, team
from funding.projects.models import Activity, Invitation, Maintainer, Project, Update
from funding.projects.models.people import InvitationQuerySet

OWNER = Maintainer.Role.OWNER


def hindrances(user: User) -> Iterator[str]:
    """A project that goes on needs somebody who may do everything; so does a draft, and one that has
    ended, while others run it or money is held for it."""
    owners = Count("maintainers", filter=Q(maintainers__role=OWNER))
    theirs = Maintainer.objects.filter(user=user, role=OWNER).values("project")
    alone = Project.objects.annotate(owners=owners).filter(pk__in=theirs, owners=1)
    for project in alone.order_by("name"):
        if project.is_open:
            yield f"You are the only owner of {project}: hand it over or archive it first."
        elif project.maintainers.exclude(user=user).exists():
            yield f"You are the only owner of {project}, and others run it too: hand it over first."
        elif held := recording.held(project):
            yield (
                f"You are the only owner of {project}, and {held.exact} is held for it: hand it "
                "over first."
            )


def export(user: User) -> dict[str, object]:
    maintains = Maintainer.objects.filter(user=user).order_by("pk")
    written = Update.objects.filter(author=user).order_by("pk")
    lines = Activity.objects.filter(Q(by=user) | Q(about=user)).order_by("pk")
    return {
        "projects": list(maintains.values("project__name", "project__slug", "role")),
        "invitations": list(
            _invitations(user).values("project__name", "role", "created_at", "accepted_at")
        ),
        "project_log": [
            {"project": line.project.name, "at": line.at, "did": line.told}
            for line in lines.select_related("project", "about")
        ],
        "updates": list(written.values("project__name", "title", "body", "published_at")),
    }


def hold(user: User) -> None:
    """From here to the end of the transaction nobody else comes to their projects or leaves them,
    so that of two owners who go at once the second is told that they are the last."""
    for project in Project.objects.run_by(user).order_by("pk"):
        editing.lock(project)


def forget(user: User) -> None:
    """Their part in projects. What they wrote stays, by somebody who left; logs name nobody."""
    written = Update.objects.filter(author=user).values_list("project_id", flat=True)
    for project_id in sorted(set(written)):
        editing.touch(project_id)
    run = list(Maintainer.objects.filter(user=user).values_list("project_id", flat=True))
    Maintainer.objects.filter(user=user).delete()
    for project_id in run:
        team.withdraw_orphaned(project_id)
    outbox.forget(_earlier_addresses(user))
    _invitations(user).delete()


def _invitations(user: User) -> InvitationQuerySet[Invitation]:
    """To this person, whether they were accepted or not, and at whichever address."""
    theirs = Q(email__iexact=user.email) | Q(accepted_by=user)
    return Invitation.objects.filter(theirs).order_by("pk")


def _earlier_addresses(user: User) -> set[str]:
    """Those that they were asked at once, unless they are somebody else's by now."""
    asked = set(Invitation.objects.filter(accepted_by=user).values_list("email", flat=True))
    return asking.only_of(user, asked)
