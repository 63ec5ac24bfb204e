"""Posting: the only writer of the books. Anybody above may call `post`, inside the transaction in
which the thing that it tells of is written down. The same reference is posted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from funding.ledger.models import Account, Entry, Transfer
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
    try:
        with transaction.atomic():
            entry = Entry.objects.create(
                reference=reference, kind=kind, memo=memo, corrects=corrects, legs=len(moving),
                occurred_at=occurred_at, posted_at=clock.now(),
            )  # fmt: skip
            _write(entry, moving)
    except IntegrityError:
        written = Entry.objects.filter(reference=reference).first()
        if written is None:
            raise  # not the reference: another rule of the books refused it
        _insist_same(written, moving)
        return written, False
    return entry, True


def _write(entry: Entry, legs: Sequence[Leg]) -> None:
    accounts = _accounts(legs)
    Transfer.objects.bulk_create(
        Transfer(
            entry=entry,
            debit=accounts[leg.debit, leg.money.currency],
            credit=accounts[leg.credit, leg.money.currency],
            amount=leg.money.amount,
            currency=leg.money.currency,
            occurred_at=entry.occurred_at,
        )
        for leg in legs
    )


def _accounts(legs: Sequence[Leg]) -> dict[tuple[Place, str], Account]:
    wanted = {(place, leg.money.currency) for leg in legs for place in (leg.debit, leg.credit)}
    found = _find(wanted)
    if missing := wanted - found.keys():
        Account.objects.bulk_create(
            (Account(kind=p.kind, owner=p.owner, currency=c) for p, c in sorted(missing, key=str)),
            ignore_conflicts=True,  # somebody else may open the same account just now
        )
        found = _find(wanted)
    return found


def _find(wanted: set[tuple[Place, str]]) -> dict[tuple[Place, str], Account]:
    rows = Account.objects.filter(owner__in={place.owner for place, _ in wanted})
    by_place = {(Place(Kind(a.kind), a.owner), a.currency): a for a in rows}
    return {key: by_place[key] for key in wanted if key in by_place}


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
