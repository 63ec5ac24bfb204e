"""What must never be false between Stripe's objects as we know them and the books, asked anew."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q

from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money
from sponsors.billing import crediting, renewals, returning, seat_checks, settling
from sponsors.billing.models import (
    BankPayment,
    BankReturn,
    CreditNote,
    Deferral,
    Invoice,
    Movement,
    Payment,
    Subscription,
)
from sponsors.sponsorships.models import ENDED

Kind = Account.Kind
DEBIT_KINDS = (Kind.RECEIVABLE, Kind.CONVERSION)
Sums = dict[tuple[str, str, str], int]


MOVED = (
    Entry.Kind.REFUNDED, Entry.Kind.REFUND_FAILED, Entry.Kind.DISPUTED,
    Entry.Kind.DISPUTE_REINSTATED,
)  # fmt: skip


def breaches() -> Iterator[str]:
    yield from _subscriptions()
    yield from _payments()
    yield from _bank_payments()
    yield from _bank_returns()
    yield from _movements()
    yield from _returned()
    yield from _balances()
    yield from seat_checks.breaches()


def _subscriptions() -> Iterator[str]:
    """What has ended here is charged for no more."""
    charging = Subscription.objects.filter(status__in=["active", "trialing", "past_due"])
    for subscription in charging.filter(sponsorship__status__in=ENDED):
        yield (
            f"Sponsorship {subscription.sponsorship_id} has ended, but {subscription} goes on "
            "charging: cancel it at Stripe."
        )


def _payments() -> Iterator[str]:
    """Each balance transaction is in the books once, and nothing else is."""
    settled = Entry.objects.filter(kind=Entry.Kind.CHARGE_SETTLED)
    booked = set(settled.values_list("reference", flat=True))
    payments = Payment.objects.exclude(balance_transaction=None)
    known = {str(name) for name in payments.values_list("balance_transaction", flat=True)}
    for reference in sorted(known - booked):
        yield f"Payment {reference} is not in the books."
    for reference in sorted(booked - known):
        yield f"Entry {reference} belongs to no payment."


def _bank_payments() -> Iterator[str]:
    """Money at the bank is in the books once for each invoice that it pays, and nothing else is."""
    entries = Entry.objects.filter(kind=Entry.Kind.PAID_OUTSIDE)
    booked = set(entries.values_list("reference", flat=True))
    agreed = BankPayment.objects.agreed()
    known = {f"outside:{pk}" for pk in agreed.values_list("pk", flat=True)}
    for reference in sorted(known ^ booked):
        where = "not in the books" if reference in known else "booked without its payment"
        yield f"Money at the bank {reference} is {where}."
    for bank in BankPayment.objects.for_nothing().select_related("invoice"):
        yield (
            f"Money at the bank outside:{bank.pk} came for invoice {bank.invoice}, which it does "
            "not pay: send it back, and say so under Staff, Invoices."
        )


def _bank_returns() -> Iterator[str]:
    """What was sent back by bank is in the books once, and nothing else is."""
    entries = Entry.objects.filter(kind=Entry.Kind.SENT_BACK)
    booked = set(entries.values_list("reference", flat=True))
    sent = BankReturn.objects.sent().values_list("pk", flat=True)
    known = {f"sent-back:{pk}" for pk in sent}
    for reference in sorted(known ^ booked):
        where = "not in the books" if reference in known else "booked, and nobody sent it"
        yield f"Money sent by bank {reference} is {where}."


def _movements() -> Iterator[str]:
    """What went back is in the books once, as it is written down, and nothing else is."""
    booked = Entry.objects.filter(kind__in=MOVED)
    entries = set(booked.values_list("reference", flat=True))
    movements = set(Movement.objects.values_list("stripe_id", flat=True))
    for reference in sorted(movements - entries):
        yield f"{reference} went back and is not in the books."
    for reference in sorted(entries - movements):
        yield f"Entry {reference} belongs to no refund and to no dispute."


def _returned() -> Iterator[str]:
    """What an invoice says that went back of it is what its refunds and disputes say."""
    by_bank = Q(bank_payment__returns__sent_on__isnull=False)
    went = Q(returned__gt=0) | Q(payments__movements__isnull=False) | by_bank
    rows = Invoice.objects.filter(went)
    for invoice in rows.distinct().iterator():
        expected = returning.went_back_of(invoice)
        if invoice.returned != expected:
            ours, said = (Money(n, invoice.currency) for n in (expected, invoice.returned))
            yield f"Invoice {invoice} says that {said} went back, and it is {ours}."


def _balances() -> Iterator[str]:
    """What invoices and yearly payments still wait for is what the accounts say."""
    expected, told = _expected(), _told()
    for key in sorted(expected.keys() | told.keys()):
        kind, owner, currency = key
        ours, books = Money(expected[key], currency), Money(told[key], currency)
        if ours != books:
            yield f"{owner or 'operator'} {kind}: the books say {books}, the invoices {ours}."


def _expected() -> Sums:
    sums: Sums = defaultdict(int)
    for invoice in Invoice.objects.iterator():
        if invoice.revision % 2 == 1:
            _owe(sums, invoice, invoice.net, invoice.tax)
            sums[Kind.TAX, "", invoice.currency] += invoice.tax
    _take_off_credit(sums)
    _take_off_payments(sums)
    _take_off_movements(sums)
    for deferral in Deferral.objects.select_related("invoice").iterator():
        parts = renewals.month_parts(deferral.amount, deferral.months)
        sums[Kind.DEFERRED, deferral.invoice.fund, deferral.invoice.currency] += sum(
            parts[deferral.released :]
        )
    return sums


def _owe(sums: Sums, invoice: Invoice, net: int, tax: int) -> None:
    sums[Kind.RECEIVABLE, f"company:{invoice.company_id}", invoice.currency] += net + tax
    sums[Kind.BILLED, invoice.fund, invoice.currency] += net


def _take_off_credit(sums: Sums) -> None:
    for note in CreditNote.objects.select_related("invoice").iterator():
        if note.revision % 2 == 1:
            net, tax = crediting.before_payment(note)
            _owe(sums, note.invoice, -net, -tax)
            sums[Kind.TAX, "", note.invoice.currency] -= tax


def _take_off_payments(sums: Sums) -> None:
    settled = Payment.objects.filter(balance_transaction__isnull=False)
    for payment in settled.select_related("invoice").iterator():
        invoice = payment.invoice
        _owe(sums, invoice, -payment.net, -payment.tax - payment.surplus)
        if payment.settled_in != invoice.currency:
            fee = settling.fee_borne(payment)
            sums[Kind.CONVERSION, "", invoice.currency] += payment.amount - fee
            sums[Kind.CONVERSION, "", payment.settled_in] -= payment.settled - payment.fee
    for bank in BankPayment.objects.agreed().select_related("invoice").iterator():
        _owe(sums, bank.invoice, -bank.net, bank.net - bank.amount)


def _take_off_movements(sums: Sums) -> None:
    for movement in Movement.objects.select_related("payment__invoice").iterator():
        invoice = movement.payment.invoice
        company = f"company:{invoice.company_id}"
        sums[Kind.TAX, "", invoice.currency] -= movement.tax
        sums[Kind.RECEIVABLE, company, invoice.currency] += movement.surplus
        if movement.settled_in != invoice.currency:
            gone = movement.gross + movement.fee
            sums[Kind.CONVERSION, "", invoice.currency] -= gone
            sums[Kind.CONVERSION, "", movement.settled_in] += movement.settled
    for back in BankReturn.objects.sent().select_related("bank_payment__invoice").iterator():
        sums[Kind.TAX, "", back.bank_payment.invoice.currency] -= back.tax


def _told() -> Sums:
    sums: Sums = defaultdict(int)
    watched = [*DEBIT_KINDS, Kind.TAX, Kind.BILLED, Kind.DEFERRED]
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(**{f"{side}__kind__in": watched}).values_list(
            f"{side}__kind", f"{side}__owner", "currency", "amount"
        )
        for kind, owner, currency, amount in rows.iterator():
            sums[kind, owner, currency] += sign * amount * (1 if kind in DEBIT_KINDS else -1)
    return sums
