"""What is let in, what is refused, and how refusals look to the client."""

import asyncio
import base64
import json
import threading
import time

import pytest
import stripe

from sandbox.transport import InProcess

AUTHORIZED = {"Authorization": "Bearer sk_test_x"}


def post(engine, path, body, **headers):
    return engine.request("POST", path, headers={**AUTHORIZED, **headers}, body=body.encode())


def error(response):
    return json.loads(response.body)["error"]


def test_an_unknown_parameter_is_refused(world):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.client.v1.customers.create({"nmae": "Ada"})

    assert refusal.value.code == "parameter_unknown"
    assert refusal.value.param == "nmae"
    assert refusal.value.http_status == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/checkout/sessions", "mode=setup&payment_method_types[0]=card"),
        ("/v1/subscriptions", "customer=cus_1&coupon=x"),
        ("/v1/products", "name=x&type_of=y"),
        ("/v1/checkout/sessions", "mode=payment&line_items[0][amount]=5"),
    ],
)
def test_parameters_that_stripe_has_removed_are_refused(engine, path, body):
    response = post(engine, path, body)

    assert response.status == 400
    assert error(response)["code"] == "parameter_unknown"


def test_each_such_refusal_is_noted(engine):
    post(engine, "/v1/customers", "nmae=x")

    assert engine.rejections == ["POST /v1/customers: Received unknown parameter: nmae"]


def test_good_requests_are_not_noted(world):
    world.subscribed()

    assert world.engine.rejections == []


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ("currency=eur&unit_amount=ten&product=p", "parameter_invalid_integer", "unit_amount"),
        ("unit_amount=10&product=p", "parameter_missing", "currency"),
        ("currency=eur&active=maybe&product=p", "parameter_invalid_boolean", "active"),
        ("currency=eur&recurring[interval]=hour", None, "recurring[interval]"),
        ("currency=eur&recurring[count]=2", "parameter_unknown", "recurring[count]"),
        ("currency=eur&recurring=monthly", None, "recurring"),
        ("currency=eur&product[id]=x&unit_amount=1", None, "product"),
    ],
)
def test_values_of_the_wrong_kind_are_refused(engine, body, code, param):
    response = post(engine, "/v1/prices", body)

    assert response.status == 400
    assert error(response).get("code") == code
    assert error(response)["param"] == param


def test_an_unknown_id_is_a_404_in_the_path_and_a_400_in_a_parameter(client):
    with pytest.raises(stripe.InvalidRequestError) as in_path:
        client.v1.customers.retrieve("cus_nobody")
    with pytest.raises(stripe.InvalidRequestError) as in_parameter:
        client.v1.prices.create({"currency": "eur", "unit_amount": 1, "product": "prod_none"})

    assert (in_path.value.http_status, in_path.value.code) == (404, "resource_missing")
    assert (in_parameter.value.http_status, in_parameter.value.code) == (400, "resource_missing")
    assert str(in_path.value.user_message) == "No such customer: 'cus_nobody'"


def test_every_answer_names_its_request_and_the_version(world):
    response = world.client.v1.customers.retrieve(world.customer.id).last_response

    assert response.request_id.startswith("req_")
    assert response.headers["Stripe-Version"] == "2026-10-28.endive"


def test_another_version_is_refused(engine):
    response = post(engine, "/v1/customers", "", **{"Stripe-Version": "2020-08-27"})

    assert response.status == 400
    assert "2026-10-28.endive" in error(response)["message"]


@pytest.mark.parametrize(
    "key", ["", "Bearer ", "Bearer pk_test_x", "Bearer sk_live_x", "Basic !!!", "Digest x"]
)
def test_other_keys_are_refused(engine, key):
    response = engine.request("GET", "/v1/customers", headers={"Authorization": key})

    assert response.status == 401


def test_the_key_may_come_as_basic_authentication(engine):
    given = base64.b64encode(b"sk_test_x:").decode()

    response = engine.request("GET", "/v1/customers", headers={"Authorization": f"Basic {given}"})

    assert response.status == 200


def test_an_unknown_address_says_so(engine):
    response = engine.request("GET", "/v1/unicorns", headers=AUTHORIZED)

    assert response.status == 404
    assert "Unrecognized request URL (GET: /v1/unicorns)" in error(response)["message"]


def test_a_repeated_key_does_nothing_twice(world):
    first = world.client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})
    second = world.client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})

    assert first.id == second.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(world.client.v1.customers.list().data) == 2


def test_a_key_with_another_body_is_refused(client):
    client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})

    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "C"}, {"idempotency_key": "k1"})


def test_a_key_with_another_address_is_refused(world):
    world.client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})

    with pytest.raises(stripe.IdempotencyError):
        world.client.v1.products.create({"name": "B"}, {"idempotency_key": "k1"})


def test_a_key_is_forgotten_after_a_day(engine, client):
    first = client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})
    engine.advance_by(86400)
    second = client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})

    assert first.id != second.id


