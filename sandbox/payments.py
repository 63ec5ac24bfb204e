"""Payment intents: what happens when a payment method is asked for money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox import cards, charges, lists, payment_methods
from sandbox.account import ADDRESS, Account
from sandbox.cards import Card, Decline
from sandbox.errors import StripeError
from sandbox.parameters import Form
from sandbox.store import Object

INTENTS = "/v1/payment_intents"

OPTIONS = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
Status = Literal["succeeded", "processing", "failed", "requires_action"]


@dataclass(frozen=True)
class Result:
    status: Status
    error: StripeError | None = None


def create_intent(
    account: Account,
    *,
    amount: int,
    currency: str,
    customer: str | None,
    description: str | None = None,
    metadata: Object | None = None,
    setup_future_usage: str | None = None,
    types: list[str] | None = None,
) -> Object:
    intent = account.new(
        "payment_intent",
        "pi",
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        capture_method="automatic_async",
        confirmation_method="automatic",
        currency=currency,
        customer=customer,
        description=description,
        metadata=metadata or {},
        payment_method_options={"card": {**OPTIONS}},
        payment_method_types=types or ["card", "sepa_debit"],
        setup_future_usage=setup_future_usage,
        status="requires_payment_method",
    )
    intent["client_secret"] = f"{intent['id']}_secret_{account.new_id('s')[2:]}"
    return account.add(intent, "payment_intent.created")


def attempt(
    account: Account,
    intent: Object,
    method: Object,
    *,
    off_session: bool,
    authenticated: bool = False,
) -> Result:
    """Ask that method for the money. A refusal is an ordinary result, kept on the intent."""
    if method["type"] == "sepa_debit":
        return _debit(account, intent, method)
    if method["type"] == "customer_balance":
        return _succeed(account, intent, method)
    card = payment_methods.card_of(method)
    if not authenticated and asks_for_authentication(card, method, off_session=off_session):
        return _ask(account, intent, method)
    if card.decline is not None:
        return _decline(account, intent, method, card.decline)
    return _succeed(account, intent, method)


def asks_for_authentication(card: Card, method: Object, *, off_session: bool) -> bool:
    if card.authentication == "always":
        return True
    if card.authentication == "unless_set_up":
        return not method.get("_set_up")
    return card.authentication == "on_session" and not off_session


def _ask(account: Account, intent: Object, method: Object) -> Result:
    url = f"{ADDRESS}/c/3ds/{intent['id']}"
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": None}}
    account.change(
        intent, status="requires_action", next_action=action, payment_method=method["id"]
    )
    account.emit("payment_intent.requires_action", intent)
    return Result("requires_action")


def _succeed(account: Account, intent: Object, method: Object) -> Result:
    charge = charges.make(account, intent, method, status="succeeded")
    if method["type"] == "card":
        # From now on the bank knows this card at this account.
        account.change(method, _set_up=True)
    _received(account, intent, charge)
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)
    return Result("succeeded")


def _received(account: Account, intent: Object, charge: Object) -> None:
    account.change(
        intent,
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        payment_method=charge["payment_method"],
        last_payment_error=None,
        next_action=None,
        processing=None,
    )
    account.plan(account.now() + account.settings.fee_after, "charge.book", charge["id"])


def _decline(account: Account, intent: Object, method: Object, decline: Decline) -> Result:
    charge = charges.make(
        account,
        intent,
        method,
        status="failed",
        failure_code=decline.code,
        failure_message=decline.message,
        outcome=charges.outcome("issuer_declined", decline.decline_code, decline.message),
    )
    return refuse(account, intent, method, decline, charge)


def refuse(
    account: Account,
    intent: Object,
    method: Object,
    decline: Decline,
    charge: Object | None = None,
) -> Result:
    error = decline.error()
    shown = {**error.error, "payment_method": method}
    if not shown.get("decline_code"):
        shown.pop("decline_code", None)
    if charge is not None:
        shown["charge"] = charge["id"]
    account.change(
        intent,
        status="requires_payment_method",
        last_payment_error=shown,
        latest_charge=charge["id"] if charge is not None else intent["latest_charge"],
        next_action=None,
        payment_method=None,
        processing=None,
    )
    account.emit("payment_intent.payment_failed", intent)
    if charge is not None:
        account.emit("charge.failed", charge)
        error.error["charge"] = charge["id"]
    return Result("failed", error)


def fail_authentication(account: Account, intent: Object) -> Result:
    method = account.store.by_id[intent["payment_method"]]
    return refuse(account, intent, method, cards.NOT_AUTHENTICATED)


def _debit(account: Account, intent: Object, method: Object) -> Result:
    charge = charges.make(account, intent, method, status="pending")
    account.change(
        intent,
        status="processing",
        latest_charge=charge["id"],
        payment_method=method["id"],
        next_action=None,
        last_payment_error=None,
    )
    account.plan(account.now() + account.settings.settlement_after, "payment.settle", intent["id"])
    account.emit("charge.pending", charge)
    account.emit("payment_intent.processing", intent)
    return Result("processing")


DEBIT_FAILED = Decline(
    "payment_method_provider_decline",
    "",
    "The customer's bank refused the debit.",
)


def settle(account: Account, intent: Object) -> Result:
    """The bank has answered a debit, days later."""
    charge = account.store.by_id[intent["latest_charge"]]
    method = account.store.by_id[intent["payment_method"]]
    if method["_number"] == cards.FAILS_AT_SETTLEMENT:
        account.change(
            charge,
            status="failed",
            failure_code="insufficient_funds",
            failure_message=DEBIT_FAILED.message,
        )
        return refuse(account, intent, method, DEBIT_FAILED, charge)
    account.change(charge, status="succeeded", paid=True, outcome=charges.AUTHORIZED)
    _received(account, intent, charge)
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)
    return Result("succeeded")


def retrieve_intent(account: Account, params: Form, identifier: str) -> Object:
    return account.find("payment_intent", identifier, "intent", 404)


def list_intents(account: Account, params: Form) -> Object:
    source = None
    if "customer" in params:
        source = account.store.where("payment_intent", "customer", params["customer"])[::-1]
    return lists.page(account, "payment_intent", params, INTENTS, source=source)
