"""Editing: what maintainers (for the time being: staff) put down about a project. Grants and
payments out are money, so each writes its entry in the books in the same transaction; everything
that a page shows moves the project's version, so that no reader sees an old one."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.projects import worktime
from funding.projects.models import Funding, Goal, Grant, PaymentOut, Project

Kind = Account.Kind
ASIDE = 30_000  # higher than any ladder


def touch(project_id: int) -> None:
    """Something that this project's page shows has changed."""
    if not Funding.objects.filter(pk=project_id).update(version=F("version") + 1):
        Funding.objects.get_or_create(project_id=project_id)


def make_room(goal_ids: Iterable[int]) -> None:
    """Before goals change places or leave: no two may stand at one height, not even in between."""
    for position, goal_id in enumerate(goal_ids, start=ASIDE):
        Goal.objects.filter(pk=goal_id).update(position=position)


def touch_all() -> None:
    """Something that stands on any number of projects' pages has changed: a company's name."""
    Funding.objects.update(version=F("version") + 1)


@transaction.atomic
def recount(project: Project) -> None:
    """Its goals or its day rate have changed: how full its week is follows from them. Everything
    is read after `touch` has locked the row, so that of two who edit at once the last is right."""
    touch(project.pk)
    funding = Funding.objects.select_for_update().get(pk=project.pk)
    project = Project.objects.get(pk=project.pk)
    filled = worktime.filled(
        days=sum((goal.days for goal in project.goals.all()), Decimal(0)),
        day_rate=project.money(project.day_rate),
        committed=project.money(funding.committed),
    )
    Funding.objects.filter(pk=project.pk).update(filled=filled)


@transaction.atomic
def record_grant(grant: Grant) -> Grant:
    """Book money that came once, from the bank to what is held for the project."""
    grant.entry = _post(
        Entry.Kind.GRANT, grant.project, grant.received_on, grant.amount,
        debit=posting.Place(Kind.BANK),
        credit=posting.project(grant.project_id, Kind.HELD),
        memo=f"Grant by {grant.funder}",
    )  # fmt: skip
    grant.save(force_insert=True)
    touch(grant.project_id)
    return grant


@transaction.atomic
def record_payment_out(payment: PaymentOut) -> PaymentOut:
    """Book what the project paid to somebody, out of what is held for it."""
    payment.entry = _post(
        Entry.Kind.PAYMENT_OUT, payment.project, payment.paid_on, payment.amount,
        debit=posting.project(payment.project_id, Kind.HELD),
        credit=posting.Place(Kind.BANK),
        memo=f"Paid to {payment.paid_to}",
    )  # fmt: skip
    payment.save(force_insert=True)
    touch(payment.project_id)
    return payment


def held(project: Project) -> Money:
    """What a project may spend now."""
    return balances.of(posting.project(project.pk, Kind.HELD), project.currency)


def _post(
    kind: Entry.Kind, project: Project, day: date, amount: int, *,
    debit: posting.Place, credit: posting.Place, memo: str,
) -> Entry:  # fmt: skip
    entry, _ = posting.post(
        reference=f"{kind}:{uuid4()}",
        kind=kind,
        occurred_at=datetime.combine(day, time(), UTC),
        legs=[posting.Leg(debit, credit, Money(amount, project.currency))],
        memo=memo[:200],
    )
    return entry
