"""Describing: what a document says, every word and figure as people read it, for its PDF, for the
index of a year and for the lists of invoices."""

from datetime import datetime
from typing import Any

from django.conf import settings

from funding.ledger.money import Money
from sponsors.billing import documents, states, stating
from sponsors.billing.documents import Document
from sponsors.billing.gateway import Json
from sponsors.billing.models import CreditNote, Invoice, Payment
from sponsors.billing.stating import written

WHY_NO_TAX = {
    "reverse_charge": "Reverse charge: the recipient accounts for the tax.",
    "customer_exempt": "No tax is charged: the recipient is exempt.",
    "not_collecting": "No tax is charged: the seller is not registered where the recipient is.",
    "not_subject_to_tax": "No tax is due on this.",
    "product_exempt": "No tax is due on this.",
    "zero_rated": "The rate of the tax is zero.",
}


def money(row: Document, amount: int) -> Money:
    """In the currency of a document."""
    return Money(amount, row.total.currency)


def still_owed(invoice: Invoice) -> Money:
    """What is to be paid of an open invoice."""
    if invoice.status not in {"open", "uncollectible"}:
        return Money.zero(invoice.currency)
    from_credit = documents.paper_of(invoice).get("from_credit", 0)
    owed = invoice.total.amount - invoice.credited - from_credit
    return Money(max(owed, 0), invoice.currency)


def sheet(row: Document, *, now: datetime) -> Json:
    """Everything on the page, in the order in which it stands there."""
    paper = documents.paper_of(row)
    seller, customer = paper["seller"], paper["customer"]
    tax_ids = [f"{settings.SELLER_TAX_NAME} {number}" for number in customer["tax_ids"]]
    own = [f"{settings.SELLER_TAX_NAME} {seller['tax_id']}"] if seller["tax_id"] else []
    said = _credit_note(row) if isinstance(row, CreditNote) else _invoice(row, now)
    return {
        "site": settings.SITE_NAME,
        "number": str(row),
        "name": f"{said['title']} {row}",
        "seller": {"label": "From", "name": seller["name"], "lines": [*seller["lines"], *own]},
        "to": {
            "label": "To",
            "name": customer["name"],
            "lines": [*customer["lines"], *tax_ids],
        },
        "columns": ["What for", "Net"],
        "lines": _lines(row, paper),
        "footer": " · ".join(filter(None, [seller["name"], *own, seller["email"]])),
        **said,
    }


def _invoice(row: Invoice, now: datetime) -> Json:
    how = stating.state(row, now=now)
    paid, owed = row.status == "paid", still_owed(row)
    headline = ("Paid", row.total) if paid else ("To be paid", owed)
    with_what = _means(row) if paid else ""
    return {
        "title": "Invoice, paid" if paid else "Invoice",
        "stamp": how.sentence + (f", {with_what}" if with_what else ""),
        "tone": how.tone,
        "facts": [
            ["Number", str(row)],
            ["Date", written(row.created_at)],
            *([["Due", written(row.due_at)]] if row.due_at and row.is_sent else []),
        ],
        "more": [*_fields(row), *_service(row)],
        "headline": {"label": headline[0], "amount": headline[1].exact},
        "sums": [*_sums(row), *_settled(row, owed)],
        "notes": _notes(row),
        "pay": _where_to_pay(row) if owed else [],
        "link": row.hosted_url,
        "link_words": "Pay this invoice on its page at Stripe"
        if owed
        else "This invoice on its page at Stripe",
    }


def _service(row: Invoice) -> list[list[str]]:
    """The time that it is for; a seat of a programme has none."""
    span = _span(row.period_starts_at, row.period_ends_at)
    return [["Service", span]] if span else []


def _where_to_pay(row: Invoice) -> list[Any]:
    """In print, for who has the paper alone."""
    bank = [line.strip() for line in settings.SELLER_BANK.split(";") if line.strip()]
    named = [["By card or transfer, on its page", [row.hosted_url]]] if row.hosted_url else []
    return [*named, *([["By bank transfer", [*bank, f"Reference: {row}"]]] if bank else [])]


