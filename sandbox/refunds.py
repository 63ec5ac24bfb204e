"""Refunds: the whole of a charge or a part of it goes back; the fee does not. Some are on their way for
a while, and some come back."""

from __future__ import annotations

from typing import Any

from sandbox import balance, charges, disputes, errors, lists, metadata, payment_methods
from sandbox.account import Account
from sandbox.cards import Card
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/refunds"


def create(account: Account, params: Form) -> Object:
    charge = _charge(account, params)
    return make(
        account,
        charge,
        amount=_amount(charge, params),
        noted=metadata.merged({}, params.get("metadata")),
        reason=params.get("reason"),
    )


def make(
    account: Account,
    charge: Object,
    *,
    amount: int,
    noted: Object | None = None,
    reason: str | None = None,
    needs_action: bool = False,
) -> Object:
    """The money leaves the balance at once, whatever the bank does with it afterwards."""
    disputes.insist_refundable(account, charge)
    # The money has to have come before it can go back.
    charges.book(account, charge["id"])
    card = _card(account, charge)
    pending = card is not None and card.refund == "pending"
    status = "requires_action" if needs_action else "pending" if pending else "succeeded"
    refund = _new(
        account, charge, amount=amount, metadata=noted or {}, reason=reason, status=status
    )
    if pending:
        refund["pending_reason"] = "processing"
    refund["balance_transaction"] = _book(account, charge, refund)["id"]
    account.add(refund)
    _note(account, charge, amount)
    account.emit("refund.created", refund)
    if pending:
        _later(account, refund, "succeed", account.settings.refund_settles_after)
    if card is not None and card.refund == "fails":
        _later(account, refund, "fail", account.settings.refund_fails_after)
    return refund


def _new(account: Account, charge: Object, **said: Any) -> Object:
    return account.new(
        "refund",
        "re",
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details=_destination(charge),
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        **said,
    )


def _card(account: Account, charge: Object) -> Card | None:
    method = account.store.by_id[charge["payment_method"]]
    return payment_methods.card_of(method) if method["type"] == "card" else None


def _later(account: Account, refund: Object, what: str, seconds: int) -> None:
    account.plan(account.now() + seconds, f"refund.{what}", refund["id"])


def succeed(account: Account, refund_id: str) -> None:
    """The bank has confirmed what was on its way."""
    refund = account.store.by_id[refund_id]
    if refund["status"] in ("pending", "requires_action"):
        refund.pop("pending_reason", None)
        _changed(account, refund, status="succeeded")


def fail(account: Account, refund_id: str, reason: str = "expired_or_canceled_card") -> None:
    """The bank sends the money back, be it weeks later."""
    refund = account.store.by_id[refund_id]
    if refund["status"] in ("failed", "canceled"):
        return
    _come_back(account, refund, status="failed", failure_reason=reason)
    account.emit("refund.failed", refund)


def cancel(account: Account, params: Form, identifier: str) -> Object:
    refund = retrieve(account, {}, identifier)
    if refund["status"] != "requires_action":
        raise errors.invalid(
            f"This refund ({identifier}) cannot be canceled because its status is "
            f"{refund['status']}. Only refunds with status requires_action can be canceled."
        )
    _come_back(account, refund, status="canceled")
    return refund


def _come_back(account: Account, refund: Object, **fields: Any) -> None:
    transaction = balance.book(
        account,
        "refund_failure",
        refund,
        amount=refund["amount"],
        description="REFUND FAILURE",
    )
    _changed(account, refund, failure_balance_transaction=transaction["id"], **fields)
    _note(account, account.store.by_id[refund["charge"]], -refund["amount"], event=None)


def _changed(account: Account, refund: Object, **fields: Any) -> None:
    """Stripe tells of it under two names, the old one too."""
    previous = account.change(refund, **fields)
    account.emit("charge.refund.updated", refund, previous)
    account.emit("refund.updated", refund, previous)


def update(account: Account, params: Form, identifier: str) -> Object:
    refund = retrieve(account, {}, identifier)
    if "metadata" in params:
        merged = metadata.merged(refund["metadata"], params["metadata"])
        _changed(account, refund, metadata=merged)
    return refund


def _book(account: Account, charge: Object, refund: Object) -> Object:
    original = account.store.by_id[charge["balance_transaction"]]
    return balance.book(
        account,
        "refund",
        refund,
        amount=-refund["amount"],
        available_on=max(original["available_on"], account.now()),
        description="REFUND FOR CHARGE",
    )


def _note(
    account: Account, charge: Object, amount: int, event: str | None = "charge.refunded"
) -> None:
    refunded = charge["amount_refunded"] + amount
    account.change(
        charge,
        event,
        amount_refunded=refunded,
        refunded=refunded == charge["amount"],
    )


def _charge(account: Account, params: Form) -> Object:
    if "charge" in params:
        return account.find("charge", params["charge"], "charge")
    if "payment_intent" not in params:
        raise errors.invalid(
            "One of the following params should be provided for this request: payment_intent or "
            "charge."
        )
    intent = account.find("payment_intent", params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        raise errors.invalid(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        )
    return account.store.by_id[intent["latest_charge"]]


def _amount(charge: Object, params: Form) -> int:
    if charge["status"] != "succeeded":
        raise errors.invalid(f"Charge {charge['id']} has not succeeded and can not be refunded.")
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise errors.invalid(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    amount = int(params.get("amount", left))
    if amount < 1:
        raise errors.invalid(
            "This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer"
        )
    if amount > left:
        raise errors.invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            "amount",
        )
    return amount


def _destination(charge: Object) -> Object:
    type = charge["payment_method_details"]["type"]
    if type != "card":
        return {"type": type}
    card = {"reference_status": "pending", "reference_type": "acquirer_reference_number"}
    return {"type": "card", "card": {**card, "type": "refund"}}


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("refund", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    source = None
    for name in ("charge", "payment_intent"):
        if name in params:
            source = account.store.where("refund", name, params[name])[::-1]
    return lists.page(account, "refund", params, URL, source=source)


def of_charge(account: Account, charge: Object) -> Object:
    """What `expand[]=refunds` shows."""
    found = account.store.where("refund", "charge", charge["id"])[::-1]
    return lists.whole(found, f"/v1/charges/{charge['id']}/refunds")
