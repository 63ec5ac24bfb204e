"""Faults of the API, as the real client meets them."""

import pytest
import stripe

from sandbox.transport import InProcess


def retrying(engine, tries):
    return stripe.StripeClient(
        "sk_test_x", http_client=InProcess(engine), max_network_retries=tries
    )


def names(client):
    return [customer.name for customer in client.v1.customers.list().data]


def test_a_rate_limit_names_its_reason_and_is_not_retried(engine):
    engine.faults.add("POST /v1/customers", "rate_limit")
    client = retrying(engine, 2)

    with pytest.raises(stripe.RateLimitError) as refusal:
        client.v1.customers.create({"name": "B"})

    assert refusal.value.headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    assert names(client) == []


def test_an_error_before_has_done_nothing(engine):
    engine.faults.add("POST /v1/customers", "error_before")
    client = retrying(engine, 0)

    with pytest.raises(stripe.APIError) as failure:
        client.v1.customers.create({"name": "B"})

    assert failure.value.http_status == 500
    assert names(client) == []


def test_an_error_after_has_done_it(engine):
    engine.faults.add("POST /v1/customers", "error_after")
    client = retrying(engine, 0)

    with pytest.raises(stripe.APIError):
        client.v1.customers.create({"name": "B"})

    assert names(client) == ["B"]


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("timeout_before", []),
        ("reset_before", []),
        ("timeout_after", ["B"]),
        ("reset_after", ["B"]),
    ],
)
def test_a_lost_answer_leaves_open_whether_it_was_done(engine, kind, done):
    engine.faults.add("POST /v1/customers", kind)
    client = retrying(engine, 0)

    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({"name": "B"})

    assert names(client) == done


@pytest.mark.parametrize(
    "kind", ["timeout_before", "reset_before", "timeout_after", "reset_after"]
)
def test_the_client_tries_again_and_it_is_done_once(engine, kind):
    engine.faults.add("*", kind, 2)
    client = retrying(engine, 2)

    assert client.v1.customers.create({"name": "B"}).name == "B"
    assert names(client) == ["B"]


def test_a_fault_may_be_meant_for_one_operation_with_an_id_in_it(world):
    world.engine.faults.add("POST /v1/customers/{customer}", "error_before")

    world.client.v1.customers.create({"name": "B"})
    with pytest.raises(stripe.APIError):
        world.client.v1.customers.update(world.customer.id, {"name": "C"})
