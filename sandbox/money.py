"""Amounts in whole minor units: the fee, shares of a period, and how people write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ZERO_DECIMAL = frozenset(
    [
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "ugx",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ]
)


def rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fee(amount: int, *, percent: str, fixed: int) -> int:
    return rounded(amount * Decimal(percent) / 100) + fixed


def converted(amount: int, currency: str, into: str, rate: str) -> int:
    """The rate is of whole units, of which some currencies have no hundredths."""
    exponent = (0 if into in ZERO_DECIMAL else 2) - (0 if currency in ZERO_DECIMAL else 2)
    return rounded((amount * Decimal(rate)).scaleb(exponent))


def share(amount: int, part: int, whole: int) -> int:
    """That part of an amount, half a unit rounded up."""
    return int(Fraction(amount * part, whole) + Fraction(1, 2)) if whole > 0 else amount


def shown(amount: int, currency: str) -> str:
    if currency in ZERO_DECIMAL:
        return f"{amount:,} {currency.upper()}"
    sign = "-" if amount < 0 else ""
    units, hundredths = divmod(abs(amount), 100)
    return f"{sign}{units:,}.{hundredths:02d} {currency.upper()}"
