"""A customer's tax numbers. Whether one can be a number of its kind is looked at; whether anybody has
it is not: they stay unverified."""

from __future__ import annotations

import re

from sandbox import errors, lists
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

SHAPES = {
    "ch_vat": r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)",
    "eu_vat": r"(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)"
    r"[A-Z0-9+*]{7,12}",
    "gb_vat": r"(GB|XI)?(\d{9}|\d{12}|(GD|HA)\d{3})",
    "us_ein": r"\d{2}-?\d{7}",
}
MOST = 5


def create(account: Account, params: Form, customer_id: str) -> Object:
    customer = account.find("customer", customer_id, "customer", 404)
    for name in ("type", "value"):
        if name not in params:
            raise errors.missing(name)
    if len(account.store.where("tax_id", "customer", customer_id)) >= MOST:
        raise errors.invalid(f"A customer may have at most {MOST} tax IDs.", "type")
    return add(account, customer, params["type"], params["value"])


def add(account: Account, customer: Object, kind: str, value: str) -> Object:
    check(kind, value)
    tax_id = account.new(
        "tax_id",
        "txi",
        country=value[:2].upper() if kind == "eu_vat" else kind[:2].upper(),
        customer=customer["id"],
        type=kind,
        value=value,
        verification={"status": "pending", "verified_address": None, "verified_name": None},
    )
    return account.add(tax_id, "customer.tax_id.created")


def check(kind: str, value: str) -> None:
    """Raises what Stripe says to a number that cannot be one of its kind."""
    shape = SHAPES.get(kind, r"\S.{2,39}")
    if not re.fullmatch(shape, value.replace(" ", ""), re.IGNORECASE | re.ASCII):
        raise errors.invalid(f"Invalid value for {kind}.", "value", "tax_id_invalid")


def list_(account: Account, params: Form, customer_id: str) -> Object:
    account.find("customer", customer_id, "customer", 404)
    source = account.store.where("tax_id", "customer", customer_id)[::-1]
    url = f"/v1/customers/{customer_id}/tax_ids"
    return lists.page(account, "tax_id", params, url, source=source)


def delete(account: Account, params: Form, customer_id: str, identifier: str) -> Object:
    tax_id = account.find("tax_id", identifier, status=404)
    if tax_id["customer"] != customer_id:
        raise errors.no_such("tax_id", identifier, status=404)
    account.store.remove(tax_id)
    account.emit("customer.tax_id.deleted", tax_id)
    return {"id": identifier, "object": "tax_id", "deleted": True}
