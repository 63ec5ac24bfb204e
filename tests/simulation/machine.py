"""A history: steps drawn from a seed, or steps that were written down, each looked at when it is
taken. The same seed is the same history."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from random import Random

from funding.office.models import Watermark
from funding.projects.models import Project
from sponsors.billing import inbox
from sponsors.sponsorships.models import COMMITTED, Sponsorship
from tests import factories
from tests.simulation import actors, books, changes, database, invoices, operators, returns, truth
from tests.simulation.actors import Step
from tests.simulation.doors import inhabited
from tests.simulation.town import Town
from tests.simulation.weather import Cell, Expected, Weather

KNOWN = (actors, changes, invoices, operators, returns)  # whose deeds are done
CURRENCIES = ("GBP", "EUR", "USD", "JPY")
A_MONTH = 365.25 / 12  # days
FULL_CHECK = 500  # steps
PAUSES = (0.05, 1, 4, 8, 11)  # days between two deeds
EVENING, SELDOM = 3, 3  # days between two looks at the timetable; every so many at all of it
COMPANIES = 60
Planted = Callable[[], AbstractContextManager[object]]


@dataclass
class Result:
    """What a history has shown."""

    seed: int
    months: float = 0
    steps: int = 0
    deaths: int = 0
    seen: Counter[Cell] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    difference: dict[str, int] = field(default_factory=dict)
    money: dict[str, int] = field(default_factory=dict)
    books: str = ""


def live(seed: int, *, months: float, companies: int = COMPANIES) -> Result:
    """So many months of sponsorships, in all weathers; then the sun comes out."""
    random = Random(f"steps {seed}")
    weather = Weather(Random(f"weather {seed}"))
    names, often = list(actors.WEIGHTS), list(actors.WEIGHTS.values())
    with History(seed, weather, companies=companies) as history:
        history.town.reconciles = seed % 2 == 1
        while history.result.months < months:
            crowd = min(1.0, history.going_on / companies)
            if random.random() > crowd:
                history.take(_step(random, "join"))
            else:
                history.take(_step(random, random.choices(names, often)[0]))
            history.days(random.choice(PAUSES) * max(0.05, crowd))
        history.calm_down()
    return history.result


def replay(
    steps: Sequence[Step | float],
    trouble: Sequence[Expected] = (),
    *,
    companies: int = 1,
    planted: Planted = nullcontext,
    reconciles: bool = False,
) -> Result:
    """A history that was written down: steps, and days between them; with a mistake, perhaps."""
    weather = Weather(Random("fine"), foul=False, expected=[replace(one) for one in trouble])
    with History(0, weather, companies=companies) as history, planted():
        history.town.reconciles = reconciles
        for step in steps:
            if isinstance(step, Step):
                history.take(step)
            else:
                history.days(step)
        history.calm_down()
    return history.result


def _step(random: Random, name: str) -> Step:
    return Step(name, random.randrange(10_000), random.randrange(1_000))


class History:
    """One town from its foundation on, watched at every step."""

    def __init__(self, seed: int, weather: Weather, *, companies: int) -> None:
        self.town = Town(seed, weather)
        self.companies = companies
        self.result = Result(seed)
        self.going_on = 0
        self._evening, self._evenings = 0.0, 0

    def __enter__(self) -> "History":
        database.fresh()
        self._open = inhabited(self.town)
        self._open.__enter__()
        try:
            found(self.town, self.companies)
            self.watch = truth.Watch(self.town)
        except BaseException:
            self._open.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self._open.__exit__(None, None, None)
        database.fresh()

    def take(self, step: Step) -> None:
        result = self.result
        with self._watched(str(step)):
            came = actors.take(self.town, step)
            self.watch.after_step()
            result.steps += 1
            result.deeds[f"{step.deed}: {came}"] += 1
            if result.steps % FULL_CHECK == 0:
                truth.in_full(self.town)

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        """Whatever is false is told with where it came to light."""
        try:
            yield
        except truth.Breach as breach:
            breach.add_note(f"Seed {self.town.seed}, after {self.result.steps} steps: {what}")
            raise

    def days(self, count: float) -> None:
        """Let time pass, with the jobs of every evening."""
        while count > 0:
            part = min(count, EVENING)
            count -= part
            self.town.walk(days=part)
            self._evening += part
            if self._evening >= EVENING:
                self._end_of_day()
            self.result.months += self.going_on * part / A_MONTH
        with self._watched("as time passed"):
            self.watch.after_step()

    def _end_of_day(self) -> None:
        self._evening -= EVENING
        self._evenings += 1
        self.town.beat(seldom=self._evenings % SELDOM == 0 or self._is_behind())
        self.going_on = Sponsorship.objects.filter(status__in=COMMITTED).count()

    def _is_behind(self) -> bool:
        """Whether Stripe's list of events could not be read when it should have been: the site tries
        twice an hour, and Stripe forgets after thirty days."""
        since = self.town.now() - timedelta(days=(SELDOM + 1) * EVENING)
        return not Watermark.objects.filter(name="stripe-events", read_to__gt=since).exists()

    def calm_down(self) -> None:
        """The faults stop; what was due is done, and what was given up is tried once more; one catch-up. Then what the town has come to is not
        to be improved by comparing it with Stripe, once or twice."""
        town, result = self.town, self.result
        result.seen, result.places = town.weather.seen, town.weather.places
        town.weather.clear_up()
        town.reconciles = False
        inbox.replay(inbox.dead())  # what was given up in the rain staff have tried again
        for _ in range(4):  # later than any back-off, and than any letter that is on its way
            town.walk(days=1)
            town.beat()
        town.beat(seldom=False)  # the mail that came of it
        with self._watched("at the end"):
            self.watch.after_step()
            truth.at_last(town)
            truth.nothing_to_mend(town)
        result.deaths = town.deaths
        result.statuses = Counter(Sponsorship.objects.values_list("status", flat=True))
        result.difference = books.difference(town)
        result.money = {name: net for name, net in town.engine.truth()["currencies"].items()}
        result.books = sha256(books.fingerprint().encode()).hexdigest()


def found(town: Town, companies: int) -> None:
    """Projects with their tiers, some of few seats, some by the year alone; and companies."""
    for number, currency in enumerate(CURRENCIES):
        project = factories.project(currency=currency, status=Project.Status.PUBLISHED)
        price = 997 + 1301 * number
        factories.tier(project, monthly=price, yearly=None, seats=2 + companies // 25)
        factories.tier(project, monthly=3 * price, yearly=31 * price, seats=None)
        factories.tier(project, monthly=None, yearly=47 * price, seats=None)
    town.companies = [
        factories.payer() if number % 3 else factories.company() for number in range(companies)
    ]
