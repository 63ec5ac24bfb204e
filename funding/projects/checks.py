"""What must never be false about projects' money, asked anew from every row."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import cast

from funding.ledger.models import Account, Entry, Transfer
from funding.projects import worktime
from funding.projects.models import Funding, Grant, PaymentOut, Project

Leg = tuple[str, str, str, str, str, str, int]
Kind = Account.Kind


def breaches() -> Iterator[str]:
    yield from _recorded()
    yield from _filled()


def _recorded() -> Iterator[str]:
    """Grants and payments out say what their entries say, and each such entry is one of theirs."""
    booked = _booked()
    grants = Grant.objects.select_related("project")
    payments = PaymentOut.objects.select_related("project", "person")
    recorded: Iterator[Grant | PaymentOut] = chain(grants.iterator(), payments.iterator())
    for row in recorded:
        if booked.pop(row.entry_id, None) != [_leg(row)]:
            yield f"{row} of {row.project} and its entry differ."
    for entry in Entry.objects.filter(pk__in=booked):
        yield f"Entry {entry.reference} belongs to no grant and no payment out."


def _booked() -> dict[int, list[Leg]]:
    """The legs of every entry that tells of a grant or a payment out."""
    legs: dict[int, list[Leg]] = {}
    kinds = [Entry.Kind.GRANT, Entry.Kind.PAYMENT_OUT]
    rows = Transfer.objects.filter(entry__kind__in=kinds).values_list(
        "entry", "entry__kind", "debit__kind", "debit__owner", "credit__kind", "credit__owner",
        "currency", "amount",
    )  # fmt: skip
    for entry, *leg in rows.iterator():
        legs.setdefault(entry, []).append(cast(Leg, tuple(leg)))
    return legs


def _leg(row: Grant | PaymentOut) -> Leg:
    """What the entry of a grant or a payment out says."""
    bank, held = (Kind.BANK, ""), (Kind.HELD, f"project:{row.project_id}")
    if isinstance(row, Grant):
        return Entry.Kind.GRANT, *bank, *held, row.project.currency, row.amount
    return Entry.Kind.PAYMENT_OUT, *held, *bank, row.project.currency, row.amount


def _filled() -> Iterator[str]:
    projects = Project.objects.select_related("funding").prefetch_related("goals")
    for project in projects:
        funding: Funding | None = getattr(project, "funding", None)
        if funding is None:
            yield f"{project} has no row of totals, so its page cannot be drawn."
            continue
        expected = worktime.filled(
            days=sum((goal.days for goal in project.goals.all()), Decimal(0)),
            day_rate=project.money(project.day_rate),
            committed=project.money(funding.committed),
        )
        if funding.filled != expected:
            yield f"{project} is drawn as filled by {funding.filled}, but it is {expected}."
