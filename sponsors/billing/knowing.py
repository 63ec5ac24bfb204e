"""Knowing: what Stripe has to know before anything is bought: who pays, and what a tier costs. What a
company says of itself later is told to Stripe as well, by whoever looks next: a row remembers what was
told last, so nothing is lost when Stripe does not answer."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from funding.office import leases
from funding.projects.models import Tier
from sponsors.billing import calls, gateway, handlers
from sponsors.billing.gateway import Json
from sponsors.billing.models import Customer, Invoice, Price
from sponsors.billing.states import PO_NUMBER, REFERENCE
from sponsors.companies import paperwork
from sponsors.companies.models import Company, Paperwork

log = logging.getLogger(__name__)

MOST_TURNS, BETWEEN_LOOKS = 20, 0.3  # seconds
# Takes away what stood there and the company does not say.
NO_ADDRESS = dict.fromkeys(("line1", "line2", "postal_code", "city", "state"), "")
NO_FIELDS: Json = {"invoice_settings": {"custom_fields": ""}}


@contextmanager
def turn(name: str) -> Iterator[None]:
    """One at a time: whoever comes second waits for what the first brings about."""
    for _ in range(MOST_TURNS):
        if token := leases.take(name):
            break
        time.sleep(BETWEEN_LOOKS)
    else:
        raise gateway.Busy(name)
    try:
        yield
    finally:
        leases.give_back(name, token)


def customer(company: Company, currency: str) -> Customer:
    """The company at Stripe, made if it is not there."""
    row, _ = Customer.objects.get_or_create(
        company=company, currency=currency, livemode=gateway.livemode()
    )
    if row.stripe_id is None:
        company = Company.objects.select_related("paperwork").get(pk=company.pk)
        made = calls.ask(
            purpose="create_customer",
            subject=f"customer:{row.pk}",
            do=lambda key: gateway.create_customer(params=_payer(row, company), key=key),
            look_up=lambda: gateway.find_customer(email=company.billing_email, marks=_marks(row)),
            read=lambda name: {"id": name},
        )
        told = _facts(company) | {"tax_id": ""}
        Customer.objects.filter(pk=row.pk).update(stripe_id=made["id"], told=told)
        row.refresh_from_db()
    return row


def price(tier: Tier, *, interval: str, amount: int, currency: str) -> Price:
    """What Stripe knows of a tier's price."""
    row, _ = Price.objects.get_or_create(
        tier=tier, interval=interval, amount=amount, currency=currency,
        livemode=gateway.livemode(),
    )  # fmt: skip
    if row.stripe_id is None:
        with turn(f"price:{row.pk}"):
            made = calls.ask(
                purpose="create_price",
                subject=f"price:{row.pk}",
                do=lambda key: gateway.create_price(params=_priced(row), key=key),
                look_up=lambda: None,  # a price that nobody uses does no harm
                read=lambda name: {"id": name},
            )
            Price.objects.filter(pk=row.pk).update(stripe_id=made["id"])
        row.refresh_from_db()
    return row


def custom_fields(*, po_number: str = "", reference: str = "") -> Json:
    """What stands on every invoice to come besides its lines."""
    named = [(PO_NUMBER, po_number), (REFERENCE, reference)]
    fields = [{"name": name, "value": value} for name, value in named if value]
    return {"invoice_settings": {"custom_fields": fields}} if fields else {}


def tell(company: Company) -> None:
    """Let Stripe's customers of this company say what the company says, and let it go on with what
    waited for that. Raises the gateway's errors; asked again it goes on from where it was."""
    for row in Customer.objects.at_stripe(company, livemode=gateway.livemode()):
        _tell(row)
    _finalise_what_waits(company)


def sweep(*, most: int = 200) -> int:
    """Tell Stripe what it was not told; returns how many companies had something new."""
    rows = Customer.objects.filter(livemode=gateway.livemode(), stripe_id__isnull=False)
    changed = {
        row.company_id: row.company
        for row in rows.select_related("company__paperwork").iterator(chunk_size=500)
        if _news(row)
    }
    for company in list(changed.values())[:most]:
        try:
            tell(company)
        except Exception as error:  # noqa: BLE001 - one that cannot be told stops no other
            log.warning(
                "Stripe cannot be told of company %s: %s", company.pk, type(error).__name__
            )
    return len(changed)


