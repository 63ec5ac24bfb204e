"""A subscription behind with its invoices, and not behind any more."""

from __future__ import annotations

from sandbox import errors
from sandbox.account import Account
from sandbox.clock import DAY
from sandbox.store import Object


def fall_due(account: Account, invoice_id: str) -> None:
    """Nobody is tried again when a sent invoice is late: its subscription is past due, that is all."""
    invoice = account.store.by_id[invoice_id]
    subscription = account.store.by_id.get(invoice.get("_subscription") or "")
    if invoice["status"] != "open" or subscription is None or subscription["status"] != "active":
        return
    customer = account.store.by_id[invoice["customer"]]
    account.change(customer, "customer.updated", delinquent=True)
    account.change(subscription, "customer.subscription.updated", status="past_due")


def _is_late(account: Account, invoice: Object) -> bool:
    late = invoice["due_date"] is not None and invoice["due_date"] <= account.now()
    return invoice["status"] == "open" and late


def recover(account: Account, invoice: Object) -> None:
    """Nothing is waited for any more, unless another sent invoice is late as well."""
    subscription = account.store.by_id.get(invoice.get("_subscription") or "")
    if subscription is None:
        return
    siblings = account.store.where("invoice", "_subscription", subscription["id"])
    if any(_is_late(account, other) for other in siblings):
        return
    customer = account.store.by_id[invoice["customer"]]
    if customer.get("delinquent"):
        account.change(customer, "customer.updated", delinquent=False)
    if subscription["status"] in ("past_due", "incomplete", "unpaid"):
        account.change(subscription, "customer.subscription.updated", status="active")


def close_payments(account: Account, invoice: Object, reason: str) -> None:
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


def no_method() -> errors.StripeError:
    return errors.invalid(
        "This customer has no attached payment source or default payment method. Please consider "
        "adding a default payment method. For more information, visit "
        "https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
        code="resource_missing",
    )


def tell_refused(
    account: Account, invoice: Object, changed: Object | None, *, action_required: bool
) -> None:
    if action_required:
        account.emit("invoice.payment_action_required", invoice)
    account.emit("invoice.payment_failed", invoice)
    if changed:
        account.emit("invoice.updated", invoice, changed)


def next_attempt(account: Account, count: int) -> int | None:
    plan = account.settings.retries_after_days
    return account.now() + plan[count - 1] * DAY if count <= len(plan) else None
