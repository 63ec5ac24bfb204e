"""Mentoring: who mentors a place, one person or two, all of them mentors of its programme. Whoever did
before keeps what they wrote."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from funding.accounts.models import User
from funding.programmes import log, places_lock
from funding.programmes.mail import running as mail
from funding.programmes.models import Mentoring, Part, Place, Programme, Round
from funding.programmes.refusals import Refused

MOST = 2
RUNNING = Place.Status.RUNNING


class NotPossible(Refused):
    """They are no mentors of the programme, too many, or the participant."""


def of(user: User) -> QuerySet[Place]:
    """The places that this person mentors, while they have the part."""
    theirs = Part.objects.filter(user=user, role=Part.Role.MENTOR).values("programme")
    return Place.objects.filter(mentorings__user=user, round__programme__in=theirs)


def still(place: Place) -> set[User]:
    """Those of its mentors who have the part; who gave it up stays named and is out of reach."""
    parts = Part.objects.filter(programme=place.round.programme_id, role=Part.Role.MENTOR)
    theirs = set(parts.values_list("user_id", flat=True))
    return {one.user for one in place.mentorings.all() if one.user_id in theirs}


def missing_in(rounds: Iterable[Round]) -> Counter[int]:
    """How many places that run nobody mentors, by round."""
    running = Place.objects.filter(round__in=[one.pk for one in rounds], status=RUNNING)
    return Counter(running.filter(mentorings=None).order_by().values_list("round", flat=True))


def name_of(place: Place) -> str:
    """What its mentors and organisers call it."""
    return f"The place of {place.user}"


def candidates(place: Place) -> "list[User]":
    """Who has the part, but for the participant."""
    parts = Part.objects.filter(programme=place.round.programme_id, role=Part.Role.MENTOR)
    found = User.objects.filter(pk__in=parts.values("user")).exclude(pk=place.user_id)
    return list(found.order_by("name", "email"))


@transaction.atomic
def give(place_id: int, *, to: Sequence[User], by: User) -> list[User]:
    """These are its mentors from now on; answers who is new. Raises `NotPossible`."""
    _hold_parts(place_id)
    place = places_lock.take(place_id)
    if place.status not in Place.ACTIVE:
        raise NotPossible("This place is over, so its mentors stay who they were.")
    if not 1 <= len(to) <= MOST or {one.pk for one in to} - {one.pk for one in candidates(place)}:
        raise NotPossible("A place has one mentor or two, from the programme’s mentors.")
    before = set(place.mentorings.values_list("user_id", flat=True))
    place.mentorings.all().delete()
    Mentoring.objects.bulk_create(
        Mentoring(place=place, user=one, number=number) for number, one in enumerate(to, start=1)
    )
    new = [one for one in to if one.pk not in before]
    if new or len(before) != len(to):
        log.note(place.round, by, f"chose the mentors of {place}: {len(to)}, new {len(new)}")
    if place.status == RUNNING:
        mail.mentoring(place, new)
    return new


def _hold_parts(place_id: int) -> None:
    """Nobody stops being a mentor of the programme while this is decided."""
    theirs = Programme.objects.filter(rounds__places=place_id)
    list(theirs.select_for_update(of=("self",)))
