"""What is let in, what is refused, and how refusals look to the client."""

import base64

import pytest
import stripe

from tests.sandbox.raw_requests import AUTHORIZED, error, post


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
