"""The account itself: where its events go, and what its portal offers."""

from typing import cast

from sponsors.billing.gateway.client import VERSION, Json, ask, v1


def webhook_endpoints() -> list[Json]:
    return cast(list[Json], ask(lambda: v1().webhook_endpoints.list({"limit": 100}))["data"])


def create_webhook_endpoint(*, url: str, events: list[str]) -> Json:
    """A new endpoint at our API version; its secret is only in this answer."""
    params: Json = {"url": url, "enabled_events": events, "api_version": VERSION}
    return ask(lambda: v1().webhook_endpoints.create(params))


def update_webhook_endpoint(endpoint_id: str, *, events: list[str]) -> Json:
    params: Json = {"enabled_events": events, "disabled": False}
    return ask(lambda: v1().webhook_endpoints.update(endpoint_id, params))


def portal_configurations() -> list[Json]:
    params: Json = {"limit": 100, "active": True}
    configurations = v1().billing_portal.configurations
    return cast(list[Json], ask(lambda: configurations.list(params))["data"])


def create_portal_configuration(*, params: Json) -> Json:
    return ask(lambda: v1().billing_portal.configurations.create(params))


def update_portal_configuration(configuration_id: str, *, params: Json) -> Json:
    configurations = v1().billing_portal.configurations
    return ask(lambda: configurations.update(configuration_id, params))
