"""Giving an invoice up: nobody owes it any more, or nobody expects it any more."""

from __future__ import annotations

from sandbox import lateness
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
    lateness.close_payments(account, invoice, "void_invoice")
    changed = account.change(
        invoice,
        status="void",
        auto_advance=False,
        next_payment_attempt=None,
        status_transitions=transitions,
    )
    account.emit("invoice.updated", invoice, changed)
    account.emit("invoice.voided", invoice)
