"""Who may do what with a project: a table of role and deed, and the functions that read it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from funding.accounts.models import User
from funding.projects.models import Maintainer, Project

Role = Maintainer.Role

MAY: dict[str, set[str]] = {
    "see": {Role.OWNER, Role.EDITOR, Role.TREASURER},
    "edit": {Role.OWNER, Role.EDITOR},  # what the page says and offers, and what is owed
    "spend": {Role.OWNER, Role.TREASURER},  # grants and payments out
    "run": {Role.OWNER},  # publish, archive, and who maintains it
}


def may(maintainer: Maintainer, deed: str) -> bool:
    return maintainer.role in MAY[deed]


def deeds(maintainer: Maintainer) -> list[str]:
    """All that their role allows."""
    return [deed for deed in MAY if may(maintainer, deed)]


def maintainer_for(user: User, deed: str, slug: str) -> Maintainer:
    """This person's part in the project, if it allows the deed. Http404 alike for a project that
    they have no part in and for one that is not there; PermissionDenied when their role may not."""
    rows = Maintainer.objects.select_related("project__funding", "project__logo", "user")
    maintainer = rows.filter(user=user, project__slug=slug).first()
    if maintainer is None:
        raise Http404
    if not may(maintainer, deed):
        allowed = " and ".join(sorted(f"{role}s" for role in MAY[deed]))
        raise PermissionDenied(
            f"You are {a(maintainer.role)} of {maintainer.project}. Only its {allowed} may do "
            "this: ask one of them."
        )
    return maintainer


def project_for(user: User, deed: str, slug: str) -> Project:
    return maintainer_for(user, deed, slug).project


def insist_still(user: User, deed: str, project: Project) -> None:
    """Raises PermissionDenied for who may not do the deed, or may no longer."""
    if not Maintainer.objects.filter(project=project, user=user, role__in=MAY[deed]).exists():
        raise PermissionDenied(
            f"Your part in {project} has changed meanwhile, and you may not do this any more. "
            "Nothing was changed."
        )


def a(role: str) -> str:
    """An owner, a treasurer."""
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
