"""The table of every trouble at every place, and how what the towns left empty of it is tried: on the
histories that were written down, several troubles of different places on one walk. What does not come
about like that, because one trouble kept another from its place, is tried alone and elsewhere."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.simulation import histories, machine
from tests.simulation.machine import Result
from tests.simulation.weather import FAMILIES, Cell, Expected

TOGETHER = 4  # troubles on the first walk for them; from then on each goes alone
PASSES, TRIES = 3, 12  # looked at of one place in a history; walks for one cell

# Places to which no written history leads yet, and why: only a town comes by them, and seldom. They are
# shown in the table, and what is empty of them is not counted.
CHANGING = "read when it changed at Stripe between a page of reconciling's and a look at it"
BY_CHANCE = {
    "GET /v1/refunds/{refund}": CHANGING,
    "GET /v1/disputes/{dispute}": CHANGING,
}

Place = tuple[str, str]  # family, place


@dataclass(frozen=True)
class Walk:
    """One of the histories, and what is to be met on it."""

    history: int
    troubles: tuple[Expected, ...] = ()

    def take(self) -> Result:
        written = histories.HISTORIES[self.history]
        return machine.replay(
            written.steps, [*written.trouble, *self.troubles], companies=written.companies,
            reconciles=written.reconciles,
        )  # fmt: skip


def records() -> list[Walk]:
    """All of them in their own weather, which tells where each leads."""
    return [Walk(number) for number in range(len(histories.HISTORIES))]


def empty(seen: Collection[Cell], places: Iterable[Place]) -> list[Cell]:
    """Troubles that could have been met at a place and never were."""
    return sorted(
        (family, kind, place)
        for family, place in set(places)
        for kind in FAMILIES[family][0]
        if place not in BY_CHANCE and (family, kind, place) not in seen
    )


def fill(
    lacking: Iterable[Cell],
    passed: Sequence[Counter[Place]],
    take: Callable[[Sequence[Walk]], Sequence[Result | None]],
) -> Iterator[Result]:
    """What comes of walks that meet these troubles, where there are any. `passed` says how often each
    history comes by each place; `take` walks, several at a time, and answers None of what broke."""
    lacking = list(lacking)
    for number in range(TRIES):
        walks = _walks(lacking, passed, number)
        if not walks:
            return
        for result in take(walks):
            if result is not None:
                yield result
                lacking = [cell for cell in lacking if cell not in result.seen]


def _walks(lacking: Iterable[Cell], passed: Sequence[Counter[Place]], number: int) -> list[Walk]:
    """The walks of that try. On the first one a cell is met on a walk that comes by there anyway, if
    there is one that has room for it; on the second it goes alone on the shortest."""
    walks: list[tuple[int, list[Expected]]] = []
    for family, kind, place in sorted(lacking, key=lambda cell: len(_ways(cell[::2], passed))):
        ways = _ways((family, place), passed)
        if not ways or number > len(ways):
            continue
        history, after = ways[max(number - 1, 0)]
        there = [] if number else [one for one in walks if _has_room(one, family, place, passed)]
        if not there:
            there = [(history, [])]
            walks += there
        there[0][1].append(Expected(family, kind, place, after=after))
    return [Walk(history, tuple(troubles)) for history, troubles in walks]


def _has_room(
    walk: tuple[int, list[Expected]], family: str, place: str, passed: Sequence[Counter[Place]]
) -> bool:
    history, troubles = walk
    free = place not in {one.place for one in troubles}
    return free and len(troubles) < TOGETHER and passed[history][family, place] > 0


def _ways(place: Place, passed: Sequence[Counter[Place]]) -> list[tuple[int, int]]:
    """Histories that come by there, the shortest first, and after how many times it is to happen."""
    there = [number for number, places in enumerate(passed) if places[place]]
    there.sort(key=lambda number: (passed[number].total(), number))
    return [
        (number, after)
        for after in range(PASSES)
        for number in there
        if after < passed[number][place]
    ]
