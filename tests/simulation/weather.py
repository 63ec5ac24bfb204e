"""What goes wrong. Wherever something can, `roll` is asked: which kind of trouble, if any. What was
never seen at a place is likely there, and nearly certain where people seldom come, so that any history
of some length has seen nearly everything once; for the rest there are histories that were written
down, with their troubles (`cells`)."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from sandbox import deliveries, faults

# Of each family: what can go wrong, and how likely something is once all of it was seen.
ANSWERS = faults.KINDS
CALLS = ("dies_before", "dies_after", "stalls")
EVENTS = deliveries.MODES
COMMITS = ("dies_before_commit", "dies_after_commit")
TASKS = ("lost", "twice", "late", "dies_at_start")
FAMILIES = {
    "answers": (ANSWERS, 0.012),
    "calls": (CALLS, 0.004),
    "events": (EVENTS, 0.02),
    "commits": (COMMITS, 0.001),
    "tasks": (TASKS, 0.01),
}
UNSEEN, UNSEEN_AND_SELDOM = 0.1, 0.75
SELDOM = 400  # of so many things at which something can go wrong, one is at a place like this

Cell = tuple[str, str, str]  # family, kind, place


@dataclass
class Expected:
    """Trouble that was written down beforehand."""

    family: str
    kind: str
    place: str
    times: int = 1
    after: int = 0  # so many are let through first

    def meets(self, family: str, place: str) -> bool:
        return self.times > 0 and family == self.family and self.place in (place, "*")


@dataclass
class Weather:
    random: Random
    foul: bool = True
    is_over: bool = False  # and nothing is counted any more
    seen: Counter[Cell] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    expected: list[Expected] = field(default_factory=list)
    again: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    asked: int = 0

    def roll(self, family: str, place: str) -> str | None:
        """The trouble that there is at this place now; None for none."""
        if self.is_over:
            return None
        self.asked += 1
        self.places[family, place] += 1
        kind = self._expected(family, place)
        if kind is None and self.foul:
            kind = self._repeated(family, place) or self._chance(family, place)
        if kind is not None:
            self.seen[family, kind, place] += 1
        return kind

    def clear_up(self) -> None:
        self.is_over = True
        self.expected.clear()
        self.again.clear()

    def _expected(self, family: str, place: str) -> str | None:
        for one in self.expected:  # left as soon as one is taken out
            if one.meets(family, place):
                if one.after:
                    one.after -= 1
                    return None
                one.times -= 1
                if not one.times:
                    self.expected.remove(one)
                return one.kind
        return None

    def _repeated(self, family: str, place: str) -> str | None:
        """The client asks again by itself; what lasts a while is met three times."""
        kinds = self.again.get((family, place))
        return kinds.pop() if kinds else None

    def _chance(self, family: str, place: str) -> str | None:
        kinds, rate = FAMILIES[family]
        unseen = self._unseen(family, place)
        if self.random.random() >= max(rate, self._curiosity(family, place, unseen)):
            return None
        kind = self.random.choice(unseen or kinds)
        goes_on = family == "answers" and not kind.startswith(("error", "rate"))
        if goes_on and self.random.random() < 0.5:
            self.again[family, place] = [kind, kind]
        return kind

    def _curiosity(self, family: str, place: str, unseen: list[str]) -> float:
        if not unseen:
            return 0
        return UNSEEN_AND_SELDOM if self._is_seldom(family, place) else UNSEEN

    def _unseen(self, family: str, place: str) -> list[str]:
        return [kind for kind in FAMILIES[family][0] if not self.seen[family, kind, place]]

    def _is_seldom(self, family: str, place: str) -> bool:
        return self.places[family, place] * SELDOM < self.asked


class Answers(faults.Faults):
    """Stripe's own door for troubles, asked at every request."""

    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self.weather = weather

    def take(self, method: str, template: str, path: str) -> str | None:
        return self.weather.roll("answers", f"{method} {template}")


class Letters(deliveries.Knobs):
    """The same for every webhook on its way."""

    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self.weather = weather

    def take(self, type: str) -> deliveries.Trouble | None:
        mode = self.weather.roll("events", type)
        if mode is None:
            return None
        seconds = self.weather.random.choice([60, 3600, 40 * 3600])
        return deliveries.Trouble(mode, 1, [], seconds)