def test_a_refused_request_leaves_its_key_free(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.create({"nmae": "B"}, {"idempotency_key": "k1"})

    assert client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"}).name == "B"


def test_a_key_that_is_in_use_is_a_conflict(engine):
    engine.api.idempotency.in_use.add("k1")

    response = post(engine, "/v1/customers", "", **{"Idempotency-Key": "k1"})

    assert response.status == 409
    assert error(response)["code"] == "idempotency_key_in_use"


def test_of_two_requests_at_once_with_one_key_one_is_a_conflict(engine):
    statuses = []

    def ask():
        response = post(engine, "/v1/customers", "name=B", **{"Idempotency-Key": "k1"})
        statuses.append(response.status)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    with engine.lock:
        # Whoever has the key waits for the lock; the other one is turned away at once.
        for thread in threads:
            thread.start()
        while not statuses:
            time.sleep(0.001)
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 409]


def test_the_asynchronous_client_is_answered_as_well(client):
    made = asyncio.run(client.v1.customers.create_async({"name": "B"}))

    assert client.v1.customers.retrieve(made.id).name == "B"


def test_a_server_error_is_kept_and_replayed(engine):
    engine.faults.add("POST /v1/customers", "error_after")
    client = stripe.StripeClient("sk_test_x", http_client=InProcess(engine))
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failure:
            client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})

    assert failure.value.http_status == 500
    assert failure.value.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.customers.list().data) == 1


def test_lists_are_newest_first_and_go_on_from_a_cursor(client):
    made = [client.v1.customers.create({"name": str(n)}).id for n in range(5)][::-1]

    first = client.v1.customers.list({"limit": 2})
    second = client.v1.customers.list({"limit": 2, "starting_after": first.data[-1].id})
    back = client.v1.customers.list({"limit": 2, "ending_before": second.data[-1].id})

    assert [one.id for one in first.data] == made[:2]
    assert [one.id for one in second.data] == made[2:4]
    assert [one.id for one in back.data] == made[1:3]
    assert (first.has_more, second.has_more, back.has_more) == (True, True, True)


def test_the_client_pages_through_everything(client):
    made = [client.v1.customers.create({"name": str(n)}).id for n in range(7)][::-1]

    found = [one.id for one in client.v1.customers.list({"limit": 3}).auto_paging_iter()]

    assert found == made


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_page_holds_one_to_a_hundred(client, limit):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.customers.list({"limit": limit})

    assert refusal.value.param == "limit"


def test_a_cursor_has_to_exist(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.customers.list({"starting_after": "cus_nobody"})

    assert refusal.value.code == "resource_missing"


def test_lists_can_be_cut_by_when_things_were_made(engine, client):
    client.v1.customers.create({"name": "early"})
    engine.advance_by(100)
    late = client.v1.customers.create({"name": "late"})

    found = client.v1.customers.list({"created": {"gte": late.created}}).data
    exact = client.v1.customers.list({"created": late.created}).data

    assert [one.name for one in found] == ["late"]
    assert [one.name for one in exact] == ["late"]


def test_an_object_is_put_in_the_place_of_its_id(world):
    world.subscribed()

    invoice = world.client.v1.invoices.list({"expand": ["data.customer", "data.payments"]}).data[0]

    assert invoice.customer.name == "Ada"
    assert invoice.payments.data[0].status == "paid"


def test_parts_inside_parts_are_put_in_place(world):
    identifier = world.subscribed()
    world.engine.advance_by(60)

    subscription = world.client.v1.subscriptions.retrieve(
        identifier,
        {"expand": ["latest_invoice.payments", "items.data.price.product"]},
    )
    payment = world.client.v1.invoice_payments.list(
        {"expand": ["data.payment.payment_intent.latest_charge"]}
    ).data[0]

    assert subscription["items"].data[0].price.product.name == "Gold"
    assert subscription.latest_invoice.payments.data[0].payment.payment_intent.startswith("pi_")
    assert payment.payment.payment_intent.latest_charge.balance_transaction.startswith("txn_")


@pytest.mark.parametrize("path", ["name", "nonsense", "email.x", "invoice_settings.nonsense"])
def test_what_cannot_be_expanded_is_refused(world, path):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.client.v1.customers.retrieve(world.customer.id, {"expand": [path]})

    assert "cannot be expanded" in refusal.value.user_message


def test_more_than_four_levels_are_refused(world):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.client.v1.invoices.list({"expand": ["data.payments.data.payment.payment_intent"]})

    assert "more than 4 levels" in refusal.value.user_message


def test_line_items_are_shown_only_when_asked_for(world):
    session = world.session(expand=["line_items"])

    assert session.line_items.data[0].amount_total == 1000
    assert "line_items" not in world.reread(session)


def test_metadata_are_merged_and_an_empty_value_takes_one_away(world):
    v1 = world.client.v1
    v1.customers.update(world.customer.id, {"metadata": {"a": "1", "b": "2"}})
    customer = v1.customers.update(world.customer.id, {"metadata": {"a": "", "c": "3"}})

    assert customer.metadata.to_dict() == {"b": "2", "c": "3"}


def test_a_lookup_key_moves_to_another_price_only_if_asked(world):
    first = world.new_price(1, lookup_key="gold")
    with pytest.raises(stripe.InvalidRequestError):
        world.new_price(2, lookup_key="gold")
    second = world.new_price(3, lookup_key="gold", transfer_lookup_key=True)

    found = world.client.v1.prices.list({"lookup_keys": ["gold"]}).data

    assert [price.id for price in found] == [second.id]
    assert world.client.v1.prices.retrieve(first.id).lookup_key is None
