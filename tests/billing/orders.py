"""What was ordered and is owed, and money for it as the bank's paper tells."""

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.ledger.money import Money
from funding.office import clock
from sponsors.billing import banking
from sponsors.billing.models import Invoice
from sponsors.sponsorships.models import Sponsorship
from tests import factories

Kind = Account.Kind


def money(place, owner="", currency="GBP"):
    return balances.of(posting.Place(place, owner), currency).amount


def of_project(sponsorship, kind):
    return money(kind, f"project:{sponsorship.project_id}")


def owed(sponsorship):
    return money(Kind.RECEIVABLE, f"company:{sponsorship.company_id}")


def now_(sponsorship):
    return Sponsorship.objects.get(pk=sponsorship.pk)


def the_invoice():
    return Invoice.objects.get()


def seen(invoice, *, amount=None, reference="BACS 77"):
    asked = invoice.open_amount if amount is None else Money(amount, invoice.currency)
    return banking.Seen(asked, reference, clock.today())


def record(invoice, **what):
    return banking.record(
        invoice_id=invoice.pk, seen=seen(invoice, **what), by=factories.user(is_staff=True),
        now=clock.now(),
    )  # fmt: skip
