"""Tax on a checkout session: shown once the address tells it, and charged as it was shown."""

from __future__ import annotations

from sandbox import errors, tax_ids, taxes
from sandbox.account import Account
from sandbox.store import Object


def work_out(account: Account, session: Object, method: Object) -> None:
    for one in session["_tax_ids"]:
        tax_ids.check(one["type"], one["value"])
    if not session["automatic_tax"]["enabled"]:
        return
    if not show(account, session, method["billing_details"]["address"], session["_tax_ids"]):
        raise errors.invalid(taxes.NO_LOCATION, "address", taxes.LOCATION_CODE)


def show(account: Account, session: Object, typed: Object, given: list[Object]) -> bool:
    """Put the tax on a session, as far as the address tells it."""
    tax = _tax_of(account, session, typed, given)
    if tax is None:
        return False
    account.change(
        session,
        automatic_tax={**session["automatic_tax"], "status": "complete"},
        _rate=tax.rate,
        **_with_tax(session, tax),
    )
    return True


def _tax_of(
    account: Account, session: Object, typed: Object, given: list[Object]
) -> taxes.Tax | None:
    """By the address that was typed, if it goes to the customer, and by what is known of them."""
    customer = account.store.by_id.get(session["customer"] or "")
    known = taxes.of_customer(account, customer["id"]) if customer else []
    kept = session["_params"].get("customer_update", {}).get("address") != "auto"
    use_typed = customer is None or (typed.get("country") and not kept)
    address = typed if use_typed else customer["address"] if customer else None
    exempt = customer["tax_exempt"] if customer else None
    return taxes.work_out(account, address, [*known, *given], exempt)


def _with_tax(session: Object, tax: taxes.Tax) -> Object:
    """The sums of a session with the tax of its lines."""
    parts = [tax.of(item["amount_subtotal"]) for item in session["_items"]]
    return {
        "amount_total": session["amount_subtotal"] + sum(parts),
        "total_details": {**session["total_details"], "amount_tax": sum(parts)},
    }
