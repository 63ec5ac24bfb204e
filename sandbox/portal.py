"""The customer portal: what a customer may do alone, and the page for one customer."""

from __future__ import annotations

from sandbox import errors, lists, metadata
from sandbox.account import ADDRESS, Account
from sandbox.parameters import Form
from sandbox.store import Object

URL = "/v1/billing_portal/configurations"
REASONS = [
    "too_expensive",
    "missing_features",
    "switched_service",
    "unused",
    "customer_service",
    "too_complex",
    "low_quality",
    "other",
]
FEATURES: Object = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "feedback_options": None, "options": REASONS},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {
        "duration": {"interval_options": [], "type": "indefinite"},
        "enabled": False,
    },
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}
PROFILE = dict.fromkeys(("headline", "privacy_policy_url", "terms_of_service_url"))


def create_configuration(account: Account, params: Form) -> Object:
    first = not account.store.kinds["billing_portal.configuration"]
    configuration = account.new(
        "billing_portal.configuration",
        "bpc",
        active=True,
        business_profile={**PROFILE},
        features=_merged(FEATURES, {}),
        is_default=first,
        login_page={"enabled": False, "url": None},
        updated=account.now(),
    )
    configuration.update(_changes(configuration, params))
    return account.add(configuration, "billing_portal.configuration.created")


def update_configuration(account: Account, params: Form, identifier: str) -> Object:
    configuration = retrieve_configuration(account, {}, identifier)
    changes = _changes(configuration, params)
    account.change(
        configuration,
        "billing_portal.configuration.updated",
        **changes,
        updated=account.now(),
    )
    return configuration


def _changes(configuration: Object, params: Form) -> Object:
    names = ("active", "default_return_url", "name")
    if params.get("default_return_url"):
        errors.check_url(params["default_return_url"], "default_return_url")
    changes: Object = {name: params[name] for name in names if name in params}
    changes = {name: None if value == "" else value for name, value in changes.items()}
    for name in ("features", "business_profile", "login_page"):
        if name in params:
            changes[name] = _merged(configuration[name], params[name] or {})
    if "metadata" in params:
        changes["metadata"] = metadata.merged(configuration["metadata"], params["metadata"])
    return changes


def _merged(former: Object, given: Form) -> Object:
    result = {**former}
    for name, value in given.items():
        known = result.get(name)
        inner = isinstance(known, dict) and isinstance(value, dict)
        result[name] = _merged(known or {}, value) if inner else (None if value == "" else value)
    return result


def retrieve_configuration(account: Account, params: Form, identifier: str) -> Object:
    return account.find("billing_portal.configuration", identifier, "configuration", 404)


def list_configurations(account: Account, params: Form) -> Object:
    test = lists.having(params, "active", "is_default")
    return lists.page(account, "billing_portal.configuration", params, URL, test=test)


def create_session(account: Account, params: Form) -> Object:
    if "customer" not in params:
        raise errors.missing("customer")
    customer = account.find("customer", params["customer"], "customer")
    if "return_url" in params:
        errors.check_url(params["return_url"], "return_url")
    configuration = _configuration(account, params)
    session = account.new(
        "billing_portal.session",
        "bps",
        configuration=configuration["id"],
        customer=customer["id"],
        locale=params.get("locale"),
        return_url=params.get("return_url") or configuration["default_return_url"],
        flow=_flow(params.get("flow_data")),
    )
    secret = account.new_id("test")[5:]
    session["url"] = f"{ADDRESS}/p/session/{session['id']}_{secret}"
    return account.add(session, "billing_portal.session.created")


def _flow(given: Form | None) -> Object | None:
    """A page for one thing alone, and where it leads when that is done."""
    if not given:
        return None
    if given["type"] != "payment_method_update":
        raise errors.not_here(f"flow_data[type]={given['type']}")
    then = given.get("after_completion") or {"type": "portal_homepage"}
    url = (then.get("redirect") or {}).get("return_url")
    return {
        "after_completion": {
            "hosted_confirmation": None,
            "redirect": {"return_url": url} if url else None,
            "type": then["type"],
        },
        "subscription_cancel": None,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": given["type"],
    }


def _configuration(account: Account, params: Form) -> Object:
    if "configuration" in params:
        return account.find(
            "billing_portal.configuration", params["configuration"], "configuration"
        )
    for configuration in account.store.kinds["billing_portal.configuration"].values():
        if configuration["is_default"] and configuration["active"]:
            return configuration
    raise errors.invalid(
        "You can't create a portal session in test mode until you save your customer portal "
        "settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal."
    )
