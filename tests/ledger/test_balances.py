"""Balances: every figure is a sum over transfers."""

from datetime import timedelta

import pytest

from funding.ledger import balances
from funding.ledger.posting import Place
from tests.ledger.books import BANK, FEES, HELD, NOON, STRIPE, Kind, entry, gbp, leg, usd

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OTHER = Place(Kind.HELD, "project:2")
SECOND = timedelta(seconds=1)


def test_an_account_that_was_never_used_holds_nothing():
    assert balances.of(HELD, "GBP") == gbp(0)


@pytest.mark.parametrize("kind", [Kind.STRIPE, Kind.BANK, Kind.FEES, Kind.RECEIVABLE])
def test_what_is_ours_or_owed_to_us_grows_by_debits(kind):
    entry(leg(gbp(100), debit=Place(kind), credit=HELD))

    assert balances.of(Place(kind), "GBP") == gbp(100)


@pytest.mark.parametrize("kind", [Kind.HELD, Kind.BILLED, Kind.DEFERRED, Kind.TAX, Kind.GENERAL])
def test_what_is_kept_for_others_grows_by_credits(kind):
    entry(leg(gbp(100), debit=STRIPE, credit=Place(kind)))

    assert balances.of(Place(kind), "GBP") == gbp(100)


def test_what_came_and_went_is_netted():
    entry(leg(gbp(100)))
    entry(leg(gbp(30), debit=HELD, credit=BANK))

    assert balances.of(HELD, "GBP") == balances.of(BANK, "GBP") == gbp(70)


def test_what_is_held_may_go_below_nothing():
    entry(leg(gbp(30), debit=HELD, credit=BANK))

    assert balances.of(HELD, "GBP") == gbp(-30)


def test_currencies_are_counted_apart():
    entry(leg(gbp(5)), leg(usd(7)))

    assert balances.of(HELD, "GBP") == gbp(5)
    assert balances.of(HELD, "USD") == usd(7)


def test_owners_are_counted_apart():
    entry(leg(gbp(5)), leg(gbp(7), credit=OTHER))

    assert balances.of(HELD, "GBP") == gbp(5)


def test_kinds_of_one_owner_are_counted_apart():
    billed = Place(Kind.BILLED, HELD.owner)
    entry(leg(gbp(5), debit=billed, credit=HELD))

    assert balances.of_many([HELD, billed], "GBP") == {HELD: gbp(5), billed: gbp(-5)}


def test_a_balance_at_an_instant_is_just_before_it():
    entry(leg(gbp(5)))

    assert balances.of(HELD, "GBP", at=NOON) == gbp(0)
    assert balances.of(HELD, "GBP", at=NOON + SECOND) == gbp(5)


def test_many_balances_answer_for_each_place_asked():
    entry(leg(gbp(5)), leg(gbp(7), debit=STRIPE, credit=OTHER))

    told = balances.of_many([HELD, OTHER, BANK, STRIPE, FEES], "GBP")

    assert told == {HELD: gbp(5), OTHER: gbp(7), BANK: gbp(5), STRIPE: gbp(7), FEES: gbp(0)}


@pytest.mark.parametrize("count", [1, 40])
def test_many_balances_take_two_queries(django_assert_num_queries, count):
    places = [Place(Kind.HELD, f"project:{number}") for number in range(count)]
    entry(*(leg(gbp(1), credit=place) for place in places))

    with django_assert_num_queries(2):
        balances.of_many(places, "GBP")


def test_what_moved_is_told_by_direction():
    entry(leg(gbp(100)))
    entry(leg(gbp(30), debit=HELD, credit=BANK))
    window = {"since": NOON, "until": NOON + SECOND}

    assert balances.moved(HELD, "GBP", **window) == (gbp(100), gbp(30))
    assert balances.moved(BANK, "GBP", **window) == (gbp(100), gbp(30))


def test_what_moved_counts_from_an_instant_up_to_another():
    entry(leg(gbp(1)), occurred_at=NOON - SECOND)
    entry(leg(gbp(10)), occurred_at=NOON)
    entry(leg(gbp(100)), occurred_at=NOON + SECOND)

    came, _ = balances.moved(HELD, "GBP", since=NOON, until=NOON + SECOND)

    assert came == gbp(10)


def test_neighbouring_months_add_up_to_both():
    for hours in range(48):
        entry(leg(gbp(2**hours)), occurred_at=NOON + timedelta(hours=hours))
    day = timedelta(days=1)

    first, _ = balances.moved(HELD, "GBP", since=NOON, until=NOON + day)
    second, _ = balances.moved(HELD, "GBP", since=NOON + day, until=NOON + 2 * day)

    assert first + second == balances.of(HELD, "GBP") == gbp(2**48 - 1)


def test_what_moved_takes_two_queries(django_assert_num_queries):
    entry(leg(gbp(1)))

    with django_assert_num_queries(2):
        balances.moved(HELD, "GBP", since=NOON, until=NOON + SECOND)


def test_all_that_is_debited_is_credited():
    entry(leg(gbp(970), debit=STRIPE), leg(gbp(30), debit=FEES))
    entry(leg(gbp(30), debit=HELD, credit=FEES))

    ours = balances.of(STRIPE, "GBP") + balances.of(FEES, "GBP")

    assert ours == balances.of(HELD, "GBP") == gbp(970)
