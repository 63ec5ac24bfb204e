"""Whatever is sent, the answer is never a server error."""

import json
from urllib.parse import urlencode

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from sandbox import controls, pages
from sandbox.engine import Engine
from sandbox.operations import OPERATIONS
from sandbox.transport import InProcess
from sandbox.visit import Visit

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def lived():
    """An engine with one of most things."""
    engine = Engine(now=1_768_478_400)
    engine.post = lambda url, body, headers: 200
    client = stripe.StripeClient("sk_test_x", http_client=InProcess(engine))
    customer = client.v1.customers.create({"email": "a@example.org"})
    price = client.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 700,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Gold"},
        }
    )
    order = {
        "mode": "subscription",
        "customer": customer.id,
        "line_items": [{"price": price.id, "quantity": 1}],
        "success_url": "https://site.test/",
    }
    for card in ("4242424242424242", "4000002760003184"):
        engine.pay_checkout(client.v1.checkout.sessions.create(order).id, card=card)
    client.v1.checkout.sessions.create(order)
    client.v1.billing_portal.configurations.create(
        {"features": {"subscription_cancel": {"enabled": True}}}
    )
    client.v1.billing_portal.sessions.create({"customer": customer.id})
    engine.advance_by(40 * 86400)
    return engine


IDS = some.integers(0, 10_000)
NAMES = some.sampled_from(
    [
        "id",
        "name",
        "email",
        "customer",
        "price",
        "product",
        "items[0][price]",
        "items[0][id]",
        "items[0][quantity]",
        "line_items[0][price]",
        "line_items[0][quantity]",
        "line_items[0][price_data][currency]",
        "mode",
        "success_url",
        "currency",
        "unit_amount",
        "recurring[interval]",
        "recurring[interval_count]",
        "metadata",
        "metadata[a]",
        "expand[]",
        "expand[0]",
        "limit",
        "starting_after",
        "ending_before",
        "created",
        "created[gte]",
        "created[lt]",
        "status",
        "payment_method",
        "amount",
        "charge",
        "payment_intent",
        "url",
        "enabled_events[0]",
        "cancel_at_period_end",
        "cancel_at",
        "features[invoice_history][enabled]",
        "default_payment_method",
        "subscription_data[billing_cycle_anchor]",
        "invoice_settings[default_payment_method]",
        "types[0]",
        "expires_at",
        "proration_behavior",
        "pause_collection[behavior]",
        "pause_collection",
        "lookup_keys[0]",
        "address",
        "address[city]",
        "shipping[name]",
        "items",
        "items[a][price]",
        "payment[payment_intent]",
        "[",
        "]]",
    ]
)
VALUES = some.one_of(
    some.sampled_from(
        [
            "true",
            "false",
            "0",
            "1",
            "-1",
            "5",
            "100",
            "99999999999999999999",
            "1e9",
            "nan",
            "inf",
            "subscription",
            "setup",
            "payment",
            "eur",
            "usd",
            "month",
            "year",
            "all",
            "data.customer",
            "customer",
            "https://site.test/",
            "pm_card_visa",
            "void",
            "data",
            "lines.data.price.product",
            "none",
            "1768478400",
            "4102444800",
            "max_period_end",
        ]
    ),
    some.text(max_size=12),
    IDS.map(lambda number: ("id", number)),
)
PAIRS = some.lists(some.tuples(some.one_of(NAMES, some.text(max_size=8)), VALUES), max_size=6)


def told(engine, pairs):
    """The pairs with ids of things that are there in the places meant for them."""
    there = [name for name in engine.account.store.by_id if name[:1] != "_"]
    return [
        (name, there[value[1] % len(there)] if isinstance(value, tuple) else value)
        for name, value in pairs
    ]


