"""Stripe, spoken to about what subscriptions are to become and what customers pay with: as in
`gateway`, whose client, words and errors these are, each function is one call."""

from sponsors.billing.gateway import Json, _ask, _v1


def preview(params: Json) -> Json:
    """The invoice that a change would bring; nothing is made.
    https://docs.stripe.com/api/invoices/create_preview"""
    return _ask(lambda: _v1().invoices.create_preview(params))


def plan(subscription_id: str, *, key: str) -> Json:
    """Put a subscription under a schedule that changes nothing yet.
    https://docs.stripe.com/billing/subscriptions/subscription-schedules"""
    schedules = _v1().subscription_schedules
    params: Json = {"from_subscription": subscription_id}
    return _ask(lambda: schedules.create(params, {"idempotency_key": key}))


def set_phases(schedule_id: str, *, params: Json, key: str) -> Json:
    schedules = _v1().subscription_schedules
    return _ask(lambda: schedules.update(schedule_id, params, {"idempotency_key": key}))


def release(schedule_id: str, *, key: str) -> Json:
    """The subscription goes on as it is, without a plan."""
    schedules = _v1().subscription_schedules
    return _ask(lambda: schedules.release(schedule_id, None, {"idempotency_key": key}))


def schedule(schedule_id: str) -> Json:
    return _ask(lambda: _v1().subscription_schedules.retrieve(schedule_id))


def customer_with_card(customer_id: str) -> Json:
    """With what it pays with, unless a subscription has a card of its own."""
    expand: Json = {"expand": ["invoice_settings.default_payment_method"]}
    return _ask(lambda: _v1().customers.retrieve(customer_id, expand))


def subscription_with_card(subscription_id: str) -> Json:
    """With the card of its own, if it has one."""
    expand: Json = {"expand": ["default_payment_method"]}
    return _ask(lambda: _v1().subscriptions.retrieve(subscription_id, expand))
