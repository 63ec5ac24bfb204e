"""Pending updates: a change of price that waits for its invoice, and is discarded without payment."""

from __future__ import annotations

from sandbox import waiving
from sandbox.account import Account
from sandbox.clock import HOUR
from sandbox.store import Object

FIELDS = (
    "billing_cycle_anchor",
    "cancel_at_period_end",
    "discount",
    "discounts",
    "metadata",
    "trial_end",
    "trial_from_plan",
)


def wait(account: Account, subscription: Object, invoice: Object, data: list[Object]) -> None:
    """Those items come with the invoice's payment: within 23 hours, and in this period."""
    period_end = int(subscription["items"]["data"][0]["current_period_end"])
    expires = min(account.now() + account.settings.incomplete_expires_after, period_end)
    account.change(
        subscription,
        pending_update={
            **dict.fromkeys(FIELDS),
            "expires_at": expires,
            "subscription_items": data,
        },
        _pending_invoice=invoice["id"],
    )
    account.plan(expires, "subscription.expire_pending", subscription["id"])


def is_for(subscription: Object, invoice: Object) -> bool:
    """Whether that invoice pays for what the subscription waits to become."""
    waits = subscription["pending_update"] is not None
    return waits and subscription.get("_pending_invoice") == invoice["id"]


def paid(account: Account, subscription: Object, invoice: Object) -> None:
    """What was waited for is so now."""
    if not is_for(subscription, invoice):
        return
    items = {**subscription["items"], "data": subscription["pending_update"]["subscription_items"]}
    waited = subscription.get("_pending_told")
    account.change(
        subscription,
        "customer.subscription.updated",
        items=items,
        **NOTHING,
    )
    if waited:
        account.emit("customer.subscription.pending_update_applied", subscription)


NOTHING: Object = {"pending_update": None, "_pending_invoice": None, "_pending_told": None}


def told(account: Account, subscription: Object) -> None:
    """Its invoice was not paid at once: from now on everybody sees that something waits."""
    account.change(subscription, _pending_told=True)
    account.emit("customer.subscription.updated", subscription, {"pending_update": None})


def dropped(account: Account, subscription: Object, invoice: Object) -> None:
    """Nobody owes its invoice any more, so nothing is waited for."""
    if is_for(subscription, invoice):
        account.change(subscription, **NOTHING)
        account.emit("customer.subscription.pending_update_expired", subscription)


def discard(account: Account, subscription: Object) -> None:
    """Nothing comes of it: its invoice is taken back."""
    if subscription["pending_update"] is None:
        return
    invoice = account.store.by_id[subscription["_pending_invoice"]]
    if invoice["status"] == "open":
        waiving.cancel_collection(account, invoice)
    dropped(account, subscription, invoice)


def expire(account: Account, subscription_id: str) -> None:
    subscription = account.store.by_id[subscription_id]
    waits = subscription["pending_update"]
    if waits is None or waits["expires_at"] > account.now():
        return
    invoice = account.store.by_id[subscription["_pending_invoice"]]
    intent = account.store.by_id.get(invoice.get("_payment_intent") or "")
    if intent is not None and intent["status"] == "processing":
        account.plan(account.now() + HOUR, "subscription.expire_pending", subscription_id)
        return
    discard(account, subscription)
