"""Short words for money, places and entries in the tests of the books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

from django.db import connection

from funding.ledger import guards, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.ledger.posting import Leg, Place

Kind = Account.Kind
STRIPE, BANK, FEES = Place(Kind.STRIPE), Place(Kind.BANK), Place(Kind.FEES)
HELD = Place(Kind.HELD, "project:1")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

_numbers = count(1)


def gbp(amount: int) -> Money:
    return Money(amount, "GBP")


def usd(amount: int) -> Money:
    return Money(amount, "USD")


def jpy(amount: int) -> Money:
    return Money(amount, "JPY")


def leg(money: Money, *, debit: Place = BANK, credit: Place = HELD) -> Leg:
    return Leg(debit, credit, money)


def post(*legs: Leg, reference: str = "", **values) -> tuple[Entry, bool]:
    defaults = {"kind": Entry.Kind.GRANT, "occurred_at": NOON}
    return posting.post(
        reference=reference or f"grant:{next(_numbers)}", legs=legs, **{**defaults, **values}
    )


def entry(*legs: Leg, **values) -> Entry:
    return post(*(legs or [leg(gbp(100))]), **values)[0]


@contextmanager
def guards_off() -> Iterator[None]:
    """Inside, the books can be spoilt by raw SQL: triggers and checks are off, and on again after."""
    with connection.cursor() as cursor:
        for statement in _OFF[connection.vendor]():
            cursor.execute(statement)
        yield
        for statement in _ON[connection.vendor]:
            cursor.execute(statement)
    guards.install()


def _off_on_sqlite() -> list[str]:
    drops = [f"DROP TRIGGER IF EXISTS {name}" for name in guards.names("sqlite")]
    return [*drops, "PRAGMA ignore_check_constraints = ON"]


def _off_on_postgres() -> list[str]:
    return [
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE ledger_transfer DROP CONSTRAINT transfer_positive",
        "ALTER TABLE ledger_transfer DROP CONSTRAINT transfer_between_two_accounts",
        "SET LOCAL session_replication_role = replica",
    ]


_OFF = {"sqlite": _off_on_sqlite, "postgresql": _off_on_postgres}
_ON = {
    "sqlite": ["PRAGMA ignore_check_constraints = OFF"],
    "postgresql": ["SET LOCAL session_replication_role = DEFAULT"],
}


def execute(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
