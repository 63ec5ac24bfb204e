"""Subscription schedules: a plan of what a subscription becomes at a period's end."""

from __future__ import annotations

from sandbox import errors, lists, metadata, periods
from sandbox.account import Account
from sandbox.catalog import plan_of
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/subscription_schedules"
CANCELS = ("cancel_at", "cancel_at_period_end")
SETTINGS = {
    "application_fee_percent": None,
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "billing_cycle_anchor": "automatic",
    "billing_thresholds": None,
    "collection_method": "charge_automatically",
    "default_payment_method": None,
    "description": None,
    "invoice_settings": {
        "account_tax_ids": None,
        "custom_fields": None,
        "days_until_due": None,
        "description": None,
        "footer": None,
        "issuer": {"type": "self"},
    },
    "on_behalf_of": None,
    "transfer_data": None,
}
PHASE = [
    "application_fee_percent",
    "automatic_tax",
    "billing_cycle_anchor",
    "billing_thresholds",
    "collection_method",
    "default_payment_method",
    "default_tax_rates",
    "description",
    "invoice_settings",
    "on_behalf_of",
    "transfer_data",
    "trial",
    "trial_end",
]


def create(account: Account, params: Form) -> Object:
    name = params.get("from_subscription")
    if not name:
        raise errors.not_here("a schedule without `from_subscription`")
    subscription = account.find("subscription", name, "from_subscription")
    _insist_free(subscription)
    first = subscription["items"]["data"][0]
    phase = _phase(
        subscription,
        first["current_period_start"],
        first["current_period_end"],
        [_item(item["price"], item["quantity"]) for item in subscription["items"]["data"]],
    )
    schedule = account.new(
        "subscription_schedule",
        "sub_sched",
        billing_mode=subscription["billing_mode"],
        current_phase={name: phase[name] for name in ("start_date", "end_date")},
        customer=subscription["customer"],
        default_settings={**SETTINGS, "collection_method": subscription["collection_method"]},
        end_behavior="release",
        pause_schedules=[],
        phases=[phase],
        status="active",
        subscription=subscription["id"],
    )
    account.add(schedule, "subscription_schedule.created")
    account.change(subscription, "customer.subscription.updated", schedule=schedule["id"])
    account.plan(phase["end_date"], "schedule.turn", schedule["id"])
    return schedule


def _insist_free(subscription: Object) -> None:
    if subscription["schedule"]:
        raise errors.invalid(
            "You cannot migrate a subscription that is already attached to a schedule: "
            f"`{subscription['schedule']}`."
        )
    if subscription["ended_at"] or subscription["cancel_at"]:
        raise errors.invalid("You cannot migrate a subscription that is set to cancel.")


def _phase(subscription: Object, start: int, end: int, items: list[Object], **more: str) -> Object:
    return {
        **dict.fromkeys(PHASE),
        "add_invoice_items": [],
        "currency": subscription["currency"],
        "discounts": [],
        "end_date": end,
        "items": items,
        "metadata": {},
        "proration_behavior": "create_prorations",
        "start_date": start,
        **more,
    }


def _item(price: Object, quantity: int) -> Object:
    return {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": {},
        "plan": price["id"],
        "price": price["id"],
        "quantity": quantity,
        "tax_rates": [],
    }


def update(account: Account, params: Form, identifier: str) -> Object:
    schedule = active(account, identifier)
    changes: Object = {name: params[name] for name in ("end_behavior",) if name in params}
    if changes.get("end_behavior", "release") not in ("release", "cancel"):
        raise errors.not_here("end_behavior")
    if "metadata" in params:
        changes["metadata"] = metadata.merged(schedule["metadata"], params["metadata"])
    if "phases" in params:
        changes["phases"] = _phases(account, schedule, params["phases"])
        for phase in changes["phases"]:
            account.plan(phase["end_date"], "schedule.turn", identifier)
    account.change(schedule, "subscription_schedule.updated", **changes)
    return schedule


def _phases(account: Account, schedule: Object, wanted: list[Form]) -> list[Object]:
    subscription = account.store.by_id[schedule["subscription"]]
    start, found = wanted[0].get("start_date"), []
    if start != schedule["current_phase"]["start_date"]:
        raise errors.invalid("You can not modify the start date of the current phase.", "phases")
    for number, entry in enumerate(wanted):
        if number and entry.get("start_date", start) != start:
            raise errors.invalid("The phases must follow one another.", "phases")
        end = _end(start, entry)
        items = [_wanted(account, subscription, item) for item in entry["items"]]
        more = {name: entry[name] for name in ("proration_behavior",) if name in entry}
        found.append(_phase(subscription, start, end, items, **more))
        start = end
    _check(schedule, subscription, found)
    return found


