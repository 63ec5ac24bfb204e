"""Who may do what in a programme: a table of role and deed, and the functions that read it. What a
participant or a mentor may do with a place, and a reviewer with an application, hangs on that row;
see `places` and `reviewing`. Who has applied to a round neither chooses nor reviews in it, whatever
their roles."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from funding.accounts.models import User
from funding.programmes.models import Application, Part, Programme, Round

Role = Part.Role

MAY: dict[str, set[str]] = {
    "see": {Role.ORGANISER, Role.TREASURER},  # the desk, but for applications
    "edit": {Role.ORGANISER},  # what it says, its rounds, calls and questions
    "choose": {Role.ORGANISER},  # applications, reviews, who gets a place, and how places go on
    "spend": {Role.ORGANISER, Role.TREASURER},  # stipends and costs paid out
    "run": {Role.ORGANISER},  # who has a part, which projects, opening and ending
    "review": {Role.REVIEWER, Role.ORGANISER},  # what is given to them
    "propose": {Role.MENTOR, Role.ORGANISER},  # ideas
}

IMPARTIAL = {"choose", "review"}  # closed to who has applied to the round
PARTIAL = "You have applied to this round yourself, so other organisers see to its applications and places."


def roles(user: User, programme: Programme) -> set[str]:
    return set(programme.parts.filter(user=user).values_list("role", flat=True))


def may(user: User, deed: str, programme: Programme) -> bool:
    return bool(roles(user, programme) & MAY[deed])


def may_in(user: User, deed: str, round_: Round) -> bool:
    """The same in one of its rounds."""
    is_closed = deed in IMPARTIAL and has_applied(user, round_)
    return not is_closed and may(user, deed, round_.programme)


def has_applied(user: User, round_: Round) -> bool:
    return Application.objects.submitted().filter(round=round_, user=user).exists()


def deeds(user: User, programme: Programme, round_: Round | None = None) -> list[str]:
    """All that their roles allow, in one of its rounds or anywhere."""
    theirs = roles(user, programme)
    closed = IMPARTIAL if round_ is not None and has_applied(user, round_) else set()
    return [deed for deed, allowed in MAY.items() if theirs & allowed and deed not in closed]


def programme_for(user: User, deed: str, slug: str) -> Programme:
    """The programme, if this person may do the deed. Http404 alike for one that they have no part
    in and for one that is not there; PermissionDenied when their part does not allow it."""
    programme = Programme.objects.run_by(user).select_related("logo").filter(slug=slug).first()
    if programme is None:
        raise Http404
    insist(user, deed, programme)
    return programme


def round_for(user: User, deed: str, slug: str, round_slug: str) -> Round:
    programme = programme_for(user, deed, slug)
    found = programme.rounds.select_related("call").filter(slug=round_slug).first()
    if found is None:
        raise Http404
    found.programme = programme
    if deed in IMPARTIAL and has_applied(user, found):
        raise PermissionDenied(PARTIAL)
    return found


def insist(user: User, deed: str, programme: Programme) -> None:
    """Raises PermissionDenied for who may not do the deed."""
    if not may(user, deed, programme):
        allowed = " and ".join(sorted(f"{role}s" for role in MAY[deed]))
        raise PermissionDenied(f"Only the {allowed} of {programme} may do this: ask one of them.")
