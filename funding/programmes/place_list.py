"""Places as organisers list them: who runs, who is late, and what may be done with each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from funding.ledger.money import Money
from funding.programmes import timing
from funding.programmes.models import MOST_WEEKS, Instalment, Place, Round
from funding.programmes.timing import Step

Status = Place.Status
Paid = Instalment.Status
STATES = {
    "": "All",
    "late": "Late",
    "mentorless": "Without a mentor",
    "running": "Running",
    "offered": "Offered",
    "done": "Completed",
    "ended": "Ended early",
    "gone": "Declined or lapsed",
}


@dataclass(frozen=True, slots=True)
class Line:
    place: Place
    late: list[Step]
    coming: Step | None

    @property
    def paid(self) -> Money:
        return _sum(self.place, Paid.PAID)

    @property
    def has_no_mentor(self) -> bool:
        return self.place.status == Status.RUNNING and not self.place.mentorings.all()


@dataclass(frozen=True, slots=True)
class Sums:
    """A place's stipend by what became of it."""

    waiting: Money
    released: Money
    paid: Money
    dropped: Money


_WANTED: dict[str, Callable[[Line], bool]] = {
    "late": lambda line: bool(line.late),
    "mentorless": lambda line: line.has_no_mentor,
    "running": lambda line: line.place.status == Status.RUNNING,
    "offered": lambda line: line.place.status == Status.OFFERED,
    "done": lambda line: line.place.status == Status.DONE,
    "ended": lambda line: line.place.status == Status.ENDED,
    "gone": lambda line: line.place.status in (Status.DECLINED, Status.LAPSED),
}


def known(state: str) -> str:
    """What was asked for, if there is such a filter."""
    return state if state in STATES else ""


def of(round_: Round, *, state: str, now: datetime) -> list[Line]:
    """In a constant number of queries, however many."""
    places = timing.with_steps(round_.places.all())
    lines = [Line(place, timing.late(place, now), timing.coming(place)) for place in places]
    return [line for line in lines if state not in _WANTED or _WANTED[state](line)]


def sums(place: Place) -> Sums:
    return Sums(
        _sum(place, Paid.PENDING), _sum(place, Paid.RELEASED), _sum(place, Paid.PAID),
        _sum(place, Paid.DROPPED),
    )  # fmt: skip


def deeds(place: Place, *, now: datetime) -> set[str]:
    """What an organiser may do with it now."""
    if place.status == Status.OFFERED:
        return {"mentors"}
    if place.status != Status.RUNNING:
        return set()
    extend = {"extend"} if place.extended_weeks < MOST_WEEKS else set()
    waits = any(one.status == Paid.PENDING for one in place.instalments.all())
    steps = timing.steps(place)
    is_open = bool(steps) and all(step.is_open(now) for step in steps)
    return {"mentors", "end"} | extend | ({"complete"} if is_open and not waits else set())


def _sum(place: Place, status: str) -> Money:
    return place.money(sum(one.amount for one in place.instalments.all() if one.status == status))
