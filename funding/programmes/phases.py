"""Phases: when what happens in a round. In which phase an open round is follows from its instants and
from nothing else; people only decide that it is open, done or failed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from funding.programmes.models import Phase, Round

Kind = Phase.Kind
ORDER = list(Kind)


class OutOfOrder(Exception):
    """The dates cannot be as asked; `kind` names the phase at which that shows."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Step:
    """A phase of a round as its bar shows it."""

    kind: str
    name: str
    starts_at: datetime
    ends_at: datetime
    is_on: bool
    is_over: bool


def steps(round_: Round, *, now: datetime) -> list[Step]:
    """Its phases in the order in which they begin; asked beforehand by `with_page_parts`. Of a round
    that did not come about, those are over that ended before it did."""
    until = min(now, round_.ended_at or now) if round_.status == Round.Status.FAILED else now
    return [
        Step(
            one.kind, Kind(one.kind).label, one.starts_at, one.ends_at,
            is_on=round_.status == Round.Status.OPEN and one.is_on(now),
            is_over=round_.status == Round.Status.DONE or one.ends_at <= until,
        )
        for one in _in_order(round_.phases.all())
    ]  # fmt: skip


def find(round_: Round, kind: str) -> Phase | None:
    return next((one for one in round_.phases.all() if one.kind == kind), None)


def last_end(round_: Round) -> datetime | None:
    """When the last of its phases is over."""
    return max((one.ends_at for one in round_.phases.all()), default=None)


def is_on(round_: Round, kind: str, *, now: datetime) -> bool:
    """Whether the round is under way and just now in this phase; phases may overlap."""
    phase = find(round_, kind)
    return phase is not None and round_.status == Round.Status.OPEN and phase.is_on(now)


def insist_order(times: Mapping[str, tuple[datetime, datetime]]) -> None:
    """Raises `OutOfOrder` for a phase that ends before it begins, or that begins or ends before one
    that comes earlier in a round does. Funding alone may last into what follows it."""
    before: tuple[str, datetime, datetime] | None = None
    for kind in (kind for kind in ORDER if kind in times):
        starts_at, ends_at = times[kind]
        name = Kind(kind).label
        if ends_at <= starts_at:
            raise OutOfOrder(kind, f"{name} ends before it begins. Choose a later end.")
        if before is not None:
            earlier = Kind(before[0]).label
            if starts_at < before[1]:
                raise OutOfOrder(kind, f"{name} begins before {earlier.lower()} does.")
            if before[0] != Kind.FUNDING and starts_at < before[2]:
                raise OutOfOrder(kind, f"{name} begins before {earlier.lower()} is over.")
        before = (kind, starts_at, ends_at)


def _in_order(found: Iterable[Phase]) -> list[Phase]:
    return sorted(found, key=lambda one: ORDER.index(Kind(one.kind)))
