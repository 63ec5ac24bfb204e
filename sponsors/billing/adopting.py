"""Adopting: what somebody typed on Stripe's payment page. Stripe puts it in place of what the company
says of itself; here it is noted as what Stripe was told last, so that the company's own words are told
again by whoever tells next. A company that wrote no address down has the typed one from then on."""

from collections.abc import Callable

from sponsors.billing import gateway
from sponsors.billing.gateway import Json
from sponsors.billing.models import Checkout, Customer
from sponsors.companies import paperwork


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
    typed = {name: text for name, text in (found.get("address") or {}).items() if text}
    papers = paperwork.adopt(row.company, typed)
    row.told = {
        "email": found.get("email") or "",
        "tax_id": "",
        **row.told,
        "name": found.get("name") or "",
        "address": typed if papers.has_address else {"country": row.company.country},
    }
    row.save(update_fields=["told"])
