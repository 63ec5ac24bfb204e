"""Customers: who pays, in one currency only."""

from __future__ import annotations

from sandbox import errors, ids, lists, metadata, payment_methods
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/customers"
PLAIN = ("name", "email", "description", "phone", "balance", "tax_exempt", "preferred_locales")
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def create(account: Account, params: Form) -> Object:
    # An attempt with a payment method that cannot be attached must leave no customer behind.
    method = payment_methods.to_attach(account, params.get("payment_method"))
    customer = account.new(
        "customer",
        "cus",
        balance=0,
        delinquent=False,
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        next_invoice_sequence=1,
        preferred_locales=[],
        tax_exempt="none",
    )
    letters = ids.token(account.seed, "invoice_prefix", account.number("invoice_prefix"), 8)
    customer["invoice_prefix"] = letters.upper()
    customer.update(_changes(account, customer, params))
    account.add(customer, "customer.created")
    if method is not None:
        payment_methods.belong_to(account, method, customer["id"])
    return customer


def update(account: Account, params: Form, identifier: str) -> Object:
    customer = account.find("customer", identifier, status=404)
    account.change(customer, "customer.updated", **_changes(account, customer, params))
    return customer


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    """Of one that was deleted no more than that."""
    known = account.store.get("customer", identifier)
    if known is not None and known.get("_deleted"):
        return gone(identifier)
    return account.find("customer", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    alike = lists.having(params, "email")
    return lists.page(
        account, "customer", params, URL, test=lambda one: alike(one) and "_deleted" not in one
    )


def gone(identifier: str) -> Object:
    return {"id": identifier, "object": "customer", "deleted": True}


def _changes(account: Account, customer: Object, params: Form) -> Object:
    changes: Object = {name: params[name] for name in PLAIN if name in params}
    for name in ("name", "email", "description", "phone"):
        if changes.get(name) == "":
            changes[name] = None
    if "metadata" in params:
        changes["metadata"] = metadata.merged(customer["metadata"], params["metadata"])
    if "address" in params:
        changes["address"] = address(params["address"])
    if "shipping" in params:
        changes["shipping"] = _shipping(params["shipping"])
    if "invoice_settings" in params:
        changes["invoice_settings"] = _invoice_settings(account, customer, params)
    return changes


def address(given: object) -> Object | None:
    if not isinstance(given, dict):
        return None
    return {name: given.get(name) or None for name in ADDRESS}


def _shipping(given: object) -> Object | None:
    if not isinstance(given, dict):
        return None
    shipping = {"name": None, "phone": None, "carrier": None, "tracking_number": None, **given}
    return {**shipping, "address": address(given.get("address"))}


def _invoice_settings(account: Account, customer: Object, params: Form) -> Object:
    settings = {**customer["invoice_settings"]}
    for name, value in params["invoice_settings"].items():
        settings[name] = None if value == "" else value
    method_id = settings["default_payment_method"]
    if method_id:
        payment_methods.of_customer(
            account, method_id, customer["id"], "invoice_settings[default_payment_method]"
        )
    return settings


def settle_currency(account: Account, customer: Object, currency: str) -> None:
    """The first money a customer owes settles the customer's currency for good."""
    check_currency(customer, currency)
    if customer.get("currency") is None:
        account.change(customer, "customer.updated", currency=currency)


def check_currency(customer: Object, currency: str) -> None:
    settled = customer.get("currency")
    if settled not in (None, currency):
        raise errors.invalid(
            "You cannot combine currencies on a single customer. This customer has an active "
            "subscription, subscription schedule, discount, quote, or invoice item with currency "
            f"{settled}."
        )
