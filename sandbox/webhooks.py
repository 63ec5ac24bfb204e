"""Webhook endpoints: who is told of which events."""

from __future__ import annotations

from sandbox import errors, lists, metadata
from sandbox.account import API_VERSION, Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/webhook_endpoints"
FIELDS = ("description", "enabled_events")


def create(account: Account, params: Form) -> Object:
    errors.check_url(params["url"], "url")
    if not params["enabled_events"]:
        raise errors.missing("enabled_events")
    endpoint = account.new(
        "webhook_endpoint",
        "we",
        api_version=params.get("api_version") or API_VERSION,
        description=params.get("description") or None,
        enabled_events=params["enabled_events"],
        metadata=metadata.merged({}, params.get("metadata")),
        status="enabled",
        url=params["url"],
    )
    endpoint["_secret"] = account.new_id("whsec")
    account.add(endpoint)
    # The only time that the secret is shown.
    return {**endpoint, "secret": endpoint["_secret"]}


def update(account: Account, params: Form, identifier: str) -> Object:
    endpoint = retrieve(account, {}, identifier)
    changes: Object = {name: params[name] for name in FIELDS if name in params}
    if "url" in params:
        errors.check_url(params["url"], "url")
        changes["url"] = params["url"]
    if "disabled" in params:
        changes["status"] = "disabled" if params["disabled"] else "enabled"
    if "metadata" in params:
        changes["metadata"] = metadata.merged(endpoint["metadata"], params["metadata"])
    account.change(endpoint, **changes)
    return endpoint


def delete(account: Account, params: Form, identifier: str) -> Object:
    endpoint = retrieve(account, {}, identifier)
    account.store.remove(endpoint)
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}


def retrieve(account: Account, params: Form, identifier: str) -> Object:
    return account.find("webhook_endpoint", identifier, status=404)


def list_(account: Account, params: Form) -> Object:
    return lists.page(account, "webhook_endpoint", params, URL)
