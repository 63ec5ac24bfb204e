"""What templates may ask about invoices."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from funding.office import clock
from sponsors.billing import describing, pausing
from sponsors.billing.describing import State
from sponsors.billing.models import Invoice, InvoiceQuerySet

register = template.Library()
register.filter("first_charge", pausing.first_charge)


@dataclass(frozen=True, slots=True)
class Listed:
    """An invoice in a list: how it stands, and the credit notes about it."""

    invoice: Invoice
    state: State


@register.filter
def as_listed(invoices: Iterable[Invoice]) -> list[Listed]:
    """Each with its state now."""
    now = clock.now()
    return [Listed(one, describing.state(one, now=now)) for one in invoices]


@register.filter
def on_paper(invoices: InvoiceQuerySet) -> list[Invoice]:
    """A sponsorship's invoices with their credit notes, in two queries."""
    return list(invoices.all().prefetch_related("credit_notes"))
