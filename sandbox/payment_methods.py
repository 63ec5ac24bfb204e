"""Payment methods: the cards and bank accounts that customers have saved."""

from __future__ import annotations

import hashlib

from sandbox import cards, errors, lists
from sandbox.account import Account
from sandbox.cards import Card
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/payment_methods"
EXPIRY = (12, 2034)
CARD = {
    "checks": {
        "address_line1_check": None,
        "address_postal_code_check": None,
        "cvc_check": "pass",
    },
    "country": "US",
    "funding": "credit",
    "generated_from": None,
    "regulated_status": "unregulated",
    "three_d_secure_usage": {"supported": True},
    "wallet": None,
}


def make_card(
    account: Account,
    card: Card,
    *,
    name: str | None = None,
    email: str | None = None,
    country: str | None = None,
    expiry: tuple[int, int] = EXPIRY,
) -> Object:
    details = {
        **CARD,
        "brand": card.brand,
        "display_brand": card.brand,
        "exp_month": expiry[0],
        "exp_year": expiry[1],
        "fingerprint": _fingerprint(account, card.number),
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
    }
    billing = _billing(name, email, country)
    return _new(account, "card", details, billing, _number=card.number, _set_up=False)


def make_debit(account: Account, iban: str, *, name: str | None, email: str | None) -> Object:
    number = cards.iban(iban)
    details = {
        "bank_code": number[4:12],
        "branch_code": "",
        "country": number[:2],
        "fingerprint": _fingerprint(account, number),
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": number[-4:],
    }
    billing = _billing(name, email, number[:2])
    return _new(account, "sepa_debit", details, billing, _number=number)


def make_transfer(account: Account, *, name: str | None, email: str | None) -> Object:
    """Money that came by bank transfer, held for a customer until it pays for something."""
    return _new(account, "customer_balance", {}, _billing(name, email, None), _number="")


def _new(account: Account, type: str, details: Object, billing: Object, **notes: object) -> Object:
    method = account.new("payment_method", "pm", type=type, billing_details=billing)
    method.update({type: details, "allow_redisplay": "limited", **notes})
    return account.add(method)


def _fingerprint(account: Account, number: str) -> str:
    return hashlib.sha256(f"{account.seed}:{number}".encode()).hexdigest()[:16]


def _billing(name: str | None, email: str | None, country: str | None) -> Object:
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    address["country"] = country
    return {"address": address, "email": email, "name": name, "phone": None, "tax_id": None}


def card_of(method: Object) -> Card:
    return cards.CARDS[method["_number"]]


def to_attach(account: Account, identifier: str | None) -> Object | None:
    """The method of that id, or a new one for the name of a test card such as pm_card_visa."""
    if not identifier:
        return None
    card = cards.SHORTHANDS.get(identifier)
    if card is None:
        method = account.find("payment_method", identifier, "payment_method")
    else:
        method = make_card(account, card)
    if method["type"] == "card" and card_of(method).declines_at_setup:
        decline = card_of(method).decline
        assert decline is not None
        raise decline.error()
    return method


def belong_to(account: Account, method: Object, customer_id: str) -> None:
    owner = method["customer"]
    if owner == customer_id:
        return
    if owner is not None:
        raise errors.invalid(
            "The payment method you provided has already been attached to a customer."
        )
    account.change(method, customer=customer_id)
    account.emit("payment_method.attached", method)


def of_customer(account: Account, identifier: str, customer_id: str, param: str) -> Object:
    method = account.find("payment_method", identifier, param)
    if method["customer"] != customer_id:
        raise errors.invalid(
            f"The customer does not have a payment method with the ID {identifier}. The payment "
            "method must be attached to the customer.",
            param,
            "resource_missing",
        )
    return method


def attach(account: Account, params: Form, identifier: str) -> Object:
    if "customer" not in params:
        raise errors.missing("customer")
    customer = account.find("customer", params["customer"], "customer")
    method = to_attach(account, identifier)
    assert method is not None
    belong_to(account, method, customer["id"])
    return method


def detach(account: Account, params: Form, identifier: str) -> Object:
    method = account.find("payment_method", identifier, status=404)
    if method["customer"] is None:
        raise errors.invalid(
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible."
        )
    former = {"customer": method["customer"]}
    _forget(account, method)
    account.change(method, customer=None)
    account.emit("payment_method.detached", method, former)
    return method


def _forget(account: Account, method: Object) -> None:
    customer = account.store.by_id[method["customer"]]
    settings = customer["invoice_settings"]
    if settings["default_payment_method"] == method["id"]:
        cleared = {**settings, "default_payment_method": None}
        account.change(customer, "customer.updated", invoice_settings=cleared)
    for subscription in account.store.where("subscription", "customer", customer["id"]):
        if subscription["default_payment_method"] == method["id"]:
            account.change(
                subscription, "customer.subscription.updated", default_payment_method=None
            )


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("payment_method", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    test = lists.having(params, "type")
    if "customer" in params:
        account.find("customer", params["customer"], "customer")
        return _of(account, params["customer"], params, URL)
    return lists.page(account, "payment_method", params, URL, test=test)


def list_of_customer(account: Account, params: Form, customer_id: str) -> Object:
    account.find("customer", customer_id, "customer", 404)
    return _of(account, customer_id, params, f"/v1/customers/{customer_id}/payment_methods")


def _of(account: Account, customer_id: str, params: Form, url: str) -> Object:
    source = account.store.where("payment_method", "customer", customer_id)[::-1]
    test = lists.having(params, "type")
    return lists.page(account, "payment_method", params, url, source=source, test=test)
