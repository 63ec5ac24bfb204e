"""Documents: what is on paper for an invoice or a credit note, kept as it was when it was made, and
who may have it. What became of it since (paid, credited) is read from our rows when it is printed."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db.models import Prefetch, QuerySet

from funding.accounts.models import User
from sponsors.billing.gateway import Json
from sponsors.billing.models import SUBJECTS, CreditNote, Invoice, InvoiceQuerySet
from sponsors.companies import access, paperwork
from sponsors.companies.countries import COUNTRIES
from sponsors.companies.models import Company

Document = Invoice | CreditNote

COUNTRY_NAMES = dict(COUNTRIES)
CITY_FIRST = {"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"}  # then the postcode
ROUNDEST_FIRST = (1, 2, 10)  # whole percents, halves, tenths
SIGNED_FOR = timedelta(days=90)
HALF = Fraction(1, 2)
NO_TAX_ID = "none"  # what an operator who has no tax number sets instead of one


# What is frozen


def note_invoice(row: Invoice, invoice: Json) -> None:
    """Freeze what the paper of a finalised invoice says: names and addresses that are changed
    later stand on later ones. The row is not saved here."""
    if row.paper or invoice["status"] == "draft":
        return
    before, after = invoice.get("starting_balance") or 0, invoice.get("ending_balance")
    row.paper = {
        "seller": seller(),
        "customer": _customer(row.company, invoice),
        "fields": [
            [field["name"], field["value"]] for field in invoice.get("custom_fields") or []
        ],
        "lines": [_line(line) for line in invoice["lines"]["data"]],
        "taxes": _taxes(invoice),
        "from_credit": 0 if after is None else after - before,
    }


def note_credit(row: CreditNote, credit_note: Json) -> None:
    """Freeze what the paper of a credit note says; seller and customer are those of its invoice.
    The row is not saved here."""
    if row.paper:
        return
    row.paper = {
        **_of_its_invoice(row),
        "lines": [_line(line) for line in credit_note["lines"]["data"]],
        "taxes": _taxes(credit_note),
        "words": (credit_note.get("memo") or "")[:500],
    }


def paper_of(row: Document) -> Json:
    """What was frozen; for a row that is older than its paper, what can be said of it now."""
    if row.paper:
        kept: Json = row.paper
        return kept
    if isinstance(row, CreditNote):
        return {**_of_its_invoice(row), "lines": [], "taxes": [], "words": ""}
    said = [["PO number", row.po_number], ["Reference", row.reference]]
    return {
        "seller": seller(),
        "customer": _customer(row.company, {}),
        "fields": [[name, value] for name, value in said if value],
        "lines": [],
        "taxes": [],
        "from_credit": 0,
    }


def seller() -> Json:
    """Who sells here, as the operator has set it."""
    tax_id = settings.SELLER_TAX_ID
    return {
        "name": settings.SELLER_NAME,
        "lines": [line.strip() for line in settings.SELLER_ADDRESS.split(";") if line.strip()],
        "tax_id": "" if tax_id.lower() == NO_TAX_ID else tax_id,
        "email": settings.SELLER_EMAIL,
    }


def _of_its_invoice(row: CreditNote) -> Json:
    invoice = paper_of(row.invoice)
    return {name: invoice[name] for name in ("seller", "customer", "fields")}


def _customer(company: Company, invoice: Json) -> Json:
    """The name is the one that the company gave here; where Stripe knows no street, the one that
    was given here."""
    address = invoice.get("customer_address") or {}
    numbers = [one["value"] for one in invoice.get("customer_tax_ids") or [] if one["value"]]
    if not (address.get("line1") and numbers):
        papers = paperwork.of(company)
        numbers = numbers or ([papers.tax_id] if papers.tax_id else [])
        if not address.get("line1") and papers.line1:
            address = paperwork.typed_so_far(company, papers)
    return {
        "name": company.name_on_paper,
        "lines": address_lines(address or {"country": company.country}),
        "tax_ids": numbers,
    }


def address_lines(address: Json) -> list[str]:
    """In the order in which its country writes it."""
    part = {name: (value or "").strip() for name, value in address.items()}
    country, city = part.get("country", ""), part.get("city", "")
    state, postcode = part.get("state", ""), part.get("postal_code", "")
    place = [city, state, postcode] if country in CITY_FIRST else [postcode, city]
    lines = [part.get("line1", ""), part.get("line2", ""), " ".join(filter(None, place))]
    if country not in CITY_FIRST:
        lines.append(state)
    return [line for line in [*lines, COUNTRY_NAMES.get(country, country)] if line]


def _line(line: Json) -> Json:
    period = line.get("period") or {}
    return {
        "text": (line["description"] or "").removeprefix("1 × ")[:500],
        "amount": line["amount"],
        "starts": period.get("start"),
        "ends": period.get("end"),
    }


def _taxes(thing: Json) -> list[Json]:
    """Each tax of an invoice or a credit note: how much, on what, why not more."""
    return [
        {
            "amount": tax["amount"],
            "rate": rate(tax["amount"], tax.get("taxable_amount") or 0),
            "reason": tax.get("taxability_reason") or "",
        }
        for tax in thing.get("total_taxes") or []
    ]


def rate(tax: int, net: int) -> str:
    """The roundest percentage that makes this tax of this net; empty where none does, or where the
    amounts are too small to tell. Stripe names a rate by its id only, and a lookup for each would
    hold up what is booked."""
    for steps in ROUNDEST_FIRST:
        if tax <= 0 or net < 500 * steps:
            return ""
        unit = Fraction(100 * steps, net)
        least, most = ceil((tax - HALF) * unit), floor((tax + HALF) * unit)
        if least == most:
            return f"{least / steps:g}"
    return ""


# Whose they are


def invoices() -> InvoiceQuerySet:
    """Those that are on paper, with all that it asks of other rows."""
    issued = Prefetch("credit_notes", CreditNote.objects.order_by("created_at", "id"))
    rows = Invoice.objects.exclude(status="draft").with_subjects().select_related("bank_payment")
    return rows.prefetch_related("payments__refunds", "payments__disputes", issued)


def credit_notes() -> QuerySet[CreditNote]:
    rows = CreditNote.objects.select_related(*(f"invoice__{name}" for name in SUBJECTS))
    return rows.select_related("bank_return")


def find(document_id: str, user: User) -> Document | None:
    """The invoice or credit note, for people of its company and for staff; None alike for one that
    is another's and for one that does not exist."""
    found = next(iter(load([document_id])), None)
    if found is None or not (user.is_staff or access.may(user, "see", company_of(found))):
        return None
    return found


