"""Writing off: staff give up an invoice that was sent and never paid. The sponsorship ends with it; the
invoice can still be paid, and is booked then as any other."""

import logging

from django.db import transaction

from funding.office import clock
from sponsors.billing import calls, gateway, handlers, mail, unpaid
from sponsors.billing.gateway import Json
from sponsors.billing.models import Invoice

log = logging.getLogger(__name__)


class NotWrittenOff(Exception):
    """The invoice cannot be given up; the message says why. Nothing has changed."""


def may_be(invoice: Invoice) -> bool:
    """What is charged to a card is given up by Stripe itself, when its tries are over."""
    return invoice.is_sent and invoice.status == "open" and not hasattr(invoice, "bank_payment")


def write_off(invoice: Invoice) -> Invoice:
    """Give it up at Stripe, then end what it pays for: whoever looks at the subscription next does
    that (`unpaid`). Raises `NotWrittenOff` and the gateway's errors; asked again it goes on from
    where it was."""
    now = clock.now()
    _insist(may_be(invoice))
    _look(invoice)  # it may have been paid a moment ago
    _insist(may_be(invoice) or unpaid.given_up([invoice.stripe_id]))
    _give_up(invoice)
    _look(invoice)
    if invoice.status == "uncollectible" and not mail.says_it_lapsed(invoice, since=now):
        with transaction.atomic():
            mail.written_off(invoice)
    return invoice


def _insist(waits: bool) -> None:
    if not waits:
        raise NotWrittenOff("This invoice is not waited for any more. Look at it as it is now.")


def _look(invoice: Invoice) -> None:
    handlers.look_at(invoice)
    invoice.refresh_from_db()


def _give_up(invoice: Invoice) -> None:
    try:
        calls.ask(
            purpose=unpaid.WRITE_OFF,
            subject=invoice.stripe_id,
            do=lambda key: gateway.write_off_invoice(invoice.stripe_id, key=key),
            read=gateway.invoice,
            look_up=lambda: _if_given_up(invoice.stripe_id),
        )
    except gateway.Refused as refused:
        log.warning("%s is not written off: %s", invoice, refused.code)
        _look(invoice)
        raise NotWrittenOff(
            "Stripe does not wait for this invoice any more. Look at it as it is now."
        ) from refused


def _if_given_up(invoice_id: str) -> Json | None:
    invoice = gateway.invoice(invoice_id)
    return None if invoice["status"] == "open" else invoice
