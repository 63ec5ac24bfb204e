"""Subscriptions: made, looked at, changed and canceled."""

from __future__ import annotations

from sandbox import (
    collection,
    customers,
    errors,
    finalizing,
    lists,
    metadata,
    payment_methods,
    renewals,
    schedules,
    waiving,
)
from sandbox import subscription_rules as rules
from sandbox.account import Account
from sandbox.catalog import plan_of
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/subscriptions"
OVER = ("canceled", "incomplete_expired")
MOST_ITEMS = 20
UNKNOWN = (
    "add_invoice_items",
    "backdate_start_date",
    "billing_cycle_anchor_config",
    "cancel_at",
    "discounts",
    "trial_end",
    "trial_period_days",
)


def make(
    account: Account,
    customer: Object,
    wanted: list[tuple[Object, int]],
    params: Form,
    *,
    status: str,
) -> Object:
    """A subscription on those prices and quantities; not announced yet."""
    price = wanted[0][0]
    now = account.now()
    anchor = params.get("billing_cycle_anchor") or now
    subscription = account.new(
        "subscription",
        "sub",
        **_terms(params, now),
        billing_cycle_anchor=anchor,
        currency=price["currency"],
        customer=customer["id"],
        default_payment_method=params.get("default_payment_method") or None,
        description=params.get("description") or None,
        invoice_settings=_invoice_settings(params.get("invoice_settings") or {}),
        metadata=metadata.merged({}, params.get("metadata")),
        start_date=now,
        status=status,
    )
    first_end = renewals.first_end(anchor, price["recurring"], now)
    entries = [_item(account, subscription, *entry, now, first_end) for entry in wanted]
    subscription["items"] = _item_list(subscription, entries)
    return account.add(subscription)


def _terms(params: Form, now: int) -> Object:
    tax = params.get("automatic_tax", {}).get("enabled", False)
    sent = params.get("collection_method") == "send_invoice"
    flexible = {"proration_discounts": "included"}
    end = {"billing_cycle_anchor": None, "missing_payment_method": "create_invoice"}
    return {
        "automatic_tax": rules.automatic_tax(enabled=tax),
        "billing_mode": {"flexible": flexible, "type": "flexible", "updated_at": now},
        "billing_schedules": [],
        "cancel_at_period_end": params.get("cancel_at_period_end", False),
        "cancellation_details": dict.fromkeys(
            ("comment", "feedback", "feedback_option", "reason")
        ),
        "collection_method": params.get("collection_method", "charge_automatically"),
        "days_until_due": params.get("days_until_due") if sent else None,
        "discounts": [],
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "trial_settings": {"end_behavior": end},
    }


def _invoice_settings(given: Form) -> Object:
    return {
        "account_tax_ids": None,
        "custom_fields": rules.custom_fields(given.get("custom_fields")),
        "description": given.get("description") or None,
        "footer": given.get("footer") or None,
        "issuer": {"type": "self"},
    }


def _item(
    account: Account, subscription: Object, price: Object, quantity: int, start: int, end: int
) -> Object:
    return account.new(
        "subscription_item",
        "si",
        current_period_end=end,
        current_period_start=start,
        discounts=[],
        plan=plan_of(price),
        price={**price},
        quantity=quantity,
        subscription=subscription["id"],
        tax_rates=[],
    )


def _item_list(subscription: Object, entries: list[Object]) -> Object:
    return {
        "object": "list",
        "data": entries,
        "has_more": False,
        "url": f"/v1/subscription_items?subscription={subscription['id']}",
    }


def create(account: Account, params: Form) -> Object:
    if "customer" not in params:
        raise errors.missing("customer")
    customer = account.find("customer", params["customer"], "customer")
    for name in UNKNOWN:
        if params.get(name):
            raise errors.not_here(name)
    wanted = [_wanted(account, entry, n) for n, entry in enumerate(params.get("items") or [])]
    if not wanted:
        raise errors.missing("items")
    check(wanted, customer)
    _check_method(account, params, customer)
    rules.check_collection(params)
    if params.get("automatic_tax", {}).get("enabled"):
        rules.check_location(customer)
    if params.get("collection_method") == "send_invoice":
        return _send(account, customer, wanted, params)
    behavior = params.get("payment_behavior", "allow_incomplete")
    customers.settle_currency(account, customer, wanted[0][0]["currency"])
    subscription = make(account, customer, wanted, params, status="incomplete")
    if behavior == "error_if_incomplete":
        _refuse_unpayable(account, subscription)
    start(account, subscription, attempt=behavior != "default_incomplete")
    return subscription


