"""What a checkout session may be asked to be."""

from __future__ import annotations

from sandbox import errors, periods, taxes
from sandbox.account import Account
from sandbox.clock import DAY, MINUTE
from sandbox.parameters import Form
from sandbox.store import Object


def check(account: Account, params: Form, mode: str) -> None:
    hosted = params.get("ui_mode", "hosted_page") == "hosted_page"
    if hosted and "success_url" not in params:
        raise errors.missing("success_url")
    for name in ("success_url", "cancel_url", "return_url"):
        if name in params:
            errors.check_url(params[name], name)
    _check_mode(params, mode)
    _check_subscription(params.get("subscription_data", {}))
    _check_person(params)
    _check_tax(account, params)
    _check_anchor(account, params)


def _check_mode(params: Form, mode: str) -> None:
    if mode != "setup" and not params.get("line_items"):
        raise errors.missing("line_items")
    if mode == "setup" and params.get("line_items"):
        raise errors.invalid("You can not pass `line_items` in `setup` mode.", "line_items")
    if "subscription_data" in params and mode != "subscription":
        raise errors.invalid(
            "You can not pass `subscription_data` in this mode.", "subscription_data"
        )


SUBSCRIPTION = {"metadata", "description", "invoice_settings", "billing_cycle_anchor"}
UNIMPORTANT = {"billing_mode", "proration_behavior"}


def _check_subscription(given: Form) -> None:
    """What Stripe knows and the sandbox does not is refused, never passed over in silence."""
    for name in given:
        if name not in SUBSCRIPTION | UNIMPORTANT:
            raise errors.not_here(f"subscription_data[{name}]")


def _check_person(params: Form) -> None:
    if params.get("customer") and params.get("customer_email"):
        raise errors.invalid(
            "You may only specify one of these parameters: customer, customer_email.",
            "customer_email",
        )
    if len(params.get("client_reference_id", "")) > 200:
        raise errors.invalid(
            "Invalid string: must be at most 200 characters", "client_reference_id"
        )
    if "customer_update" in params and "customer" not in params:
        raise errors.invalid(
            "`customer_update` can only be used with `customer`.", "customer_update"
        )


def _check_tax(account: Account, params: Form) -> None:
    """A customer that is known gets what is typed only if the session was made to do so."""
    if not params.get("customer"):
        return
    update = params.get("customer_update", {})
    customer = account.find("customer", params["customer"], "customer")
    collects = params.get("tax_id_collection", {}).get("enabled")
    if collects and update.get("name") != "auto":
        raise errors.invalid(
            "Tax ID collection requires updating business name on the customer. To enable tax ID "
            "collection for an existing customer, please set `customer_update[name]` to `auto`."
        )
    taxed = params.get("automatic_tax", {}).get("enabled")
    if taxed and update.get("address") != "auto" and not taxes.is_usable(customer["address"]):
        raise errors.invalid(
            "Automatic tax calculation in Checkout requires a valid address on the Customer. Add "
            "a valid address to the Customer or set either `customer_update[address]` to 'auto' "
            "or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to "
            "the Customer.",
            code=taxes.LOCATION_CODE,
        )


def _check_anchor(account: Account, params: Form) -> None:
    anchor = params.get("subscription_data", {}).get("billing_cycle_anchor")
    if anchor is not None and anchor <= account.now():
        raise errors.invalid(
            "`billing_cycle_anchor` must be in the future.",
            "subscription_data[billing_cycle_anchor]",
        )


def check_first_period(anchor: int | None, items: list[Object], now: int) -> None:
    """The anchor is at most one whole period away."""
    if anchor is None or not items or items[0]["price"]["recurring"] is None:
        return
    if anchor > periods.boundary(now, items[0]["price"]["recurring"], 1):
        raise errors.invalid(
            "`billing_cycle_anchor` cannot be later than the next natural billing date.",
            "subscription_data[billing_cycle_anchor]",
        )


def expires_at(account: Account, params: Form) -> int:
    given = params.get("expires_at")
    if given is None:
        return account.now() + account.settings.checkout_expires_after
    # A minute of grace, since the caller's clock has moved on a little since it counted.
    if not account.now() + 29 * MINUTE <= given <= account.now() + DAY + MINUTE:
        raise errors.invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout "
            "Session creation.",
            "expires_at",
        )
    return int(given)
