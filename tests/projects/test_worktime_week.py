"""The week as it is drawn: committed, granted and ordered days."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from funding.projects import worktime
from tests.projects.amounts import UNHURRIED, weeks

tops = some.decimals("0.1", 99, places=2).map(Fraction)


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
