"""What happens when someone presses the button on the hosted checkout page."""

from __future__ import annotations

from sandbox import (
    checkout_tax,
    collection,
    customers,
    finalizing,
    metadata,
    payment_methods,
    payments,
    renewals,
    setups,
    subscriptions,
    taxes,
)
from sandbox import (
    tax_ids as numbers,
)
from sandbox.account import ADDRESS, Account
from sandbox.errors import StripeError
from sandbox.payments import Result
from sandbox.store import Object
from sandbox.typed import Outcome, Typed, method_of, tax_ids

ORDER = (
    "customer.created",
    "customer.updated",
    "payment_method.attached",
    "setup_intent.succeeded",
    "checkout.session.completed",
    "customer.subscription.created",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "payment_intent.succeeded",
    "payment_intent.processing",
    "charge.pending",
    "charge.succeeded",
    "invoice_payment.paid",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.updated",
)


def pay(account: Account, session: Object, typed: Typed) -> Outcome:
    if session["status"] != "open":
        return Outcome("declined", "This checkout session is no longer open.")
    try:
        with account.in_order(ORDER):
            _check_currency(account, session)
            method = method_of(account, session, typed)
            account.change(session, _tax_ids=tax_ids(session, typed))
            checkout_tax.work_out(account, session, method)
            return _proceed(account, session, method, authenticated=False)
    except StripeError as refusal:
        return Outcome("declined", str(refusal), param=refusal.error.get("param"))


def _check_currency(account: Account, session: Object) -> None:
    """Two pages in two currencies may be open; only the first that is paid counts."""
    customer = account.store.by_id.get(session["customer"] or "")
    if customer is not None and session["mode"] == "subscription":
        customers.check_currency(customer, session["currency"])


def _proceed(account: Account, session: Object, method: Object, *, authenticated: bool) -> Outcome:
    result = _attempt(account, session, method, authenticated=authenticated)
    if result.status == "requires_action":
        account.change(session, _method=method["id"])
        intent = session["setup_intent"] or session["_payment_intent"]
        return Outcome("requires_action", next=f"{ADDRESS}/c/3ds/{intent}")
    if result.error is not None:
        return Outcome("declined", str(result.error))
    _complete(account, session, method, result)
    return Outcome("ok", next=_success_url(session))


def _success_url(session: Object) -> str | None:
    url = session["success_url"]
    return str(url).replace("{CHECKOUT_SESSION_ID}", session["id"]) if url else None


def _attempt(account: Account, session: Object, method: Object, *, authenticated: bool) -> Result:
    if session["mode"] == "setup":
        intent = account.store.by_id[session["setup_intent"]]
        return setups.attempt(account, intent, method, authenticated=authenticated)
    if amount_now(account, session) == 0:
        return Result("succeeded")
    return payments.attempt(
        account,
        _intent(account, session),
        method,
        off_session=False,
        authenticated=authenticated,
    )


def amount_now(account: Account, session: Object) -> int:
    """What is asked for today: less than a whole period if an anchor cuts the first short."""
    if session["mode"] == "setup":
        return 0
    anchor = session["_params"].get("subscription_data", {}).get("billing_cycle_anchor")
    # The page may stay open until the anchor has passed.
    if anchor is None or anchor <= account.now():
        return int(session["amount_total"])
    part = renewals.share_until(anchor, session["_items"], account.now())
    return part + taxes.Tax("", session.get("_rate", "0"), "").of(part)


def _intent(account: Account, session: Object) -> Object:
    kept = account.store.by_id.get(session.get("_payment_intent") or "")
    if kept is not None:
        account.change(kept, amount=amount_now(account, session))
        return kept
    given = session["_params"].get("payment_intent_data", {})
    one_off = session["mode"] == "payment"
    intent = payments.create_intent(
        account,
        amount=amount_now(account, session),
        currency=session["currency"],
        customer=session["customer"],
        description=given.get("description") if one_off else "Subscription creation",
        metadata=metadata.merged({}, given.get("metadata")),
        setup_future_usage=given.get("setup_future_usage") if one_off else "off_session",
    )
    account.change(session, _payment_intent=intent["id"])
    return intent


def _complete(account: Account, session: Object, method: Object, result: Result) -> None:
    customer = _customer(account, session, method)
    if customer is not None and session["mode"] != "payment":
        payment_methods.belong_to(account, method, customer["id"])
    _name_customer(account, session, customer)
    _update_customer(account, session, customer, method["billing_details"])
    paid = result.status == "succeeded" and session["mode"] != "setup"
    details = _details(method, customer, session["_tax_ids"])
    changes: Object = {
        "customer": customer["id"] if customer else None,
        "customer_details": details,
    }
    if session["mode"] == "subscription" and customer is not None:
        changes.update(_subscribe(account, session, customer, method, result))
    elif session["mode"] == "payment":
        changes["payment_intent"] = session["_payment_intent"]
    if session["mode"] != "setup":
        changes["payment_status"] = "paid" if paid else "unpaid"
    if amount_now(account, session) == 0:
        changes["payment_status"] = "no_payment_required"
    account.change(session, None, **changes, status="complete", url=None)
    account.emit("checkout.session.completed", session)


