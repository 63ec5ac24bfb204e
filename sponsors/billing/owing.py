"""Owing: what the invoices that a company was sent, and has not paid, say of its sponsorship. Its newest
invoice alone does not tell: another period may have begun while an older one is late."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Min

from sponsors.billing import mail
from sponsors.billing.models import Invoice
from sponsors.sponsorships.lifecycle import Said
from sponsors.sponsorships.models import Sponsorship, Status

GOES_ON = {Status.ACTIVE, Status.AWAITING_INVOICE, Status.CANCELLING}
ENDS = {Status.ABANDONED, Status.CANCELLED}


def by_what_is_open(sponsorship: Sponsorship, said: Said, *, now: datetime) -> Said:
    """What Stripe says, with the due date of the oldest invoice that is open: who leaves one unpaid
    does not stand for ever because newer ones are due later."""
    sent = Invoice.objects.sent().filter(sponsorship=sponsorship)
    due: datetime | None = sent.aggregate(first=Min("due_at"))["first"]
    said = replace(said, due_at=due)
    if due is None or due >= now:
        return said
    if said.status in GOES_ON:
        return replace(said, status=Status.PAST_DUE)
    return replace(said, status=Status.LAPSED) if said.status in ENDS else said


def tell_sent(invoice: Invoice) -> None:
    """To the company's finance department, once for each invoice: Stripe's own mail is turned off."""
    if invoice.status == "open" and invoice.is_sent and invoice.open_amount.amount > 0:
        mail.invoice_sent(invoice)
