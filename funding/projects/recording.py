"""Recording: money that moved outside Stripe, as a treasurer puts it down: grants that came, payments
that went out. Each writes its entry in the books in the same transaction. Nothing is changed
afterwards: what was recorded wrongly is taken back by an entry that names the one it corrects."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

from django.db import transaction

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.projects import editing
from funding.projects.models import Grant, PaymentOut, Project

Kind = Account.Kind


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
    editing.touch(grant.project_id)
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
    editing.touch(payment.project_id)
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