def _credit_note(row: CreditNote) -> Json:
    is_void = row.status == "void"
    tells = "" if is_void else "It is taken off the invoice below."
    if not is_void and row.before_payment < row.total.amount:
        by_bank = getattr(row, "bank_return", None)
        tells = (
            "What was paid goes back by bank, to the account that it came from."
            if by_bank
            else "What was paid goes back to what it was paid with."
        )
    words = documents.paper_of(row).get("words") or row.reason
    return {
        "title": "Credit note",
        "stamp": "Taken back: this credit note holds no more" if is_void else "",
        "tone": "plain",
        "facts": [
            ["Number", str(row)],
            ["Date", written(row.created_at)],
            ["For invoice", str(row.invoice)],
        ],
        "more": [*_fields(row), ["Invoice of", written(row.invoice.created_at)]],
        "headline": {"label": "Credited", "amount": row.total.exact},
        "sums": _sums(row),
        "notes": [note for note in (tells, words, *_notes(row)) if note],
        "pay": [],
        "link": "",
        "link_words": "",
    }


def _fields(row: Document) -> list[list[str]]:
    fields: list[list[str]] = documents.paper_of(row)["fields"]
    return [[name, value] for name, value in fields]


def _lines(row: Document, paper: Json) -> list[Json]:
    currency = row.total.currency
    return [
        {
            "text": line["text"],
            "detail": _span(states.instant(line["starts"]), states.instant(line["ends"])),
            "amount": Money(line["amount"], currency).exact,
        }
        for line in paper["lines"]
    ] or [_only_line(row)]


def _only_line(row: Document) -> Json:
    """Of a paper whose lines nobody has told us: what it is for, and all of it."""
    if isinstance(row, CreditNote):
        text, span = f"Credit for invoice {row.invoice}", ""
    else:
        text = f"{row.subject.payee}: {stating.what_for(row)}"
        span = _span(row.period_starts_at, row.period_ends_at)
    return {"text": text, "detail": span, "amount": Money(row.net, row.total.currency).exact}


def _span(starts: datetime | None, ends: datetime | None) -> str:
    return f"{written(starts)} to {written(ends)}" if starts and ends and starts < ends else ""


def _sums(row: Document) -> list[list[str]]:
    currency = row.total.currency
    taxes = [tax for tax in documents.paper_of(row)["taxes"] if tax["amount"]]
    if sum(tax["amount"] for tax in taxes) != row.tax:
        taxes = [{"amount": row.tax, "rate": ""}]
    named = [
        [
            f"{settings.SELLER_TAX_NAME} {tax['rate']} %"
            if tax["rate"]
            else settings.SELLER_TAX_NAME,
            Money(tax["amount"], currency).exact,
            "",
        ]
        for tax in taxes
    ]
    return [
        ["Net", Money(row.net, currency).exact, ""],
        *named,
        ["Total", row.total.exact, "strong"],
    ]


def _settled(row: Invoice, owed: Money) -> list[list[str]]:
    """What was taken off, paid and given back, after the total."""
    currency = row.currency
    from_credit = documents.paper_of(row).get("from_credit", 0)
    sums = [["From credit", Money(-from_credit, currency).exact, ""]] if from_credit else []
    for note in row.credit_notes.all():
        if note.status != "void":
            taken_off = note.before_payment == note.total.amount
            words = "Credit note" if taken_off else "Given back, credit note"
            sums.append([f"{words} {note}", (-note.total).exact, ""])
    if sums and owed:
        sums.append(["To be paid", owed.exact, "strong"])
    return sums


def _notes(row: Document) -> list[str]:
    reasons = [tax["reason"] for tax in documents.paper_of(row)["taxes"] if not tax["amount"]]
    return list(dict.fromkeys(WHY_NO_TAX[why] for why in reasons if why in WHY_NO_TAX))


def _means(invoice: Invoice) -> str:
    """With what it was paid: the card, or the transfer as the bank's paper names it; not one that
    came for what was paid already."""
    bank = getattr(invoice, "bank_payment", None)
    if bank and not bank.is_for_nothing:
        return f"bank transfer {bank.reference}"
    settled: list[Payment] = [one for one in invoice.payments.all() if one.settled_at]
    return settled[-1].means if settled else ""
