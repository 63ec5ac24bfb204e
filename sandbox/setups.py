"""Setup intents: saving a payment method for later, without taking money."""

from __future__ import annotations

from sandbox import cards, lists, payment_methods
from sandbox.account import ADDRESS, Account
from sandbox.cards import Decline
from sandbox.parameters import Form
from sandbox.payments import Result
from sandbox.store import Object

URL = "/v1/setup_intents"


def create(
    account: Account, customer: str | None, description: str | None, metadata: Object
) -> Object:
    intent = account.new(
        "setup_intent",
        "seti",
        customer=customer,
        description=description,
        metadata=metadata,
        payment_method_options={"card": {"mandate_options": None, "network": None}},
        payment_method_types=["card", "sepa_debit"],
        status="requires_payment_method",
        usage="off_session",
    )
    intent["payment_method_options"]["card"]["request_three_d_secure"] = "automatic"
    intent["client_secret"] = f"{intent['id']}_secret_{account.new_id('s')[2:]}"
    return account.add(intent, "setup_intent.created")


def attempt(
    account: Account, intent: Object, method: Object, *, authenticated: bool = False
) -> Result:
    if method["type"] == "card":
        card = payment_methods.card_of(method)
        if card.authentication != "never" and not authenticated:
            return _ask(account, intent, method)
        if card.declines_at_setup and card.decline is not None:
            return refuse(account, intent, method, card.decline)
        account.change(method, _set_up=True)
    account.change(
        intent,
        status="succeeded",
        payment_method=method["id"],
        last_setup_error=None,
        next_action=None,
        mandate=_mandate(account, method) if method["type"] == "sepa_debit" else None,
    )
    account.emit("setup_intent.succeeded", intent)
    return Result("succeeded")


def _ask(account: Account, intent: Object, method: Object) -> Result:
    url = f"{ADDRESS}/c/3ds/{intent['id']}"
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": None}}
    account.change(
        intent, status="requires_action", next_action=action, payment_method=method["id"]
    )
    account.emit("setup_intent.requires_action", intent)
    return Result("requires_action")


def refuse(account: Account, intent: Object, method: Object, decline: Decline) -> Result:
    error = decline.error()
    shown = {**error.error, "payment_method": method}
    account.change(
        intent,
        status="requires_payment_method",
        last_setup_error=shown,
        next_action=None,
        payment_method=None,
    )
    account.emit("setup_intent.setup_failed", intent)
    return Result("failed", error)


NOT_AUTHENTICATED = Decline(
    "setup_intent_authentication_failure", "", cards.NOT_AUTHENTICATED.message
)


def fail_authentication(account: Account, intent: Object) -> Result:
    method = account.store.by_id[intent["payment_method"]]
    return refuse(account, intent, method, NOT_AUTHENTICATED)


def _mandate(account: Account, method: Object) -> str:
    mandate = account.new(
        "mandate",
        "mandate",
        customer_acceptance={
            "accepted_at": account.now(),
            "type": "online",
            "online": {"ip_address": "127.0.0.1", "user_agent": "sandbox"},
        },
        payment_method=method["id"],
        payment_method_details={"type": "sepa_debit", "sepa_debit": {"reference": "", "url": ""}},
        status="active",
        type="multi_use",
        multi_use={},
    )
    return str(account.add(mandate)["id"])


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("setup_intent", identifier, "intent", 404)


def list_(account: Account, params: Form) -> Object:
    test = lists.having(params, "customer", "payment_method")
    return lists.page(account, "setup_intent", params, URL, test=test)
