"""Money: whole minor units of one currency."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from funding.ledger.money import (
    EXPONENTS,
    CurrencyMismatch,
    Money,
    NotAnAmount,
    UnknownCurrency,
    split,
    total,
)
from tests.ledger.books import gbp, jpy, usd

UNHURRIED = settings(deadline=None)


def test_amounts_of_one_currency_add_and_subtract():
    assert gbp(100) + gbp(23) - gbp(3) == gbp(120)


def test_an_amount_is_turned_round_by_minus():
    assert -gbp(5) == gbp(-5)


def test_amounts_of_one_currency_compare():
    assert gbp(1) < gbp(2) <= gbp(2)
    assert sorted([gbp(3), gbp(1)]) == [gbp(1), gbp(3)]


def test_only_nothing_is_false():
    assert not gbp(0)
    assert gbp(-1)


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__"])
def test_two_currencies_do_not_mix(operation):
    with pytest.raises(CurrencyMismatch):
        getattr(gbp(1), operation)(usd(1))


def test_the_same_number_in_two_currencies_is_not_the_same_money():
    assert gbp(1) != usd(1)


def test_a_total_of_nothing_is_nothing():
    assert total([], "JPY") == jpy(0)


def test_a_total_adds_up():
    assert total([gbp(1), gbp(2)], "GBP") == gbp(3)


def test_a_total_of_another_currency_is_refused():
    with pytest.raises(CurrencyMismatch):
        total([usd(1)], "GBP")


@pytest.mark.parametrize("amount", [1.0, "1", Decimal(1), True, None, Fraction(1)])
def test_money_counts_whole_numbers_only(amount):
    with pytest.raises(TypeError):
        Money(amount, "GBP")


@pytest.mark.parametrize("currency", ["gbp", "XXX", "", "BTC"])
def test_a_currency_that_the_site_does_not_take_is_refused(currency):
    with pytest.raises(UnknownCurrency):
        Money(1, currency)


def test_money_cannot_be_changed():
    with pytest.raises(AttributeError):
        gbp(1).amount = 2


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12.50", "GBP", 1250),
        ("12", "GBP", 1200),
        ("12.5", "EUR", 1250),
        (" 12.50 ", "USD", 1250),
        ("0", "GBP", 0),
        ("-3.10", "GBP", -310),
        ("12.500", "GBP", 1250),
        ("1200", "JPY", 1200),
        ("1200.0", "JPY", 1200),
        ("999999.99", "GBP", 99_999_999),
    ],
)
def test_an_amount_is_read_from_text(text, currency, amount):
    assert Money.parse(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    "text",
    ["", " ", "ten", "12.345", "1,200", "12,50", "£12", "12 GBP", "1e2", "1e999999", "1e-400",
     "NaN", "sNaN", "Infinity", "-inf", "1_000", "１２", "--1", "1.2.3", ".", "0x10", "1\n2",
     "9" * 40, "1234567890123456789012345678901.25"],
)  # fmt: skip
def test_text_that_is_no_amount_is_refused(text):
    with pytest.raises(NotAnAmount):
        Money.parse(text, "GBP")


def test_a_currency_without_cents_takes_none():
    with pytest.raises(NotAnAmount):
        Money.parse("1200.5", "JPY")


@given(some.integers(-(10**11), 10**11), some.sampled_from(sorted(EXPONENTS)))
@UNHURRIED
def test_an_amount_that_is_written_in_full_reads_back(amount, currency):
    money = Money(amount, currency)

    assert Money.parse(f"{money.major:f}", currency) == money


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (gbp(120000), "£1,200"),
        (gbp(3355), "£33.55"),
        (gbp(5), "£0.05"),
        (gbp(0), "£0"),
        (gbp(-120000), "-£1,200"),
        (Money(120050, "EUR"), "€1,200.50"),
        (Money(100, "EUR"), "€1"),
        (usd(3300), "US$33"),
        (usd(3310), "US$33.10"),
        (jpy(1200), "JP¥1,200"),
    ],
)
def test_money_is_written_without_empty_cents(money, text):
    assert str(money) == text


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (gbp(120000), "£1,200.00"),
        (Money(5, "EUR"), "€0.05"),
        (usd(-3300), "-US$33.00"),
        (jpy(1200), "JP¥1,200"),
    ],
)
def test_books_write_money_with_its_cents(money, text):
    assert money.exact == text


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_every_currency_of_the_site_can_be_written(currency):
    assert "1" in str(Money(100, currency))


# Splitting

WEIGHTS = some.lists(some.integers(0, 10**9), min_size=1, max_size=500).filter(any)


def is_fair(amount, weights, parts):
    """The parts sum to the whole and each is within one unit of its exact share."""
    whole = sum(weights)
    near = all(
        abs(part * whole - amount * weight) < whole
        for part, weight in zip(parts, weights, strict=True)
    )
    return sum(parts) == amount and near


def test_the_left_over_unit_goes_to_the_largest_remainder():
    assert split(100, [1, 2]) == [33, 67]


def test_equal_parts_leave_what_is_over_to_the_first():
    assert split(100, [1, 1, 1]) == [34, 33, 33]


def test_a_fee_is_split_by_its_lines():
    assert split(119, [40000, 10000]) == [95, 24]


def test_a_part_without_weight_gets_nothing():
    assert split(7, [0, 1, 0]) == [0, 7, 0]


def test_less_than_there_are_parts_is_split_into_units():
    assert split(2, [1, 1, 1]) == [1, 1, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [-1, 2], [1, -1]])
def test_weights_that_cannot_share_are_refused(weights):
    with pytest.raises(ValueError, match="Weights"):
        split(100, weights)


@given(some.integers(-(10**12), 10**12), WEIGHTS)
@UNHURRIED
def test_any_split_is_fair(amount, weights):
    assert is_fair(amount, weights, split(amount, weights))


@given(some.integers(0, 10**12), WEIGHTS)
@UNHURRIED
def test_no_part_of_an_amount_is_negative(amount, weights):
    assert min(split(amount, weights)) >= 0


def test_a_hundred_thousand_splits_are_fair():
    random = Random(20260304)
    unfair = 0

    for _ in range(100_000):
        weights = [random.randint(1, 10**6) for _ in range(int(500 ** random.random() ** 4))]
        amount = random.randint(0, 10 ** random.randint(1, 11))
        unfair += not is_fair(amount, weights, split(amount, weights))

    assert unfair == 0
