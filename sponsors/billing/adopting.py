"""Adopting: what somebody typed on Stripe's payment page, or in its portal. Stripe puts it in place of
what the company says of itself; what was typed on the payment page is noted as what Stripe was told
last, so that the company's own words are told again by whoever tells next. A company that wrote no
address down has the typed one from then on; any other is kept for the company to choose."""

from collections.abc import Callable, Iterable

from sponsors.billing import documents, gateway
from sponsors.billing.gateway import Json
from sponsors.billing.models import Checkout, Customer
from sponsors.companies import paperwork
from sponsors.companies.models import Company, Paperwork


def look_up(checkout: Checkout, session: Json) -> Callable[[], None]:
    """What to do in the transaction that makes the page complete; nothing when it was before."""
    done = checkout.status == Checkout.Status.COMPLETE or session["status"] != "complete"
    customer = Customer.objects.filter(stripe_id=session["customer"] or "").first()
    if done or customer is None:
        return lambda: None
    try:
        found = gateway.customer(str(customer.stripe_id))
    except gateway.NotFound:
        return lambda: None
    if found.get("deleted"):
        return lambda: None
    return lambda: _note(customer, found)


def _note(customer: Customer, found: Json) -> None:
    row = Customer.objects.select_for_update().select_related("company").get(pk=customer.pk)
    typed = _typed(found)
    papers = note_address(row, found)
    row.told = {
        "email": found.get("email") or "",
        "tax_id": "",
        **row.told,
        "name": found.get("name") or "",
        "address": typed if papers.has_address else {"country": row.company.country},
    }
    row.save(update_fields=["told"])


def note_address(customer: Customer, found: Json) -> Paperwork:
    """Take an address that was typed at Stripe over where the company has none, and keep it where
    it is another than the company's. In a transaction; the paperwork as it is then."""
    typed, company = _typed(found), customer.company
    papers = paperwork.of(company)
    if not typed.get("line1") and typed.get("country", company.country) == company.country:
        return papers  # no more than where its tax is due
    papers = paperwork.adopt(company, typed)
    if typed != paperwork.address(company, papers):
        customer.elsewhere = typed
        customer.save(update_fields=["elsewhere"])
    return papers


def hold(company: Company) -> list[Customer]:
    """At whom an address was typed, locked: before the company is, as whoever notes one does."""
    rows = Customer.objects.select_for_update().filter(company=company).order_by("pk")
    return list(rows.typed_elsewhere())


def replace(customers: Iterable[Customer]) -> None:
    """The company has looked at what was typed, and says what is right: Stripe is to be told that."""
    for row in customers:
        row.told, row.elsewhere = {**row.told, "address": row.elsewhere}, {}
        row.save(update_fields=["told", "elsewhere"])


def typed_elsewhere(company: Company) -> list[str]:
    """The addresses that were typed at Stripe and are not in its paperwork, each in a line."""
    rows = Customer.objects.filter(company=company).typed_elsewhere()
    return [", ".join(documents.address_lines(row.elsewhere)) for row in rows]


def _typed(found: Json) -> dict[str, str]:
    return {name: text for name, text in (found.get("address") or {}).items() if text}
