"""Invoices: what a customer owes for a period, line by line."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox import lists, metadata
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/invoices"


@dataclass(frozen=True)
class Line:
    """An item's share of an invoice."""

    item: Object
    amount: int
    start: int
    end: int
    proration: bool = False
    description: str | None = None


def draft(account: Account, subscription: Object, lines: list[Line], *, reason: str) -> Object:
    """A draft for a subscription; nobody owes it yet."""
    customer = account.store.by_id[subscription["customer"]]
    total = sum(line.amount for line in lines)
    settings = subscription["invoice_settings"]
    invoice = account.new(
        "invoice",
        "in",
        **_sums(total),
        **_addressee(customer),
        account_country=account.settings.country,
        account_name=account.settings.name,
        attempt_count=0,
        attempted=False,
        auto_advance=True,
        automatic_tax={**NO_TAX, "enabled": subscription["automatic_tax"]["enabled"]},
        billing_reason=reason,
        collection_method=subscription["collection_method"],
        currency=subscription["currency"],
        custom_fields=settings["custom_fields"] or customer["invoice_settings"]["custom_fields"],
        description=settings["description"],
        discounts=[],
        footer=settings["footer"] or customer["invoice_settings"]["footer"],
        issuer={"type": "self"},
        parent={
            "quote_details": None,
            "subscription_details": {
                "metadata": {**subscription["metadata"]},
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        period_end=account.now(),
        period_start=account.now(),
        status="draft",
        _subscription=subscription["id"],
    )
    invoice["lines"] = _lines(account, invoice, lines)
    return account.add(invoice)


def _sums(total: int) -> Object:
    return {
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_remaining": total,
        "amount_shipping": 0,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_excluding_tax": total,
        "total_discount_amounts": [],
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "default_tax_rates": [],
        "payment_settings": {**PAYMENT_SETTINGS},
        "status_transitions": {**UNTOUCHED},
    }


NO_TAX = {
    "disabled_reason": None,
    "enabled": False,
    "liability": None,
    "provider": None,
    "status": None,
}
PAYMENT_SETTINGS = {
    "default_mandate": None,
    "payment_method_options": None,
    "payment_method_types": None,
}
UNTOUCHED = {
    "finalized_at": None,
    "marked_uncollectible_at": None,
    "paid_at": None,
    "voided_at": None,
}


def _addressee(customer: Object) -> Object:
    return {
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": customer["shipping"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
    }


def _lines(account: Account, invoice: Object, lines: list[Line]) -> Object:
    data = [_line(account, invoice, line) for line in lines]
    url = f"{URL}/{invoice['id']}/lines"
    return {
        "object": "list",
        "data": data,
        "has_more": False,
        "total_count": len(data),
        "url": url,
    }


def _line(account: Account, invoice: Object, line: Line) -> Object:
    item, price = line.item, line.item["price"]
    details = {
        "invoice_item": None,
        "proration": line.proration,
        "proration_details": {"credited_items": None} if line.proration else None,
        "subscription": item["subscription"],
        "subscription_item": item["id"],
    }
    product = account.store.by_id[price["product"]]
    entry = account.new(
        "line_item",
        "il",
        amount=line.amount,
        currency=invoice["currency"],
        description=line.description or f"{item['quantity']} × {product['name']}",
        discount_amounts=[],
        discountable=not line.proration,
        discounts=[],
        invoice=invoice["id"],
        metadata={**item["metadata"]},
        period={"start": line.start, "end": line.end},
        pretax_credit_amounts=[],
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        subscription=item["subscription"],
        subtotal=line.amount,
        taxes=[],
    )
    entry["pricing"] = {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }
    entry["parent"] = {
        "invoice_item_details": None,
        "subscription_item_details": details,
        "type": "subscription_item_details",
    }
    return entry


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("invoice", identifier, "invoice", 404)


def update(account: Account, params: Form, identifier: str) -> Object:
    invoice = retrieve(account, {}, identifier)
    names = ("description", "footer", "custom_fields", "auto_advance")
    changes: Object = {name: params[name] for name in names if name in params}
    if "metadata" in params:
        changes["metadata"] = metadata.merged(invoice["metadata"], params["metadata"])
    account.change(invoice, "invoice.updated", **changes)
    return invoice


def list_(account: Account, params: Form) -> Object:
    source = None
    if "subscription" in params:
        account.find("subscription", params["subscription"], "subscription")
        source = account.store.where("invoice", "_subscription", params["subscription"])[::-1]
    elif "customer" in params:
        source = account.store.where("invoice", "customer", params["customer"])[::-1]
    test = lists.having(params, "customer", "status", "collection_method")
    return lists.page(account, "invoice", params, URL, source=source, test=test)


def list_lines(account: Account, params: Form, identifier: str) -> Object:
    invoice = retrieve(account, {}, identifier)
    lines: Object = invoice["lines"]
    return lists.cut(lines["data"], "line_item", params, lines["url"])


def payments_of(account: Account, invoice: Object) -> Object:
    """What `expand[]=payments` shows."""
    found = account.store.where("invoice_payment", "invoice", invoice["id"])[::-1]
    return lists.whole(found, "/v1/invoice_payments")


def retrieve_payment(account: Account, params: Form, identifier: str) -> Object:
    return account.find("invoice_payment", identifier, status=404)


def list_payments(account: Account, params: Form) -> Object:
    source = None
    payment = params.get("payment", {})
    if "payment_intent" in payment:
        name = payment["payment_intent"]
        source = account.store.where("invoice_payment", "_payment_intent", name)[::-1]
    elif "invoice" in params:
        source = account.store.where("invoice_payment", "invoice", params["invoice"])[::-1]
    same = lists.having(params, "invoice", "status")
    return lists.page(
        account, "invoice_payment", params, "/v1/invoice_payments", source=source, test=same
    )
