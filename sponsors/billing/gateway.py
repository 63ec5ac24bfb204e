"""Stripe, spoken to: the only module of the site that imports `stripe`.

Each function is one call and answers plain dicts, so that nothing above depends on the client's
classes. Every call that changes something takes the idempotency key of a `Call` row. What Stripe
refuses and what stays unknown are told apart: only after a refusal may a new key be used.
Prices are in minor units, instants unix seconds. API version: the one stripe-python is made for."""

import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

import stripe
from django.conf import settings
from django.utils.module_loading import import_string

VERSION = stripe.api_version
FUTURE_TOLERANCE = 300  # seconds; stripe-python accepts any time to come, we do not
CONNECT, READ = 3.05, 15.0

# A foreign JSON object, as Stripe's documentation describes it.
Json = dict[str, Any]


class GatewayError(Exception):
    """Stripe did not do what was asked.

    GatewayError
    ├── Refused        Stripe says no, and will say so again: nothing was done
    │   └── NotFound   there is no such object on this account in this mode
    ├── Busy           too many requests: nothing was done, ask again later
    ├── KeyUsed        this key was used with other parameters: look at what it made
    └── Unknown        no answer: it may have been done or not; ask again under the same key
        └── Failed     Stripe's own failure, which it keeps under the key and would repeat for a
                       day: it may have been done or not; look before a new key is used
    """


class Refused(GatewayError):
    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NotFound(Refused):
    pass


class Busy(GatewayError):
    pass


class KeyUsed(GatewayError):
    pass


class Unknown(GatewayError):
    pass


class Failed(Unknown):
    pass


class BadSignature(Exception):
    """A webhook that Stripe did not sign, or not now, or that holds no event."""


def livemode() -> bool:
    """Whether the key is for real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


@cache
def _client() -> stripe.StripeClient:
    make = settings.STRIPE_HTTP_CLIENT and import_string(settings.STRIPE_HTTP_CLIENT)
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=make() if make else stripe.RequestsClient(timeout=(CONNECT, READ)),
        max_network_retries=2,
    )


def _v1() -> Any:
    """Its calls, untyped: what we send is checked in the tests against the package's own types."""
    return _client().v1


def forget_client() -> None:
    """After a change of settings: the next call makes a new client."""
    _client.cache_clear()


def _ask(call: Callable[[], Any]) -> Json:
    return _told(lambda: cast(Json, call().to_dict()))


def _told(call: Callable[[], Json]) -> Json:
    try:
        return call()
    except stripe.RateLimitError as error:
        raise Busy(str(error)) from error
    except stripe.IdempotencyError as error:
        under_way = error.http_status == 409  # the same call is being answered to somebody else
        raise (Busy if under_way else KeyUsed)(str(error)) from error
    except stripe.InvalidRequestError as error:
        refusal = NotFound if error.http_status == 404 else Refused
        raise refusal(error.user_message or str(error), error.code or "") from error
    except stripe.APIConnectionError as error:
        raise Unknown(str(error)) from error
    except stripe.APIError as error:
        raise Failed(str(error)) from error
    except stripe.StripeError as error:
        raise Refused(error.user_message or str(error), error.code or "") from error


def as_text(event: Json) -> str:
    """An event as it is kept."""
    return json.dumps(event, separators=(",", ":"), default=str)


# What is asked to be changed


def create_customer(*, params: Json, key: str) -> Json:
    return _ask(lambda: _v1().customers.create(params, {"idempotency_key": key}))


def update_customer(customer_id: str, *, params: Json, key: str) -> Json:
    customers = _v1().customers
    return _ask(lambda: customers.update(customer_id, params, {"idempotency_key": key}))


def add_tax_id(customer_id: str, *, params: Json, key: str) -> Json:
    numbers = _v1().customers.tax_ids
    return _ask(lambda: numbers.create(customer_id, params, {"idempotency_key": key}))


def remove_tax_id(customer_id: str, tax_id: str) -> Json:
    return _ask(lambda: _v1().customers.tax_ids.delete(customer_id, tax_id))


def create_price(*, params: Json, key: str) -> Json:
    return _ask(lambda: _v1().prices.create(params, {"idempotency_key": key}))


def open_checkout(*, params: Json, key: str) -> Json:
    return _ask(lambda: _v1().checkout.sessions.create(params, {"idempotency_key": key}))


def expire_checkout(session_id: str, *, key: str) -> Json:
    sessions = _v1().checkout.sessions
    return _ask(lambda: sessions.expire(session_id, None, {"idempotency_key": key}))


def create_subscription(*, params: Json, key: str) -> Json:
    return _ask(lambda: _v1().subscriptions.create(params, {"idempotency_key": key}))


def update_subscription(subscription_id: str, *, params: Json, key: str) -> Json:
    subscriptions = _v1().subscriptions
    return _ask(lambda: subscriptions.update(subscription_id, params, {"idempotency_key": key}))


