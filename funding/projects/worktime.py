"""Money becomes time. A month has 52/12 weeks, so a day a week costs day rate x 52 / 12 a month.
Pure functions of amounts and days; nothing here asks the database or the clock.

Days are `Fraction`s until they are shown, so that nothing is lost on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from funding.ledger.money import Money

WEEKS_A_MONTH = Fraction(52, 12)
DAYS_A_YEAR = Fraction(1461, 4)
FULL_WEEK = 5
FULL = 10_000  # hundredths of a percent
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri")
NEVER_SHOWN = date.max


def monthly_cost(days: Fraction | Decimal | int, day_rate: Money) -> Money:
    """What `days` a week cost a month, rounded up to a whole minor unit: the least that pays."""
    return Money(ceil(Fraction(days) * day_rate.amount * WEEKS_A_MONTH), day_rate.currency)


def days_funded(monthly: Money, day_rate: Money) -> Fraction:
    """How many days a week `monthly` pays for."""
    return Fraction(monthly.amount) / (day_rate.amount * WEEKS_A_MONTH)


def grant_days(amount: Money, starts_on: date, ends_on: date, day_rate: Money) -> Fraction:
    """How many days a week a grant adds while it runs, both its first and its last day counted."""
    weeks = Fraction((ends_on - starts_on).days + 1, 7)
    return Fraction(amount.amount) / weeks / day_rate.amount


def filled(*, days: Decimal, day_rate: Money, committed: Money) -> int:
    """Committed money against what `days` cost, in hundredths of a percent; full without a goal."""
    cost = monthly_cost(days, day_rate)
    if not cost:
        return FULL
    return min(committed.amount * FULL // cost.amount, 100 * FULL)


def shown(days: Fraction) -> str:
    """Days with one decimal, rounded down so that a page never says more than is paid for."""
    tenths = floor(days * 10)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def said(week: Fraction, of: str = "") -> str:
    """Days a week in words, rounded down to a tenth: "1.2 days a week"; days a month where they are
    too few to be a tenth of a day a week. `of` says of what: "1.2 days of work a week"."""
    of = f" {of}" if of else ""
    for days, span in ((week, "week"), (week * WEEKS_A_MONTH, "month")):
        if days * 10 >= 1:
            down = shown(days)
            return f"{down} day{'' if down == '1' else 's'}{of} a {span}"
    return f"a part of a day{of} a month"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the picture: how much of it the goal asks for, how much of that sponsorships pay,
    and what grants and invoices not yet due add. Parts of 1000, so it is drawn without fractions."""

    name: str
    asked: int
    committed: int
    granted: int
    awaiting: int

    @property
    def granted_to(self) -> int:
        return self.committed + self.granted

    @property
    def awaiting_to(self) -> int:
        return self.granted_to + self.awaiting


def week(
    top: Fraction, committed: Fraction, granted: Fraction, awaiting: Fraction = Fraction(0)
) -> list[list[Day]]:
    """The picture of the ladder's top goal in rows of five days, one for each full-time week."""
    marks = [Fraction(0), committed, committed + granted, committed + granted + awaiting]
    marks = [min(mark, top) for mark in marks]
    days = [
        Day(NAMES[i % FULL_WEEK], _share(i, Fraction(0), top), *_shares(i, marks))
        for i in range(ceil(top / FULL_WEEK) * FULL_WEEK or FULL_WEEK)
    ]
    return [days[i : i + FULL_WEEK] for i in range(0, len(days), FULL_WEEK)]


def _shares(day: int, marks: list[Fraction]) -> list[int]:
    return [_share(day, since, until) for since, until in pairwise(marks)]


def _share(day: int, since: Fraction, until: Fraction) -> int:
    """How much of day number `day` lies between two points of the week, in parts of 1000."""
    covered = min(until, Fraction(day + 1)) - max(since, Fraction(day))
    return max(0, floor(covered * 1000))


@dataclass(frozen=True, slots=True)
class Rung:
    """A goal with all rungs below it: what it costs a month and whether that is committed."""

    title: str
    description: str
    days: Fraction
    cost: Money
    reached: bool


def ladder(
    goals: Sequence[tuple[str, str, Decimal]], committed: Money, day_rate: Money
) -> list[Rung]:
    """The rungs, lowest first, from (title, description, days added) in their order."""
    rungs, days = [], Fraction(0)
    for title, description, added in goals:
        days += Fraction(added)
        cost = monthly_cost(days, day_rate)
        rungs.append(Rung(title, description, days, cost, cost <= committed))
    return rungs


@dataclass(frozen=True, slots=True)
class Step:
    """What the next rung still needs, a month and in days a week."""

    rung: Rung
    money: Money
    days: Fraction


def next_step(rungs: Sequence[Rung], committed: Money, day_rate: Money) -> Step | None:
    """The lowest rung that is not reached, or None at the top of the ladder."""
    for rung in rungs:
        if not rung.reached:
            short = rung.cost - committed
            return Step(rung, short, rung.days - days_funded(committed, day_rate))
    return None


@dataclass(frozen=True, slots=True)
class Runway:
    """How long the top goal is paid for. `until` is the last day, or None: as long as sponsors
    stay, because what they commit pays it all."""

    until: date | None
    cost: Money
    committed: Money
    held: Money
    short: Money

    @property
    def as_long_as_sponsors_stay(self) -> bool:
        return self.until is None


def runway(*, today: date, cost: Money, committed: Money, held: Money) -> Runway:
    """The last day on which committed income and what is held pay `cost` a month; the day before
    `today` when even today is not paid. What is held pays the shortfall day by day, a month being
    a twelfth of a year of 365.25 days."""
    short = cost - committed
    if short.amount <= 0:
        return Runway(None, cost, committed, held, Money.zero(cost.currency))
    days = floor(max(held.amount, 0) * DAYS_A_YEAR / (short.amount * 12))
    farthest = (NEVER_SHOWN - today).days
    until = today + timedelta(days=min(days, farthest) - 1)
    return Runway(until, cost, committed, held, short)
