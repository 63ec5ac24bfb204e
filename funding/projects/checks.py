"""What must never be false about projects' money, asked anew from every row."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import cast

from django.db.models import Q

from funding.ledger.models import Account, Entry, Transfer
from funding.projects import worktime
from funding.projects.models import Funding, Grant, PaymentOut, Project

Leg = tuple[str, str, str, str, str, str, int]
Kind = Account.Kind


def breaches() -> Iterator[str]:
    yield from _recorded()
    yield from _filled()


def _recorded() -> Iterator[str]:
    """Grants and payments out say what their entries say, and each such entry is one of theirs; so
    do those that were taken back and the entries that did it."""
    booked = _booked()
    grants = Grant.objects.select_related("project", "entry", "taken_back")
    payments = PaymentOut.objects.select_related("project", "person", "entry", "taken_back")
    recorded: Iterator[Grant | PaymentOut] = chain(grants.iterator(), payments.iterator())
    for row in recorded:
        if booked.pop(row.entry_id, None) != [_leg(row)]:
            yield f"{row} of {row.project} and its entry differ."
        if row.taken_back and (
            booked.pop(row.taken_back.pk, None) != [_inverse(_leg(row))]
            or row.taken_back.corrects_id != row.entry_id
            or row.taken_back.occurred_at != row.entry.occurred_at
        ):
            yield f"{row} of {row.project} and the entry that takes it back differ."
    for entry in Entry.objects.filter(pk__in=booked):
        takes_back = entry.kind == Entry.Kind.CORRECTION
        deed = "takes back" if takes_back else "belongs to"
        yield f"Entry {entry.reference} {deed} no grant and no payment out."


def _booked() -> dict[int, list[Leg]]:
    """The legs of every entry that tells of a grant or a payment out, or corrects such an entry."""
    legs: dict[int, list[Leg]] = {}
    kinds = [Entry.Kind.GRANT, Entry.Kind.PAYMENT_OUT]
    ours = Q(entry__kind__in=kinds) | Q(
        entry__kind=Entry.Kind.CORRECTION, entry__corrects__kind__in=kinds
    )
    rows = Transfer.objects.filter(ours).values_list(
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


def _inverse(leg: Leg) -> Leg:
    """What the entry that takes it back says."""
    _, debit, whose, credit, other, currency, amount = leg
    return Entry.Kind.CORRECTION, credit, other, debit, whose, currency, amount


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
