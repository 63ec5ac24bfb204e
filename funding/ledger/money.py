"""Money: whole minor units of one currency, as Stripe counts them (1234 EUR is 12.34 euros)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Self

from babel.numbers import format_currency

# Currencies the site takes, with the decimals that Stripe gives their amounts
# (https://docs.stripe.com/currencies#zero-decimal). ISO 4217 differs for ISK and UGX; neither is here.
EXPONENTS = {
    "AUD": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2,
    "INR": 2, "JPY": 0, "KRW": 0, "MXN": 2, "NOK": 2, "NZD": 2, "PLN": 2, "SEK": 2, "SGD": 2,
    "USD": 2, "ZAR": 2,
}  # fmt: skip
CURRENCIES = [(code, code) for code in EXPONENTS]
MOST = 99_999_999  # the largest amount Stripe charges at once, in minor units
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")  # Decimal alone takes 1e9, 1_000 and NaN


class UnknownCurrency(ValueError):
    """The site does not take this currency."""


class CurrencyMismatch(ValueError):
    """Amounts of two currencies cannot be added or compared."""


class NotAnAmount(ValueError):
    """What was typed is not an amount of this currency."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units with its currency (upper case). It adds, subtracts, negates
    and compares with its own kind only; it is never multiplied by a float."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"Money counts whole minor units, not {self.amount!r}.")
        if self.currency not in EXPONENTS:
            raise UnknownCurrency(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """`text` in major units with a point ("12.50"); raises `NotAnAmount`."""
        if not _AMOUNT.fullmatch(text.strip()):
            raise NotAnAmount(text)
        scaled = Decimal(text.strip()).scaleb(EXPONENTS[currency])
        if scaled != scaled.to_integral_value():
            raise NotAnAmount(text)
        return cls(int(scaled), currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        """As people write it, without empty cents: £1,200 or £33.55."""
        return _written(self.amount, self.currency, cents=False)

    @property
    def major(self) -> Decimal:
        return Decimal(self.amount).scaleb(-EXPONENTS[self.currency])

    @property
    def exact(self) -> str:
        """With its cents always, for books and tables: £1,200.00."""
        return _written(self.amount, self.currency, cents=True)

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount


@lru_cache(maxsize=10_000)
def _written(amount: int, currency: str, *, cents: bool) -> str:
    """A page says the same amounts over and over."""
    whole = not cents and amount % 10 ** EXPONENTS[currency] == 0
    major = Decimal(amount).scaleb(-EXPONENTS[currency])
    format = "¤#,##0" if whole else None
    return format_currency(major, currency, format, "en_GB", currency_digits=not whole)


def total(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in parts proportional to `weights`: whole units that sum to it exactly, the left
    over ones to the largest remainders first, to the earlier part where they are equal."""
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Weights are whole numbers of which at least one is above zero.")
    parts = [amount * weight // whole for weight in weights]
    left = amount - sum(parts)
    remainders = [amount * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in order[:left]:
        parts[i] += 1
    return parts
