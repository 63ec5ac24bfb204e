"""Products and prices."""

from __future__ import annotations

import re
from decimal import Decimal

from sandbox import errors, lists, metadata
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

PRODUCTS = "/v1/products"
PRICES = "/v1/prices"
PRODUCT_FIELDS = (
    "name",
    "active",
    "description",
    "images",
    "marketing_features",
    "shippable",
    "statement_descriptor",
    "tax_code",
    "unit_label",
    "url",
)
PRICE_FIELDS = ("active", "nickname", "tax_behavior")
LONGEST_INTERVAL = {"day": 1095, "week": 156, "month": 36, "year": 3}
LARGEST = 99_999_999


def create_product(account: Account, params: Form) -> Object:
    identifier = params.get("id")
    if identifier is not None:
        _check_product_id(account, identifier)
    product = account.new(
        "product",
        "prod",
        active=True,
        images=[],
        marketing_features=[],
        type=params.get("type", "service"),
        updated=account.now(),
    )
    if identifier is not None:
        product["id"] = identifier
    product.update(_product_changes(product, params))
    account.add(product, "product.created")
    if "default_price_data" in params:
        price = create_price(account, {**params["default_price_data"], "product": product["id"]})
        account.change(product, default_price=price["id"])
    return product


def _check_product_id(account: Account, identifier: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", identifier):
        raise errors.invalid("Product IDs may contain letters, digits, _ and - only.", "id")
    if identifier in account.store.by_id:
        raise errors.invalid("Product already exists.", "id", "resource_already_exists")


def update_product(account: Account, params: Form, identifier: str) -> Object:
    product = account.find("product", identifier, status=404)
    changes = _product_changes(product, params)
    if "default_price" in params:
        account.find("price", params["default_price"], "default_price")
        changes["default_price"] = params["default_price"]
    account.change(product, "product.updated", **changes, updated=account.now())
    return product


def _product_changes(product: Object, params: Form) -> Object:
    changes: Object = {name: params[name] for name in PRODUCT_FIELDS if name in params}
    changes = {name: None if value == "" else value for name, value in changes.items()}
    if changes.get("name", "-") is None:
        raise errors.invalid(
            "You passed an empty string for 'name'.", "name", "parameter_invalid_empty"
        )
    if "metadata" in params:
        changes["metadata"] = metadata.merged(product["metadata"], params["metadata"])
    return changes


def retrieve_product(account: Account, params: Form, identifier: str) -> Object:
    return account.find("product", identifier, status=404)


def list_products(account: Account, params: Form) -> Object:
    wanted = set(params.get("ids", []))

    def asked_for(product: Object) -> bool:
        return not wanted or product["id"] in wanted

    same = lists.having(params, "active", "shippable", "url")
    return lists.page(
        account, "product", params, PRODUCTS, test=lambda item: asked_for(item) and same(item)
    )


def create_price(account: Account, params: Form) -> Object:
    amount = unit_amount(params)
    recurring = _recurring(params.get("recurring"))
    lookup_key = _free_lookup_key(account, params)
    product = _product_of(account, params)
    price = account.new(
        "price",
        "price",
        active=True,
        billing_scheme=params.get("billing_scheme", "per_unit"),
        currency=currency(params["currency"]),
        lookup_key=lookup_key,
        metadata=metadata.merged({}, params.get("metadata")),
        product=product["id"],
        recurring=recurring,
        tax_behavior="unspecified",
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )
    price.update({name: params[name] for name in PRICE_FIELDS if name in params})
    return account.add(price, "price.created")


def inline_price(account: Account, params: Form) -> Object:
    """A price for one look: it is kept nowhere."""
    product = account.find("product", params["product"], "product")
    amount = unit_amount(params)
    return account.new(
        "price",
        "price",
        active=True,
        billing_scheme="per_unit",
        currency=currency(params["currency"]),
        product=product["id"],
        recurring=_recurring(params["recurring"]),
        tax_behavior=params.get("tax_behavior", "unspecified"),
        type="recurring",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )


def currency(given: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", given, re.ASCII):
        raise errors.invalid(f"Invalid currency: {given[:20]}.", "currency")
    return given.lower()


def unit_amount(params: Form) -> int:
    given = params.get("unit_amount", params.get("unit_amount_decimal"))
    if given is None:
        raise errors.missing("unit_amount")
    amount = Decimal(given)
    if amount != amount.to_integral_value():
        raise errors.invalid("The sandbox counts in whole minor units.", "unit_amount_decimal")
    if not 0 <= amount <= LARGEST:
        raise errors.invalid(
            "Invalid non-negative integer", "unit_amount", "parameter_invalid_integer"
        )
    return int(amount)


def _recurring(given: Form | None) -> Object | None:
    if not given:
        return None
    interval, count = given["interval"], given.get("interval_count", 1)
    if not 1 <= count <= LONGEST_INTERVAL[interval]:
        raise errors.invalid(
            "The maximum billing interval is three years.", "recurring[interval_count]"
        )
    return {
        "interval": interval,
        "interval_count": count,
        "meter": given.get("meter"),
        "trial_period_days": given.get("trial_period_days"),
        "usage_type": given.get("usage_type", "licensed"),
    }


def _product_of(account: Account, params: Form) -> Object:
    if "product" in params:
        return account.find("product", params["product"], "product")
    if "product_data" in params:
        return create_product(account, params["product_data"])
    raise errors.missing("product")


def _free_lookup_key(account: Account, params: Form) -> str | None:
    key: str | None = params.get("lookup_key") or None
    if key is None:
        return None
    for price in account.store.where("price", "lookup_key", key):
        if not params.get("transfer_lookup_key"):
            raise errors.invalid(
                f"A price (`{price['id']}`) already uses that lookup key.",
                "lookup_key",
                "resource_already_exists",
            )
        account.change(price, "price.updated", lookup_key=None)
    return key


def update_price(account: Account, params: Form, identifier: str) -> Object:
    price = account.find("price", identifier, status=404)
    changes: Object = {name: params[name] or None for name in ("nickname",) if name in params}
    for name in ("active", "tax_behavior"):
        if name in params:
            changes[name] = params[name]
    if "metadata" in params:
        changes["metadata"] = metadata.merged(price["metadata"], params["metadata"])
    if "lookup_key" in params and params["lookup_key"] != price["lookup_key"]:
        changes["lookup_key"] = _free_lookup_key(account, params)
    account.change(price, "price.updated", **changes)
    return price


def retrieve_price(account: Account, params: Form, identifier: str) -> Object:
    return account.find("price", identifier, status=404)


def list_prices(account: Account, params: Form) -> Object:
    keys = params.get("lookup_keys")
    source = None
    if keys is not None:
        where = account.store.where
        source = [price for key in keys for price in where("price", "lookup_key", key)][::-1]
    same = lists.having(params, "product", "active", "currency", "type")
    return lists.page(account, "price", params, PRICES, source=source, test=same)


def plan_of(price: Object) -> Object | None:
    """The older twin of a recurring price, still shown on subscription items."""
    recurring = price["recurring"]
    if recurring is None:
        return None
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": price["billing_scheme"],
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": price["metadata"],
        "meter": None,
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": recurring["usage_type"],
    }
