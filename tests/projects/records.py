"""Grants and payments out, recorded, and what is held then."""

from datetime import date

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.projects import recording
from funding.projects.models import Funding, Grant, PaymentOut
from tests import factories

Kind = Account.Kind
DAY = date(2026, 3, 4)


def version(project):
    return Funding.objects.get(pk=project.pk).version


def held(project):
    return balances.of(posting.project(project.pk, Kind.HELD), project.currency)


def grant(project, **values):
    defaults = {"funder": "A foundation", "amount": 500000, "received_on": DAY}
    dates = {"starts_on": DAY, "ends_on": date(2026, 12, 31)}
    return Grant(project=project, **{**defaults, **dates, **values})


def funded(**values):
    """A project that holds enough to pay from."""
    project = factories.project(**values)
    recording.record_grant(grant(project))
    return project


def payment(project, **values):
    defaults = {"supplier": "A host", "amount": 3000, "paid_on": DAY}
    return PaymentOut(project=project, **{**defaults, **values})
