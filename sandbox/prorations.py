"""Another price in the middle of a period: the unused time of the old one is credited, the remaining
time of the new one is charged, each to the second and rounded by itself, half a unit up."""

from __future__ import annotations

from datetime import UTC, datetime

from sandbox import catalog, collection, errors, finalizing, invoices, money, pending
from sandbox.account import Account
from sandbox.invoices import Line
from sandbox.parameters import Form
from sandbox.store import Object

Pair = tuple[Object, Object]
WAITS = {"items", "payment_behavior", "proration_behavior", "proration_date", "off_session"}


def lines(before: list[Object], after: list[Object], at: int) -> list[Line]:
    """What the change costs from that moment to the end of the period."""
    pairs = [pair for pair in zip(before, after, strict=True) if _differ(pair)]
    return [line for pair in pairs for line in _of(pair, at)]


def _differ(pair: Pair) -> bool:
    old, new = pair
    return (old["price"]["id"], old["quantity"]) != (new["price"]["id"], new["quantity"])


def _of(pair: Pair, at: int) -> list[Line]:
    old, new = pair
    day = datetime.fromtimestamp(at, UTC).strftime("%-d %b %Y")
    end = old["current_period_end"]
    return [
        Line(old, -_share(old, at), at, end, proration=True, text=f"Unused time after {day}"),
        Line(new, _share(new, at), at, end, proration=True, text=f"Remaining time after {day}"),
    ]


def _share(item: Object, at: int) -> int:
    start, end = item["current_period_start"], item["current_period_end"]
    return money.share(item["price"]["unit_amount"] * item["quantity"], end - at, end - start)


def moment(account: Account, subscription: Object, params: Form) -> int:
    """As of when it is computed: now, or the date that a preview was made for."""
    item = subscription["items"]["data"][0]
    at = int(params.get("proration_date") or account.now())
    if not item["current_period_start"] <= at <= item["current_period_end"]:
        raise errors.invalid(
            "The proration date must be within the current billing period.", "proration_date"
        )
    return at


def check_interval(before: list[Object], after: list[Object]) -> None:
    for old, new in zip(before, after, strict=True):
        if old["price"]["recurring"]["interval"] != new["price"]["recurring"]["interval"]:
            raise errors.invalid(
                "The sandbox changes the interval at a period's end only, by a schedule.", "items"
            )


def invoice_now(
    account: Account, subscription: Object, params: Form, after: list[Object]
) -> Object:
    """Bill the change at once. The answer is what changes of the subscription by itself."""
    before = subscription["items"]["data"]
    waits = params.get("payment_behavior") == "pending_if_incomplete"
    if waits and set(params) - WAITS - {"expand"}:
        name = min(set(params) - WAITS - {"expand"})
        raise errors.invalid(f"`{name}` cannot wait in a pending update.", name)
    check_interval(before, after)
    found = lines(before, after, moment(account, subscription, params))
    if sum(line.amount for line in found) < 0:
        raise errors.invalid("The sandbox keeps no credit balance of customers.", "items")
    pending.discard(account, subscription)
    if not waits:
        items = {**subscription["items"], "data": after}
        account.change(subscription, "customer.subscription.updated", items=items)
    _bill(account, subscription, found, after if waits else None, params)
    return {}


def _bill(
    account: Account,
    subscription: Object,
    found: list[Line],
    waiting: list[Object] | None,
    params: Form,
) -> None:
    invoice = invoices.draft(account, subscription, found, reason="subscription_update")
    account.change(subscription, latest_invoice=invoice["id"])
    if waiting is not None:
        pending.wait(account, subscription, invoice, waiting)
    account.emit("invoice.created", invoice)
    finalizing.finalize(account, invoice)
    collection.collect(account, invoice, off_session=params.get("off_session", False))
    if subscription["pending_update"] is not None:
        pending.told(account, subscription)


def preview(account: Account, params: Form) -> Object:
    """What would be billed for a change, or at the next period's end without one; nothing is made
    and nobody is told."""
    if "subscription" not in params:
        raise errors.missing("subscription")
    subscription = account.find("subscription", params["subscription"], "subscription")
    details = params.get("subscription_details") or {}
    before = subscription["items"]["data"]
    wanted = {entry["id"]: entry for entry in details.get("items") or [] if "id" in entry}
    after = [_wanted(account, item, wanted.get(item["id"])) for item in before]
    if details.get("proration_behavior") == "always_invoice":
        check_interval(before, after)
        found = lines(before, after, moment(account, subscription, details))
    else:
        found = [_next(item) for item in after]
    invoice = invoices.draft(account, subscription, found, reason="upcoming")
    account.store.remove(invoice)
    return {**invoice, "id": f"upcoming_{invoice['id']}", "amount_due": max(invoice["total"], 0)}


def _wanted(account: Account, item: Object, entry: Form | None) -> Object:
    if entry is None:
        return item
    changed = {**item, "quantity": entry.get("quantity", item["quantity"])}
    if "price" in entry:
        changed["price"] = account.find("price", entry["price"], "subscription_details")
    elif "price_data" in entry:
        changed["price"] = catalog.inline_price(account, entry["price_data"])
    return changed


def _next(item: Object) -> Line:
    start = item["current_period_end"]
    return Line(item, item["price"]["unit_amount"] * item["quantity"], start, start)
