"""Invoices that belong to no subscription: made, given their items, and thrown away as drafts."""

from __future__ import annotations

from sandbox import customers, errors, invoices, lists, metadata, payment_methods, taxes
from sandbox.account import Account
from sandbox.clock import DAY, HOUR
from sandbox.parameters import Form
from sandbox.store import Object

ITEMS = "/v1/invoiceitems"


def create(account: Account, params: Form) -> Object:
    """An empty draft. Items that wait for an invoice are not there, so nothing is pulled in."""
    if "subscription" in params or params.get("pending_invoice_items_behavior") == "include":
        raise errors.not_here("an invoice that takes in items which wait")
    customer = account.find("customer", params.get("customer") or "", "customer")
    collection, days = _how(params)
    invoice = account.new(
        "invoice",
        "in",
        **{**invoices.new_sums(), "auto_advance": params.get("auto_advance", False)},
        **invoices.addressee(customer),
        account_country=account.settings.country,
        account_name=account.settings.name,
        automatic_tax=_tax(params),
        billing_reason="manual",
        collection_method=collection,
        currency=params.get("currency") or customer["currency"] or "usd",
        custom_fields=params.get("custom_fields") or None,
        default_payment_method=_method(account, params, customer),
        description=params.get("description"),
        due_date=account.now() + days * DAY if days else None,
        footer=params.get("footer"),
        metadata=metadata.merged({}, params.get("metadata", {})),
        period_end=account.now(),
        period_start=account.now(),
    )
    return _begin(account, invoice)


def _begin(account: Account, invoice: Object) -> Object:
    """It is there, with no line yet; one that advances by itself is finalized in an hour."""
    url = f"{invoices.URL}/{invoice['id']}/lines"
    invoice["lines"] = {"object": "list", "data": [], "has_more": False, "url": url}
    account.add(invoice)
    taxes.assess(account, invoice)
    if invoice["auto_advance"]:
        later = account.now() + HOUR
        account.change(invoice, automatically_finalizes_at=later)
        account.plan(later, "invoice.finalize", invoice["id"])
    account.emit("invoice.created", invoice)
    return invoice


def _how(params: Form) -> tuple[str, int]:
    """How it is collected, and within how many days it is to be paid."""
    collection = params.get("collection_method", "charge_automatically")
    days = params.get("days_until_due")
    if collection == "send_invoice" and not days:
        raise errors.invalid(
            "You must specify `days_until_due` or `due_date` for invoices with "
            "`collection_method=send_invoice`.",
            "days_until_due",
        )
    if collection != "send_invoice" and days:
        raise errors.invalid(
            "`days_until_due` can only be set if `collection_method` is `send_invoice`.",
            "days_until_due",
        )
    return collection, days or 0


def _tax(params: Form) -> Object:
    if not params.get("automatic_tax", {}).get("enabled"):
        return invoices.NO_TAX
    return {
        **invoices.NO_TAX,
        "enabled": True,
        "liability": {"type": "self"},
        "provider": "stripe",
    }


def _method(account: Account, params: Form, customer: Object) -> str | None:
    name = params.get("default_payment_method")
    if not name:
        return None
    method = payment_methods.of_customer(account, name, customer["id"], "default_payment_method")
    return str(method["id"])


def delete_draft(account: Account, params: Form, identifier: str) -> Object:
    invoice = invoices.retrieve(account, {}, identifier)
    if invoice["status"] != "draft" or invoice.get("_subscription"):
        raise errors.invalid(
            "You can only delete draft invoices that belong to no subscription; void this one.",
            code="invoice_not_editable",
        )
    account.emit("invoice.deleted", invoice)
    account.change(invoice, _deleted=True)
    return {"id": identifier, "object": "invoice", "deleted": True}


# Items


def create_item(account: Account, params: Form) -> Object:
    invoice = invoices.retrieve(account, {}, params.get("invoice") or "")
    customer = account.find("customer", params.get("customer") or "", "customer")
    if invoice["customer"] != customer["id"]:
        raise errors.invalid("The invoice belongs to another customer.", "invoice")
    if invoice["status"] != "draft":
        raise errors.invalid("The invoice is not editable any more.", code="invoice_not_editable")
    if params.get("currency") != invoice["currency"]:
        raise errors.invalid("The item has another currency than its invoice.", "currency")
    customers.settle_currency(account, customer, invoice["currency"])
    item = _item(account, params, invoice)
    account.add(item, "invoiceitem.created")
    lines = invoice["lines"]
    data = [*lines["data"], _line(account, invoice, item)]
    account.change(invoice, lines={**lines, "data": data})
    taxes.assess(account, invoice)
    account.emit("invoice.updated", invoice)
    return item


def _item(account: Account, params: Form, invoice: Object) -> Object:
    amount, now = params["amount"], account.now()
    period = params.get("period") or {"start": now, "end": now}
    return account.new(
        "invoiceitem",
        "ii",
        amount=amount,
        currency=invoice["currency"],
        customer=invoice["customer"],
        date=now,
        description=params.get("description"),
        discountable=True,
        discounts=[],
        invoice=invoice["id"],
        metadata=metadata.merged({}, params.get("metadata", {})),
        net_amount=amount,
        period={"start": period["start"], "end": period["end"]},
        pricing=_pricing(account, amount),
        proration=False,
        quantity=1,
        quantity_decimal="1",
        tax_rates=[],
        _behavior=params.get("tax_behavior", "unspecified"),
    )


def _pricing(account: Account, amount: int) -> Object:
    """Stripe makes a price of its own for an amount that stands by itself."""
    price, product = account.new_id("price"), account.new_id("prod")
    details = {"price": price, "product": product}
    return {
        "price_details": details,
        "type": "price_details",
        "unit_amount_decimal": str(amount),
    }


def _line(account: Account, invoice: Object, item: Object) -> Object:
    details = {
        "invoice_item": item["id"],
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": None,
    }
    return account.new(
        "line_item",
        "il",
        **invoices.nothing_off(item["amount"]),
        currency=invoice["currency"],
        description=item["description"],
        discountable=True,
        invoice=invoice["id"],
        metadata={**item["metadata"]},
        parent={
            "invoice_item_details": details,
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        period=item["period"],
        pricing=item["pricing"],
        quantity=1,
        quantity_decimal="1",
        subscription=None,
    )


def retrieve_item(account: Account, params: Form, identifier: str) -> Object:
    return account.find("invoiceitem", identifier, status=404)


def list_items(account: Account, params: Form) -> Object:
    same = lists.having(params, "customer", "invoice")
    return lists.page(account, "invoiceitem", params, ITEMS, test=same)
