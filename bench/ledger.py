"""The books: durable entries of three transfers over four accounts a second, beside the same rows in
raw statements; a month of every account, beside the sums over all transfers; and checking all sums
again. django-hordak 2.0, measured elsewhere on one machine: 463 entries a second where the raw
statement took 2,531, and 0.78 s for the month at a million transfers."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from bench import results
from funding.ledger import posting, rollups
from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money
from funding.ledger.posting import Leg, Place

ENTRIES = 1_000
PROJECTS = 100
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
KIND = Account.Kind
_numbers = count(1)


def run(*, rounds: int, folder: str, size: int = 1_000_000) -> None:
    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW fsync")
            print(f"fsync: {cursor.fetchone()[0]}")
    for kind in ("held", "receivable"):
        Account.objects.bulk_create(
            Account(kind=kind, owner=f"project:{number}", currency="GBP")
            for number in range(PROJECTS)
        )
    _entries(rounds)
    _fill(size)
    _months(rounds, size)


def _entries(rounds: int) -> None:
    ours, raw = [], []
    for _ in range(rounds):
        ours.append(_rate(_post))
        raw.append(_rate(_raw()))
    print(f"{ENTRIES:,} entries of 3 transfers over 4 accounts, each committed, {rounds} rounds")
    results.show("limit: raw statements, without rollups", raw)
    results.show("ours: posting.post, with rollups", ours)
    results.ratio("entries", ours, raw, 0.7)


def _rate(write: Callable[[int], Any]) -> float:
    before = time.perf_counter()
    for _ in range(ENTRIES):
        write(next(_numbers))
    return ENTRIES / (time.perf_counter() - before)


def _post(number: int) -> None:
    owner = f"project:{number % PROJECTS}"
    stripe, fees = Place(KIND.STRIPE), Place(KIND.FEES)
    owes, held = Place(KIND.RECEIVABLE, owner), Place(KIND.HELD, owner)
    posting.post(
        reference=f"txn_{number}",
        kind=Entry.Kind.CHARGE_SETTLED,
        occurred_at=YEAR + timedelta(minutes=number),
        legs=[
            Leg(stripe, owes, Money(9_700, "GBP")),
            Leg(fees, owes, Money(300, "GBP")),
            Leg(held, fees, Money(300, "GBP")),
        ],
    )


ENTRY = """INSERT INTO ledger_entry (reference, kind, memo, occurred_at, posted_at, legs)
VALUES (%s, 'charge_settled', '', %s, %s, 3) RETURNING id"""
TRANSFERS = (
    "INSERT INTO ledger_transfer (entry_id, debit_id, credit_id, amount, currency, occurred_at)"
)


def _raw() -> Callable[[int], None]:
    """The accounts are known, nothing is asked, and on PostgreSQL it is one statement."""
    accounts = {(one.kind, one.owner): one.pk for one in Account.objects.all()}
    put = _in_one_statement if connection.vendor == "postgresql" else _in_two_statements

    def write(number: int) -> None:
        owner = f"project:{number % PROJECTS}"
        stripe, fees = accounts["stripe", ""], accounts["fees", ""]
        owes, held = accounts["receivable", owner], accounts["held", owner]
        legs = [(stripe, owes, 9_700), (fees, owes, 300), (held, fees, 300)]
        put(f"raw_{number}", YEAR + timedelta(minutes=number), legs)

    return write


def _in_two_statements(name: str, at: datetime, legs: list[tuple[int, int, int]]) -> None:
    then = connection.ops.adapt_datetimefield_value(at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENTRY, [name, then, then])
        entry = cursor.fetchone()[0]
        rows = [part for leg in legs for part in (entry, *leg, "GBP", then)]
        values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * 3)
        cursor.execute(f"{TRANSFERS} VALUES {values}", rows)


def _in_one_statement(name: str, at: datetime, legs: list[tuple[int, int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH entry AS ({ENTRY}) {TRANSFERS} SELECT entry.id, d, c, a, 'GBP', %s "
            "FROM entry, (VALUES (%s::bigint, %s::bigint, %s::bigint), (%s, %s, %s), "
            "(%s, %s, %s)) AS legs (d, c, a)",
            [name, at, at, at, *(part for leg in legs for part in leg)],
        )


def _fill(size: int) -> None:
    """So many transfers over two years, by the database itself."""
    there = Transfer.objects.count()
    entry = Entry.objects.create(
        reference="bench", kind="correction", occurred_at=YEAR, posted_at=YEAR, legs=0
    )
    held = list(Account.objects.filter(kind="held").order_by("pk").values_list("pk", flat=True))
    bank = Account.objects.create(kind="bank", owner="", currency="GBP").pk
    numbers, at = {
        "postgresql": ("generate_series(1, %s) AS g(n)",
                       "timestamptz '2026-01-01 00:00Z' + n * interval '1 minute'"),
        "sqlite": ("(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g LIMIT %s) "
                   "SELECT n FROM g)",
                   "strftime('%%Y-%%m-%%d %%H:%%M:%%S', '2026-01-01', n || ' minutes')"),
    }[connection.vendor]  # fmt: skip
    account = f"{held[0]} + n %% {PROJECTS}"  # they were opened in a row
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{TRANSFERS} SELECT {entry.pk}, {account}, {bank}, n %% 9000 + 1, 'GBP', {at} "
            f"FROM {numbers}",
            [max(size - there, 1)],
        )
    print(f"{size:,} transfers filled in {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    rollups.rebuild()
    print(f"rollups rebuilt in {time.perf_counter() - started:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _months(rounds: int, size: int) -> None:
    accounts = list(Account.objects.all())
    month = {"since": date(2026, 5, 1), "until": date(2026, 6, 1)}
    told, summed, checked, everything = [], [], [], []
    for _ in range(rounds):
        told.append(1 / _seconds(lambda: list(rollups.months(accounts, **month))))
        summed.append(1 / _seconds(_sum_a_month))
        checked.append(1 / _seconds(lambda: list(rollups.breaches())))
        everything.append(1 / _seconds(_sum_everything))
    print(f"{len(accounts)} accounts, {size:,} transfers; in milliseconds")
    for what, rates in (
        ("limit: a month summed from the transfers", summed),
        ("ours: a month by account", told),
        ("limit: every month summed from the transfers", everything),
        ("ours: every month compared with the rollups", checked),
    ):
        results.show(what, [1000 / rate for rate in rates], " ms")
    results.ratio("check", checked, everything, 1 / 1.2)


def _seconds(deed: Callable[[], Any]) -> float:
    before = time.perf_counter()
    deed()
    return time.perf_counter() - before


def _sum_a_month() -> None:
    _ask(" WHERE occurred_at >= '2026-05-01 00:00:00Z' AND occurred_at < '2026-06-01 00:00:00Z'")


def _sum_everything() -> None:
    with connection.cursor() as cursor:
        cursor.execute(rollups._by_month())
        cursor.fetchall()


def _ask(where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, sum(debits), sum(credits) FROM ("
            f"SELECT debit_id AS account, amount AS debits, 0 AS credits FROM ledger_transfer{where}"
            f" UNION ALL SELECT credit_id, 0, amount FROM ledger_transfer{where}) AS s GROUP BY 1"
        )
        cursor.fetchall()
