"""Invoices: what a customer owes for a period, line by line."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox import lists, metadata, taxes
from sandbox.account import Account
from sandbox.clock import DAY
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
    text: str = ""  # what it is for, before the product's name


def draft(account: Account, subscription: Object, lines: list[Line], *, reason: str) -> Object:
    """A draft for a subscription; nobody owes it yet."""
    customer = account.store.by_id[subscription["customer"]]
    invoice = account.new(
        "invoice",
        "in",
        **new_sums(),
        **addressee(customer),
        **_texts(subscription, customer),
        account_country=account.settings.country,
        account_name=account.settings.name,
        automatic_tax=_tax(subscription),
        billing_reason=reason,
        collection_method=subscription["collection_method"],
        currency=subscription["currency"],
        due_date=_due(account, subscription),
        parent=_parent(subscription),
        period_end=account.now(),
        period_start=account.now(),
        _subscription=subscription["id"],
    )
    invoice["lines"] = _lines(account, invoice, lines)
    account.add(invoice)
    taxes.assess(account, invoice)
    return invoice


def is_sent(invoice: Object) -> bool:
    """Sent and waited for, not collected from a card."""
    return bool(invoice["collection_method"] == "send_invoice")


def _due(account: Account, subscription: Object) -> int | None:
    days = subscription["days_until_due"]
    return account.now() + days * DAY if is_sent(subscription) else None


def _tax(subscription: Object) -> Object:
    if not subscription["automatic_tax"]["enabled"]:
        return NO_TAX
    return {**NO_TAX, "enabled": True, "liability": {"type": "self"}, "provider": "stripe"}


def _parent(subscription: Object) -> Object:
    """The subscription's metadata as they are now stay with the invoice."""
    metadata = {**subscription["metadata"]}
    details = {"metadata": metadata, "subscription": subscription["id"]}
    return {
        "quote_details": None,
        "subscription_details": details,
        "type": "subscription_details",
    }


def _texts(subscription: Object, customer: Object) -> Object:
    settings, general = subscription["invoice_settings"], customer["invoice_settings"]
    return {
        "custom_fields": settings["custom_fields"] or general["custom_fields"],
        "description": settings["description"],
        "footer": settings["footer"] or general["footer"],
    }


def new_sums() -> Object:
    return {
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "discounts": [],
        "issuer": {"type": "self"},
        "status": "draft",
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_shipping": 0,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
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


def addressee(customer: Object) -> Object:
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
        "url": url,
    }


def _line(account: Account, invoice: Object, line: Line) -> Object:
    item = line.item
    product = account.store.by_id[item["price"]["product"]]
    return account.new(
        "line_item",
        "il",
        **nothing_off(line.amount),
        currency=invoice["currency"],
        description=_described(line, product),
        discountable=not line.proration,
        invoice=invoice["id"],
        metadata={**item["metadata"]},
        parent=_source(item, proration=line.proration),
        period={"start": line.start, "end": line.end},
        pricing=_pricing(item["price"]),
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        subscription=item["subscription"],
    )


def _described(line: Line, product: Object) -> str:
    name, quantity = product["name"], line.item["quantity"]
    return f"{line.text}: {name}" if line.text else f"{quantity} × {name}"


def nothing_off(amount: int) -> Object:
    return {
        "amount": amount,
        "discount_amounts": [],
        "discounts": [],
        "pretax_credit_amounts": [],
        "subtotal": amount,
        "taxes": [],
    }


def _pricing(price: Object) -> Object:
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }


def _source(item: Object, *, proration: bool) -> Object:
    return {
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": proration,
            "proration_details": {"credited_items": None} if proration else None,
            "subscription": item["subscription"],
            "subscription_item": item["id"],
        },
        "type": "subscription_item_details",
    }


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
    alike = lists.having(params, "customer", "status", "collection_method")
    return lists.page(
        account,
        "invoice",
        params,
        URL,
        source=source,
        test=lambda one: alike(one) and "_deleted" not in one,
    )


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
