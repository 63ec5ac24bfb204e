"""What must never be false about projects' money, asked anew from every row."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from django.db.models import Sum

from funding.ledger.models import Entry, Transfer
from funding.projects import worktime
from funding.projects.models import Funding, Grant, PaymentOut, Project


def breaches() -> Iterator[str]:
    yield from _recorded()
    yield from _filled()


def _recorded() -> Iterator[str]:
    """Grants and payments out say what their entries say."""
    kinds = [Entry.Kind.GRANT, Entry.Kind.PAYMENT_OUT]
    transfers = Transfer.objects.filter(entry__kind__in=kinds).order_by()
    sums = dict(transfers.values_list("entry").annotate(sum=Sum("amount")))
    grants = Grant.objects.select_related("project")
    payments = PaymentOut.objects.select_related("project", "person")
    recorded: Iterator[Grant | PaymentOut] = chain(grants.iterator(), payments.iterator())
    for row in recorded:
        if sums.get(row.entry_id) != row.amount:
            yield f"{row} of {row.project} and its entry differ."


def _filled() -> Iterator[str]:
    with_goals = Project.objects.select_related("funding").prefetch_related("goals")
    for project in with_goals.filter(funding__isnull=False):
        funding: Funding = project.funding
        expected = worktime.filled(
            days=sum((goal.days for goal in project.goals.all()), Decimal(0)),
            day_rate=project.money(project.day_rate),
            committed=project.money(funding.committed),
        )
        if funding.filled != expected:
            yield f"{project} is drawn as filled by {funding.filled}, but it is {expected}."
