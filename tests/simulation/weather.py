"""What goes wrong. Wherever something can, `roll` is asked: which kind of trouble, if any. What was
never seen at a place is likely there, so that a short history has seen nearly everything once."""

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
UNSEEN = 0.25

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
    """`wanted` are cells that are still empty elsewhere: they come first here."""

    random: Random
    foul: bool = True
    wanted: frozenset[Cell] = frozenset()
    seen: Counter[Cell] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    expected: list[Expected] = field(default_factory=list)
    again: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    deed: str = ""  # what somebody is doing
    reached: Counter[tuple[str, str]] = field(default_factory=Counter)  # place, deed

    def roll(self, family: str, place: str) -> str | None:
        """The trouble that there is at this place now; None for none."""
        kind = self._expected(family, place)
        if kind is None and self.foul:
            self.places[family, place] += 1
            self.reached[place, self.deed] += 1
            kind = self._repeated(family, place) or self._chance(family, place)
        if kind is not None:
            self.seen[family, kind, place] += 1
        return kind

    def clear_up(self) -> None:
        self.foul = False
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
        unseen = [kind for kind in kinds if not self.seen[family, kind, place]]
        wanted = [kind for kind in unseen if (family, kind, place) in self.wanted]
        if self.random.random() >= (0.9 if wanted else UNSEEN if unseen else rate):
            return None
        kind = self.random.choice(wanted or unseen or kinds)
        goes_on = family == "answers" and not kind.startswith(("error", "rate"))
        if goes_on and self.random.random() < 0.5:
            self.again[family, place] = [kind, kind]
        return kind


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
