"""That each answer fits the installed stripe package."""

import json
import re
import typing

import pytest
import stripe

from sandbox import shapes
from sandbox.operations import OPERATIONS


def missing_fields(shown, path=""):
    """Names of required fields that an answer or anything inside it lacks."""
    kind = shown.get("object")
    if kind == "list":
        return [gap for entry in shown["data"] for gap in missing_fields(entry, f"{path}[]")]
    if shown.get("deleted"):
        return []
    return walk(shapes.resource(kind), shown, path or kind)


def walk(cls, shown, path):
    gaps = [f"{path}.{name}" for name in required(cls) if name not in shown]
    for name, value in shown.items():
        hint = shapes.hints(cls).get(name)
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                gaps += inner(cls, hint, entry, f"{path}.{name}")
    return gaps


def required(cls):
    return {
        name
        for name, hint in shapes.hints(cls).items()
        if not shapes.optional(hint) and name not in ("deleted", "metadata")
    }


def inner(cls, hint, entry, path):
    if "object" in entry and entry["object"] in (
        "list",
        *stripe._object_classes.OBJECT_CLASSES,
        "line_item",
        "item",
    ):
        return missing_fields(entry, path)
    classes = [
        part
        for part in shapes.parts(hint)
        if isinstance(part, type) and issubclass(part, stripe.StripeObject)
    ]
    return walk(classes[0], entry, path) if len(classes) == 1 else []


@pytest.fixture(scope="module")
def everything(world_at):
    """One or more of every kind of object, by everything that makes them; only looked at."""
    world = world_at("2026-01-15T12:00")
    v1 = world.client.v1
    v1.webhook_endpoints.create({"url": "https://site.test/", "enabled_events": ["*"]})
    subscription = world.subscribed()
    debit = world.session(customer=v1.customers.create({"email": "b@example.org"}).id)
    world.engine.pay_checkout(debit.id, method="sepa_debit")
    world.engine.pay_checkout(world.setup_session().id)
    world.engine.advance_by(35 * 86400)
    world.engine.replace_card(world.customer.id, "4000000000000341")
    world.engine.advance_by(35 * 86400)
    v1.checkout.sessions.expire(world.session().id)
    v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    v1.billing_portal.sessions.create({"customer": world.customer.id})
    sent_back(world)
    changes(world, subscribed_to_another(world))
    sent_by_hand(world)
    world.engine.charge_fee("eur", 50)
    world.engine.fail_payout(world.engine.pay_out("eur", 200)["id"])
    v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    v1.subscriptions.create(
        {
            "customer": world.customer.id,
            "items": [{"price": world.price.id}],
            "payment_behavior": "default_incomplete",
        }
    )
    return world


def sent_back(world):
    """Of a charge that was paid, beside one that failed."""
    v1 = world.client.v1
    charge = v1.charges.list({"limit": 1}).data[0]
    paid = [one for one in v1.charges.list({"limit": 100}).data if one.paid][0]
    assert charge.status == "failed"
    refund = v1.refunds.create({"charge": paid.id, "amount": 100})
    returns(world, paid, refund)
    v1.refunds.create({"charge": paid.id, "amount": 100})


def changes(world, waiting):
    """A dearer price that waits for its payment, and a schedule."""
    v1 = world.client.v1
    dearer = world.new_price(2000)
    item = world.subscription(waiting)["items"].data[0].id
    v1.subscriptions.update(
        waiting,
        {
            "items": [{"id": item, "price": dearer.id}],
            "proration_behavior": "always_invoice",
            "payment_behavior": "pending_if_incomplete",
        },
    )
    v1.subscription_schedules.create({"from_subscription": waiting})


def sent_by_hand(world):
    """A draft of no subscription, with one item."""
    v1 = world.client.v1
    draft = v1.invoices.create({"customer": world.customer.id, "currency": "eur"}).id
    of_it = {"customer": world.customer.id, "invoice": draft}
    v1.invoice_items.create({**of_it, "amount": 500, "currency": "eur"})


