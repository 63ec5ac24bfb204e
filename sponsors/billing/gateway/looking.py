"""What is so at Stripe now."""

from collections.abc import Iterator
from typing import cast

from sponsors.billing.gateway.client import Json, ask, client, told, v1


def customer(customer_id: str) -> Json:
    """Of one that was deleted no more than `deleted`."""
    return ask(lambda: v1().customers.retrieve(customer_id))


def payment_methods(customer_id: str) -> list[Json]:
    params: Json = {"limit": 100}
    methods = v1().customers.payment_methods
    return cast(list[Json], ask(lambda: methods.list(customer_id, params))["data"])


def payment_method(method_id: str) -> Json:
    return ask(lambda: v1().payment_methods.retrieve(method_id))


def checkout(session_id: str) -> Json:
    return ask(lambda: v1().checkout.sessions.retrieve(session_id))


def setup_intent(setup_intent_id: str) -> Json:
    """With the id of what was saved by it."""
    return read("setup_intents", setup_intent_id, expand=[])


def subscription(subscription_id: str) -> Json:
    """With its newest invoice, and that with its payments."""
    return read("subscriptions", subscription_id, expand=["latest_invoice.payments"])


def invoice(invoice_id: str) -> Json:
    return read("invoices", invoice_id, expand=["payments"])


def find_invoice(*, customer_id: str, commitment: str) -> Json | None:
    """The invoice that carries our number, if an unanswered call has made one."""
    params: Json = {"customer": customer_id, "limit": 100}
    while True:
        some = page("invoices", params)
        for one in some["data"]:
            if (one["metadata"] or {}).get("commitment") == commitment:
                return cast(Json, one)
        if not some["has_more"]:
            return None
        params = {**params, "starting_after": some["data"][-1]["id"]}


def open_invoices(subscription_id: str) -> list[Json]:
    """What is billed and not paid, newest first, each with its payments."""
    params: Json = {"subscription": subscription_id, "status": "open", "limit": 100}
    params["expand"] = ["data.payments"]
    return cast(list[Json], ask(lambda: v1().invoices.list(params))["data"])


def payment_intent(payment_intent_id: str) -> Json:
    """With its newest charge and, once Stripe knows the fee, that charge's balance transaction."""
    return read("payment_intents", payment_intent_id, expand=["latest_charge.balance_transaction"])


def invoice_of_payment(payment_intent_id: str) -> str | None:
    """The id of the invoice that a payment intent pays. Neither names the other since 2025-03-31;
    https://docs.stripe.com/api/invoice-payment/list is the link."""
    payment: Json = {"type": "payment_intent", "payment_intent": payment_intent_id}
    found = ask(lambda: v1().invoice_payments.list({"payment": payment, "limit": 1}))
    return cast(str, found["data"][0]["invoice"]) if found["data"] else None


def find_customer(*, email: str, marks: dict[str, str]) -> Json | None:
    """The customer that carries these marks of ours, if an unanswered call has made one."""
    found = ask(lambda: v1().customers.list({"email": email, "limit": 100}))["data"]
    return next((one for one in found if marks.items() <= one["metadata"].items()), None)


def tax_ids(customer_id: str) -> list[Json]:
    found = ask(lambda: v1().customers.tax_ids.list(customer_id, {"limit": 100}))
    return cast(list[Json], found["data"])


def find_subscription(*, customer_id: str, sponsorship: str) -> Json | None:
    """The subscription that carries our number, if an unanswered call has made one."""
    params: Json = {"customer": customer_id, "status": "all", "limit": 100}
    found = ask(lambda: v1().subscriptions.list(params))["data"]
    return next((one for one in found if one["metadata"].get("sponsorship") == sponsorship), None)


def find_checkout(*, customer_id: str, reference: str) -> Json | None:
    """The session that carries our reference, if an unanswered call has opened one."""
    sessions = v1().checkout.sessions
    found = ask(lambda: sessions.list({"customer": customer_id, "limit": 100}))["data"]
    return next((one for one in found if one["client_reference_id"] == reference), None)


def refunds(payment_intent_id: str) -> list[Json]:
    """All of a payment, newest first, each with its balance transactions."""
    expand = ["data.balance_transaction", "data.failure_balance_transaction"]
    params: Json = {"payment_intent": payment_intent_id, "limit": 100, "expand": expand}
    return cast(list[Json], ask(lambda: v1().refunds.list(params))["data"])


def disputes(payment_intent_id: str) -> list[Json]:
    """All of a payment, newest first; their balance transactions are part of them."""
    params: Json = {"payment_intent": payment_intent_id, "limit": 100}
    return cast(list[Json], ask(lambda: v1().disputes.list(params))["data"])


def credit_notes(invoice_id: str) -> list[Json]:
    params: Json = {"invoice": invoice_id, "limit": 100}
    return cast(list[Json], ask(lambda: v1().credit_notes.list(params))["data"])


def credit_note(credit_note_id: str) -> Json:
    return ask(lambda: v1().credit_notes.retrieve(credit_note_id))


def refund(refund_id: str) -> Json:
    return ask(lambda: v1().refunds.retrieve(refund_id))


def payout(payout_id: str) -> Json:
    """With the balance transactions by which it left and, if it failed, came back."""
    return read(
        "payouts", payout_id, expand=["balance_transaction", "failure_balance_transaction"]
    )


def balance() -> Json:
    return ask(lambda: v1().balance.retrieve())


def events_since(created: int) -> Iterator[Json]:
    """Every event from an instant on, newest first; Stripe keeps them for 30 days."""
    params: Json = {"created": {"gte": created}, "limit": 100}
    some = page("events", params)
    yield from some["data"]
    while some["has_more"]:
        some = page("events", {**params, "starting_after": some["data"][-1]["id"]})
        yield from some["data"]


def page(collection: str, params: Json) -> Json:
    """A page of one of Stripe's lists, as it came: a hundred objects are a hundred times what it
    costs to make one of them into the client's own classes."""
    return told(lambda: client().raw_request("get", f"/v1/{collection}", **params).data)


def read(collection: str, stripe_id: str, *, expand: list[str]) -> Json:
    """An object as it is now, as it came."""
    path = f"/v1/{collection}/{stripe_id}"
    return told(lambda: client().raw_request("get", path, expand=expand).data)


def preview(params: Json) -> Json:
    """The invoice that a change would bring; nothing is made.
    https://docs.stripe.com/api/invoices/create_preview"""
    return ask(lambda: v1().invoices.create_preview(params))


def schedule(schedule_id: str) -> Json:
    return ask(lambda: v1().subscription_schedules.retrieve(schedule_id))


def customer_with_card(customer_id: str) -> Json:
    """With what it pays with, unless a subscription has a card of its own."""
    expand: Json = {"expand": ["invoice_settings.default_payment_method"]}
    return ask(lambda: v1().customers.retrieve(customer_id, expand))


def subscription_with_card(subscription_id: str) -> Json:
    """With the card of its own, if it has one."""
    expand: Json = {"expand": ["default_payment_method"]}
    return ask(lambda: v1().subscriptions.retrieve(subscription_id, expand))
