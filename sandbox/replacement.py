"""Outside checkout: a new card in the portal, an open invoice paid on its page, 3-D Secure."""

from __future__ import annotations

from sandbox import cards, collection, completion, errors, payment_methods, payments
from sandbox.account import ADDRESS, Account
from sandbox.errors import StripeError
from sandbox.invoices import is_sent
from sandbox.store import Object
from sandbox.typed import Outcome

PAYABLE = ("open", "uncollectible")


def replace_card(
    account: Account,
    customer_id: str,
    number: str,
    expiry: tuple[int, int] = payment_methods.EXPIRY,
    *,
    everywhere: bool = True,
) -> Outcome:
    """Saved, and used from now on by the customer and, everywhere, by whatever had a card of its
    own."""
    customer = account.find("customer", customer_id, "customer", 404)
    try:
        card = cards.look_up(number)
    except StripeError as refusal:
        return Outcome("declined", str(refusal), param="number")
    if card.declines_at_setup and card.decline is not None:
        return Outcome("declined", card.decline.message)
    method = payment_methods.make_card(
        account, card, name=customer["name"], email=customer["email"], expiry=expiry
    )
    account.change(method, _set_up=True)
    payment_methods.belong_to(account, method, customer_id)
    _use(account, customer, method, everywhere=everywhere)
    return Outcome("ok")


def _use(account: Account, customer: Object, method: Object, *, everywhere: bool) -> None:
    settings = {**customer["invoice_settings"], "default_payment_method": method["id"]}
    account.change(customer, "customer.updated", invoice_settings=settings)
    if not everywhere:
        return
    for subscription in account.store.where("subscription", "customer", customer["id"]):
        if subscription["ended_at"] is None and subscription["default_payment_method"]:
            account.change(
                subscription,
                "customer.subscription.updated",
                default_payment_method=method["id"],
            )


def turn_card(account: Account, customer_id: str, number: str) -> None:
    """The bank sees the saved cards otherwise from now on: lost, empty, to be asked for."""
    for method in _cards(account, customer_id):
        account.change(method, _number=cards.look_up(number).number, _set_up=True)


def renew_card(account: Account, customer_id: str, expiry: tuple[int, int]) -> None:
    """The bank has sent a new card under the old number, and its network told Stripe."""
    for method in _cards(account, customer_id):
        card = {**method["card"], "exp_month": expiry[0], "exp_year": expiry[1]}
        account.change(method, "payment_method.automatically_updated", card=card)


def _cards(account: Account, customer_id: str) -> list[Object]:
    methods = account.store.where("payment_method", "customer", customer_id)
    return [method for method in methods if method["type"] == "card"]


def pay_invoice(
    account: Account,
    invoice_id: str,
    number: str | None,
    expiry: tuple[int, int] = payment_methods.EXPIRY,
) -> Outcome:
    invoice = account.find("invoice", invoice_id, "invoice", 404)
    if invoice["status"] not in PAYABLE:
        return Outcome("declined", "This invoice is not open.")
    intent = account.store.by_id[invoice["_payment_intent"]]
    if intent["status"] == "processing":
        return Outcome("declined", "A payment of this invoice is on its way.")
    if number and (is_sent(invoice) or not invoice.get("_subscription")):
        return _pay_once(account, invoice, intent, number)
    if number:
        replaced = replace_card(account, invoice["customer"], number, expiry)
        if not replaced.ok:
            return replaced
    result = collection.collect(account, invoice, off_session=False, by_hand=True)
    return _outcome(account, intent, result)


def _pay_once(account: Account, invoice: Object, intent: Object, number: str) -> Outcome:
    """An invoice that was sent, or stands by itself, is paid with a card that nobody keeps."""
    try:
        card = cards.look_up(number)
    except StripeError as refusal:
        return Outcome("declined", str(refusal), param="number")
    method = payment_methods.make_card(account, card, name=invoice["customer_name"])
    result = payments.attempt(account, intent, method, off_session=False)
    return _outcome(account, intent, collection.follow_up(account, invoice, result))


def order_transfer(account: Account, invoice_id: str) -> Outcome:
    """The customer's bank is told to transfer what is open; it takes its days."""
    invoice = account.find("invoice", invoice_id, "invoice", 404)
    if invoice["status"] not in PAYABLE or not is_sent(invoice):
        return Outcome("declined", "This invoice cannot be paid by bank transfer.")
    due = account.now() + account.settings.settlement_after
    account.plan(due, "transfer.arrive", invoice["id"])
    return Outcome("ok")


def transfer_arrives(account: Account, invoice_id: str) -> None:
    invoice = account.store.by_id[invoice_id]
    transfer(account, invoice, invoice["amount_remaining"])


def transfer(account: Account, invoice: Object, amount: int) -> None:
    """Money for a customer has come. It waits in their cash balance, and what is enough for the
    invoice pays it; the rest stays there, outside of the account's own balance."""
    customer = account.store.by_id[invoice["customer"]]
    cash = customer.get("_cash", 0) + amount
    account.change(customer, _cash=cash)
    intent = account.store.by_id.get(invoice.get("_payment_intent") or "")
    busy = intent is None or intent["status"] not in ("requires_payment_method", "requires_action")
    if invoice["status"] not in PAYABLE or cash < invoice["amount_remaining"] or busy:
        return
    account.change(customer, _cash=cash - invoice["amount_remaining"])
    method = payment_methods.make_transfer(account, name=customer["name"], email=customer["email"])
    assert intent is not None
    result = payments.attempt(account, intent, method, off_session=False)
    collection.follow_up(account, invoice, result)


def _outcome(account: Account, intent: Object, result: payments.Result) -> Outcome:
    if result.status == "requires_action":
        return Outcome("requires_action", next=f"{ADDRESS}/c/3ds/{intent['id']}")
    if result.error is not None:
        return Outcome("declined", str(result.error))
    return Outcome("ok")


def authenticate(account: Account, intent_id: str, *, succeed: bool) -> Outcome:
    intent = account.store.by_id.get(intent_id)
    kind = intent["object"] if intent else ""
    if intent is None or kind not in ("payment_intent", "setup_intent"):
        raise errors.no_such("payment_intent", intent_id, "intent", 404)
    if intent["status"] != "requires_action":
        return Outcome("declined", "There is nothing to authenticate any more.")
    field = "_payment_intent" if kind == "payment_intent" else "setup_intent"
    for session in account.store.where("checkout.session", field, intent_id):
        if session["status"] == "open":
            return completion.authenticate(account, session, succeed=succeed)
    return _authenticate_invoice(account, intent, succeed=succeed)


def _authenticate_invoice(account: Account, intent: Object, *, succeed: bool) -> Outcome:
    invoice = collection.invoice_of(account, intent)
    if not succeed or invoice is None:
        return _outcome(account, intent, payments.fail_authentication(account, intent))
    method = account.store.by_id[intent["payment_method"]]
    result = payments.attempt(account, intent, method, off_session=False, authenticated=True)
    if invoice["status"] in PAYABLE:
        # The try was counted when the bank asked.
        account.change(invoice, attempt_count=invoice["attempt_count"] - 1)
        collection.follow_up(account, invoice, result, by_hand=True)
    return _outcome(account, intent, result)
