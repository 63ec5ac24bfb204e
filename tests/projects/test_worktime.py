"""Money becomes time: worked out by hand, and held for any amount."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from funding.ledger.money import MOST, CurrencyMismatch, Money
from funding.projects import worktime

RATE = Money(30000, "GBP")  # £300 a day: one day a week is £1,300 a month
TODAY = date(2026, 3, 4)
UNHURRIED = settings(deadline=None)

amounts = some.integers(0, MOST)
rates = some.integers(1, 10**7).map(lambda amount: Money(amount, "GBP"))
weeks = some.fractions(0, 99, max_denominator=1000)
tops = some.decimals("0.1", 99, places=2).map(Fraction)


def gbp(amount):
    return Money(amount, "GBP")


# Cost and days


@pytest.mark.parametrize(
    ("days", "amount"),
    [
        (0, 0),
        (1, 130000),
        (3, 390000),
        (5, 650000),
        (Decimal("0.5"), 65000),
        (Decimal("7.5"), 975000),
        (Fraction(1, 3), 43334),
    ],
)
def test_days_a_week_cost_the_day_rate_times_fifty_two_twelfths(days, amount):
    assert worktime.monthly_cost(days, RATE) == gbp(amount)


def test_a_cost_is_rounded_up_to_what_really_pays():
    assert worktime.monthly_cost(1, Money(100, "JPY")) == Money(434, "JPY")


@pytest.mark.parametrize(
    ("monthly", "days"),
    [(0, 0), (130000, 1), (65000, Fraction(1, 2)), (40000, Fraction(4, 13)), (390000, 3)],
)
def test_a_monthly_amount_pays_for_days_a_week(monthly, days):
    assert worktime.days_funded(gbp(monthly), RATE) == days


@given(amounts, rates)
@UNHURRIED
def test_what_an_amount_pays_for_costs_that_amount(amount, rate):
    days = worktime.days_funded(gbp(amount), rate)

    assert worktime.monthly_cost(days, rate) == gbp(amount)


@given(weeks, rates)
@UNHURRIED
def test_what_days_cost_pays_for_them_and_a_penny_less_does_not(days, rate):
    cost = worktime.monthly_cost(days, rate)

    assert worktime.days_funded(cost, rate) >= days
    assert worktime.days_funded(cost - gbp(1), rate) < days


def test_a_grant_is_spread_evenly_over_its_days():
    ten_weeks = date(2026, 1, 1), date(2026, 3, 11)

    assert worktime.grant_days(gbp(600000), *ten_weeks, RATE) == 2


def test_a_grant_of_one_day_is_seven_times_as_much_a_week():
    assert worktime.grant_days(RATE, TODAY, TODAY, RATE) == 7


# Shown


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(3), "3"),
        (Fraction(5, 2), "2.5"),
        (Fraction(299, 100), "2.9"),
        (Fraction(2999, 1000), "2.9"),
        (Fraction(4, 13), "0.3"),
        (Fraction(99, 1000), "0"),
        (Fraction(25, 2), "12.5"),
    ],
)
def test_days_are_shown_with_one_decimal_rounded_down(days, text):
    assert worktime.shown(days) == text


@given(weeks)
@UNHURRIED
def test_a_page_never_says_more_than_is_paid_for(days):
    assert days - Fraction(1, 10) < Fraction(worktime.shown(days)) <= days


# How full


@pytest.mark.parametrize(
    ("days", "committed", "hundredths"),
    [(3, 0, 0), (3, 390000, 10000), (3, 389999, 9999), (3, 195000, 5000), (3, 780000, 20000)],
)
def test_a_week_is_as_full_as_its_top_goal_is_paid_for(days, committed, hundredths):
    said = worktime.filled(days=Decimal(days), day_rate=RATE, committed=gbp(committed))

    assert said == hundredths


def test_without_a_goal_a_week_is_full():
    assert worktime.filled(days=Decimal(0), day_rate=RATE, committed=gbp(0)) == worktime.FULL


def test_how_full_has_a_limit_that_a_column_can_keep():
    rate = Money(1, "GBP")

    assert worktime.filled(days=Decimal("0.1"), day_rate=rate, committed=gbp(MOST)) == 1_000_000


# The week


def row(days, part):
    return [getattr(day, part) for day in days]


def week(top, committed=0, granted=0, awaiting=0):
    return worktime.week(*(Fraction(number) for number in (top, committed, granted, awaiting)))


@pytest.mark.parametrize(
    ("top", "rows"),
    [
        ("3", [[1000, 1000, 1000, 0, 0]]),
        ("5", [[1000] * 5]),
        ("0.5", [[500, 0, 0, 0, 0]]),
        ("7.5", [[1000] * 5, [1000, 1000, 500, 0, 0]]),
        ("10", [[1000] * 5, [1000] * 5]),
        ("10.25", [[1000] * 5, [1000] * 5, [250, 0, 0, 0, 0]]),
    ],
)
def test_a_goal_is_drawn_in_rows_of_five_days(top, rows):
    assert [row(days, "asked") for days in week(top)] == rows


def test_without_a_goal_there_is_one_empty_row():
    assert [row(days, "asked") for days in week(0)] == [[0] * 5]


def test_each_row_is_a_week_from_monday():
    assert [row(days, "name") for days in week(10)] == [["Mon", "Tue", "Wed", "Thu", "Fri"]] * 2


def test_committed_days_fill_the_week_from_the_left():
    (days,) = week(3, "1.25")

    assert row(days, "committed") == [1000, 250, 0, 0, 0]


def test_committed_days_run_on_in_the_second_row():
    _, second = week("7.5", "6.5")

    assert row(second, "committed") == [1000, 500, 0, 0, 0]


def test_granted_days_are_a_second_shade_after_committed_ones():
    (days,) = week(3, "1.25", "1")

    assert row(days, "committed") == [1000, 250, 0, 0, 0]
    assert row(days, "granted") == [0, 750, 250, 0, 0]
    assert row(days, "granted_to") == [1000, 1000, 250, 0, 0]


def test_days_of_invoices_not_yet_due_are_drawn_apart_after_both():
    (days,) = week(3, "0.5", "0.25", "1")

    assert row(days, "awaiting") == [250, 750, 0, 0, 0]
    assert row(days, "awaiting_to") == [1000, 750, 0, 0, 0]


def test_nothing_above_the_goal_is_drawn():
    (days,) = week("2.5", 4, 4, 4)

    assert row(days, "committed") == [1000, 1000, 500, 0, 0]
    assert row(days, "granted") == row(days, "awaiting") == [0] * 5


def test_a_grant_is_cut_off_at_the_goal():
    (days,) = week(2, "1.5", 4)

    assert row(days, "granted") == [0, 500, 0, 0, 0]


@given(tops, some.tuples(weeks, weeks, weeks))
@UNHURRIED
def test_what_is_drawn_is_what_is_paid_for_to_a_thousandth_a_day(top, paid):
    days = [day for row in worktime.week(top, *paid) for day in row]

    for parts, known in ((1, paid[:1]), (2, paid[:2]), (3, paid)):
        drawn = sum(sum((d.committed, d.granted, d.awaiting)[:parts]) for d in days)
        exact = min(top, sum(known)) * 1000
        assert exact - parts * len(days) < drawn <= exact


@given(tops, some.tuples(weeks, weeks, weeks))
@UNHURRIED
def test_no_day_is_drawn_fuller_than_it_is_asked_for(top, paid):
    for day in (day for row in worktime.week(top, *paid) for day in row):
        assert 0 <= day.committed <= day.granted_to <= day.awaiting_to <= day.asked <= 1000


# The ladder

GOALS = [("Maintenance", "", Decimal(3)), ("Features", "New ones", Decimal(2))]


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


# Runway


def runway(cost=130000, committed=0, held=0):
    return worktime.runway(today=TODAY, cost=gbp(cost), committed=gbp(committed), held=gbp(held))


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
