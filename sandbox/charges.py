"""Charges: each try at a payment method, and the late booking of what it brought."""

from __future__ import annotations

from sandbox import balance, lists, payment_methods
from sandbox.account import ADDRESS, Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/charges"


def outcome(type: str, reason: str | None, message: str) -> Object:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network",
        "reason": reason,
        "risk_level": "normal",
        "seller_message": message,
        "type": type,
    }


AUTHORIZED = {
    **outcome("authorized", None, "Payment complete."),
    "network_status": "approved_by_network",
}


def make(
    account: Account, intent: Object, method: Object, *, status: str, **fields: object
) -> Object:
    charge = account.new(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_captured=intent["amount"] if status == "succeeded" else 0,
        amount_refunded=0,
        billing_details=method["billing_details"],
        calculated_statement_descriptor="MAINSTAY SANDBOX",
        captured=status != "failed",
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        fraud_details={},
        metadata=intent["metadata"],
        outcome=AUTHORIZED if status == "succeeded" else None,
        paid=status == "succeeded",
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=_details(method, intent["amount"]),
        refunded=False,
        status=status,
    )
    charge.update(fields)
    if status == "succeeded":
        charge["receipt_url"] = f"{ADDRESS}/receipt/{charge['id']}"
    return account.add(charge)


def _details(method: Object, amount: int) -> Object:
    type = method["type"]
    if type == "customer_balance":
        return {"type": type, type: {}}
    known = method[type]
    if type == "sepa_debit":
        shown = ("bank_code", "branch_code", "country", "fingerprint", "last4")
        return {"type": type, type: {**{name: known[name] for name in shown}, "mandate": None}}
    names = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    empty = (
        "authorization_code",
        "electronic_commerce_indicator",
        "installments",
        "mandate",
        "network_transaction_id",
        "three_d_secure",
        "transaction_link_id",
        "wallet",
    )
    card = {**dict.fromkeys(empty), **{name: known[name] for name in names}}
    card.update(amount_authorized=amount, last4=known["last4"], network=known["brand"])
    return {"type": type, type: {**card, "regulated_status": known["regulated_status"]}}


def book(account: Account, charge_id: str) -> None:
    """The fee is known a while after the charge; only then does its balance transaction exist."""
    charge = account.store.by_id[charge_id]
    if charge["balance_transaction"] is not None:
        return
    at_once = _funds_at_once(account, charge)
    available = account.now() if at_once else charge["created"] + account.settings.available_after
    _, settled, _ = balance.settled(account, charge["currency"], charge["amount"])
    transaction = balance.book(
        account,
        "charge",
        charge,
        amount=charge["amount"],
        fee=balance.processing_fee(account, settled),
        available_on=max(available, account.now()),
        description=charge["description"],
    )
    account.change(charge, "charge.updated", balance_transaction=transaction["id"])
    _expect_trouble(account, charge)


def _expect_trouble(account: Account, charge: Object) -> None:
    """Payments with some cards are disputed, or asked about, soon afterwards."""
    method = account.store.by_id[charge["payment_method"]]
    trouble = method["type"] == "card" and payment_methods.card_of(method).dispute
    if trouble:
        action = "dispute.open_by_card" if trouble == "dispute" else "dispute.ask_by_card"
        account.plan(account.now() + account.settings.disputed_after, action, charge["id"])


def _funds_at_once(account: Account, charge: Object) -> bool:
    method = account.store.by_id[charge["payment_method"]]
    return method["type"] == "card" and payment_methods.card_of(method).funds_at_once


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("charge", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    source = None
    if "payment_intent" in params:
        source = account.store.where("charge", "payment_intent", params["payment_intent"])[::-1]
    test = lists.having(params, "customer", "transfer_group")
    return lists.page(account, "charge", params, URL, source=source, test=test)
