"""What templates may ask about invoices."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from funding.office import clock
from sponsors.billing import (
    documents,
    honouring,
    pausing,
    sending_back,
    setups,
    stating,
    unsettled,
)
from sponsors.billing.models import BankReturn, Invoice, InvoiceQuerySet
from sponsors.billing.stating import State
from sponsors.sponsorships.models import Commitment, Sponsorship

register = template.Library()
register.filter("first_charge", pausing.first_charge)


@dataclass(frozen=True, slots=True)
class Listed:
    """An invoice in a list: how it stands, and what it was for."""

    invoice: Invoice
    state: State
    what_for: str


@register.filter
def as_listed(invoices: Iterable[Invoice]) -> list[Listed]:
    """Each with its state now."""
    now = clock.now()
    return [Listed(one, stating.state(one, now=now), stating.what_for(one)) for one in invoices]


register.filter("signed_address", documents.signed_address)


@register.simple_tag
def newest_invoice_of(sponsorship: Sponsorship) -> Invoice | None:
    """The invoice that is spoken of when its sponsorship is."""
    return Invoice.objects.filter(sponsorship=sponsorship).exclude(status="draft").first()


@register.filter
def on_paper(invoices: InvoiceQuerySet) -> list[Invoice]:
    """A sponsorship's invoices with what was credited and what went back, in five queries."""
    return list(invoices.all().select_related("sponsorship__project").with_returns())


register.simple_tag(unsettled.waiting, name="unsettled_of")


@dataclass(frozen=True, slots=True)
class Papers:
    """Of a programme's seat: its invoices, the one that is to be paid, and the saved card."""

    invoices: list[Invoice]
    open: Invoice | None
    means: str
    by_bank: list[BankReturn]  # what is to be sent back, and was not sent yet

    @property
    def why_not_paid(self) -> str:
        """Of the one that is to be paid: what went wrong, in words; empty while nothing has."""
        reason = self.open and honouring.why_not_paid(self.open, now=clock.now())
        return reason.words if reason else ""


@register.simple_tag
def papers_of(commitment: Commitment) -> Papers:
    rows = Invoice.objects.filter(commitment=commitment).with_subjects().with_returns()
    found = list(rows)
    saved = setups.newest(commitment.pk)
    unpaid = next((one for one in found if one.status == "open"), None)
    by_bank = sending_back.rows().filter(
        bank_payment__invoice__commitment=commitment, sent_on=None
    )
    return Papers(found, unpaid, saved.means if saved else "", list(by_bank))
