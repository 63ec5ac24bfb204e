"""Money that moved at Stripe goes into the books: invoices on the billed side, balance transactions
on the cash side. Each function may run any number of times; `posting` writes a fact once."""

from datetime import UTC, datetime, time

from django.db.models import Max, Min

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.ledger.posting import Leg, Place
from sponsors.billing import crediting, documents, funds, periods, settling, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import BankPayment, Deferral, Invoice, Payment
from sponsors.sponsorships.models import Commitment, Sponsorship

Kind = Account.Kind
FAILURE = ("failure", "failure_code", "needs_person")
OWED = {"open", "paid"}  # what staff write off is owed no more, and again when it is paid


def write_invoice(subject: Sponsorship | Commitment, invoice: Json) -> Invoice:
    """Mirror an invoice as it is now, with its payments, and book what it bills. Under the lease of
    its subscription; what goes back of it is written under that of its payment, so the row is
    locked."""
    rows = Invoice.objects.select_for_update(of=("self",)).filter(stripe_id=invoice["id"])
    known = rows.first()
    row = known or _new(subject, invoice["id"])
    _mirror(row, invoice)
    documents.note_invoice(row, invoice)
    turned = _turn(row)
    row.save()
    if turned:
        _bill(row, invoice)
        if known:
            crediting.turn(row)
    _note_payments(row, invoice)
    return row


def _new(subject: Sponsorship | Commitment, stripe_id: str) -> Invoice:
    return Invoice(
        stripe_id=stripe_id, company_id=subject.company_id, fund=subject.fund,
        sponsorship=subject if isinstance(subject, Sponsorship) else None,
        commitment=subject if isinstance(subject, Commitment) else None,
    )  # fmt: skip


def settle(payment: Payment, intent: Json) -> bool:
    """Book a payment once Stripe says what it took of it; False while the fee is not known."""
    transaction = _note_settled(payment, intent)
    if transaction is None:
        return False
    invoice = payment.invoice
    ahead = settling.is_ahead(payment)
    posting.post(
        reference=transaction["id"],
        kind=Entry.Kind.CHARGE_SETTLED,
        occurred_at=states.at(transaction["created"]),
        legs=settling.legs(payment),
        memo=f"Invoice {invoice}",
    )
    if ahead:
        defer(invoice, payment.net - settling.fee_borne(payment))
    funds.touch(invoice)
    return True


def _note_settled(payment: Payment, intent: Json) -> Json | None:
    """What Stripe says of a payment; its balance transaction, once there is one."""
    charge = intent["latest_charge"]
    settled = charge and charge["status"] == "succeeded" and charge["balance_transaction"]
    transaction: Json | None = settled or None
    _read_failure(payment, intent)
    payment.balance_transaction = transaction["id"] if transaction else None
    if transaction:
        payment.charge, payment.amount = charge["id"], charge["amount"]
        payment.fee, payment.settled_at = transaction["fee"], states.at(transaction["created"])
        payment.means = states.means(charge)
        settling.apportion(payment, transaction)
    payment.save(
        update_fields=[
            "balance_transaction", "charge", "amount", "fee", "settled_at", "means", "net", "surplus",
            "settled_in", "settled", *FAILURE,
        ]
    )  # fmt: skip
    return transaction


def note_failure(payment: Payment, intent: Json) -> None:
    """Why it was not paid, in the bank's words and in Stripe's."""
    _read_failure(payment, intent)
    payment.save(update_fields=FAILURE)


def _read_failure(payment: Payment, intent: Json) -> None:
    error = intent["last_payment_error"] or {}
    code = error.get("decline_code") or error.get("code") or ""
    if intent["status"] == "processing":
        error, code = {}, intent["status"]  # a debit takes days, and has not failed before that
    payment.failure, payment.failure_code = (error.get("message") or "")[:300], code[:60]
    payment.needs_person = (
        intent["status"] == "requires_action" or payment.failure_code == "authentication_required"
    )


def paid_through(sponsorship: Sponsorship) -> datetime | None:
    """Until when it is paid for: the end of the last period that was paid and not given back as a
    whole; the beginning of the first one when all of it was; None when nothing ever was. What an
    upgrade cost is no period: made in the hour of a renewal's draft, it is paid before that is."""
    paid = Invoice.objects.filter(sponsorship=sponsorship, status="paid")
    ends: datetime | None = paid.paying().aggregate(last=Max("period_ends_at"))["last"]
    if ends:
        return ends
    begins: datetime | None = paid.aggregate(first=Min("period_starts_at"))["first"]
    return begins


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
    row.is_change, row.is_left_out = states.is_change(invoice), states.is_left_out(invoice)
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
    owes = funds.owes(invoice)
    billed = funds.of(invoice, Kind.BILLED)
    sides = [(billed, invoice.net), (Place(Kind.TAX), invoice.tax)]
    return [
        Leg(owes, place, Money(amount, invoice.currency))
        if owed
        else Leg(place, owes, Money(amount, invoice.currency))
        for place, amount in sides
    ]


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


def book_outside(row: Invoice) -> None:
    """Money that staff saw at the bank, once Stripe has agreed that it pays the invoice, and its
    credit notes are known. One that Stripe alone calls paid outside waits until somebody records
    it. What was not owed any more stays the company's."""
    if not row.paid_outside:
        return
    paid = BankPayment.objects.agreed().filter(invoice=row).select_for_update(of=("self",)).first()
    if paid is None:
        return
    if not (paid.net or paid.tax):
        settling.apportion_outside(paid)
        paid.save(update_fields=["net", "tax"])
    kept = Kind.DEFERRED if row.months > 1 else Kind.HELD
    billed, own = funds.of(row, Kind.BILLED), funds.of(row, kept)
    _, first = posting.post(
        reference=f"outside:{paid.pk}",
        kind=Entry.Kind.PAID_OUTSIDE,
        occurred_at=datetime.combine(paid.received_on, time(), UTC),
        legs=[
            Leg(Place(Kind.BANK), funds.owes(row), Money(paid.amount, row.currency)),
            Leg(billed, own, Money(paid.net, row.currency)),
        ],
        memo=f"Invoice {row}, {paid.reference}"[:200],
    )
    if first and row.months > 1 and paid.net:
        defer(row, paid.net)
    funds.touch(row)


def defer(invoice: Invoice, amount: int) -> None:
    """So much of it is earned month by month, as the service is."""
    begins, ends = invoice.period_starts_at, invoice.period_ends_at
    starts = periods.served_from(begins, ends)
    Deferral.objects.get_or_create(
        invoice=invoice,
        defaults={
            "amount": amount,
            "starts_at": starts,
            "months": invoice.months,
            "next_at": periods.month_after(starts, 1),
        },
    )
