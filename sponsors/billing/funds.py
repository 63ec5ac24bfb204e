"""Funds: through whose accounts the money of an invoice goes. A sponsorship's is its project's, a
commitment's is its round's; who owes it is its company."""

from funding.ledger import posting
from funding.ledger.models import Account
from funding.ledger.posting import Place
from funding.projects import editing
from sponsors.billing.models import Invoice


def owes(invoice: Invoice) -> Place:
    return posting.company(invoice.company_id, Account.Kind.RECEIVABLE)


def of(invoice: Invoice, kind: Account.Kind) -> Place:
    """Its project's account of this kind, or its round's."""
    return Place(kind, invoice.fund)


def touch(invoice: Invoice) -> None:
    """What was received of it has changed: a project's page says so."""
    if invoice.sponsorship is not None:
        editing.touch(invoice.sponsorship.project_id)
