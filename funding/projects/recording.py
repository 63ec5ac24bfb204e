"""Recording: money that moved outside Stripe, as a treasurer puts it down: grants that came, payments
that went out. Each writes its entry in the books in the same transaction, one at a time for each
project, and never pays out more than is held. Nothing is changed afterwards: what was recorded
wrongly is taken back by an entry that names the one it corrects, on the day of that one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.forms import ModelForm

from funding.accounts.models import User
from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.projects import editing
from funding.projects.models import Grant, PaymentOut, Project
from funding.projects.refusals import Refused

Kind = Account.Kind
Recorded = Grant | PaymentOut


class NotHeld(Refused):
    """A project pays out what it has, and no more."""


class TakenBackAlready(Refused):
    """Of two who correct the same thing, the second finds it done."""


@transaction.atomic
def record_grant(grant: Grant, *, by: User | None = None) -> Grant:
    """Book money that came once, from the bank to what is held for the project."""
    editing.lock(grant.project)
    _book(Entry.Kind.GRANT, grant, f"Grant by {grant.funder}", by)
    return grant


@transaction.atomic
def record_payment_out(payment: PaymentOut, *, by: User | None = None) -> PaymentOut:
    """Book what the project paid to somebody, out of what is held for it. Raises `NotHeld`."""
    editing.lock(payment.project)
    if (free := held(payment.project)) < payment.money:
        raise NotHeld(
            f"{payment.project} holds {free.exact}, and this is {payment.money.exact}. Only what "
            "is held can be paid out."
        )
    _book(Entry.Kind.PAYMENT_OUT, payment, f"Paid to {payment.paid_to}", by)
    return payment


def add(form: "ModelForm[Recorded]", *, by: User) -> bool:
    """Check what a treasurer filled in and book it. The same form sent twice finds it recorded.
    False when the form says what is to be mended; then nothing has changed."""
    row = form.instance
    with transaction.atomic():
        editing.lock(row.project, by, "spend")
        if not form.is_valid():
            return False
        try:
            _record(form.save(commit=False), by)
        except NotHeld as refused:
            form.add_error("amount", str(refused))
            return False
    return True


def correct(
    wrong: Recorded, *, because: str, by: User, right: "ModelForm[Recorded] | None" = None
) -> bool:
    """Take back what was recorded wrongly, and record what is right in its place, if anything
    happened at all. Both or neither: False when `right` is to be mended. Raises
    `TakenBackAlready`."""
    with transaction.atomic():
        editing.lock(wrong.project, by, "spend")
        _take_back(wrong, because, by)
        if right is not None and not add(right, by=by):
            transaction.set_rollback(True)
            return False
    return True


def held(project: Project) -> Money:
    """What a project may spend now."""
    return balances.of(posting.project(project.pk, Kind.HELD), project.currency)


# Looking back


@dataclass(frozen=True, slots=True)
class Month:
    """What was recorded in a month, and the sum of what holds in all of it."""

    start: date
    sum: Money
    rows: list[Recorded]


def by_month(rows: Iterable[Recorded], *, project: Project) -> list[Month]:
    """Rows of one kind, the newest first, in their months."""
    rows = list(rows)
    if not rows:
        return []
    sums = _sums(type(rows[0]), project)
    return [
        Month(start, project.money(sums.get(start, 0)), list(recorded))
        for start, recorded in groupby(rows, key=lambda row: moved_on(row).replace(day=1))
    ]


def moved_on(row: Recorded) -> date:
    return row.received_on if isinstance(row, Grant) else row.paid_on


def _sums(model: type[Recorded], project: Project) -> dict[date, int]:
    day = "received_on" if model is Grant else "paid_on"
    sums = (
        model.objects.that_hold()
        .filter(project=project)
        .annotate(month=TruncMonth(day))
        .values_list("month")
        .annotate(sum=Sum("amount"))
        .order_by()
    )
    return dict(sums)


# In the books


def _record(row: Recorded, by: User) -> None:
    if isinstance(row, Grant):
        record_grant(row, by=by)
    else:
        record_payment_out(row, by=by)


def _book(kind: Entry.Kind, row: Recorded, memo: str, by: User | None) -> None:
    row.entry, _ = posting.post(
        reference=f"{kind}:{uuid4()}",
        kind=kind,
        occurred_at=datetime.combine(moved_on(row), time(), UTC),
        legs=[_leg(row)],
        memo=memo[:200],
    )
    row.save(force_insert=True)
    editing.touch(row.project_id)
    editing.note(row.project, by, f"recorded {_said(row)}", deed="spend")


def _take_back(wrong: Recorded, because: str, by: User) -> None:
    row = type(wrong).objects.select_related("entry", "project").get(pk=wrong.pk)
    if row.taken_back_id:
        raise TakenBackAlready(f"{row} is taken back already. Nothing more was changed.")
    entry = posting.take_back(row.entry, _leg(row), because=because)
    type(wrong).objects.filter(pk=row.pk).update(taken_back=entry, taken_back_because=because)
    editing.touch(row.project_id)
    editing.note(row.project, by, f"took back {_said(row)}: {because}", deed="spend")


def _leg(row: Recorded) -> posting.Leg:
    bank, held = posting.Place(Kind.BANK), posting.project(row.project_id, Kind.HELD)
    debit, credit = (bank, held) if isinstance(row, Grant) else (held, bank)
    return posting.Leg(debit, credit, row.money)


def _said(row: Recorded) -> str:
    if isinstance(row, Grant):
        return f"a grant of {row.money.exact} by “{row.funder}”"
    return f"a payment of {row.money.exact} to “{row.paid_to}”"
