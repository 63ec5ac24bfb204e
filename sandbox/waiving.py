"""Giving an invoice up: nobody owes it any more, or nobody expects it any more."""

from __future__ import annotations

from sandbox.account import Account
from sandbox.store import Object


def write_off(account: Account, invoice: Object) -> None:
    """Owed, but no longer expected."""
    transitions = {**invoice["status_transitions"], "marked_uncollectible_at": account.now()}
    changed = account.change(
        invoice, status="uncollectible", auto_advance=False, status_transitions=transitions
    )
    account.emit("invoice.updated", invoice, changed)
    account.emit("invoice.marked_uncollectible", invoice)


def cancel_collection(account: Account, invoice: Object) -> None:
    """Nobody owes it any more; its payment intent is canceled."""
    transitions = {**invoice["status_transitions"], "voided_at": account.now()}
    expect_no_payment(account, invoice, "void_invoice")
    changed = account.change(
        invoice,
        status="void",
        auto_advance=False,
        next_payment_attempt=None,
        status_transitions=transitions,
    )
    account.emit("invoice.updated", invoice, changed)
    account.emit("invoice.voided", invoice)


def expect_no_payment(account: Account, invoice: Object, reason: str) -> None:
    """What was prepared to pay it is canceled."""
    intent = account.store.by_id.get(invoice.get("_payment_intent") or "")
    if intent is not None and intent["status"] not in ("succeeded", "processing"):
        account.change(
            intent,
            status="canceled",
            canceled_at=account.now(),
            cancellation_reason=reason,
            next_action=None,
        )
        account.emit("payment_intent.canceled", intent)
    for payment in account.store.where("invoice_payment", "invoice", invoice["id"]):
        if payment["status"] != "open":
            continue
        done = {**payment["status_transitions"], "canceled_at": account.now()}
        account.change(payment, status="canceled", status_transitions=done)
