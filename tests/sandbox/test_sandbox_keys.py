"""Requests that are sent twice, by the key that they carry."""

import asyncio
import threading
import time

import pytest
import stripe

from sandbox.transport import InProcess
from tests.sandbox.raw_requests import error, post


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
