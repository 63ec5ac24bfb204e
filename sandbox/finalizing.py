"""Finalizing an invoice: from then on it is owed, and its money is asked for."""

from __future__ import annotations

from sandbox import collection, payments, taxes
from sandbox.account import ADDRESS, Account
from sandbox.clock import HOUR
from sandbox.invoices import is_sent
from sandbox.store import Object

DESCRIPTIONS = {
    "subscription_create": "Subscription creation",
    "manual": "Payment for Invoice",
}
NOWHERE = {
    "type": "invalid_request_error",
    "code": taxes.LOCATION_CODE,
    "message": taxes.NO_LOCATION,
}


def finalize(account: Account, invoice: Object, intent: Object | None = None) -> bool:
    """From here on the customer owes it. An intent is given if the money was asked for before.
    False when it stays a draft, since nobody knows where it is taxed."""
    if not taxes.assess(account, invoice):
        account.change(invoice, automatically_finalizes_at=None, last_finalization_error=NOWHERE)
        account.emit("invoice.finalization_failed", invoice)
        return False
    number = _next_number(account, account.store.by_id[invoice["customer"]])
    secret = account.new_id("live")[5:]
    page = f"{ADDRESS}/invoice/{invoice['id']}_{secret}"
    account.change(
        invoice,
        status="open",
        number=number,
        effective_at=account.now(),
        automatically_finalizes_at=None,
        ending_balance=0,
        hosted_invoice_url=page,
        invoice_pdf=f"{page}/pdf",
        last_finalization_error=None,
        status_transitions={**invoice["status_transitions"], "finalized_at": account.now()},
        webhooks_delivered_at=account.now(),
    )
    account.emit("invoice.finalized", invoice)
    if invoice["amount_due"] > 0:
        _expect_payment(account, invoice, intent or intent_for(account, invoice))
    if is_sent(invoice):
        account.plan(invoice["due_date"], "invoice.due", invoice["id"])
    return True


def _next_number(account: Account, customer: Object) -> str:
    sequence = customer["next_invoice_sequence"]
    account.change(customer, next_invoice_sequence=sequence + 1)
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def intent_for(account: Account, invoice: Object) -> Object:
    return payments.create_intent(
        account,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description=DESCRIPTIONS.get(invoice["billing_reason"], "Subscription update"),
        types=["card", "customer_balance"] if is_sent(invoice) else None,
    )


def _expect_payment(account: Account, invoice: Object, intent: Object) -> None:
    payment = account.new(
        "invoice_payment",
        "inpay",
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
        _payment_intent=intent["id"],
    )
    account.add(payment)
    account.change(invoice, _payment_intent=intent["id"])


def finalize_when_due(account: Account, invoice_id: str) -> None:
    invoice = account.store.by_id[invoice_id]
    if invoice["status"] != "draft" or not invoice["auto_advance"]:
        return
    if _unanswered(account, invoice):
        again = account.now() + HOUR
        account.change(invoice, automatically_finalizes_at=again)
        account.plan(again, "invoice.finalize", invoice_id)
        return
    if finalize(account, invoice):
        proceed(account, invoice)


def proceed(account: Account, invoice: Object) -> None:
    """A sent invoice waits; another is asked for at once."""
    if invoice["amount_due"] == 0 or not is_sent(invoice):
        collection.collect(account, invoice)


def _unanswered(account: Account, invoice: Object) -> bool:
    """Stripe waits with finalizing until invoice.created was answered, but not for ever."""
    longest = account.settings.finalize_at_last_after
    if account.now() - invoice["created"] >= longest:
        return False
    event = account.store.by_id.get(invoice.get("_created_event") or "")
    return event is not None and event["pending_webhooks"] > 0