def cancel_subscription(subscription_id: str, *, key: str, comment: str = "") -> Json:
    """At once; `comment` stays with it and says why."""
    subscriptions = _v1().subscriptions
    params: Json | None = {"cancellation_details": {"comment": comment}} if comment else None
    return _ask(lambda: subscriptions.cancel(subscription_id, params, {"idempotency_key": key}))


def pay_invoice(invoice_id: str, *, method: str, key: str) -> Json:
    """Charge it to a saved card now, with nobody there."""
    invoices, params = _v1().invoices, {"payment_method": method}
    return _ask(lambda: invoices.pay(invoice_id, params, {"idempotency_key": key}))


def void_invoice(invoice_id: str, *, key: str) -> Json:
    invoices = _v1().invoices
    return _ask(lambda: invoices.void_invoice(invoice_id, None, {"idempotency_key": key}))


def finalise_invoice(invoice_id: str, *, key: str) -> Json:
    invoices = _v1().invoices
    return _ask(lambda: invoices.finalize_invoice(invoice_id, None, {"idempotency_key": key}))


def pay_outside(invoice_id: str, *, key: str) -> Json:
    """Let an invoice be paid by money that Stripe does not see."""
    paid: Json = {"paid_out_of_band": True}
    return _ask(lambda: _v1().invoices.pay(invoice_id, paid, {"idempotency_key": key}))


def write_off_invoice(invoice_id: str, *, key: str) -> Json:
    invoices = _v1().invoices
    return _ask(lambda: invoices.mark_uncollectible(invoice_id, None, {"idempotency_key": key}))


def create_credit_note(*, params: Json, key: str) -> Json:
    return _ask(lambda: _v1().credit_notes.create(params, {"idempotency_key": key}))


def create_refund(*, params: Json, key: str) -> Json:
    return _ask(lambda: _v1().refunds.create(params, {"idempotency_key": key}))


def open_portal(*, customer_id: str, return_url: str, **more: Json) -> Json:
    """A link into Stripe's portal: a secret that opens it, made for each click, never kept."""
    params: Json = {"customer": customer_id, "return_url": return_url, **more}
    if settings.STRIPE_PORTAL_CONFIGURATION:
        params["configuration"] = settings.STRIPE_PORTAL_CONFIGURATION
    return _ask(lambda: _v1().billing_portal.sessions.create(params))


# What is so now


def customer(customer_id: str) -> Json:
    """Of one that was deleted no more than `deleted`."""
    return _ask(lambda: _v1().customers.retrieve(customer_id))


def payment_methods(customer_id: str) -> list[Json]:
    params: Json = {"limit": 100}
    methods = _v1().customers.payment_methods
    return cast(list[Json], _ask(lambda: methods.list(customer_id, params))["data"])


def payment_method(method_id: str) -> Json:
    return _ask(lambda: _v1().payment_methods.retrieve(method_id))


def checkout(session_id: str) -> Json:
    return _ask(lambda: _v1().checkout.sessions.retrieve(session_id))


def subscription(subscription_id: str) -> Json:
    """With its newest invoice, and that with its payments."""
    return read("subscriptions", subscription_id, expand=["latest_invoice.payments"])


def invoice(invoice_id: str) -> Json:
    return read("invoices", invoice_id, expand=["payments"])


def payment_intent(payment_intent_id: str) -> Json:
    """With its newest charge and, once Stripe knows the fee, that charge's balance transaction."""
    return read("payment_intents", payment_intent_id, expand=["latest_charge.balance_transaction"])


def invoice_of_payment(payment_intent_id: str) -> str | None:
    """The id of the invoice that a payment intent pays. Neither names the other since 2025-03-31;
    https://docs.stripe.com/api/invoice-payment/list is the link."""
    payment: Json = {"type": "payment_intent", "payment_intent": payment_intent_id}
    found = _ask(lambda: _v1().invoice_payments.list({"payment": payment, "limit": 1}))
    return cast(str, found["data"][0]["invoice"]) if found["data"] else None


def find_customer(*, email: str, marks: dict[str, str]) -> Json | None:
    """The customer that carries these marks of ours, if an unanswered call has made one."""
    found = _ask(lambda: _v1().customers.list({"email": email, "limit": 100}))["data"]
    return next((one for one in found if marks.items() <= one["metadata"].items()), None)


def tax_ids(customer_id: str) -> list[Json]:
    found = _ask(lambda: _v1().customers.tax_ids.list(customer_id, {"limit": 100}))
    return cast(list[Json], found["data"])


def find_subscription(*, customer_id: str, sponsorship: str) -> Json | None:
    """The subscription that carries our number, if an unanswered call has made one."""
    params: Json = {"customer": customer_id, "status": "all", "limit": 100}
    found = _ask(lambda: _v1().subscriptions.list(params))["data"]
    return next((one for one in found if one["metadata"].get("sponsorship") == sponsorship), None)


