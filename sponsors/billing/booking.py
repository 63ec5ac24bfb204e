"""Money that moved at Stripe goes into the books: invoices on the billed side, balance transactions
on the cash side. Each function may run any number of times; `posting` writes a fact once."""

from calendar import monthrange
from datetime import UTC, datetime, time

from django.db.models import Max, Min

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money, split
from funding.ledger.posting import Leg, Place
from funding.projects import editing
from sponsors.billing import documents, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import BankPayment, Deferral, Invoice, Payment
from sponsors.sponsorships.models import Interval, Sponsorship

Kind = Account.Kind
OWED = {"open", "paid"}  # what staff write off is owed no more, and again when it is paid


class SettledInAnotherCurrency(Exception):
    """Stripe settled a charge in a currency other than its invoice's."""


def write_invoice(sponsorship: Sponsorship, invoice: Json) -> Invoice:
    """Mirror an invoice as it is now, with its payments, and book what it bills. Under the lease of
    its subscription, so nobody else writes it."""
    row = Invoice.objects.filter(stripe_id=invoice["id"]).first() or Invoice(
        stripe_id=invoice["id"], sponsorship=sponsorship
    )
    _mirror(row, invoice)
    documents.note_invoice(row, invoice)
    turned = _turn(row)
    row.save()
    if turned:
        _bill(row, invoice)
    _note_payments(row, invoice)
    _book_outside(row)
    return row


def settle(payment: Payment, intent: Json) -> bool:
    """Book a payment once Stripe says what it took of it; False while the fee is not known."""
    charge = intent["latest_charge"]
    transaction = charge and charge["status"] == "succeeded" and charge["balance_transaction"]
    payment.failure = ((intent["last_payment_error"] or {}).get("message") or "")[:300]
    payment.balance_transaction = transaction["id"] if transaction else None
    if transaction:
        payment.charge, payment.amount = charge["id"], charge["amount"]
        payment.fee, payment.settled_at = transaction["fee"], states.at(transaction["created"])
        payment.means = states.means(charge)
    payment.save(
        update_fields=[
            "balance_transaction", "failure", "charge", "amount", "fee", "settled_at", "means",
        ]
    )  # fmt: skip
    if not transaction:
        return False
    invoice = payment.invoice
    if transaction["currency"].upper() != invoice.currency:
        raise SettledInAnotherCurrency(transaction["id"])
    _, first = posting.post(
        reference=transaction["id"],
        kind=Entry.Kind.CHARGE_SETTLED,
        occurred_at=states.at(transaction["created"]),
        legs=_settlement(invoice, transaction),
        memo=f"Invoice {invoice}",
    )
    if first and invoice.sponsorship.interval == Interval.YEAR:
        defer(invoice, net_share(invoice, transaction["amount"]) - transaction["fee"])
    editing.touch(invoice.sponsorship.project_id)  # its page says what was received
    return True


def paid_through(sponsorship: Sponsorship) -> datetime | None:
    """Until when it is paid for: the end of the last period that was paid and not given back as a
    whole; the beginning of the first one when all of it was; None when nothing ever was."""
    paid = Invoice.objects.filter(sponsorship=sponsorship, status="paid")
    ends: datetime | None = paid.paying().aggregate(last=Max("period_ends_at"))["last"]
    begins: datetime | None = paid.aggregate(first=Min("period_starts_at"))["first"]
    return ends or begins


def _mirror(row: Invoice, invoice: Json) -> None:
    net = invoice["total_excluding_tax"]
    row.number = invoice["number"] or ""
    row.status = invoice["status"]
    row.currency = invoice["currency"].upper()
    row.net = invoice["total"] if net is None else net
    row.tax = 0 if net is None else invoice["total"] - net
    row.created_at = states.at(invoice["created"])
    row.paid_at = states.instant(invoice["status_transitions"]["paid_at"])
    row.period_starts_at = states.paid_from(invoice)
    row.period_ends_at = states.paid_through(invoice)
    row.hosted_url = invoice["hosted_invoice_url"] or ""
    row.is_sent, row.due_at = states.is_sent(invoice), states.instant(invoice["due_date"])
    row.paid_outside = invoice["amount_paid_off_stripe"] or 0
    row.po_number = states.custom(invoice, states.PO_NUMBER)
    row.reference = states.custom(invoice, states.REFERENCE)
    row.attempts = invoice["attempt_count"]
    row.next_attempt_at = states.instant(invoice["next_payment_attempt"])


def _turn(row: Invoice) -> bool:
    """Begin a new revision if the books do not say what the invoice says: 1 is billed, 2 is taken
    back, and so on."""
    if (row.status in OWED) == (row.revision % 2 == 1) or row.total.amount <= 0:
        return False  # credit is used up by invoices to come
    row.revision += 1
    return True