def _facts(company: Company) -> Json:
    """What Stripe is told. Without a street there is only a country: what somebody typed on
    Stripe's own pages is not overwritten with less."""
    papers = getattr(company, "paperwork", None) or Paperwork(company=company)
    return {
        "name": company.name_on_paper,
        "email": company.billing_email,
        "address": paperwork.address(company, papers),
        "tax_id": f"{papers.tax_id_kind} {papers.tax_id}" if papers.tax_id else "",
    }


def _payer(row: Customer, company: Company) -> Json:
    """The same for the same company, or an idempotency key would be refused."""
    facts = _facts(company)
    return {
        "name": facts["name"],
        "email": facts["email"],
        "address": facts["address"],
        "metadata": _marks(row),
    }


def _marks(row: Customer) -> dict[str, str]:
    """By what an answer that was lost is found: a company is another customer in each currency."""
    return {"company": str(row.company_id), "currency": row.currency}


def _news(row: Customer) -> Json:
    """What Stripe was not told yet. Of a row from before this was remembered, only what a company
    has written down on purpose."""
    facts = _facts(row.company)
    told = row.told or {**facts, "address": {"country": row.company.country}, "tax_id": ""}
    return {name: value for name, value in facts.items() if value != told.get(name)}


def _tell(row: Customer) -> None:
    news = _news(row)
    if not news:
        return
    number = news.pop("tax_id", None)
    if "line1" in news.get("address", {}):
        news["address"] = NO_ADDRESS | news["address"]
    if news:
        calls.ask(
            purpose="tell_customer",
            subject=f"customer:{row.pk}",
            do=lambda key: gateway.update_customer(str(row.stripe_id), params=news, key=key),
            harmless=True,
        )
    if number is not None:
        try:
            _replace_number(row, number)
        except gateway.Refused:  # it can be one, and Stripe thinks otherwise: nothing to repeat
            log.exception("Stripe refuses the tax number of customer %s", row.pk)
    Customer.objects.filter(pk=row.pk).update(told=_facts(row.company))


def _replace_number(row: Customer, number: str) -> None:
    """The company's own number in place of all others; nothing when it is there already."""
    known = gateway.tax_ids(str(row.stripe_id))
    right = [one for one in known if f"{one['type']} {one['value']}" == number]
    for one in known:
        if one not in right:
            _remove_number(row, one["id"])
    if number and not right:
        kind, _, value = number.partition(" ")
        calls.ask(
            purpose="add_tax_id",
            subject=f"customer:{row.pk}:{number}",
            do=lambda key: gateway.add_tax_id(
                str(row.stripe_id), params={"type": kind, "value": value}, key=key
            ),
            harmless=True,
        )


def _remove_number(row: Customer, tax_id: str) -> None:
    calls.ask(
        purpose="remove_tax_id",
        subject=tax_id,
        do=lambda key: gateway.remove_tax_id(str(row.stripe_id), tax_id),
        harmless=True,
    )


def _finalise_what_waits(company: Company) -> None:
    """Drafts that Stripe could not finalise without knowing where the company is taxed."""
    waiting = Invoice.objects.without_location().filter(company=company)
    for invoice in waiting.select_related("sponsorship__subscription"):
        finalise(invoice.stripe_id)
        sponsorship = invoice.sponsorship
        root = sponsorship.subscription.stripe_id if sponsorship else invoice.stripe_id
        handlers.refresh(root, also={invoice.stripe_id})


def finalise(invoice_id: str) -> Json:
    """Have a draft finalised now; one that is a draft no longer is answered as it is."""
    invoice = gateway.invoice(invoice_id)
    if invoice["status"] != "draft":
        return invoice
    try:
        return calls.ask(
            purpose="finalise",
            subject=invoice_id,
            do=lambda key: gateway.finalise_invoice(invoice_id, key=key),
            look_up=lambda: _if_final(invoice_id),
            read=gateway.invoice,
        )
    except gateway.Refused:
        if found := _if_final(invoice_id):  # Stripe was first
            return found
        raise


def _if_final(invoice_id: str) -> Json | None:
    invoice = gateway.invoice(invoice_id)
    return None if invoice["status"] == "draft" else invoice


def _priced(row: Price) -> Json:
    return cast(
        Json,
        {
            "currency": row.currency.lower(),
            "unit_amount": row.amount,
            "tax_behavior": "exclusive",
            "recurring": {"interval": row.interval},
            "product_data": {"name": f"{row.tier.project}: {row.tier.name}"},
            "metadata": {"tier": str(row.tier_id)},
        },
    )
