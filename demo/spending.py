"""What the demo's projects pay to people and suppliers: out of what they hold, never more."""

from datetime import date

from demo.projects import Funded
from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.ledger.money import split
from funding.projects import recording
from funding.projects.models import PaymentOut, Project

KEPT = 8  # parts of a hundred stay for a bad month
WHOLE = 1000  # people are paid in tens of pounds, or thousands of yen


def pay(project: Project, funded: Funded, *, on: date) -> None:
    """A month's bills first; most of the rest to those who did the work, by their days."""
    project.refresh_from_db()
    if project.status != Project.Status.PUBLISHED:
        return
    for name, cost in funded.suppliers:
        if _free(project, on) >= cost:
            _record(
                project, on=on, amount=cost, supplier=name, kind=PaymentOut.Kind.INFRASTRUCTURE
            )
    people = list(project.people.all())
    spent = _free(project, on) * (100 - KEPT) // 100 // WHOLE * WHOLE
    if not people or spent <= 0:
        return
    for person, amount in zip(
        people, split(spent, [int(one.days * 100) for one in people]), strict=True
    ):
        _record(project, on=on, amount=amount, person=person)


def pay_the_rest(project: Project, *, on: date) -> None:
    """What an ended project still holds goes to whoever closed it down."""
    rest = _free(project, on)
    if rest > 0:
        _record(project, on=on, amount=rest, person=project.people.get())


def _free(project: Project, on: date) -> int:
    """What is held, without the part of grants that is for days to come."""
    held = balances.of(posting.project(project.pk, Account.Kind.HELD), project.currency).amount
    return held - sum(_for_later(grant.amount, grant.starts_on, grant.ends_on, on)
                      for grant in project.grants.all())  # fmt: skip


def _for_later(amount: int, first: date, last: date, on: date) -> int:
    days, passed = (last - first).days + 1, max((on - first).days + 1, 0)
    return amount * max(days - passed, 0) // days


def _record(
    project: Project,
    *,
    on: date,
    amount: int,
    kind: PaymentOut.Kind = PaymentOut.Kind.WORK,
    **paid_to: object,
) -> None:
    recording.record_payment_out(
        PaymentOut(
            project=project, kind=kind, paid_on=on, amount=amount,
            reference=f"{project.slug} {on:%Y-%m}", **paid_to,
        )
    )  # fmt: skip
