"""Posting: the only writer of the books. Anybody above may call `post`, inside the transaction in
which the thing that it tells of is written down. The same reference is posted once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from funding.ledger import rollups
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.office import clock

Kind = Account.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """An account by what it is and whose it is; its currency is the money's."""

    kind: Account.Kind
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """`money` goes from `credit` to `debit`."""

    debit: Place
    credit: Place
    money: Money


class ReferenceConflict(Exception):
    """This reference is in the books with other transfers: two different things claim one name."""


def project(project_id: int, kind: Account.Kind) -> Place:
    return Place(kind, f"project:{project_id}")


def round(round_id: int, kind: Account.Kind) -> Place:
    """A round of a programme."""
    return Place(kind, f"round:{round_id}")


def company(company_id: int, kind: Account.Kind) -> Place:
    return Place(kind, f"company:{company_id}")


def post(
    *,
    reference: str,
    kind: Entry.Kind,
    occurred_at: datetime,
    legs: Sequence[Leg],
    memo: str = "",
    corrects: Entry | None = None,
) -> tuple[Entry, bool]:
    """The entry under `reference`, and whether it was written now. Legs of nothing are left out.
    Raises `ReferenceConflict` when the reference tells of other transfers, ValueError for a
    negative leg or an entry that moves nothing."""
    moving = [leg for leg in legs if leg.money]
    if not moving or any(leg.money.amount < 0 for leg in moving):
        raise ValueError(f"{reference}: an entry moves positive amounts, at least one.")
    with transaction.atomic(savepoint=False):  # all of what it is part of, or nothing
        entry = Entry(
            reference=reference, kind=kind, memo=memo, corrects=corrects, legs=len(moving),
            occurred_at=occurred_at, posted_at=clock.now(),
        )  # fmt: skip
        if _begin(entry):
            _write(entry, moving)
            return entry, True
    written = Entry.objects.get(reference=reference)
    _insist_same(written, moving)
    return written, False


def take_back(entry: Entry, leg: Leg, *, because: str) -> Entry:
    """The entry that undoes one of one leg, at its moment."""
    undone, _ = post(
        reference=f"correction:{entry.reference}",
        kind=Entry.Kind.CORRECTION,
        occurred_at=entry.occurred_at,
        legs=[Leg(leg.credit, leg.debit, leg.money)],
        memo=because[:200],
        corrects=entry,
    )
    return undone


# Written out, without Django's models in between: every payment comes through here.
_ENTRY = (
    "reference", "kind", "memo", "occurred_at", "posted_at", "legs", "corrects_id",
)  # fmt: skip
_BEGIN = (
    f"INSERT INTO ledger_entry ({', '.join(_ENTRY)}) "  # noqa: S608 - our own names
    f"VALUES ({', '.join(['%s'] * len(_ENTRY))}) ON CONFLICT (reference) DO NOTHING RETURNING id"
)
_TRANSFERS = (
    "INSERT INTO ledger_transfer (entry_id, debit_id, credit_id, amount, currency, occurred_at) "
    "VALUES "
)
_FIND = "SELECT id, kind, owner, currency FROM ledger_account WHERE (kind, owner, currency) IN (VALUES "


def _begin(entry: Entry) -> bool:
    """False where the reference is in the books already. One that is being written just now by
    somebody else is waited for."""
    values = [_adapted(getattr(entry, name)) for name in _ENTRY]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, values)
        row = cursor.fetchone()
    if row is None:
        return False
    entry.pk, entry._state.adding, entry._state.db = row[0], False, connection.alias
    return True


def _write(entry: Entry, legs: Sequence[Leg]) -> None:
    accounts = _accounts(legs)
    at, values = _adapted(entry.occurred_at), []
    moved: dict[int, tuple[int, int]] = {}
    for leg in legs:
        amount, currency = leg.money.amount, leg.money.currency
        debit, credit = accounts[leg.debit, currency], accounts[leg.credit, currency]
        values += [entry.pk, debit, credit, amount, currency, at]
        debits, credits = moved.get(debit, (0, 0))
        moved[debit] = debits + amount, credits
        debits, credits = moved.get(credit, (0, 0))
        moved[credit] = debits, credits + amount
    with connection.cursor() as cursor:
        cursor.execute(_TRANSFERS + ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(legs)), values)
    rollups.add(entry.occurred_at, moved)


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, Entry.Kind) else value


def _accounts(legs: Sequence[Leg]) -> dict[tuple[Place, str], int]:
    wanted = {(place, leg.money.currency) for leg in legs for place in (leg.debit, leg.credit)}
    found = _find(wanted)
    if missing := wanted - found.keys():
        Account.objects.bulk_create(
            # In one order for all: somebody else may open the same accounts just now.
            (
                Account(kind=kind, owner=owner, currency=code)
                for kind, owner, code in _keys(missing)
            ),
            ignore_conflicts=True,
        )
        found = _find(wanted)
    return found


def _keys(places: Iterable[tuple[Place, str]]) -> list[tuple[str, str, str]]:
    return sorted((str(place.kind), place.owner, code) for place, code in places)


def _find(wanted: set[tuple[Place, str]]) -> dict[tuple[Place, str], int]:
    values = [part for key in _keys(wanted) for part in key]
    with connection.cursor() as cursor:
        cursor.execute(_FIND + ", ".join(["(%s, %s, %s)"] * len(wanted)) + ")", values)
        return {(Place(Kind(k), owner), code): pk for pk, k, owner, code in cursor.fetchall()}


def _insist_same(entry: Entry, legs: Sequence[Leg]) -> None:
    rows = entry.transfers.select_related("debit", "credit")
    written = sorted(
        (t.debit.kind, t.debit.owner, t.credit.kind, t.credit.owner, t.amount, t.currency)
        for t in rows
    )
    asked = sorted(
        (g.debit.kind, g.debit.owner, g.credit.kind, g.credit.owner, g.money.amount,
         g.money.currency)
        for g in legs
    )  # fmt: skip
    if written != asked:
        raise ReferenceConflict(f"{entry.reference}: the books say {written}, not {asked}")