def _bill(row: Invoice, invoice: Json) -> None:
    owed = row.status in OWED
    times = invoice["status_transitions"]
    if owed:
        when = times["finalized_at"] if row.revision == 1 else times["paid_at"]
    else:
        when = times["voided_at"] or times["marked_uncollectible_at"]
    posting.post(
        reference=f"{row.stripe_id}:{row.revision}",
        kind=Entry.Kind.INVOICE_FINALISED if owed else Entry.Kind.INVOICE_WITHDRAWN,
        occurred_at=states.instant(when) or row.created_at,
        legs=_billing(row, owed=owed),
        memo=f"Invoice {row}",
    )


def _billing(invoice: Invoice, *, owed: bool) -> list[Leg]:
    owes = posting.company(invoice.sponsorship.company_id, Kind.RECEIVABLE)
    billed = posting.project(invoice.sponsorship.project_id, Kind.BILLED)
    sides = [(billed, invoice.net), (Place(Kind.TAX), invoice.tax)]
    return [
        Leg(owes, place, Money(amount, invoice.currency))
        if owed
        else Leg(place, owes, Money(amount, invoice.currency))
        for place, amount in sides
    ]


def _settlement(invoice: Invoice, transaction: Json) -> list[Leg]:
    """Cash in, less the fee; the project's part becomes its own and bears the fee, so that the
    fees account returns to nothing."""
    sponsorship = invoice.sponsorship
    kept = Kind.DEFERRED if sponsorship.interval == Interval.YEAR else Kind.HELD
    owes = posting.company(sponsorship.company_id, Kind.RECEIVABLE)
    billed = posting.project(sponsorship.project_id, Kind.BILLED)
    own = posting.project(sponsorship.project_id, kept)
    stripe, fees = Place(Kind.STRIPE), Place(Kind.FEES)

    def money(amount: int) -> Money:
        return Money(amount, invoice.currency)

    return [
        Leg(stripe, owes, money(transaction["net"])),
        Leg(fees, owes, money(transaction["fee"])),
        Leg(billed, own, money(net_share(invoice, transaction["amount"]))),
        Leg(own, fees, money(transaction["fee"])),
    ]


def net_share(invoice: Invoice, amount: int) -> int:
    """What of a payment is the project's: without the tax in it."""
    return split(amount, [invoice.net, invoice.tax])[0]


def _note_payments(row: Invoice, invoice: Json) -> None:
    """Which payment intents pay it: neither of the two names the other by itself."""
    payments = (invoice.get("payments") or {}).get("data", [])
    intents = [
        one["payment"]["payment_intent"]
        for one in payments
        if one["payment"]["type"] == "payment_intent"
    ]
    Payment.objects.bulk_create(
        (Payment(payment_intent=name, invoice=row) for name in intents), ignore_conflicts=True
    )


def _book_outside(row: Invoice) -> None:
    """Money that staff saw at the bank, once Stripe has agreed that it pays the invoice. One that
    Stripe alone calls paid outside waits until somebody records it."""
    paid = BankPayment.objects.filter(invoice=row).first()
    if paid is None or row.status != "paid" or not row.paid_outside:
        return
    sponsorship = row.sponsorship
    kept = Kind.DEFERRED if sponsorship.interval == Interval.YEAR else Kind.HELD
    owes = posting.company(sponsorship.company_id, Kind.RECEIVABLE)
    billed = posting.project(sponsorship.project_id, Kind.BILLED)
    net = net_share(row, paid.amount)
    _, first = posting.post(
        reference=f"outside:{paid.pk}",
        kind=Entry.Kind.PAID_OUTSIDE,
        occurred_at=datetime.combine(paid.received_on, time(), UTC),
        legs=[
            Leg(Place(Kind.BANK), owes, Money(paid.amount, row.currency)),
            Leg(billed, posting.project(sponsorship.project_id, kept), Money(net, row.currency)),
        ],
        memo=f"Invoice {row}, {paid.reference}"[:200],
    )
    if first and sponsorship.interval == Interval.YEAR:
        defer(row, net)
    editing.touch(sponsorship.project_id)


def defer(invoice: Invoice, amount: int) -> None:
    Deferral.objects.get_or_create(
        invoice=invoice,
        defaults={
            "amount": amount,
            "starts_at": invoice.period_starts_at,
            "next_at": month_after(invoice.period_starts_at, 1),
        },
    )


def month_after(start: datetime, months: int) -> datetime:
    """The same instant so many months later; a 31st is the last day of shorter months."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