def _end(start: int, entry: Form) -> int:
    if "end_date" in entry:
        return int(entry["end_date"])
    if "duration" not in entry:
        raise errors.invalid("A phase needs `end_date` or `duration`.", "phases")
    lasts = {"interval_count": 1, **entry["duration"]}
    return periods.boundary(start, lasts, 1)


def _wanted(account: Account, subscription: Object, entry: Form) -> Object:
    price = account.find("price", entry["price"], "phases")
    if price["currency"] != subscription["currency"]:
        raise errors.invalid("The price has another currency than the subscription.", "phases")
    return _item(price, entry.get("quantity", 1))


def _check(schedule: Object, subscription: Object, found: list[Object]) -> None:
    """What the sandbox can turn to: nothing else now, then other prices with the next period."""
    data = subscription["items"]["data"]
    now = [(item["price"]["id"], item["quantity"]) for item in data]
    if [(item["price"], item["quantity"]) for item in found[0]["items"]] != now:
        raise errors.not_here("another price in the current phase")
    if len(found) > 1 and found[1]["start_date"] != data[0]["current_period_end"]:
        raise errors.not_here("a phase that begins within a period")
    if any(phase["proration_behavior"] != "none" for phase in found[1:]):
        raise errors.not_here("a phase with prorations")


def active(account: Account, identifier: str) -> Object:
    schedule = retrieve(account, {}, identifier)
    if schedule["status"] != "active":
        raise errors.invalid(
            f"You cannot change a subscription schedule that is currently in the "
            f"`{schedule['status']}` status."
        )
    return schedule


def enter(account: Account, subscription: Object) -> Object:
    """A period ends: the prices of the phase that begins now, if one does. The former values."""
    schedule = account.store.by_id.get(subscription["schedule"] or "")
    now = account.now()
    begun = [one for one in schedule["phases"] if one["start_date"] <= now] if schedule else []
    if schedule is None or begun[-1]["start_date"] == schedule["current_phase"]["start_date"]:
        return {}
    phase = begun[-1]
    account.change(
        schedule,
        "subscription_schedule.updated",
        current_phase={name: phase[name] for name in ("start_date", "end_date")},
    )
    return _apply(account, subscription, phase)


def _apply(account: Account, subscription: Object, phase: Object) -> Object:
    items = subscription["items"]
    pairs = list(zip(items["data"], phase["items"], strict=True))
    prices = [account.store.by_id[entry["price"]] for _, entry in pairs]
    data = [
        {**item, "price": {**price}, "plan": plan_of(price), "quantity": entry["quantity"]}
        for (item, entry), price in zip(pairs, prices, strict=True)
    ]
    changes: Object = {"items": {**items, "data": data}}
    if prices[0]["recurring"]["interval"] != items["data"][0]["price"]["recurring"]["interval"]:
        changes["billing_cycle_anchor"] = account.now()
    return account.change(subscription, **changes)


def turn(account: Account, identifier: str) -> None:
    """A phase has ended; after the last one the schedule lets the subscription go."""
    schedule = account.store.by_id[identifier]
    over = schedule["status"] == "active" and schedule["phases"][-1]["end_date"] <= account.now()
    if over and schedule["end_behavior"] == "release":
        let_go(account, schedule)


def let_go(account: Account, schedule: Object) -> None:
    subscription = account.store.by_id[schedule["subscription"]]
    account.change(
        schedule,
        current_phase=None,
        released_at=account.now(),
        released_subscription=subscription["id"],
        status="released",
        subscription=None,
    )
    account.emit("subscription_schedule.released", schedule)
    account.change(subscription, "customer.subscription.updated", schedule=None)


def release(account: Account, params: Form, identifier: str) -> Object:
    """The subscription goes on as it is, without a plan."""
    schedule = active(account, identifier)
    let_go(account, schedule)
    return schedule


def subscription_ended(account: Account, subscription: Object, *, unpaid: bool) -> None:
    schedule = account.store.by_id.get(subscription["schedule"] or "")
    if schedule is None or schedule["status"] != "active":
        return
    account.change(schedule, status="canceled", canceled_at=account.now(), current_phase=None)
    word = "aborted" if unpaid else "canceled"
    account.emit(f"subscription_schedule.{word}", schedule)


def check_free(subscription: Object, params: Form) -> None:
    """Whether it ends is for its schedule to say while it has one."""
    if subscription["schedule"] and any(name in params for name in CANCELS):
        raise errors.invalid(
            f"The subscription is managed by the subscription schedule "
            f"`{subscription['schedule']}`, and updating any cancelation behavior directly is not "
            "allowed. Please update the schedule instead."
        )


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("subscription_schedule", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    test = lists.having(params, "customer")
    return lists.page(account, "subscription_schedule", params, URL, test=test)
