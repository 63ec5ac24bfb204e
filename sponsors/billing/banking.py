"""Banking: money for an invoice that came to the bank and not to Stripe. Staff write down what the bank's
paper says; Stripe is told that the invoice is paid; when it agrees, the books are told as well."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from funding.accounts.models import User
from funding.ledger.money import Money
from sponsors.billing import calls, gateway, handlers
from sponsors.billing.gateway import Json
from sponsors.billing.models import BankPayment, Invoice, InvoiceQuerySet, Payment

log = logging.getLogger(__name__)

MAY_BE_PAID = BankPayment.MAY_PAY
REMINDED = timedelta(days=120)  # for so long staff are reminded of what was too much


class NotRecorded(Exception):
    """The money cannot be put down as it was typed; the message says why. Nothing has changed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the bank's paper says."""

    amount: Money
    reference: str
    received_on: date


def record(*, invoice_id: int, seen: Seen, by: User, now: datetime) -> BankPayment:
    """Put it down, and let the invoice be paid by it. Raises `NotRecorded`; when Stripe does not
    answer it is put down all the same, and Stripe is asked again until it does."""
    payment = _put_down(invoice_id, seen, by, now)
    try:
        settle(payment)
    except gateway.Refused as refused:
        payment.delete()
        handlers.look_at(payment.invoice)
        raise NotRecorded(
            f"Stripe does not take it as paid: {refused} Look at the invoice as it is now."
        ) from refused
    except gateway.GatewayError as error:
        log.warning("Bank payment %s: %s", payment.pk, type(error).__name__)
    return payment


def settle(payment: BankPayment) -> None:
    """Tell Stripe, and look at what it says then. An invoice that Stripe calls paid outside already
    is only looked at."""
    invoice = payment.invoice
    if invoice.status in MAY_BE_PAID:
        calls.ask(
            purpose="pay_outside",
            subject=f"bank_payment:{payment.pk}",
            do=lambda key: gateway.pay_outside(invoice.stripe_id, key=key),
            look_up=lambda: _if_paid(invoice.stripe_id),
            read=gateway.invoice,
        )
    handlers.look_at(invoice)


def unrecorded() -> InvoiceQuerySet:
    """Invoices that were called paid outside at Stripe, and of whose money nobody has told us."""
    known = BankPayment.objects.filter(invoice=OuterRef("pk"))
    paid = Invoice.objects.filter(status="paid", paid_outside__gt=0)
    return paid.filter(~Exists(known)).order_by("paid_at", "id")


def not_owed(*, now: datetime) -> InvoiceQuerySet:
    """Invoices for which money came to the bank that was not owed, or not all of it."""
    bank = BankPayment.objects
    lately = bank.too_much().filter(recorded_at__gte=now - REMINDED)
    rows = bank.for_nothing().values("invoice").union(lately.values("invoice"))
    return Invoice.objects.filter(pk__in=rows).order_by("created_at", "id")


def take_back(*, invoice_id: int) -> None:
    """Money that pays nothing went back to who sent it: let it be as if it never came. Raises
    `NotRecorded` when it does pay its invoice, or still may."""
    with transaction.atomic():
        Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
        gone, _ = BankPayment.objects.for_nothing().filter(invoice=invoice_id).delete()
    if not gone:
        raise NotRecorded("This money pays its invoice, or may still do so. Nothing has changed.")


def sweep(*, most: int = 50) -> int:
    """Ask again for what Stripe has not agreed to yet; returns how many there were."""
    rows = BankPayment.objects.waiting().select_related("invoice")
    waiting = list(rows.order_by("pk")[:most])
    for payment in waiting:
        try:
            settle(payment)
        except Exception as error:  # noqa: BLE001 - one that cannot be settled stops no other
            log.warning("Bank payment %s: %s", payment.pk, type(error).__name__)
    return len(waiting)


def _put_down(invoice_id: int, seen: Seen, by: User, now: datetime) -> BankPayment:
    try:
        with transaction.atomic():
            rows = Invoice.objects.select_for_update(of=("self",))
            invoice = rows.select_related("sponsorship").get(pk=invoice_id)
            _insist(invoice, seen, now)
            return BankPayment.objects.create(
                invoice=invoice, amount=seen.amount.amount, reference=seen.reference,
                received_on=seen.received_on, recorded_by=by, recorded_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotRecorded("Money for this invoice was put down already.") from error


def _insist(invoice: Invoice, seen: Seen, now: datetime) -> None:
    told_by_stripe = invoice.status == "paid" and invoice.paid_outside
    if invoice.status not in MAY_BE_PAID and not told_by_stripe:
        raise NotRecorded("This invoice is not waited for any more. Look at it as it is now.")
    if Payment.objects.filter(invoice=invoice, balance_transaction__isnull=False).exists():
        raise NotRecorded("This invoice was paid through Stripe.")
    if seen.amount != invoice.open_amount:
        raise NotRecorded(
            f"{invoice.open_amount.exact} is open, and this is {seen.amount.exact}. Only the whole "
            "amount can be put down: ask for the rest, or send back what is too much."
        )
    if seen.received_on > now.date():
        raise NotRecorded("This day is still to come.")


def _if_paid(invoice_id: str) -> Json | None:
    invoice = gateway.invoice(invoice_id)
    return invoice if invoice["status"] == "paid" else None