def returns(world, charge, refund):
    """Credit notes of each kind, a refund that fails, disputes and a warning."""
    invoices = world.client.v1.invoices.list({"limit": 100}).data
    of = next(one for one in invoices if one.status == "paid")
    note = {"invoice": of.id, "amount": 100, "memo": "Too much"}
    world.client.v1.credit_notes.create({**note, "refunds": [{"refund": refund.id}]})
    world.engine.fail_refund(refund.id)
    world.client.v1.credit_notes.create({**note, "refund_amount": 100})
    world.engine.warn_of_fraud(charge.id)
    world.engine.win_dispute(world.engine.dispute(charge.id, 100))
    world.engine.dispute(charge.id, 100, inquiry=True)


def subscribed_to_another(world):
    """Of a customer whose card is refused from now on."""
    customer = world.client.v1.customers.create({"email": "c@example.org"}).id
    session = world.session(customer=customer)
    world.engine.pay_checkout(session.id)
    world.engine.replace_card(customer, "4000000000000341")
    return world.reread(session).subscription


LISTS = [operation.path for operation in OPERATIONS if operation.method == "GET"]


@pytest.mark.parametrize("path", [path for path in LISTS if "{" not in path])
def test_answers_lack_no_required_field(everything, path):
    answer = read(everything.engine, path)

    assert answer.get("data", True), "there is nothing to look at"
    assert missing_fields(answer) == []


def read(engine, path, query=""):
    headers = {"Authorization": "Bearer sk_test_x"}
    response = engine.request("GET", path, query=query, headers=headers)
    assert response.status == 200, response.body
    return json.loads(response.body)


def test_objects_and_what_is_expanded_in_them_lack_no_required_field(everything):
    wanted = {
        "/v1/subscriptions": ["latest_invoice.payments", "default_payment_method"],
        "/v1/invoice_payments": ["payment.payment_intent.latest_charge", "invoice"],
        "/v1/checkout/sessions": ["line_items", "customer", "subscription", "setup_intent"],
        "/v1/balance_transactions": ["source"],
        "/v1/payouts": ["balance_transaction", "failure_balance_transaction"],
        "/v1/charges": ["balance_transaction", "customer", "refunds", "payment_intent"],
    }
    for path, expand in wanted.items():
        query = "&".join(f"expand[]=data.{name}" for name in expand)
        assert missing_fields(read(everything.engine, path, query)) == []


def test_every_event_holds_objects_without_gaps(everything):
    for event in read(everything.engine, "/v1/events", "limit=100")["data"]:
        assert missing_fields(event["data"]["object"]) == [], event["type"]


def test_each_object_can_be_read_alone_and_looks_as_in_its_list(everything):
    singles = [path for path in LISTS if re.fullmatch(r"/v1/[\w/]+/{\w+}", path)]
    for path in singles:
        for item in read(everything.engine, path.rpartition("/")[0])["data"]:
            alone = read(everything.engine, f"{path.rpartition('/')[0]}/{item['id']}")
            assert alone == item


def test_events_are_of_types_that_stripe_knows(everything):
    known = typing.get_args(stripe.Event.__annotations__["type"])

    assert set(everything.types()) <= set(known)


def test_values_of_enumerations_are_ones_that_the_package_names(everything):
    for path in LISTS:
        if "{" in path or path == "/v1/balance":
            continue
        for item in read(everything.engine, path, "limit=100")["data"]:
            assert strange_values(shapes.resource(item["object"]), item) == [], path


def strange_values(cls, shown):
    strange = []
    for name, hint in shapes.hints(cls).items():
        allowed = [
            part for part in shapes.parts(hint) if typing.get_origin(part) is typing.Literal
        ]
        names = {value for part in allowed for value in typing.get_args(part)}
        value = shown.get(name)
        if names and isinstance(value, str) and value not in names:
            strange.append((name, value))
    return strange
