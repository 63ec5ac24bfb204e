"""Refunds: the whole of a charge or a part of it goes back; the fee does not."""

from __future__ import annotations

from sandbox import balance, charges, errors, lists, metadata
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/refunds"


def create(account: Account, params: Form) -> Object:
    charge = _charge(account, params)
    amount = _amount(charge, params)
    # The money has to have come before it can go back.
    charges.book(account, charge["id"])
    refund = account.new(
        "refund",
        "re",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details=_destination(charge),
        metadata=metadata.merged({}, params.get("metadata")),
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=params.get("reason"),
        status="succeeded",
    )
    refund["balance_transaction"] = _book(account, charge, refund)["id"]
    account.add(refund)
    _note(account, charge, amount)
    account.emit("refund.created", refund)
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


def _note(account: Account, charge: Object, amount: int) -> None:
    refunded = charge["amount_refunded"] + amount
    account.change(
        charge,
        "charge.refunded",
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