def _customer(account: Account, session: Object, method: Object) -> Object | None:
    if session["customer"] is not None:
        return account.store.by_id[session["customer"]]
    if session["customer_creation"] == "if_required" and session["mode"] == "payment":
        return None
    billing = method["billing_details"]
    email = session["customer_email"] or billing["email"]
    typed = {"name": billing["name"], "email": email, "address": billing["address"]}
    return customers.create(account, typed)


def _name_customer(account: Account, session: Object, customer: Object | None) -> None:
    """Intents made before the customer was known belong to the customer too."""
    if customer is None:
        return
    for name in (session.get("_payment_intent"), session["setup_intent"]):
        intent = account.store.by_id.get(name or "")
        if intent is not None and intent["customer"] is None:
            account.change(intent, customer=customer["id"])
            _name_charges(account, intent, customer)


def _name_charges(account: Account, intent: Object, customer: Object) -> None:
    for charge in account.store.where("charge", "payment_intent", intent["id"]):
        account.change(charge, customer=customer["id"])


def _update_customer(
    account: Account, session: Object, customer: Object | None, billing: Object
) -> None:
    """What was typed goes to the customer, if the session was made to do so."""
    wanted = session["_params"].get("customer_update", {})
    if customer is None:
        return
    names = [name for name in ("address", "name") if wanted.get(name) == "auto"]
    changes: Object = {name: billing[name] for name in names if billing[name]}
    if not (changes.get("address") or {}).get("country"):
        changes.pop("address", None)  # the page stands on the one that is known
    account.change(customer, "customer.updated", **changes)
    for one in session["_tax_ids"]:
        # The invoices carry them from now on.
        numbers.add(account, customer, one["type"], one["value"])


def _details(method: Object, customer: Object | None, tax_ids: list[Object]) -> Object:
    billing = method["billing_details"]
    return {
        "address": billing["address"],
        "business_name": None,
        "email": billing["email"] or (customer["email"] if customer else None),
        "individual_name": None,
        "name": billing["name"] or (customer["name"] if customer else None),
        "phone": None,
        "tax_exempt": customer["tax_exempt"] if customer else "none",
        "tax_ids": tax_ids,
    }


def _subscribe(
    account: Account, session: Object, customer: Object, method: Object, result: Result
) -> Object:
    given = session["_params"].get("subscription_data", {})
    params = {
        **given,
        "automatic_tax": session["_params"].get("automatic_tax", {}),
        "default_payment_method": method["id"],
    }
    customers.settle_currency(account, customer, session["currency"])
    paid = result.status == "succeeded"
    status = "active" if paid else account.settings.delayed_subscription_status
    wanted = [(item["price"], item["quantity"]) for item in session["_items"]]
    subscription = subscriptions.make(account, customer, wanted, params, status=status)
    invoice = renewals.first_invoice(account, subscription)
    renewals.plan_period_end(account, subscription)
    account.emit("customer.subscription.created", subscription)
    intent = account.store.by_id.get(session.get("_payment_intent") or "")
    finalizing.finalize(account, invoice, intent)
    collection.follow_up(account, invoice, result)
    return {"subscription": subscription["id"], "invoice": invoice["id"]}


def authenticate(account: Account, session: Object, *, succeed: bool) -> Outcome:
    """The bank has asked the person, and the person has agreed or not."""
    method = account.store.by_id[session["_method"]]
    with account.in_order(ORDER):
        if succeed:
            return _proceed(account, session, method, authenticated=True)
        if session["mode"] == "setup":
            intent = account.store.by_id[session["setup_intent"]]
            result = setups.fail_authentication(account, intent)
        else:
            intent = account.store.by_id[session["_payment_intent"]]
            result = payments.fail_authentication(account, intent)
    return Outcome("declined", str(result.error))


def settle(account: Account, intent: Object, result: Result) -> None:
    """A debit that was under way when the session completed has come through, or has not."""
    for session in account.store.where("checkout.session", "_payment_intent", intent["id"]):
        if result.status == "succeeded":
            account.change(session, payment_status="paid")
            account.emit("checkout.session.async_payment_succeeded", session)
        else:
            account.emit("checkout.session.async_payment_failed", session)
