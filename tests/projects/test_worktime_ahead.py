"""What comes next on the ladder, and how long the money lasts."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from funding.ledger.money import MOST, CurrencyMismatch, Money
from funding.projects import worktime
from tests.projects.amounts import RATE, TODAY, UNHURRIED, amounts, gbp, rates

GOALS = [("Maintenance", "", Decimal(3)), ("Features", "New ones", Decimal(2))]


# The ladder


def test_rungs_add_up():
    rungs = worktime.ladder(GOALS, gbp(0), RATE)

    assert [(rung.title, rung.days, rung.cost) for rung in rungs] == [
        ("Maintenance", 3, gbp(390000)),
        ("Features", 5, gbp(650000)),
    ]


@pytest.mark.parametrize(
    ("committed", "reached"),
    [(389999, [False, False]), (390000, [True, False]), (649999, [True, False]),
     (650000, [True, True])],
)  # fmt: skip
def test_a_rung_is_reached_when_all_up_to_it_are_paid_for(committed, reached):
    rungs = worktime.ladder(GOALS, gbp(committed), RATE)

    assert [rung.reached for rung in rungs] == reached


def next_step(committed):
    rungs = worktime.ladder(GOALS, gbp(committed), RATE)
    return worktime.next_step(rungs, gbp(committed), RATE)


@pytest.mark.parametrize(
    ("committed", "title", "money", "days"),
    [
        (0, "Maintenance", 390000, 3),
        (130000, "Maintenance", 260000, 2),
        (390000, "Features", 260000, 2),
        (400000, "Features", 250000, Fraction(25, 13)),
    ],
)
def test_the_next_step_says_how_much_more_in_money_and_in_days(committed, title, money, days):
    step = next_step(committed)

    assert (step.rung.title, step.money, step.days) == (title, gbp(money), days)


def test_at_the_top_of_the_ladder_there_is_no_next_step():
    assert next_step(650000) is None


def test_without_goals_there_is_no_next_step():
    assert worktime.next_step([], gbp(0), RATE) is None


@given(some.lists(some.decimals("0.1", 99, places=2), min_size=1, max_size=6), amounts, rates)
@UNHURRIED
def test_a_company_that_gives_the_next_step_reaches_it(days, committed, rate):
    goals = [("", "", number) for number in days]
    step = worktime.next_step(worktime.ladder(goals, gbp(committed), rate), gbp(committed), rate)
    if step is None:
        return

    after = worktime.ladder(goals, gbp(committed) + step.money, rate)

    assert step.money.amount > 0 < step.days
    assert [rung.reached for rung in after if rung.days == step.rung.days] == [True]


def runway(cost=130000, committed=0, held=0):
    return worktime.runway(today=TODAY, cost=gbp(cost), committed=gbp(committed), held=gbp(held))


# Runway


@pytest.mark.parametrize("committed", [130000, 130001])
def test_what_is_committed_in_full_lasts_as_long_as_sponsors_stay(committed):
    told = runway(committed=committed)

    assert told.until is None
    assert told.as_long_as_sponsors_stay
    assert not told.short


def test_a_goal_that_costs_nothing_is_paid_as_long_as_sponsors_stay():
    assert runway(cost=0).as_long_as_sponsors_stay


@pytest.mark.parametrize("held", [0, -100000])
def test_with_nothing_held_even_today_is_not_paid(held):
    told = runway(committed=129999, held=held)

    assert told.until == TODAY - timedelta(days=1)
    assert not told.as_long_as_sponsors_stay


@pytest.mark.parametrize(
    ("held", "days"),
    [
        (4271, 0),  # £1,300 a month is 4271.04 pence a day
        (4272, 1),
        (100000, 23),
        (1560000, 365),
        (1560001, 365),
        (6240000, 1461),
    ],
)
def test_what_is_held_pays_day_by_day_today_included(held, days):
    assert runway(held=held).until == TODAY + timedelta(days=days - 1)


def test_what_is_held_pays_only_what_sponsors_leave_short():
    told = runway(committed=65000, held=780000)

    assert told.short == gbp(65000)
    assert told.until == TODAY + timedelta(days=364)


def test_a_fortune_lasts_until_the_calendar_ends():
    told = runway(committed=129999, held=10**15)

    assert told.until == date.max - timedelta(days=1)


def test_runway_says_what_it_was_computed_from():
    told = runway(cost=130000, committed=30000, held=5)

    assert (told.cost, told.committed, told.held) == (gbp(130000), gbp(30000), gbp(5))
    assert told.short == gbp(100000)


def test_runway_mixes_no_currencies():
    with pytest.raises(CurrencyMismatch):
        worktime.runway(today=TODAY, cost=RATE, committed=Money(1, "USD"), held=gbp(0))


@given(amounts, amounts, some.integers(-MOST, MOST), amounts)
@UNHURRIED
def test_more_held_never_shortens_the_runway(cost, committed, held, more):
    before = runway(cost, committed, held).until
    after = runway(cost, committed, held + more).until

    assert (before is None) == (after is None)
    assert before is None or before <= after


@given(amounts, amounts, some.integers(-MOST, MOST), amounts)
@UNHURRIED
def test_more_committed_never_shortens_the_runway(cost, committed, held, more):
    before = runway(cost, committed, held).until
    after = runway(cost, committed + more, held).until

    assert after is None or (before is not None and before <= after)


@given(some.integers(1, MOST), some.integers(0, MOST))
@UNHURRIED
def test_what_is_held_pays_its_runway_and_not_a_day_more(short, held):
    until = runway(cost=short, held=held).until
    days = (until - TODAY).days + 1

    a_day = Fraction(short * 12) / worktime.DAYS_A_YEAR
    assert days * a_day <= held
    assert (days + 1) * a_day > held or until == date.max - timedelta(days=1)
