"""Events: what has happened, as it looked at that moment; kept for thirty days."""

from __future__ import annotations

import json

from sandbox import errors, lists
from sandbox.account import Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/events"
MOST_TYPES = 20


def shown(event: Object) -> Object:
    data: Object = {"object": json.loads(event["_snapshot"])}
    if event["_previous"] is not None:
        data["previous_attributes"] = event["_previous"]
    return {**event, "data": data}


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return shown(account.find("event", identifier, status=404))


def list_(account: Account, params: Form) -> Object:
    types = params.get("types")
    if types and "type" in params:
        raise errors.invalid("You may only specify one of these parameters: type, types.", "type")
    if types and len(types) > MOST_TYPES:
        raise errors.invalid(f"You may pass up to {MOST_TYPES} event types.", "types")
    asked_types = set(types or ([params["type"]] if "type" in params else []))

    def asked_for(event: Object) -> bool:
        if asked_types and not any(_fits(event["type"], type) for type in asked_types):
            return False
        if "delivery_success" in params:
            return bool((event["pending_webhooks"] == 0) == params["delivery_success"])
        return True

    found = lists.page(account, "event", params, URL, test=asked_for)
    return {**found, "data": [shown(event) for event in found["data"]]}


def _fits(type: str, pattern: str) -> bool:
    return type == pattern or (pattern.endswith("*") and type.startswith(pattern[:-1]))


def forget_old(account: Account) -> None:
    """Stripe keeps events for thirty days."""
    oldest = account.now() - account.settings.events_kept
    for event in list(account.store.kinds["event"].values()):
        if event["created"] >= oldest:
            return
        for delivery in account.store.where("_delivery", "event", event["id"]):
            account.store.remove(delivery)
        account.store.remove(event)
