"""What the desks show: what a person has to do with programmes and what waits for them, a programme's
people, and how its rounds stand. The same few questions however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from funding.accounts.models import User
from funding.programmes import access, founding, inviting, phases, purging, round_needs, waiting
from funding.programmes.models import (
    Hosting,
    Part,
    PartInvitation,
    Programme,
    Round,
)

Status = Round.Status


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list: in which phase it is, and what comes next."""

    round: Round
    steps: list[phases.Step]
    now: datetime
    tasks: list[waiting.Task] = field(default_factory=list)  # for who may see to them
    waits: int = 0  # things that whoever looks is to see to

    @property
    def steps_now(self) -> list[phases.Step]:
        return [step for step in self.steps if step.is_on]

    @property
    def next_step(self) -> phases.Step | None:
        is_open = self.round.status == Status.OPEN
        return next((s for s in self.steps if is_open and s.starts_at > self.now), None)


@dataclass(slots=True)
class Mine:
    """A programme, and the parts that somebody has in it."""

    programme: Programme
    parts: list[Part] = field(default_factory=list)
    rounds: list[RoundLine] = field(default_factory=list)

    def may(self, deed: str) -> bool:
        return any(part.role in access.MAY[deed] for part in self.parts)

    @property
    def may_see(self) -> bool:
        """Whether the desk opens to them."""
        return self.may("see")

    @property
    def may_choose(self) -> bool:
        """Whether they see to what waits."""
        return self.may("choose")

    @property
    def may_propose(self) -> bool:
        """Whether ideas are what the desk opens to them for."""
        return not self.may_see and self.may("propose")

    @property
    def lines(self) -> list[RoundLine]:
        """The rounds that are to be looked at: open ones and drafts, or else the newest."""
        going_on = [o for o in self.rounds if o.round.status in (Status.OPEN, Status.DRAFT)]
        seen = going_on if self.may_see else [o for o in going_on if o.round.status == Status.OPEN]
        return seen[:3]


@dataclass(frozen=True, slots=True)
class Home:
    """All that a person has to do with programmes."""

    programmes: list[Mine]
    invitations: QuerySet[PartInvitation]
    asked: QuerySet[Hosting]
    may_begin: bool

    @property
    def runs(self) -> bool:
        """Whether it is more than reviewing and mentoring; nothing yet counts as it too."""
        return not self.programmes or any(one.may_see for one in self.programmes)


@dataclass(slots=True)
class Person:
    """Somebody with a part or several."""

    user: User
    parts: list[Part] = field(default_factory=list)


def home_of(user: User, *, now: datetime) -> Home:
    mine: dict[int, Mine] = {}
    parts = Part.objects.filter(user=user).select_related("programme__logo", "user")
    for part in parts.order_by("programme__name", "pk"):
        found = mine.setdefault(part.programme_id, Mine(part.programme))
        found.parts.append(part)
    rows = Round.objects.filter(programme__in=mine).select_related("programme")
    shown = list(rows.prefetch_related("phases"))
    tasks = waiting.of([one for one in shown if mine[one.programme_id].may_choose], now=now)
    needs = round_needs.of(shown, now=now)
    for one in shown:
        found = mine[one.programme_id]
        waits = sum(found.may(need.deed) for need in needs.get(one.pk, []))
        found.rounds.append(replace(_line(one, now, tasks), waits=waits))
    return Home(
        list(mine.values()), inviting.waiting_for(user, now=now), founding.asked_of(user),
        founding.owned_by(user).exists(),
    )  # fmt: skip


def rounds_of(programme: Programme, user: User, *, now: datetime) -> list[RoundLine]:
    """Drafts too, the newest first."""
    rounds = list(programme.rounds.select_related("programme").prefetch_related("phases"))
    may_choose = access.may(user, "choose", programme)
    waits = waiting.of(rounds if may_choose else [], now=now)
    return [_line(one, now, waits) for one in rounds]


@dataclass(frozen=True, slots=True)
class Unended:
    """A round that is over, and whom to write to about it."""

    round: Round
    last: datetime | None
    deleted_at: datetime | None
    organisers: list[User]


def unended(rounds: Iterable[Round]) -> list[Unended]:
    """Two queries, however many; the rounds come with their phases."""
    found = list(rounds)
    parts = Part.objects.filter(
        programme__in=[one.programme_id for one in found], role=Part.Role.ORGANISER
    )
    people: defaultdict[int, list[User]] = defaultdict(list)
    for part in parts.select_related("user").order_by("pk"):
        people[part.programme_id].append(part.user)
    return [
        Unended(one, phases.last_end(one), purging.due_at(one), people[one.programme_id])
        for one in found
    ]


def people_of(programme: Programme) -> list[Person]:
    people: dict[int, Person] = {}
    for part in programme.parts.select_related("user").order_by("pk"):
        people.setdefault(part.user_id, Person(part.user)).parts.append(part)
    return list(people.values())


def _line(one: Round, now: datetime, waits: dict[int, list[waiting.Task]]) -> RoundLine:
    return RoundLine(one, phases.steps(one, now=now), now, waits.get(one.pk, []))
