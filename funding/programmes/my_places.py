"""A place as those see it who are in it: its participant and its mentors. Whoever is neither finds
that there is no such place; organisers have a page of their own."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404

from funding.accounts.models import User
from funding.programmes import mentoring, timing
from funding.programmes.models import Feedback, Place
from funding.programmes.timing import Step

Side = Feedback.Side
Status = Place.Status


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody looks at a place of theirs, from one side of it."""

    place: Place
    side: str

    @property
    def is_participant(self) -> bool:
        return self.side == Side.PARTICIPANT

    @property
    def reads_participant(self) -> bool:
        """Whether this mentor may write to the participant: they work together, or did to the end."""
        return not self.is_participant and self._work_together and not self.place.user.left_at

    @property
    def mentors_to_write_to(self) -> set[User]:
        """Whose address the participant reads: of those who still mentor it."""
        if not self.is_participant or not self._work_together:
            return set()
        return mentoring.still(self.place)

    @property
    def _work_together(self) -> bool:
        return self.place.status in (Status.RUNNING, Status.DONE)

    @property
    def other(self) -> str:
        return Side.MENTOR if self.is_participant else Side.PARTICIPANT


@dataclass(frozen=True, slots=True)
class Line:
    """A place in the list of somebody's own."""

    place: Place
    is_participant: bool
    coming: Step | None
    is_asked: bool  # something waits for this person now


def visit(user: User, place_id: int) -> Visit:
    """Raises Http404 for who is not in it."""
    found = timing.with_steps(Place.objects.filter(_theirs(user), pk=place_id)).first()
    if found is None:
        raise Http404
    return Visit(found, Side.PARTICIPANT if found.user_id == user.pk else Side.MENTOR)


def mine(user: User, *, now: datetime) -> list[Line]:
    """Their places in both parts, those that go on first."""
    places = timing.with_steps(Place.objects.filter(_theirs(user))).order_by("-pk")
    lines = [_line(place, user, now) for place in places]
    return sorted(lines, key=lambda line: line.place.status not in Place.ACTIVE)


def _line(place: Place, user: User, now: datetime) -> Line:
    is_participant = place.user_id == user.pk
    coming = timing.coming(place)
    side = Side.PARTICIPANT if is_participant else Side.MENTOR
    waits = coming is not None and coming.asks(side, now)
    offered = is_participant and place.status == Status.OFFERED
    return Line(place, is_participant, coming, bool(waits or offered))


def _theirs(user: User) -> Q:
    """A mentor sees nothing of a place before its participant has accepted it, nor once they are no
    mentor of the programme any more."""
    mentored = mentoring.of(user).exclude(
        status__in=[Status.OFFERED, Status.DECLINED, Status.LAPSED]
    )
    return Q(user=user) | Q(pk__in=mentored.values("pk"))


def rename(place: Place, *, public_name: str) -> None:
    """How its participant wants to be named from now on."""
    Place.objects.filter(pk=place.pk).update(public_name=public_name)