def find_checkout(*, customer_id: str, reference: str) -> Json | None:
    """The session that carries our reference, if an unanswered call has opened one."""
    sessions = _v1().checkout.sessions
    found = _ask(lambda: sessions.list({"customer": customer_id, "limit": 100}))["data"]
    return next((one for one in found if one["client_reference_id"] == reference), None)


def refunds(payment_intent_id: str) -> list[Json]:
    """All of a payment, newest first, each with its balance transactions."""
    expand = ["data.balance_transaction", "data.failure_balance_transaction"]
    params: Json = {"payment_intent": payment_intent_id, "limit": 100, "expand": expand}
    return cast(list[Json], _ask(lambda: _v1().refunds.list(params))["data"])


def disputes(payment_intent_id: str) -> list[Json]:
    """All of a payment, newest first; their balance transactions are part of them."""
    params: Json = {"payment_intent": payment_intent_id, "limit": 100}
    return cast(list[Json], _ask(lambda: _v1().disputes.list(params))["data"])


def credit_notes(invoice_id: str) -> list[Json]:
    params: Json = {"invoice": invoice_id, "limit": 100}
    return cast(list[Json], _ask(lambda: _v1().credit_notes.list(params))["data"])


def credit_note(credit_note_id: str) -> Json:
    return _ask(lambda: _v1().credit_notes.retrieve(credit_note_id))


def refund(refund_id: str) -> Json:
    return _ask(lambda: _v1().refunds.retrieve(refund_id))


def payout(payout_id: str) -> Json:
    """With the balance transactions by which it left and, if it failed, came back."""
    return read(
        "payouts", payout_id, expand=["balance_transaction", "failure_balance_transaction"]
    )


def balance() -> Json:
    return _ask(lambda: _v1().balance.retrieve())


def events_since(created: int) -> Iterator[Json]:
    """Every event from an instant on, newest first; Stripe keeps them for 30 days."""
    params: Json = {"created": {"gte": created}, "limit": 100}
    some = page("events", params)
    yield from some["data"]
    while some["has_more"]:
        some = page("events", {**params, "starting_after": some["data"][-1]["id"]})
        yield from some["data"]


def page(collection: str, params: Json) -> Json:
    """A page of one of Stripe's lists, as it came: a hundred objects are a hundred times what it
    costs to make one of them into the client's own classes."""
    return _told(lambda: _client().raw_request("get", f"/v1/{collection}", **params).data)


def read(collection: str, stripe_id: str, *, expand: list[str]) -> Json:
    """An object as it is now, as it came."""
    path = f"/v1/{collection}/{stripe_id}"
    return _told(lambda: _client().raw_request("get", path, expand=expand).data)


# The account


def webhook_endpoints() -> list[Json]:
    return cast(list[Json], _ask(lambda: _v1().webhook_endpoints.list({"limit": 100}))["data"])


def create_webhook_endpoint(*, url: str, events: list[str]) -> Json:
    """A new endpoint at our API version; its secret is only in this answer."""
    params: Json = {"url": url, "enabled_events": events, "api_version": VERSION}
    return _ask(lambda: _v1().webhook_endpoints.create(params))


def update_webhook_endpoint(endpoint_id: str, *, events: list[str]) -> Json:
    params: Json = {"enabled_events": events, "disabled": False}
    return _ask(lambda: _v1().webhook_endpoints.update(endpoint_id, params))


def portal_configurations() -> list[Json]:
    params: Json = {"limit": 100, "active": True}
    configurations = _v1().billing_portal.configurations
    return cast(list[Json], _ask(lambda: configurations.list(params))["data"])


def create_portal_configuration(*, params: Json) -> Json:
    return _ask(lambda: _v1().billing_portal.configurations.create(params))


def update_portal_configuration(configuration_id: str, *, params: Json) -> Json:
    configurations = _v1().billing_portal.configurations
    return _ask(lambda: configurations.update(configuration_id, params))


# What Stripe says


def verify(payload: bytes, header: str) -> Json:
    """The event in a webhook, if one of our secrets signed it within five minutes of now."""
    if not header.isascii():
        raise BadSignature("No signature of Stripe's.")
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            text = payload.decode()
            stripe.WebhookSignature.verify_header(text, header, secret, FUTURE_TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        _insist_not_to_come(header)
        return _event(text)
    raise BadSignature("No secret of ours signed this.")


def _insist_not_to_come(header: str) -> None:
    times = [part[2:] for part in header.split(",") if part.startswith("t=")]
    if any(int(at) > time.time() + FUTURE_TOLERANCE for at in times if at.isdecimal()):
        raise BadSignature("Signed in the future.")


def _event(text: str) -> Json:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSignature("No event.") from error
    if not isinstance(event, dict):
        raise BadSignature("No event.")
    return event
