"""The directory: which programmes everybody sees for what an address asks for, and what is said of
each. A page takes the same few questions however many there are."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from funding.ledger.money import Money
from funding.programmes import phases
from funding.programmes.models import FundingCall, Hosting, Phase, Programme, Round, Share
from funding.projects.models import Project

A_PAGE = 24
LONGEST = 80  # of anything that an address asks for
MOST_WORDS = 8
Kind, Status, State = Phase.Kind, Round.Status, FundingCall.State
PHASES = {kind.value: kind.label for kind in phases.ORDER} | {"over": "None just now"}


@dataclass(frozen=True, slots=True)
class Card:
    """A programme as lists show it: with the round that is under way, or else its newest."""

    programme: Programme
    round: Round | None
    projects: list[Project]
    steps: list[phases.Step]
    now: datetime

    @property
    def is_under_way(self) -> bool:
        return self.round is not None and self.round.status == Status.OPEN

    @property
    def steps_now(self) -> list[phases.Step]:
        return [step for step in self.steps if step.is_on] if self.is_under_way else []

    @property
    def next_step(self) -> phases.Step | None:
        ahead = (step for step in self.steps if step.starts_at > self.now)
        return next(ahead, None) if self.is_under_way else None

    @property
    def fresh_until(self) -> datetime | None:
        """When what it says changes by itself."""
        if not self.is_under_way:
            return None
        ahead = [at for step in self.steps for at in (step.starts_at, step.ends_at)]
        return min((at for at in ahead if at > self.now), default=None)

    @property
    def free_seats(self) -> int:
        """That a company may take just now."""
        return sum(share.free for share in self._free)

    @property
    def seat_from(self) -> Money | None:
        """What the cheapest of them costs."""
        amounts = [share.amount for share in self._free]
        call = getattr(self.round, "call", None)
        return call.money(min(amounts)) if call is not None and amounts else None

    @property
    def _free(self) -> list[Share]:
        call = getattr(self.round, "call", None)
        if call is None or not call.is_open(self.now):
            return []
        return [share for share in call.shares.all() if share.free > 0]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. What there is not is not asked for."""

    q: str = ""
    phase: str = ""
    kind: str = ""
    project: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        said = {
            one.name: " ".join(query.get(one.name, "")[:LONGEST].split()) for one in fields(cls)
        }
        known: dict[str, list[str]] = {"phase": list(PHASES), "kind": Programme.Kind.values}
        return cls(**{k: v for k, v in said.items() if v in known.get(k, [v])})

    @property
    def address(self) -> str:
        query = urlencode({k: v for k, v in self._said.items() if v})
        return reverse("programmes:directory") + (f"?{query}" if query else "")

    def without(self, name: str) -> "Asked":
        return replace(self, **{name: ""})

    @property
    def _said(self) -> dict[str, str]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


class Listing:
    """One page of the directory."""

    def __init__(self, asked: Asked, *, number: str | None, now: datetime) -> None:
        self.asked = asked
        found = _fitting(asked, now)
        self.paginated: Page[Programme] = Paginator(found, A_PAGE).get_page(number)
        self.cards = [_card(one, now, during=asked.phase) for one in self.paginated]
        self.projects = Project.objects.filter(
            pk__in=Hosting.objects.filter(
                programme__in=Programme.objects.published(), joined_at__isnull=False
            ).values("project")
        ).order_by("name")[:200]

    @property
    def said(self) -> str:
        count = self.paginated.paginator.count
        return f"{count or 'No'} programme{'' if count == 1 else 's'}"

    @property
    def drops(self) -> list[tuple[str, str]]:
        """Each filter in words, and the address at which it is left out."""
        asked = self.asked
        words = {
            "q": f"about “{asked.q}”",
            "phase": f"phase: {PHASES.get(asked.phase, '').lower()}",
            "kind": f"kind: {dict(Programme.Kind.choices).get(asked.kind, '').lower()}",
            "project": f"run by {asked.project}",
        }
        return [
            (said, asked.without(name).address)
            for name, said in words.items()
            if getattr(asked, name)
        ]

    @property
    def phases(self) -> list[tuple[str, str]]:
        return list(PHASES.items())

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return list(Programme.Kind.choices)


def of_project(project: Project, *, now: datetime) -> list[Card]:
    """What a project's page shows: its published programmes."""
    if not project.funding.hosts:
        return []
    joined = Hosting.objects.filter(project=project, joined_at__isnull=False)
    rows = Programme.objects.published().filter(pk__in=joined.values("programme"))
    return [_card(one, now) for one in _with_parts(rows)]


def looking(*, now: datetime, most: int) -> list[Card]:
    """Programmes that look for sponsors or take applications just now."""
    during = Phase.objects.filter(
        kind__in=(Kind.FUNDING, Kind.APPLICATIONS), starts_at__lte=now, ends_at__gt=now,
        round__status=Status.OPEN,
    ).order_by("ends_at")  # fmt: skip
    ids = list(dict.fromkeys(during.values_list("round__programme", flat=True)[: most * 4]))
    if not ids:
        return []
    found = _with_parts(Programme.objects.published().filter(pk__in=ids[:most]))
    cards = {one.pk: _card(one, now) for one in found}
    return [cards[pk] for pk in ids[:most] if pk in cards]


def newest(programme: Programme) -> Round | None:
    """The round that is under way, or else the newest that everybody sees; asked beforehand by
    `_with_parts`."""
    rounds: list[Round] = list(programme.rounds.all())
    under_way = [one for one in rounds if one.status == Status.OPEN]
    return next(iter(under_way or rounds), None)


def _card(programme: Programme, now: datetime, *, during: str = "") -> Card:
    """With the round that is in the phase that was asked for, if one was."""
    rounds = programme.rounds.all()
    asked_for = (one for one in rounds if during and phases.is_on(one, during, now=now))
    current = next(asked_for, None) or newest(programme)
    return Card(
        programme, current, [one.project for one in programme.hostings.all()],
        phases.steps(current, now=now) if current else [], now,
    )  # fmt: skip


def _with_parts(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    rounds = (
        Round.objects.public().select_related("call").prefetch_related("phases", "call__shares")
    )
    joined = Hosting.objects.exclude(joined_at=None).select_related("project")
    return programmes.select_related("logo").prefetch_related(
        Prefetch("rounds", rounds), Prefetch("hostings", joined)
    )


def _fitting(asked: Asked, now: datetime) -> QuerySet[Programme]:
    programmes = Programme.objects.published()
    if asked.phase:
        is_on = Exists(_on(asked.phase, now))
        programmes = programmes.filter(~is_on if asked.phase == "over" else is_on)
    if asked.kind:
        programmes = programmes.filter(kind=asked.kind)
    if asked.project:
        joined = Hosting.objects.filter(project__slug=asked.project, joined_at__isnull=False)
        programmes = programmes.filter(pk__in=joined.values("programme"))
    for word in asked.q.split()[:MOST_WORDS]:
        programmes = programmes.filter(Q(name__icontains=word) | Q(summary__icontains=word))
    return _with_parts(programmes.order_by("-published_at", "-pk"))


def _on(phase: str, now: datetime) -> QuerySet[Phase]:
    """Phases of a programme that are on just now: of one kind, or of any."""
    rows = Phase.objects.filter(
        round__programme=OuterRef("pk"), round__status=Status.OPEN,
        starts_at__lte=now, ends_at__gt=now,
    )  # fmt: skip
    return rows if phase == "over" else rows.filter(kind=phase)
