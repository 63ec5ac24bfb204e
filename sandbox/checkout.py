"""Checkout sessions: a page on which someone pays, subscribes or saves a card."""

from __future__ import annotations

from sandbox import (
    catalog,
    checkout_rules,
    errors,
    lists,
    metadata,
    setups,
    subscriptions,
)
from sandbox.account import ADDRESS, Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/checkout/sessions"
TAKEN_OVER = (
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "consent_collection",
    "customer_email",
    "integration_identifier",
    "locale",
    "origin_context",
    "payment_method_collection",
    "success_url",
    "ui_mode",
)


def create(account: Account, params: Form) -> Object:
    mode = params.get("mode")
    if mode is None:
        raise errors.missing("mode")
    checkout_rules.check(account, params, mode)
    customer = _customer(account, params)
    items = _items(account, params, mode)
    if mode == "subscription":
        subscriptions.check([(item["price"], item["quantity"]) for item in items], customer)
        anchor = params.get("subscription_data", {}).get("billing_cycle_anchor")
        checkout_rules.check_first_period(anchor, items, account.now())
    session = account.new(
        "checkout.session",
        "cs_test",
        **_unused(),
        **{name: params[name] for name in TAKEN_OVER if name in params},
        **_totals(items, mode),
        currency=_currency(params, items),
        customer=customer["id"] if customer else None,
        customer_creation=_customer_creation(mode, customer, params),
        expires_at=checkout_rules.expires_at(account, params),
        metadata=metadata.merged({}, params.get("metadata")),
        mode=mode,
        payment_status="no_payment_required" if mode == "setup" else "unpaid",
        _items=items,
        _params={name: params[name] for name in KEPT if name in params},
    )
    _open(account, session, params)
    return account.add(session)


def _unused() -> Object:
    """What a session holds before anybody has asked for more."""
    texts = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {
        "adaptive_pricing": {"enabled": False},
        "custom_fields": [],
        "custom_text": dict.fromkeys(texts),
        "payment_method_collection": "always",
        "payment_method_types": ["card", "sepa_debit"],
        "shipping_options": [],
        "status": "open",
        "ui_mode": "hosted_page",
    }


def _open(account: Account, session: Object, params: Form) -> None:
    enabled = params.get("automatic_tax", {}).get("enabled", False)
    session["automatic_tax"] = {
        "enabled": enabled,
        "liability": {"type": "self"} if enabled else None,
        "provider": "stripe" if enabled else None,
        "status": "requires_location_inputs" if enabled else None,
    }
    if "tax_id_collection" in params:
        session["tax_id_collection"] = {"required": "never", **params["tax_id_collection"]}
    session["url"] = f"{ADDRESS}/c/pay/{session['id']}"
    if session["mode"] == "setup":
        session["setup_intent"] = _setup_intent(account, session)["id"]
    account.plan(session["expires_at"], "checkout.expire", session["id"])


KEPT = (
    "subscription_data",
    "setup_intent_data",
    "payment_intent_data",
    "customer_update",
    "automatic_tax",
)


def _customer(account: Account, params: Form) -> Object | None:
    if not params.get("customer"):
        return None
    return account.find("customer", params["customer"], "customer")


def _customer_creation(mode: str, customer: Object | None, params: Form) -> str | None:
    if customer is not None:
        return None
    default = "always" if mode == "subscription" else "if_required"
    return str(params.get("customer_creation", default))


def _items(account: Account, params: Form, mode: str) -> list[Object]:
    entries = params.get("line_items") or []
    return [_item(account, entry, number, mode) for number, entry in enumerate(entries)]


def _item(account: Account, entry: Form, number: int, mode: str) -> Object:
    place = f"line_items[{number}]"
    price = _price(account, entry, place)
    if mode == "payment" and price["recurring"] is not None:
        raise errors.invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to "
            "`subscription` mode or use only one-time prices.",
            f"{place}[price]",
        )
    quantity = entry.get("quantity", 1)
    if quantity < 1:
        raise errors.invalid(
            "This value must be greater than or equal to 1.", f"{place}[quantity]"
        )
    total = price["unit_amount"] * quantity
    return account.new(
        "item",
        "li",
        amount_discount=0,
        amount_subtotal=total,
        amount_tax=0,
        amount_total=total,
        currency=price["currency"],
        description=account.store.by_id[price["product"]]["name"],
        price=price,
        quantity=quantity,
    )


def _price(account: Account, entry: Form, place: str) -> Object:
    if "price_data" in entry:
        price = catalog.create_price(account, entry["price_data"])
        account.change(price, active=False)
        return price
    if "price" not in entry:
        raise errors.missing(f"{place}[price]")
    price = account.find("price", entry["price"], f"{place}[price]")
    if not price["active"]:
        raise errors.invalid(
            "The price specified is inactive. This field only accepts active prices.",
            f"{place}[price]",
        )
    return price


def _currency(params: Form, items: list[Object]) -> str | None:
    if not items:
        # Since payment method types are chosen by Stripe, setup needs to know the currency.
        if "currency" not in params:
            raise errors.missing("currency")
        return catalog.currency(params["currency"])
    first = str(items[0]["currency"])
    if any(item["currency"] != first for item in items):
        raise errors.invalid("All line items must have the same currency.", "line_items")
    return first


def _totals(items: list[Object], mode: str) -> Object:
    if mode == "setup":
        return {"amount_subtotal": None, "amount_total": None}
    total = sum(item["amount_total"] for item in items)
    details = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}
    return {"amount_subtotal": total, "amount_total": total, "total_details": details}


def _setup_intent(account: Account, session: Object) -> Object:
    given = session["_params"].get("setup_intent_data", {})
    return setups.create(
        account,
        session["customer"],
        given.get("description"),
        metadata.merged({}, given.get("metadata")),
    )


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("checkout.session", identifier, "session", 404)


def list_(account: Account, params: Form) -> Object:
    source = None
    for name in ("customer", "subscription"):
        if name in params:
            source = account.store.where("checkout.session", name, params[name])[::-1]
    same = lists.having(params, "customer", "payment_intent", "status", "subscription")
    return lists.page(account, "checkout.session", params, URL, source=source, test=same)


def list_items(account: Account, params: Form, identifier: str) -> Object:
    session = retrieve(account, {}, identifier)
    return lists.cut(session["_items"], "item", params, f"{URL}/{identifier}/line_items")


def items_of(account: Account, session: Object) -> Object:
    """What `expand[]=line_items` shows."""
    kept = account.store.by_id[session["id"]]
    return lists.whole(kept["_items"], f"{URL}/{session['id']}/line_items")


def expire(account: Account, params: Form, identifier: str) -> Object:
    session = retrieve(account, {}, identifier)
    if session["status"] != "open":
        raise errors.invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
            f"Session has a status of {session['status']}."
        )
    _expire(account, session)
    return session


def expire_when_due(account: Account, identifier: str) -> None:
    session = account.store.by_id[identifier]
    if session["status"] == "open":
        _expire(account, session)


def _expire(account: Account, session: Object) -> None:
    account.change(
        session, status="expired", url=None, expires_at=min(session["expires_at"], account.now())
    )
    account.emit("checkout.session.expired", session)


def open_sessions(account: Account) -> list[Object]:
    found = account.store.newest_first("checkout.session")
    return [session for session in found if session["status"] == "open"]
