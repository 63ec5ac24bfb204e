"""Collecting what an invoice asks for: paid or refused, tried again, given up."""

from __future__ import annotations

from sandbox import lateness, payments, pending, schedules
from sandbox.account import Account
from sandbox.invoices import is_sent
from sandbox.payments import Result
from sandbox.store import Object

RETRIED = ("active", "past_due")


def collect(
    account: Account, invoice: Object, *, off_session: bool = True, by_hand: bool = False
) -> Result:
    """Ask for the money once. A try by hand, after the first, does not change the plan of tries."""
    if invoice["amount_due"] == 0:
        paid(account, invoice)
        return Result("succeeded")
    intent = account.store.by_id[invoice["_payment_intent"]]
    method = method_for(account, invoice)
    if method is None:
        result = Result("failed", lateness.no_method())
    elif not by_hand and payments.is_hopeless(intent, method):
        result = Result("failed")  # the try is counted, and the bank is not asked
    else:
        result = payments.attempt(account, intent, method, off_session=off_session)
    return follow_up(account, invoice, result, by_hand=by_hand)


def follow_up(
    account: Account, invoice: Object, result: Result, *, by_hand: bool = False
) -> Result:
    if result.status == "succeeded":
        paid(account, invoice)
    elif result.status == "processing":
        account.change(
            invoice,
            "invoice.updated",
            attempted=True,
            attempt_count=invoice["attempt_count"] + 1,
            next_payment_attempt=None,
        )
    else:
        refused(
            account,
            invoice,
            action_required=result.status == "requires_action",
            planned=not (by_hand and invoice["attempted"]),
        )
    return result


def method_for(account: Account, invoice: Object) -> Object | None:
    subscription = account.store.by_id.get(invoice.get("_subscription") or "")
    customer = account.store.by_id[invoice["customer"]]
    names = (
        invoice["default_payment_method"],
        subscription["default_payment_method"] if subscription else None,
        customer["invoice_settings"]["default_payment_method"],
    )
    return next((account.store.by_id[name] for name in names if name), None)


def paid(account: Account, invoice: Object) -> None:
    now = account.now()
    transitions = {**invoice["status_transitions"], "paid_at": now}
    _settle_payment(account, invoice)
    changed = account.change(
        invoice,
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempt_count=invoice["attempt_count"] + 1,
        attempted=True,
        next_payment_attempt=None,
        status="paid",
        status_transitions=transitions,
    )
    account.emit("invoice.updated", invoice, changed)
    account.emit("invoice.paid", invoice)
    account.emit("invoice.payment_succeeded", invoice)
    subscription = account.store.by_id.get(invoice.get("_subscription") or "")
    if subscription is not None:
        pending.paid(account, subscription, invoice)
    lateness.recover(account, invoice)


def _settle_payment(account: Account, invoice: Object) -> None:
    for payment in account.store.where("invoice_payment", "invoice", invoice["id"]):
        transitions = {**payment["status_transitions"], "paid_at": account.now()}
        account.change(
            payment,
            status="paid",
            amount_paid=payment["amount_requested"],
            status_transitions=transitions,
        )
        account.emit("invoice_payment.paid", payment)


def refused(
    account: Account, invoice: Object, *, action_required: bool, planned: bool = True
) -> None:
    if not planned:
        lateness.tell_refused(account, invoice, None, action_required=action_required)
        return
    subscription = account.store.by_id.get(invoice.get("_subscription") or "")
    count = invoice["attempt_count"] + 1
    if subscription is None:
        # Of no subscription: what does not advance by itself is not tried again by itself.
        changed = account.change(invoice, attempted=True, attempt_count=count)
        lateness.tell_refused(account, invoice, changed, action_required=action_required)
        return
    # What waits for a change of price is not tried again, and nothing is late with it.
    waits = pending.is_for(subscription, invoice) or is_sent(invoice)
    retried = subscription["status"] in RETRIED and not waits
    again = lateness.next_attempt(account, count) if retried else None
    if again is not None:
        account.plan(again, "invoice.retry", invoice["id"])
    changed = account.change(
        invoice, attempted=True, attempt_count=count, next_payment_attempt=again
    )
    lateness.tell_refused(account, invoice, changed, action_required=action_required)
    if not waits:
        _fall_behind(account, subscription, given_up=again is None)


def _fall_behind(account: Account, subscription: Object, *, given_up: bool) -> None:
    if subscription["status"] not in ("active", "past_due"):
        return
    customer = account.store.by_id[subscription["customer"]]
    if not customer.get("delinquent"):
        account.change(customer, "customer.updated", delinquent=True)
    last = account.settings.after_last_retry
    if given_up and last == "canceled":
        end(account, subscription, reason="payment_failed")
    else:
        status = last if given_up else "past_due"
        account.change(subscription, "customer.subscription.updated", status=status)


def end(
    account: Account,
    subscription: Object,
    *,
    reason: str,
    status: str = "canceled",
    details: Object | None = None,
) -> None:
    """The subscription is over; what is still open of it is no longer collected."""
    now = account.now()
    pending.discard(account, subscription)
    given = {**subscription["cancellation_details"], **(details or {}), "reason": reason}
    account.change(
        subscription,
        status=status,
        canceled_at=subscription["canceled_at"] or now,
        ended_at=now,
        cancel_at_period_end=False,
        cancellation_details=given,
    )
    _leave_open(account, subscription)
    schedules.subscription_ended(account, subscription, unpaid=reason == "payment_failed")
    account.emit("customer.subscription.deleted", subscription)


def _leave_open(account: Account, subscription: Object) -> None:
    for invoice in account.store.where("invoice", "_subscription", subscription["id"]):
        if invoice["status"] in ("draft", "open"):
            account.change(
                invoice,
                "invoice.updated",
                auto_advance=False,
                automatically_finalizes_at=None,
                next_payment_attempt=None,
            )


def retry(account: Account, invoice_id: str) -> None:
    invoice = account.store.by_id[invoice_id]
    on_time = invoice["next_payment_attempt"] in (None, account.now())
    if invoice["status"] == "open" and invoice["next_payment_attempt"] and on_time:
        collect(account, invoice)


def settle(account: Account, intent: Object, result: Result) -> None:
    """A debit for an invoice has come through, or has not."""
    invoice = invoice_of(account, intent)
    if invoice is None or invoice["status"] not in ("open", "uncollectible"):
        return
    if result.status == "succeeded":
        account.change(invoice, attempt_count=invoice["attempt_count"] - 1)
        paid(account, invoice)
    else:
        account.change(invoice, attempt_count=invoice["attempt_count"] - 1)
        refused(account, invoice, action_required=False)


def invoice_of(account: Account, intent: Object) -> Object | None:
    found = account.store.where("invoice_payment", "_payment_intent", intent["id"])
    return account.store.by_id[found[0]["invoice"]] if found else None


def collect_when_due(account: Account, invoice_id: str) -> None:
    invoice = account.store.by_id[invoice_id]
    if invoice["status"] == "open" and invoice["auto_advance"] and not invoice["attempted"]:
        collect(account, invoice)
