"""Money that moved at Stripe goes into the books: invoices on the billed side, balance transactions
on the cash side. Each function may run any number of times; `posting` writes a fact once."""

from calendar import monthrange
from datetime import datetime

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money, split
from funding.ledger.posting import Leg, Place
from sponsors.billing import states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Deferral, Invoice, Payment
from sponsors.sponsorships.models import Interval, Sponsorship

Kind = Account.Kind
OWED = {"open", "paid", "uncollectible"}  # a bad debt is owed until staff write it off


class SettledInAnotherCurrency(Exception):
    """Stripe settled a charge in a currency other than its invoice's."""


def write_invoice(sponsorship: Sponsorship, invoice: Json) -> Invoice:
    """Mirror an invoice as it is now, with its payments, and book what it bills."""
    net = invoice["total_excluding_tax"]
    row, _ = Invoice.objects.update_or_create(
        stripe_id=invoice["id"],
        defaults={
            "sponsorship": sponsorship,
            "number": invoice["number"] or "",
            "status": invoice["status"],
            "currency": invoice["currency"].upper(),
            "net": invoice["total"] if net is None else net,
            "tax": 0 if net is None else invoice["total"] - net,
            "created_at": states.at(invoice["created"]),
            "paid_at": states.instant(invoice["status_transitions"]["paid_at"]),
            "period_starts_at": states.paid_from(invoice),
            "period_ends_at": states.paid_through(invoice),
            "hosted_url": invoice["hosted_invoice_url"] or "",
        },
    )
    _bill(row, invoice)
    for payment in (invoice.get("payments") or {}).get("data", []):
        _note_payment(row, payment["payment"])
    return row


def settle(payment: Payment, intent: Json) -> bool:
    """Book a payment once Stripe says what it took of it; False while the fee is not known."""
    charge = intent["latest_charge"]
    transaction = charge and charge["status"] == "succeeded" and charge["balance_transaction"]
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
    payment.balance_transaction = transaction["id"]
    payment.save(update_fields=["balance_transaction"])
    if first and invoice.sponsorship.interval == Interval.YEAR:
        _defer(invoice, _net_share(invoice, transaction["amount"]) - transaction["fee"])
    return True


def _bill(row: Invoice, invoice: Json) -> None:
    """Book the invoice, or take it back, if the books do not say so already. Each turn is a
    revision: finalised 1, voided 2, and so on."""
    owed = invoice["status"] in OWED
    if owed == (row.revision % 2 == 1) or not row.total:
        return
    row.revision += 1
    row.save(update_fields=["revision"])
    times = invoice["status_transitions"]
    when = times["finalized_at"] if owed else times["voided_at"]
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
        Leg(billed, own, money(_net_share(invoice, transaction["amount"]))),
        Leg(own, fees, money(transaction["fee"])),
    ]


def _net_share(invoice: Invoice, amount: int) -> int:
    """What of a payment is the project's: without the tax in it."""
    return split(amount, [invoice.net, invoice.tax])[0]


def _note_payment(invoice: Invoice, payment: Json) -> None:
    if payment["type"] == "payment_intent":
        Payment.objects.get_or_create(
            payment_intent=payment["payment_intent"], defaults={"invoice": invoice}
        )


def _defer(invoice: Invoice, amount: int) -> None:
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
