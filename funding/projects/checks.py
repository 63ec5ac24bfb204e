"""What must never be false about projects' money, asked anew from every row."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from funding.ledger import comparing
from funding.ledger.comparing import Leg
from funding.ledger.models import Account, Entry
from funding.projects import worktime
from funding.projects.models import Funding, Grant, PaymentOut, Project

Kind = Account.Kind


def breaches() -> Iterator[str]:
    yield from _recorded()
    yield from _filled()


def _recorded() -> Iterator[str]:
    """Grants and payments out say what their entries say, and each such entry is one of theirs; so
    do those that were taken back and the entries that did it."""
    booked = comparing.booked([Entry.Kind.GRANT, Entry.Kind.PAYMENT_OUT])
    grants = Grant.objects.select_related("project", "entry", "taken_back")
    payments = PaymentOut.objects.select_related("project", "person", "entry", "taken_back")
    recorded: Iterator[Grant | PaymentOut] = chain(grants.iterator(), payments.iterator())
    for row in recorded:
        for other in comparing.differing(row, _leg(row), booked):
            yield f"{row} of {row.project} and {other} differ."
    for entry in Entry.objects.filter(pk__in=booked):
        takes_back = entry.kind == Entry.Kind.CORRECTION
        deed = "takes back" if takes_back else "belongs to"
        yield f"Entry {entry.reference} {deed} no grant and no payment out."


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
