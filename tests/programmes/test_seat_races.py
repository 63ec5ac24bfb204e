"""Seats and promises whoever comes first, on both databases; and that a lost rule or lock is seen."""

import pytest

from tests.programmes import seat_races

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TIMES = 5


@pytest.mark.parametrize("race", seat_races.ALL, ids=lambda one: one.__name__)
def test_whoever_comes_first_all_is_true_afterwards(race):
    assert [race() for _ in range(TIMES)] == [[]] * TIMES


def test_without_a_limit_more_would_have_a_seat_than_there_are():
    with seat_races.no_limit_of_seats():
        assert any(seat_races.for_three_seats(racers=20, threads=10) for _ in range(TIMES))


def test_counting_seats_before_taking_one_would_be_seen():
    with seat_races.a_look_before_the_leap():
        assert any(seat_races.for_three_seats(racers=40, threads=20) for _ in range(TIMES))


@pytest.mark.parametrize(
    "race",
    [seat_races.a_last_promise_and_a_withdrawal, seat_races.two_last_promises],
    ids=lambda one: one.__name__,
)
def test_without_the_lock_of_a_call_a_race_would_be_seen(race):
    with seat_races.no_lock():
        wrong = [found for _ in range(TIMES) if (found := race())]

    assert wrong