def _send(
    account: Account, customer: Object, wanted: list[tuple[Object, int]], params: Form
) -> Object:
    """Active at once, whatever becomes of its invoices. The first is a draft for an hour."""
    params.get("payment_behavior")  # says nothing where no card is charged
    customers.settle_currency(account, customer, wanted[0][0]["currency"])
    subscription = make(account, customer, wanted, params, status="active")
    account.emit("customer.subscription.created", subscription)
    invoice = renewals.first_invoice(account, subscription)
    renewals.plan_collection(account, subscription, invoice)
    renewals.plan_period_end(account, subscription)
    return subscription


def _check_method(account: Account, params: Form, customer: Object) -> None:
    method = params.get("default_payment_method")
    if method:
        payment_methods.of_customer(account, method, customer["id"], "default_payment_method")


def _refuse_unpayable(account: Account, subscription: Object) -> None:
    name = subscription["default_payment_method"]
    method = account.store.by_id.get(name) if name else None
    if method is None or method["type"] != "card":
        return
    decline = payment_methods.card_of(method).decline
    if decline is not None:
        account.store.remove(subscription)
        raise decline.error()


def start(account: Account, subscription: Object, *, attempt: bool) -> None:
    """The first invoice at once; without its payment the subscription lives for 23 hours."""
    account.emit("customer.subscription.created", subscription)
    invoice = renewals.first_invoice(account, subscription)
    renewals.plan_period_end(account, subscription)
    expiry = account.now() + account.settings.incomplete_expires_after
    account.plan(expiry, "subscription.expire_incomplete", subscription["id"])
    finalizing.finalize(account, invoice)
    if attempt or invoice["amount_due"] == 0:
        collection.collect(account, invoice, off_session=True)


def expire_incomplete(account: Account, identifier: str) -> None:
    subscription = account.store.by_id[identifier]
    if subscription["status"] != "incomplete":
        return
    for invoice in account.store.where("invoice", "_subscription", identifier):
        if invoice["status"] == "open":
            waiving.cancel_collection(account, invoice)
    account.change(
        subscription,
        "customer.subscription.updated",
        status="incomplete_expired",
        ended_at=account.now(),
    )


def _wanted(account: Account, entry: Form, number: int) -> tuple[Object, int]:
    if "price" not in entry:
        raise errors.missing(f"items[{number}][price]")
    price = account.find("price", entry["price"], f"items[{number}][price]")
    return price, entry.get("quantity", 1)


def check(wanted: list[tuple[Object, int]], customer: Object | None) -> None:
    """What one subscription may hold together."""
    first = wanted[0][0]
    if len(wanted) > MOST_ITEMS:
        raise errors.invalid(f"A subscription may have at most {MOST_ITEMS} items.", "items")
    for price, quantity in wanted:
        if price["recurring"] is None:
            raise errors.invalid(
                "The price specified is set to `type=one_time` but this field only accepts "
                "prices with `type=recurring`.",
                "items",
            )
        if quantity < 0:
            raise errors.invalid(
                "Invalid non-negative integer", "quantity", "parameter_invalid_integer"
            )
        if price["currency"] != first["currency"]:
            raise errors.invalid("All prices on a subscription must have the same currency.")
        if _interval(price) != _interval(first):
            raise errors.invalid(
                "All prices on a subscription must have the same `recurring.interval` and "
                "`recurring.interval_count`."
            )
    if customer is not None:
        customers.check_currency(customer, first["currency"])


def _interval(price: Object) -> tuple[str, int]:
    return price["recurring"]["interval"], price["recurring"]["interval_count"]


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("subscription", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    wanted = params.get("status")

    def asked_for(subscription: Object) -> bool:
        status = subscription["status"]
        if "price" in params and not _has(subscription, params["price"]):
            return False
        if wanted == "all":
            return True
        if wanted == "ended":
            return status in OVER
        return bool(status == wanted) if wanted else status != "canceled"

    source = None
    if "customer" in params:
        source = account.store.where("subscription", "customer", params["customer"])[::-1]
    return lists.page(account, "subscription", params, URL, source=source, test=asked_for)


def _has(subscription: Object, price_id: str) -> bool:
    return any(item["price"]["id"] == price_id for item in subscription["items"]["data"])


def cancel(account: Account, params: Form, identifier: str) -> Object:
    subscription = account.find("subscription", identifier, status=404)
    if subscription["status"] in OVER:
        raise errors.no_such("subscription", identifier, status=404)
    details = params.get("cancellation_details") or {}
    details = {name: value or None for name, value in details.items()}
    collection.end(account, subscription, reason="cancellation_requested", details=details)
    return subscription


def cancel_schedule(account: Account, params: Form, identifier: str) -> Object:
    """The plan and its subscription, both at once."""
    for name in ("invoice_now", "prorate"):
        if params.get(name):
            raise errors.not_here(name)
    schedule = schedules.active(account, identifier)
    subscription = account.store.by_id[schedule["subscription"]]
    collection.end(account, subscription, reason="cancellation_requested")
    return schedule
