"""Amounts, rates and weeks, by hand and of any size."""

from datetime import date

from hypothesis import settings
from hypothesis import strategies as some

from funding.ledger.money import MOST, Money

RATE = Money(30000, "GBP")  # £300 a day: one day a week is £1,300 a month
TODAY = date(2026, 3, 4)
UNHURRIED = settings(deadline=None)
amounts = some.integers(0, MOST)
rates = some.integers(1, 10**7).map(lambda amount: Money(amount, "GBP"))
weeks = some.fractions(0, 99, max_denominator=1000)


def gbp(amount):
    return Money(amount, "GBP")
