"""What hangs on a part of somebody's: it is said before the part is taken away, and ends with it. Who
mentors no more neither reads nor decides of a place, who reviews no more has nothing in hand."""

from collections.abc import Iterator

from django.db.models import QuerySet

from funding.accounts.models import User
from funding.programmes import access, assigning, log, mentoring, places_lock
from funding.programmes.models import Idea, Mentoring, Part, Place, Programme, Review, Round

Role = Part.Role


def of(part: Part) -> list[str]:
    """What ends or changes with it, each in a sentence."""
    rest = part.programme.parts.filter(user=part.user_id).exclude(pk=part.pk)
    others = set(rest.values_list("role", flat=True))
    found = [*_mentoring(part), *_ideas(part)] if part.role == Role.MENTOR else []
    if part.role in access.MAY["review"] and not others & access.MAY["review"]:
        found += _reading(part)
    return found


def end(programme: Programme, user: User) -> None:
    """Whatever the parts that they still have do not carry. In the transaction, and under the lock of
    the programme, in which a part ended."""
    roles = access.roles(user, programme)
    if Role.MENTOR not in roles:
        for place_id in list(_mentored(programme, user).values_list("pk", flat=True)):
            place = places_lock.take(place_id)
            Mentoring.objects.filter(place=place, user=user).delete()
            log.note(place.round, None, f"took a mentor from {place}, who mentors no longer")
    if not roles & access.MAY["review"]:
        for round_ in programme.rounds.filter(status=Round.Status.OPEN):
            assigning.take_from_who_left(round_)


def _mentored(programme: Programme, user: User) -> QuerySet[Place]:
    rows = Place.objects.filter(round__programme=programme, status__in=Place.ACTIVE)
    return rows.filter(mentorings__user=user).order_by("pk")


def _mentoring(part: Part) -> Iterator[str]:
    rows = _mentored(part.programme, part.user).select_related("round", "user")
    for place in rows.prefetch_related("mentorings__user"):
        where = f"{mentoring.name_of(place)} in {place.round.name}"
        others = [one.user for one in place.mentorings.all() if one.user_id != part.user_id]
        if others:
            yield f"{where} is then mentored by {others[0]} alone."
        else:
            yield f"{where} is then without a mentor, until an organiser chooses another."


def _ideas(part: Part) -> Iterator[str]:
    rows = Idea.objects.filter(mentors=part).exclude(status=Idea.Status.WITHDRAWN)
    for idea in rows.filter(round__status__in=[Round.Status.DRAFT, Round.Status.OPEN]):
        yield f"The idea “{idea}” then has this mentor no longer."


def _reading(part: Part) -> Iterator[str]:
    rows = Review.objects.filter(
        reviewer=part.user_id, application__round__programme=part.programme_id,
        application__round__status=Round.Status.OPEN, application__round__announced_at=None,
        application__status="submitted", status=Review.Status.ASSIGNED,
    )  # fmt: skip
    if number := rows.count():
        is_one = number == 1
        what = "One application that was" if is_one else f"{number} applications that were"
        yield (
            f"{what} given to them and {'is' if is_one else 'are'} not scored must be given to "
            "somebody else. What was scored stays and counts."
        )
