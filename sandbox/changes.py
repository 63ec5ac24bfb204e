"""Changes to a running subscription: cancel at period end, other price, pause, payment method."""

from __future__ import annotations

from sandbox import (
    errors,
    metadata,
    payment_methods,
    prorations,
    renewals,
    schedules,
    subscription_rules,
    subscriptions,
)
from sandbox.account import Account
from sandbox.catalog import plan_of
from sandbox.parameters import Form
from sandbox.store import Object

UNSUPPORTED_WHEN_OVER = (
    "A canceled subscription can only update its cancellation_details and metadata."
)


def update(account: Account, params: Form, identifier: str) -> Object:
    subscription = account.find("subscription", identifier, status=404)
    over = subscription["status"] in subscriptions.OVER
    if over and set(params) - {"metadata", "cancellation_details", "expand"}:
        raise errors.invalid(UNSUPPORTED_WHEN_OVER)
    schedules.check_free(subscription, params)
    changes: Object = {}
    for name, change in CHANGES.items():
        if name in params:
            changes.update(change(account, subscription, params))
    account.change(subscription, "customer.subscription.updated", **changes)
    if "cancel_at" in changes and subscription["cancel_at"] is not None:
        account.plan(subscription["cancel_at"], "subscription.cancel_at", identifier)
    return subscription


def _cancel_at_period_end(account: Account, subscription: Object, params: Form) -> Object:
    wanted = params["cancel_at_period_end"]
    if wanted == subscription["cancel_at_period_end"]:
        return {}
    if not wanted:
        return {"cancel_at_period_end": False, **_not_canceled(subscription)}
    return {
        "cancel_at_period_end": True,
        "cancel_at": renewals.period_end(subscription),
        **_canceled(account, subscription),
    }


def _cancel_at(account: Account, subscription: Object, params: Form) -> Object:
    wanted = params["cancel_at"]
    if wanted == "":
        return {"cancel_at_period_end": False, **_not_canceled(subscription)}
    if wanted in ("max_period_end", "min_period_end"):
        wanted = renewals.period_end(subscription)
    if wanted <= account.now():
        raise errors.invalid("`cancel_at` must be in the future.", "cancel_at")
    return {"cancel_at": wanted, **_canceled(account, subscription)}


def _canceled(account: Account, subscription: Object) -> Object:
    details = {**subscription["cancellation_details"], "reason": "cancellation_requested"}
    return {"canceled_at": account.now(), "cancellation_details": details}


def _not_canceled(subscription: Object) -> Object:
    details = dict.fromkeys(subscription["cancellation_details"])
    return {"cancel_at": None, "canceled_at": None, "cancellation_details": details}


def _cancellation_details(account: Account, subscription: Object, params: Form) -> Object:
    given = params["cancellation_details"] or {}
    cleaned = {name: value or None for name, value in given.items()}
    if params.get("cancel_at_period_end"):
        cleaned["reason"] = "cancellation_requested"
    return {"cancellation_details": {**subscription["cancellation_details"], **cleaned}}


def _metadata(account: Account, subscription: Object, params: Form) -> Object:
    return {"metadata": metadata.merged(subscription["metadata"], params["metadata"])}


def _default_payment_method(account: Account, subscription: Object, params: Form) -> Object:
    name = params["default_payment_method"]
    if name:
        payment_methods.of_customer(
            account, name, subscription["customer"], "default_payment_method"
        )
    return {"default_payment_method": name or None}


def _pause_collection(account: Account, subscription: Object, params: Form) -> Object:
    given = params["pause_collection"]
    if given == "":
        return {"pause_collection": None}
    if given.get("resumes_at"):
        account.plan(given["resumes_at"], "subscription.resume", subscription["id"])
    return {"pause_collection": {"resumes_at": None, **given}}


def _description(account: Account, subscription: Object, params: Form) -> Object:
    return {"description": params["description"] or None}


def _invoice_settings(account: Account, subscription: Object, params: Form) -> Object:
    given = {name: value or None for name, value in params["invoice_settings"].items()}
    given.pop("issuer", None)
    if "custom_fields" in given:
        given["custom_fields"] = subscription_rules.custom_fields(given["custom_fields"])
    return {"invoice_settings": {**subscription["invoice_settings"], **given}}


def _automatic_tax(account: Account, subscription: Object, params: Form) -> Object:
    enabled = params["automatic_tax"].get("enabled", False)
    if enabled:
        customer = account.store.by_id[subscription["customer"]]
        subscription_rules.check_location(customer)
    return {"automatic_tax": subscription_rules.automatic_tax(enabled=enabled)}


def _days_until_due(account: Account, subscription: Object, params: Form) -> Object:
    method = {"collection_method": subscription["collection_method"]}
    subscription_rules.check_collection({**method, "days_until_due": params["days_until_due"]})
    return {"days_until_due": params["days_until_due"]}


def _items(account: Account, subscription: Object, params: Form) -> Object:
    behavior = params.get("proration_behavior", "create_prorations")
    if behavior == "create_prorations":
        raise errors.invalid(
            "The sandbox changes prices with `proration_behavior` none or always_invoice only.",
            "proration_behavior",
        )
    items = subscription["items"]
    changed = {entry["id"]: _changed(account, subscription, entry) for entry in _named(params)}
    data = [changed.pop(item["id"], item) for item in items["data"]]
    if changed:
        unknown = next(iter(changed))
        raise errors.no_such("subscription_item", unknown, "items")
    subscriptions.check([(item["price"], item["quantity"]) for item in data], None)
    if behavior == "always_invoice":
        return prorations.invoice_now(account, subscription, params, data)
    return {"items": {**items, "data": data}}


def _named(params: Form) -> list[Form]:
    for number, entry in enumerate(params["items"]):
        if "id" not in entry:
            raise errors.missing(f"items[{number}][id]")
        if entry.get("deleted"):
            raise errors.invalid("The sandbox does not delete items.", f"items[{number}][deleted]")
    return list(params["items"])


def _changed(account: Account, subscription: Object, entry: Form) -> Object:
    found = [item for item in subscription["items"]["data"] if item["id"] == entry["id"]]
    if not found:
        raise errors.no_such("subscription_item", entry["id"], "items")
    item = {**found[0]}
    if "price" in entry:
        price = account.find("price", entry["price"], "items")
        if price["currency"] != subscription["currency"]:
            raise errors.invalid("The price has another currency than the subscription.", "items")
        item.update(price={**price}, plan=plan_of(price))
    if "quantity" in entry:
        item["quantity"] = entry["quantity"]
    if "metadata" in entry:
        item["metadata"] = metadata.merged(item["metadata"], entry["metadata"])
    return item


CHANGES = {
    "cancel_at_period_end": _cancel_at_period_end,
    "cancel_at": _cancel_at,
    "cancellation_details": _cancellation_details,
    "metadata": _metadata,
    "default_payment_method": _default_payment_method,
    "pause_collection": _pause_collection,
    "description": _description,
    "invoice_settings": _invoice_settings,
    "automatic_tax": _automatic_tax,
    "days_until_due": _days_until_due,
    "items": _items,
}
