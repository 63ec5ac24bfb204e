"""What may be asked for an invoice: finalize it now, pay it now, void it."""

from __future__ import annotations

from sandbox import (
    collection,
    errors,
    finalizing,
    invoices,
    lateness,
    payment_methods,
    pending,
    taxes,
    waiving,
)
from sandbox.account import Account
from sandbox.clock import HOUR
from sandbox.parameters import Form
from sandbox.store import Object


def pay(account: Account, params: Form, identifier: str) -> Object:
    invoice = invoices.retrieve(account, {}, identifier)
    if invoice["status"] == "paid":
        raise errors.invalid("Invoice is already paid", code="invoice_not_editable")
    if invoice["status"] not in ("draft", "open", "uncollectible"):
        raise errors.invalid(f"You cannot pay an invoice with status {invoice['status']}.")
    if params.get("paid_out_of_band"):
        return _paid_outside(account, invoice)
    if "payment_method" in params:
        method = payment_methods.of_customer(
            account, params["payment_method"], invoice["customer"], "payment_method"
        )
        account.change(invoice, default_payment_method=method["id"])
    if invoice["status"] == "draft":
        _finalize(account, invoice)
    _pay_now(account, invoice, off_session=params.get("off_session", True))
    return invoice


def _paid_outside(account: Account, invoice: Object) -> Object:
    _insist_nothing_under_way(account, invoice)
    if invoice["status"] == "draft":
        _finalize(account, invoice)
    _money_elsewhere(account, invoice)
    return invoice


def _money_elsewhere(account: Account, invoice: Object) -> None:
    """By money that Stripe has not seen: its own way to pay is closed."""
    lateness.close_payments(account, invoice, "void_invoice")
    now = account.now()
    changed = account.change(
        invoice,
        amount_paid=invoice["amount_due"],
        amount_paid_off_stripe=invoice["amount_due"],
        amount_remaining=0,
        next_payment_attempt=None,
        status="paid",
        status_transitions={**invoice["status_transitions"], "paid_at": now},
    )
    account.emit("invoice.updated", invoice, changed)
    account.emit("invoice.paid", invoice)
    account.emit("invoice.payment_succeeded", invoice)
    lateness.recover(account, invoice)


def _finalize(account: Account, invoice: Object) -> None:
    if not finalizing.finalize(account, invoice):
        raise errors.invalid(taxes.NO_LOCATION, None, taxes.LOCATION_CODE)


def _insist_nothing_under_way(account: Account, invoice: Object) -> None:
    intent = account.store.by_id.get(invoice.get("_payment_intent") or "")
    if intent is not None and intent["status"] == "processing":
        raise errors.invalid("This invoice has a payment that is still processing.")


def _pay_now(account: Account, invoice: Object, *, off_session: bool) -> None:
    _insist_nothing_under_way(account, invoice)
    result = collection.collect(account, invoice, off_session=off_session, by_hand=True)
    if result.status == "requires_action":
        raise errors.declined(
            "invoice_payment_intent_requires_action",
            None,
            "This payment requires additional user action before it can be completed "
            "successfully. Payment can be completed using the PaymentIntent associated with "
            "this invoice.",
        )
    if result.error is not None:
        raise result.error


def finalize_now(account: Account, params: Form, identifier: str) -> Object:
    invoice = invoices.retrieve(account, {}, identifier)
    if invoice["status"] != "draft":
        raise errors.invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
            code="invoice_not_editable",
        )
    if "auto_advance" in params:
        account.change(invoice, auto_advance=params["auto_advance"])
    _finalize(account, invoice)
    if invoice["amount_due"] == 0:
        collection.paid(account, invoice)
    elif invoice["auto_advance"] and not invoices.is_sent(invoice):
        account.plan(account.now() + HOUR, "invoice.collect", invoice["id"])
    return invoice


def void(account: Account, params: Form, identifier: str) -> Object:
    invoice = invoices.retrieve(account, {}, identifier)
    if invoice["status"] not in ("open", "uncollectible"):
        raise errors.invalid(
            f"You can only void open or uncollectible invoices; this one is {invoice['status']}.",
            code="invoice_not_editable",
        )
    waiving.cancel_collection(account, invoice)
    subscription = account.store.by_id.get(invoice.get("_subscription") or "")
    if subscription is not None:
        pending.dropped(account, subscription, invoice)
    lateness.recover(account, invoice)
    return invoice


def mark_uncollectible(account: Account, params: Form, identifier: str) -> Object:
    invoice = invoices.retrieve(account, {}, identifier)
    if invoice["status"] != "open":
        raise errors.invalid(
            f"You can only mark open invoices as uncollectible; this one is {invoice['status']}.",
            code="invoice_not_editable",
        )
    waiving.write_off(account, invoice)
    lateness.recover(account, invoice)
    return invoice


def send(account: Account, params: Form, identifier: str) -> Object:
    """Mailed by Stripe; in test mode nothing is mailed, but it is announced."""
    invoice = invoices.retrieve(account, {}, identifier)
    if not invoices.is_sent(invoice):
        raise errors.invalid(
            "You can only manually send an invoice if its `collection_method` is `send_invoice`."
        )
    if invoice["status"] not in ("draft", "open"):
        raise errors.invalid(f"You cannot send an invoice with status {invoice['status']}.")
    if invoice["status"] == "draft":
        _finalize(account, invoice)
    account.emit("invoice.sent", invoice)
    return invoice