@MANY
@given(
    operation=some.sampled_from(OPERATIONS),
    number=IDS,
    pairs=PAIRS,
    key=some.sampled_from([None, "a", "b", "x" * 300, ""]),
)
def test_the_api_never_breaks(lived, operation, number, pairs, key):
    there = [name for name in lived.account.store.by_id if name[:1] != "_"]
    path = operation.path.split("{")[0] + "".join(
        there[number % len(there)] + part.partition("}")[2]
        for part in operation.path.split("{")[1:]
    )
    form = urlencode(told(lived, pairs), errors="surrogatepass")
    headers = {"Authorization": "Bearer sk_test_x"}
    if key is not None:
        headers["Idempotency-Key"] = key
    response = lived.request(
        operation.method, path, query=form, headers=headers, body=form.encode()
    )

    assert response.status < 500, (operation, form, response.body)


@MANY
@given(body=some.binary(max_size=60), header=some.text(max_size=20))
def test_neither_bytes_nor_headers_break_it(lived, body, header):
    headers = {"Authorization": header, "Idempotency-Key": header}
    lived.request("POST", "/v1/customers", headers=headers, body=body)
    headers["Authorization"] = "Bearer sk_test_x"

    assert lived.request("POST", "/v1/customers", headers=headers, body=body).status < 500


def addresses(engine):
    store = engine.account.store
    found = ["/", "/clock", "/faults", "/webhooks", "/deliveries", "/sandbox.css"]
    found += [f"/c/pay/{name}" for name in store.kinds["checkout.session"]]
    found += [f"/c/3ds/{name}" for name in store.kinds["payment_intent"]]
    for kind, field in (("invoice", "hosted_invoice_url"), ("billing_portal.session", "url")):
        for item in store.kinds[kind].values():
            path = (item[field] or "sandbox://").removeprefix("sandbox:/")
            found += [path, f"{path}/pdf", f"{path}/card", f"{path}/cancel", f"{path}/keep"]
    found += [f"/objects/{kind}" for kind in store.kinds]
    found += [f"/deliveries/{name}/resend" for name in store.by_id]
    return found + [f"/object/{name}" for name in store.by_id]


FORM = some.dictionaries(
    some.sampled_from(
        [
            "email",
            "cardNumber",
            "cardExpiry",
            "cardCvc",
            "billingName",
            "billingCountry",
            "iban",
            "paymentMethod",
            "result",
            "subscription",
            "kind",
            "mode",
            "times",
            "types",
            "operation",
            "clear",
            "from",
            "failed",
        ]
    ),
    some.one_of(
        some.text(max_size=15),
        some.sampled_from(
            [
                "4242424242424242",
                "4000002760003184",
                "4000000000000002",
                "12/40",
                "٣/٤٠",
                "123",
                "¹²",
                "card",
                "sepa_debit",
                "DE89370400440532013000",
                "complete",
                "drop",
                "rate_limit",
                "a@b.c",
                "99999999999",
            ]
        ),
    ),
)


@MANY
@given(
    method=some.sampled_from(["GET", "POST", "HEAD", "PUT"]),
    number=IDS,
    query=FORM,
    form=FORM,
)
def test_no_page_breaks(lived, method, number, query, form):
    paths = addresses(lived)
    response = pages.answer(Visit(lived, method, paths[number % len(paths)], query, form))

    assert response.status < 500


@MANY
@given(
    method=some.sampled_from(["GET", "POST", "DELETE"]),
    name=some.sampled_from(
        ["clock", "faults", "webhooks", "truth", "rejections", "checkout", "events/x/resend"]
    ),
    given_=some.one_of(
        some.binary(max_size=20),
        some.dictionaries(
            some.sampled_from(["operation", "kind", "times", "mode", "types", "seconds", "to"]),
            some.recursive(
                some.none() | some.integers() | some.floats() | some.text(max_size=8),
                lambda inner: some.lists(inner, max_size=2),
                max_leaves=3,
            ),
            max_size=3,
        ),
    ),
)
def test_no_knob_breaks(lived, method, name, given_):
    body = given_ if isinstance(given_, bytes) else json.dumps(given_).encode()

    assert controls.answer(lived, method, f"/_sandbox/{name}", body).status < 500
    lived.faults.clear()
    lived.knobs.clear()