def signed_address(row: Document) -> str:
    """Its PDF for whoever has the mail: accounts payable have no account here."""
    return f"{row.get_absolute_url()}?{urlencode({'key': _signer().sign(row.stripe_id)})}"


def opened_by(document_id: str, key: str) -> Document | None:
    """The document that a mail's link opens: this one alone, and for some time."""
    try:
        named = _signer().unsign(key, max_age=SIGNED_FOR)
    except signing.BadSignature:
        return None
    return next(iter(load([document_id])), None) if named == document_id else None


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="billing.documents")


def company_of(row: Document) -> Company:
    invoice = row.invoice if isinstance(row, CreditNote) else row
    return invoice.company


def years(company: Company) -> list[int]:
    """Those of which a company has documents, the newest first."""
    sold = Invoice.objects.filter(company=company).exclude(status="draft")
    credited = CreditNote.objects.filter(invoice__company=company)
    found = {
        day.year
        for rows in (sold, credited)
        for day in rows.datetimes("created_at", "year", order="DESC", tzinfo=UTC)
    }
    return sorted(found, reverse=True)


def of_year(company: Company, year: int) -> list[str]:
    """The ids of a company's documents of a year, the oldest first."""
    first, after = (datetime(one, 1, 1, tzinfo=UTC) for one in (year, year + 1))
    when = {"created_at__gte": first, "created_at__lt": after}
    sold = invoices().filter(company=company, **when)
    credited = credit_notes().filter(invoice__company=company, **when)
    dated = [
        *((at, 0, name) for at, name in sold.values_list("created_at", "stripe_id")),
        *((at, 1, name) for at, name in credited.values_list("created_at", "stripe_id")),
    ]
    return [document_id for _, _, document_id in sorted(dated)]


def load(ids: list[str]) -> list[Document]:
    """These documents in this order, in a number of queries that does not grow with theirs."""
    found: dict[str, Document] = {}
    found |= {row.stripe_id: row for row in invoices().filter(stripe_id__in=ids)}
    found |= {row.stripe_id: row for row in credit_notes().filter(stripe_id__in=ids)}
    return [found[one] for one in ids if one in found]
