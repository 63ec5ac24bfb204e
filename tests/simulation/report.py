"""What the histories have reached, as tables that people read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tests.simulation import cells
from tests.simulation.machine import Result
from tests.simulation.weather import ANSWERS, CALLS, COMMITS, EVENTS, TASKS, Cell

# A table: its title, and the families whose kinds stand side by side in it.
TABLES: list[tuple[str, dict[str, Sequence[str]]]] = [
    ("What Stripe answered, by operation", {"answers": ANSWERS, "calls": CALLS}),
    ("What became of webhooks, by event", {"events": EVENTS}),
    ("Where a process died for a commit, by what it was doing", {"commits": COMMITS}),
    ("What became of messages to the worker, by task", {"tasks": TASKS}),
]


def merged(results: Iterable[Result]) -> Result:
    """All of them as one."""
    whole = Result(-1)
    for one in results:
        whole.months += one.months
        whole.steps += one.steps
        whole.deaths += one.deaths
        for name in ("seen", "places", "deeds", "statuses"):
            getattr(whole, name).update(getattr(one, name))
        for name in ("difference", "money"):
            figures = Counter(getattr(whole, name))
            for currency, cents in getattr(one, name).items():
                figures[currency] += cents
            setattr(whole, name, dict(figures))
    return whole


def empty(result: Result) -> list[Cell]:
    """Troubles that could have been met at a place and never were."""
    return cells.empty(result.seen, result.places)


def lines(result: Result) -> Iterator[str]:
    for title, families in TABLES:
        yield from ("", title)
        yield from _table(result, families)
    yield from ("", "What people did")
    for deed, count in sorted(result.deeds.items()):
        yield f"{count:>9}  {deed}"
    yield ""
    yield f"{result.months:>9,.0f}  sponsorship-months in {result.steps:,} steps"
    yield f"{result.deaths:>9,}  processes killed"
    yield f"{len(empty(result)):>9,}  empty cells"
    for currency, cents in sorted(result.difference.items()):
        there = result.money.get(currency.lower(), 0)
        yield f"{cents:>9}  difference in {currency} (minor units, of {there:,} at Stripe)"


def _table(result: Result, families: dict[str, Sequence[str]]) -> Iterator[str]:
    columns = [(family, kind) for family, kinds in families.items() for kind in kinds]
    places = _places(result, families)
    width = max((len(place) for place in places), default=0)
    yield " " * width + "".join(f"{kind.replace('_', ' '):>{_wide(kind)}}" for _, kind in columns)
    for place in places:
        cells = (
            f"{result.seen[family, kind, place] or '·':>{_wide(kind)}}" for family, kind in columns
        )
        yield f"{place:<{width}}" + "".join(cells)


def _wide(kind: str) -> int:
    return max(9, len(kind) + 2)


def _places(result: Result, families: Iterable[str]) -> list[str]:
    return sorted({place for family, place in result.places if family in families})
