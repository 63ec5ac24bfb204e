"""Rows that were recorded, beside what the books say of them: each says what its entry says, and each
such entry is one of theirs; so do rows that were taken back and the entries that did it."""

from collections.abc import Iterator, Sequence
from typing import Protocol, cast

from django.db.models import Q

from funding.ledger.models import Entry, Transfer

# What an entry of one transfer says: its kind, both accounts with whose they are, currency, amount.
Leg = tuple[str, str, str, str, str, str, int]


class Recorded(Protocol):
    entry_id: int

    @property
    def entry(self) -> Entry: ...

    @property
    def taken_back(self) -> Entry | None: ...


def booked(kinds: Sequence[Entry.Kind]) -> dict[int, list[Leg]]:
    """The legs of every entry of these kinds, or that corrects such an entry."""
    ours = Q(entry__kind__in=kinds) | Q(
        entry__kind=Entry.Kind.CORRECTION, entry__corrects__kind__in=kinds
    )
    rows = Transfer.objects.filter(ours).values_list(
        "entry", "entry__kind", "debit__kind", "debit__owner", "credit__kind", "credit__owner",
        "currency", "amount",
    )  # fmt: skip
    legs: dict[int, list[Leg]] = {}
    for entry, *leg in rows.iterator():
        legs.setdefault(entry, []).append(cast(Leg, tuple(leg)))
    return legs


def differing(row: Recorded, leg: Leg, legs: dict[int, list[Leg]]) -> Iterator[str]:
    """Which of its entries say something else than the row. What is a row's leaves `legs`."""
    if legs.pop(row.entry_id, None) != [leg]:
        yield "its entry"
    if row.taken_back and (
        legs.pop(row.taken_back.pk, None) != [_inverse(leg)]
        or row.taken_back.corrects_id != row.entry_id
        or row.taken_back.occurred_at != row.entry.occurred_at
    ):
        yield "the entry that takes it back"


def _inverse(leg: Leg) -> Leg:
    _, debit, whose, credit, other, currency, amount = leg
    return Entry.Kind.CORRECTION, credit, other, debit, whose, currency, amount
