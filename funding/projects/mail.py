"""Mail about who runs a project. Each function puts one message into the outbox, in the transaction
that makes it true."""

from uuid import uuid4

from funding.accounts.models import User
from funding.office import outbox
from funding.projects.models import Invitation, Maintainer, Project

OWNER = Maintainer.Role.OWNER


def invitation(invitation: Invitation, *, secret: str) -> None:
    """To who is asked: who asks, what for, until when, and the one link that answers."""
    outbox.write(
        key=f"invitation:{invitation.pk}",
        recipients=[invitation.email],
        template="projects/mail/invitation.txt",
        context={"invitation": invitation, "secret": secret},
    )


def answered(invitation: Invitation, *, by: User, accepted: bool) -> None:
    """To the owners, of whom one asked: somebody runs it with them now, or would rather not."""
    outbox.write(
        key=f"invitation:{invitation.pk}:answered",
        recipients=_owners(invitation.project, besides=by),
        template="projects/mail/answered.txt",
        context={"invitation": invitation, "by": by, "accepted": accepted},
    )


def role_changed(maintainer: Maintainer, *, by: User) -> None:
    _tell(maintainer, "role_changed", by=by)


def removed(maintainer: Maintainer, *, by: User) -> None:
    _tell(maintainer, "removed", by=by)


def handed_over(maintainer: Maintainer, *, by: User) -> None:
    """To who is an owner from now on."""
    _tell(maintainer, "handed_over", by=by)


def left(maintainer: Maintainer) -> None:
    """To the owners who stay."""
    outbox.write(
        key=f"left:{uuid4()}",
        recipients=_owners(maintainer.project, besides=maintainer.user),
        template="projects/mail/left.txt",
        context={"maintainer": maintainer, "project": maintainer.project},
    )


def _tell(maintainer: Maintainer, what: str, *, by: User) -> None:
    """To the person whose part it is; nobody is told what they did themselves."""
    if maintainer.user_id == by.pk:
        return
    outbox.write(
        key=f"{what}:{uuid4()}",
        recipients=[maintainer.user.email],
        template=f"projects/mail/{what}.txt",
        context={"maintainer": maintainer, "project": maintainer.project, "by": by},
    )


def _owners(project: Project, *, besides: User) -> list[str]:
    rows = project.maintainers.filter(role=OWNER).exclude(user=besides).select_related("user")
    return sorted(row.user.email for row in rows)
