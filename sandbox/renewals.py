"""From one billing period to the next: the first invoice, renewals, and the end at period end."""

from __future__ import annotations

from sandbox import collection, finalizing, invoices, money, pending, periods, schedules, waiving
from sandbox.account import Account
from sandbox.invoices import Line
from sandbox.store import Object

# While collection is paused, what becomes due is not collected; kept as a draft otherwise.
WAIVED = {
    "void": waiving.cancel_collection,
    "mark_uncollectible": waiving.write_off,
}


def first_end(anchor: int, recurring: Object, now: int) -> int:
    return anchor if anchor > now else periods.next_boundary(anchor, recurring, now)


def period_end(subscription: Object) -> int:
    return int(subscription["items"]["data"][0]["current_period_end"])


def plan_period_end(account: Account, subscription: Object) -> None:
    account.plan(period_end(subscription), "subscription.period_end", subscription["id"])


def first_invoice(account: Account, subscription: Object) -> Object:
    lines = [_first_line(subscription, item) for item in subscription["items"]["data"]]
    invoice = invoices.draft(account, subscription, lines, reason="subscription_create")
    account.change(subscription, latest_invoice=invoice["id"])
    account.emit("invoice.created", invoice)
    return invoice


def _first_line(subscription: Object, item: Object) -> Line:
    """A first period that ends at a later anchor costs its share of a whole one."""
    start, end = item["current_period_start"], item["current_period_end"]
    amount = item["price"]["unit_amount"] * item["quantity"]
    if subscription["billing_cycle_anchor"] <= start:
        return Line(item, amount, start, end)
    part = _share(end, item, start)
    return Line(item, part, start, end, proration=part != amount)


def end_period(account: Account, subscription_id: str) -> None:
    subscription = account.store.by_id[subscription_id]
    if subscription["status"] in ("canceled", "incomplete_expired", "incomplete"):
        return
    if period_end(subscription) > account.now():
        return
    if subscription["cancel_at_period_end"]:
        collection.end(account, subscription, reason="cancellation_requested")
    else:
        renew(account, subscription)


def cancel_when_due(account: Account, subscription_id: str) -> None:
    subscription = account.store.by_id[subscription_id]
    due = subscription["cancel_at"] is not None and subscription["cancel_at"] <= account.now()
    if due and subscription["ended_at"] is None:
        collection.end(account, subscription, reason="cancellation_requested")


def renew(account: Account, subscription: Object) -> None:
    pending.discard(account, subscription)
    before = schedules.enter(account, subscription)
    items = subscription["items"]
    data = [_next_period(subscription, item) for item in items["data"]]
    previous = {**account.change(subscription, items={**items, "data": data}), **before}
    lines = [
        Line(
            item,
            item["price"]["unit_amount"] * item["quantity"],
            item["current_period_start"],
            item["current_period_end"],
        )
        for item in data
    ]
    invoice = invoices.draft(account, subscription, lines, reason="subscription_cycle")
    ended = items["data"][0]
    invoice.update(
        period_start=ended["current_period_start"], period_end=ended["current_period_end"]
    )
    previous.update(account.change(subscription, latest_invoice=invoice["id"]))
    plan_collection(account, subscription, invoice)
    account.emit("customer.subscription.updated", subscription, previous)
    account.emit("invoice.created", invoice)
    plan_period_end(account, subscription)
    waive = WAIVED.get(_pause(account, subscription) or "")
    if waive is not None:
        finalizing.finalize(account, invoice)
        waive(account, invoice)


def _next_period(subscription: Object, item: Object) -> Object:
    start = item["current_period_end"]
    anchor = subscription["billing_cycle_anchor"]
    end = periods.next_boundary(anchor, item["price"]["recurring"], start)
    return {**item, "current_period_start": start, "current_period_end": end}


def plan_collection(account: Account, subscription: Object, invoice: Object) -> None:
    if _pause(account, subscription) is not None or subscription["status"] == "unpaid":
        account.change(invoice, auto_advance=False)
        return
    due = account.now() + account.settings.finalize_after
    account.change(invoice, automatically_finalizes_at=due)
    account.plan(due, "invoice.finalize", invoice["id"])


def resume(account: Account, subscription_id: str) -> None:
    """The day up to which nothing was to be collected has come."""
    _pause(account, account.store.by_id[subscription_id])


def _pause(account: Account, subscription: Object) -> str | None:
    pause = subscription["pause_collection"]
    if pause is None:
        return None
    if pause["resumes_at"] is not None and pause["resumes_at"] <= account.now():
        account.change(subscription, "customer.subscription.updated", pause_collection=None)
        return None
    return str(pause["behavior"])


def share_until(anchor: int, items: list[Object], now: int) -> int:
    """What those items cost from now to the anchor."""
    return sum(_share(anchor, item, now) for item in items)


def _share(anchor: int, item: Object, now: int) -> int:
    amount = item["price"]["unit_amount"] * item["quantity"]
    start = periods.previous_boundary(anchor, item["price"]["recurring"], anchor)
    return money.share(amount, anchor - now, anchor - start)
