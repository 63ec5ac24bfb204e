"""Rollups: what each account was debited and credited in each month, kept beside the transfers in the
transaction that writes them, so that a month of ten million transfers is read at once. They tell
nothing that the transfers do not: they can be rebuilt, and `check_books` compares the two.

On PostgreSQL each connection adds to rows of its own (`writer`): the balance at Stripe is touched by
every payment, and one row for it would make all of them wait for one another, and for whatever else
each of them has locked by then. `fold` brings the rows together again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Sum

from funding.ledger.models import Account, Rollup

_ADD = """
INSERT INTO ledger_rollup (account_id, month, writer, debits, credits) VALUES {rows}
ON CONFLICT (account_id, month, writer) DO UPDATE SET
  debits = ledger_rollup.debits + excluded.debits, credits = ledger_rollup.credits + excluded.credits
"""
_BY_MONTH = """
SELECT account, month, sum(debits) AS debits, sum(credits) AS credits FROM (
  SELECT debit_id AS account, {month} AS month, amount AS debits, 0 AS credits
  FROM ledger_transfer
  UNION ALL SELECT credit_id, {month}, 0, amount FROM ledger_transfer {and_more}
) AS sides GROUP BY account, month
"""
_LESS = "UNION ALL SELECT account_id, month, -debits, -credits FROM ledger_rollup"
_REBUILD = """
INSERT INTO ledger_rollup (account_id, month, writer, debits, credits)
SELECT account, month, 0, debits, credits FROM ({by_month}) AS months
"""
_FOLD = """
WITH gone AS (
  DELETE FROM ledger_rollup WHERE id IN (
    SELECT id FROM ledger_rollup WHERE writer <> 0 FOR UPDATE SKIP LOCKED
  ) RETURNING account_id, month, debits, credits
)
INSERT INTO ledger_rollup (account_id, month, writer, debits, credits)
SELECT account_id, month, 0, sum(debits), sum(credits) FROM gone
GROUP BY account_id, month ORDER BY account_id, month
ON CONFLICT (account_id, month, writer) DO UPDATE SET
  debits = ledger_rollup.debits + excluded.debits, credits = ledger_rollup.credits + excluded.credits
"""
_MONTH = {
    "postgresql": "date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date",
    "sqlite": "substr(occurred_at, 1, 7) || '-01'",
}
_WRITER = {"postgresql": "pg_backend_pid()", "sqlite": "0"}


@dataclass(frozen=True, slots=True)
class Month:
    """What an account was debited and credited in a month."""

    account_id: int
    month: date
    debits: int
    credits: int


def add(occurred_at: datetime, moved: Mapping[int, tuple[int, int]]) -> None:
    """By account what it was debited and credited: in `posting`'s transaction, and by it alone.
    In the order of the accounts, so that two who add wait for each other in one direction only."""
    month = occurred_at.date().replace(day=1)
    writer = _WRITER[connection.vendor]
    rows = ", ".join([f"(%s, %s, {writer}, %s, %s)"] * len(moved))
    values = [
        value for account, sums in sorted(moved.items()) for value in (account, month, *sums)
    ]
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD.format(rows=rows), [adapt(one) if one is month else one for one in values]
        )


def months(
    accounts: Iterable[Account], *, since: date | None = None, until: date | None = None
) -> Iterator[Month]:
    """Month by month, oldest first; `until` is not included."""
    rows = Rollup.objects.filter(account__in=list(accounts))
    if since:
        rows = rows.filter(month__gte=since)
    if until:
        rows = rows.filter(month__lt=until)
    sums = rows.values_list("account_id", "month").annotate(d=Sum("debits"), c=Sum("credits"))
    for account_id, month, debits, credits in sums.order_by("month", "account_id"):
        yield Month(account_id, month, debits, credits)


def balances(kind: Account.Kind) -> dict[str, int]:
    """By currency, debits less credits of all accounts of a kind, over all time."""
    sums: dict[str, int] = defaultdict(int)
    rows = Rollup.objects.filter(account__kind=kind).values_list("account__currency")
    for currency, debits, credits in rows.annotate(d=Sum("debits"), c=Sum("credits")).order_by():
        sums[currency] = debits - credits
    return dict(sums)


def rebuild() -> None:
    """Make them anew from the transfers, while whoever posts waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE ledger_rollup IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM ledger_rollup")
        cursor.execute(_REBUILD.format(by_month=_by_month()))


def fold() -> None:
    """Bring the rows of all writers together; those that somebody writes just now the next time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_FOLD)


def breaches() -> Iterator[str]:
    """What the rollups say otherwise than the transfers: asked in one statement, so that nobody
    posts in between."""
    differing = f"{_by_month(_LESS)} HAVING sum(debits) <> 0 OR sum(credits) <> 0"
    with connection.cursor() as cursor:
        cursor.execute(differing)
        wrong = cursor.fetchall()
    accounts = Account.objects.in_bulk([row[0] for row in wrong])
    for account_id, month, debits, credits in sorted(wrong, key=str):
        name = accounts.get(account_id, account_id)
        yield (
            f"Rollup of {name} for {str(month)[:7]} lacks {debits} of debits and {credits} of "
            "credits: rebuild_rollups makes it anew."
        )


def _by_month(and_more: str = "") -> str:
    return _BY_MONTH.format(month=_MONTH[connection.vendor], and_more=and_more)
