"""What is asked to be changed at Stripe. Each takes the idempotency key of a `Call` row."""

from django.conf import settings

from sponsors.billing.gateway.client import Json, ask, v1


def create_customer(*, params: Json, key: str) -> Json:
    return ask(lambda: v1().customers.create(params, {"idempotency_key": key}))


def update_customer(customer_id: str, *, params: Json, key: str) -> Json:
    customers = v1().customers
    return ask(lambda: customers.update(customer_id, params, {"idempotency_key": key}))


def add_tax_id(customer_id: str, *, params: Json, key: str) -> Json:
    numbers = v1().customers.tax_ids
    return ask(lambda: numbers.create(customer_id, params, {"idempotency_key": key}))


def remove_tax_id(customer_id: str, tax_id: str) -> Json:
    return ask(lambda: v1().customers.tax_ids.delete(customer_id, tax_id))


def release_card(method_id: str, *, key: str) -> Json:
    """A saved card is nobody's any more, and can be charged no more."""
    methods = v1().payment_methods
    return ask(lambda: methods.detach(method_id, None, {"idempotency_key": key}))


def create_price(*, params: Json, key: str) -> Json:
    return ask(lambda: v1().prices.create(params, {"idempotency_key": key}))


def open_checkout(*, params: Json, key: str) -> Json:
    return ask(lambda: v1().checkout.sessions.create(params, {"idempotency_key": key}))


def expire_checkout(session_id: str, *, key: str) -> Json:
    sessions = v1().checkout.sessions
    return ask(lambda: sessions.expire(session_id, None, {"idempotency_key": key}))


def create_subscription(*, params: Json, key: str) -> Json:
    return ask(lambda: v1().subscriptions.create(params, {"idempotency_key": key}))


def update_subscription(subscription_id: str, *, params: Json, key: str) -> Json:
    subscriptions = v1().subscriptions
    return ask(lambda: subscriptions.update(subscription_id, params, {"idempotency_key": key}))


def cancel_subscription(subscription_id: str, *, key: str, comment: str = "") -> Json:
    """At once; `comment` stays with it and says why."""
    subscriptions = v1().subscriptions
    params: Json | None = {"cancellation_details": {"comment": comment}} if comment else None
    return ask(lambda: subscriptions.cancel(subscription_id, params, {"idempotency_key": key}))


def create_invoice(*, params: Json, key: str) -> Json:
    """A draft of no subscription. https://docs.stripe.com/api/invoices/create"""
    return ask(lambda: v1().invoices.create(params, {"idempotency_key": key}))


def create_invoice_item(*, params: Json, key: str) -> Json:
    return ask(lambda: v1().invoice_items.create(params, {"idempotency_key": key}))


def delete_draft(invoice_id: str) -> Json:
    return ask(lambda: v1().invoices.delete(invoice_id))


def pay_invoice(invoice_id: str, *, method: str, key: str) -> Json:
    """Charge it to a saved card now, with nobody there."""
    invoices, params = v1().invoices, {"payment_method": method}
    return ask(lambda: invoices.pay(invoice_id, params, {"idempotency_key": key}))


def pay_by_default(invoice_id: str, *, key: str) -> Json:
    """Charge it to the card it was made with, or to its customer's, with nobody there."""
    params: Json = {"off_session": True}
    return ask(lambda: v1().invoices.pay(invoice_id, params, {"idempotency_key": key}))


def void_invoice(invoice_id: str, *, key: str) -> Json:
    invoices = v1().invoices
    return ask(lambda: invoices.void_invoice(invoice_id, None, {"idempotency_key": key}))


def finalise_invoice(invoice_id: str, *, key: str) -> Json:
    invoices = v1().invoices
    return ask(lambda: invoices.finalize_invoice(invoice_id, None, {"idempotency_key": key}))


def pay_outside(invoice_id: str, *, key: str) -> Json:
    """Let an invoice be paid by money that Stripe does not see."""
    paid: Json = {"paid_out_of_band": True}
    return ask(lambda: v1().invoices.pay(invoice_id, paid, {"idempotency_key": key}))


def write_off_invoice(invoice_id: str, *, key: str) -> Json:
    invoices = v1().invoices
    return ask(lambda: invoices.mark_uncollectible(invoice_id, None, {"idempotency_key": key}))


def create_credit_note(*, params: Json, key: str) -> Json:
    return ask(lambda: v1().credit_notes.create(params, {"idempotency_key": key}))


def create_refund(*, params: Json, key: str) -> Json:
    return ask(lambda: v1().refunds.create(params, {"idempotency_key": key}))


def open_portal(*, customer_id: str, return_url: str, **more: Json) -> Json:
    """A link into Stripe's portal: a secret that opens it, made for each click, never kept."""
    params: Json = {"customer": customer_id, "return_url": return_url, **more}
    if settings.STRIPE_PORTAL_CONFIGURATION:
        params["configuration"] = settings.STRIPE_PORTAL_CONFIGURATION
    return ask(lambda: v1().billing_portal.sessions.create(params))


def plan(subscription_id: str, *, key: str) -> Json:
    """Put a subscription under a schedule that changes nothing yet.
    https://docs.stripe.com/billing/subscriptions/subscription-schedules"""
    schedules = v1().subscription_schedules
    params: Json = {"from_subscription": subscription_id}
    return ask(lambda: schedules.create(params, {"idempotency_key": key}))


def set_phases(schedule_id: str, *, params: Json, key: str) -> Json:
    schedules = v1().subscription_schedules
    return ask(lambda: schedules.update(schedule_id, params, {"idempotency_key": key}))


def release(schedule_id: str, *, key: str) -> Json:
    """The subscription goes on as it is, without a plan."""
    schedules = v1().subscription_schedules
    return ask(lambda: schedules.release(schedule_id, None, {"idempotency_key": key}))
