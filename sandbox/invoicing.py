"""What may be asked for an invoice: finalize it now, pay it now, void it."""

from __future__ import annotations

from sandbox import collection, errors, invoices, payment_methods, waiving
from sandbox.account import Account
from sandbox.clock import HOUR
from sandbox.parameters import Form
from sandbox.store import Object


def pay(account: Account, params: Form, identifier: str) -> Object:
    invoice = invoices.retrieve(account, {}, identifier)
    if invoice["status"] == "paid":
        raise errors.invalid("Invoice is already paid", code="invoice_not_editable")
    if invoice["status"] not in ("draft", "open"):
        raise errors.invalid(f"You cannot pay an invoice with status {invoice['status']}.")
    if params.get("paid_out_of_band"):
        raise errors.not_here("paid_out_of_band")
    if "payment_method" in params:
        method = payment_methods.of_customer(
            account, params["payment_method"], invoice["customer"], "payment_method"
        )
        account.change(invoice, default_payment_method=method["id"])
    if invoice["status"] == "draft":
        collection.finalize(account, invoice)
    _pay_now(account, invoice, off_session=params.get("off_session", True))
    return invoice


def _pay_now(account: Account, invoice: Object, *, off_session: bool) -> None:
    intent = account.store.by_id.get(invoice.get("_payment_intent") or "")
    if intent is not None and intent["status"] == "processing":
        raise errors.invalid("This invoice has a payment that is still processing.")
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
    collection.finalize(account, invoice)
    if invoice["amount_due"] == 0:
        collection.paid(account, invoice)
    elif invoice["auto_advance"]:
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
    return invoice
