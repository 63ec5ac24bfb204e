"""Money becomes time: worked out by hand, and held for any amount."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from funding.ledger.money import MOST, Money
from funding.projects import worktime
from tests.projects.amounts import RATE, TODAY, UNHURRIED, amounts, gbp, rates, weeks

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
