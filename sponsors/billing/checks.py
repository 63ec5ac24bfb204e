"""What must never be false between Stripe's objects as we know them and the books, asked anew."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet

from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money
from sponsors.billing import renewals
from sponsors.billing.models import BankPayment, Deferral, Invoice, Payment, Subscription
from sponsors.sponsorships.models import ENDED

Kind = Account.Kind
Sums = dict[tuple[str, str, str], int]


def breaches() -> Iterator[str]:
    yield from _subscriptions()
    yield from _payments()
    yield from _bank_payments()
    yield from _balances()


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
    known = {f"outside:{pk}" for pk in _agreed().values_list("pk", flat=True)}
    for reference in sorted(known ^ booked):
        where = "not in the books" if reference in known else "booked without its payment"
        yield f"Money at the bank {reference} is {where}."


def _agreed() -> QuerySet[BankPayment]:
    """What Stripe has agreed to: that it pays its invoice."""
    return BankPayment.objects.filter(invoice__status="paid", invoice__paid_outside__gt=0)


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
    paid = set(
        Payment.objects.filter(balance_transaction__isnull=False).values_list("invoice", flat=True)
    )
    paid |= set(_agreed().values_list("invoice", flat=True))
    for invoice in Invoice.objects.select_related("sponsorship").iterator():
        if invoice.revision % 2 == 0:
            continue
        company = f"company:{invoice.sponsorship.company_id}"
        project = f"project:{invoice.sponsorship.project_id}"
        sums[Kind.TAX, "", invoice.currency] += invoice.tax
        if invoice.pk not in paid:
            sums[Kind.RECEIVABLE, company, invoice.currency] += invoice.net + invoice.tax
            sums[Kind.BILLED, project, invoice.currency] += invoice.net
    for deferral in Deferral.objects.select_related("invoice__sponsorship").iterator():
        project = f"project:{deferral.invoice.sponsorship.project_id}"
        parts = renewals.month_parts(deferral.amount, deferral.months)
        sums[Kind.DEFERRED, project, deferral.invoice.currency] += sum(parts[deferral.released :])
    return sums


def _told() -> Sums:
    sums: Sums = defaultdict(int)
    watched = [Kind.TAX, Kind.RECEIVABLE, Kind.BILLED, Kind.DEFERRED]
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(**{f"{side}__kind__in": watched}).values_list(
            f"{side}__kind", f"{side}__owner", "currency", "amount"
        )
        for kind, owner, currency, amount in rows.iterator():
            owed = kind == Kind.RECEIVABLE
            sums[kind, owner, currency] += sign * amount * (1 if owed else -1)
    return sums
