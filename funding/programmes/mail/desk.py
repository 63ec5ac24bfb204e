"""Mail about who runs a programme. Each function puts one message into the outbox, in the transaction
that makes it true."""

from uuid import uuid4

from funding.accounts.models import User
from funding.office import outbox
from funding.programmes.models import Hosting, Part, PartInvitation, Programme
from funding.projects.models import Maintainer, Project


def project_asked(hosting: Hosting) -> None:
    """To the owners of the project: who asks, for which programme, and where to answer."""
    outbox.write(
        key=f"programme-project-asked:{hosting.pk}",
        recipients=_owners(hosting.project),
        template="programmes/mail/project_asked.txt",
        context={"hosting": hosting, "by": hosting.asked_by.get_full_name() or "An organiser"},
    )


def project_answered(hosting: Hosting, *, by: User, agreed: bool) -> None:
    """To the organisers."""
    outbox.write(
        key=f"programme-project-answered:{hosting.pk}",
        recipients=_organisers(hosting.programme, besides=by),
        template="programmes/mail/project_answered.txt",
        context={"hosting": hosting, "by": by, "agreed": agreed},
    )


def part_offered(invitation: PartInvitation, *, secret: str) -> None:
    """To who is asked: who asks, what for, until when, and the one link that answers."""
    outbox.write(
        key=f"part-offered:{invitation.pk}",
        recipients=[invitation.email],
        template="programmes/mail/part_offered.txt",
        context={
            "invitation": invitation,
            "secret": secret,
            "by": invitation.invited_by.get_full_name() or "one of its organisers",
            "means": Part.Role(invitation.role).means,
        },
    )


def part_answered(invitation: PartInvitation, *, by: User, accepted: bool) -> None:
    """To the organisers, of whom one asked."""
    outbox.write(
        key=f"part-answered:{invitation.pk}",
        recipients=_organisers(invitation.programme, besides=by),
        template="programmes/mail/part_answered.txt",
        context={"invitation": invitation, "by": by, "accepted": accepted},
    )


def part_given(programme: Programme, *, user: User, role: str, by: User) -> None:
    """To who has it from now on; nobody is told what they did themselves."""
    _tell(user, "part_given", by=by, programme=programme, role=Part.Role(role))


def part_taken_away(part: Part, *, by: User) -> None:
    _tell(part.user, "part_taken_away", by=by, programme=part.programme, role=Part.Role(part.role))


def _tell(user: User, what: str, *, by: User, **context: object) -> None:
    if user == by:
        return
    outbox.write(
        key=f"{what}:{uuid4()}",
        recipients=[user.email],
        template=f"programmes/mail/{what}.txt",
        context={**context, "by": by},
    )


def _owners(project: Project) -> list[str]:
    rows = project.maintainers.filter(role=Maintainer.Role.OWNER).select_related("user")
    return sorted(row.user.email for row in rows)


def _organisers(programme: Programme, *, besides: User) -> list[str]:
    rows = programme.parts.filter(role=Part.Role.ORGANISER).exclude(user=besides)
    return sorted(row.user.email for row in rows.select_related("user"))
