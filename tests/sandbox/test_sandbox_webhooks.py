"""Webhooks and troubles with them, as a receiver meets them."""

import json

import pytest
import stripe

from sandbox.clock import DAY, HOUR, MINUTE


def test_webhooks_are_signed_so_that_the_client_accepts_them(world, receiver):
    world.subscribed()

    world.engine.deliver()

    assert "invoice.paid" in receiver.types
    assert receiver.forged == 0


def test_a_webhook_looks_as_its_event_in_the_api_but_for_what_is_pending(world, receiver):
    world.client.v1.customers.create({"name": "B"})
    world.engine.deliver()

    sent = receiver.events[-1]
    read = world.client.v1.events.retrieve(sent["id"])

    assert (sent["pending_webhooks"], read.pending_webhooks) == (1, 0)
    sent["pending_webhooks"] = 0
    assert sent == json.loads(str(read))
    assert sent["request"]["id"].startswith("req_")


def test_an_event_tells_the_key_of_the_request_that_caused_it(client):
    client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})

    assert client.v1.events.list().data[0].request.idempotency_key == "k1"


def test_an_endpoint_gets_only_what_it_asked_for(world):
    got = []
    endpoint = {"url": "https://site.test/paid", "enabled_events": ["invoice.paid"]}
    world.client.v1.webhook_endpoints.create(endpoint)
    world.engine.post = lambda url, body, headers: got.append(json.loads(body)["type"]) or 200

    world.subscribed()
    world.engine.deliver()

    assert got == ["invoice.paid"]


def test_several_endpoints_each_get_their_own_signature(world):
    secrets = {}
    for name in ("one", "two"):
        endpoint = {"url": f"https://{name}.test/", "enabled_events": ["*"]}
        secrets[endpoint["url"]] = world.client.v1.webhook_endpoints.create(endpoint).secret
    got = []

    def receive(url, body, headers):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secrets[url])
        got.append(url)
        return 200

    world.engine.post = receive
    world.client.v1.customers.create({"name": "B"})
    assert world.client.v1.events.list().data[0].pending_webhooks == 2
    world.engine.deliver()

    assert sorted(got) == ["https://one.test/", "https://two.test/"]
    assert world.client.v1.events.list().data[0].pending_webhooks == 0


def test_the_secret_is_shown_only_once(client):
    made = client.v1.webhook_endpoints.create(
        {"url": "https://site.test/", "enabled_events": ["*"]}
    )

    assert made.secret.startswith("whsec_")
    assert "secret" not in client.v1.webhook_endpoints.retrieve(made.id)


def test_an_unanswered_webhook_is_sent_again_later_and_later(world, receiver):
    receiver.status = 500
    world.client.v1.customers.create({"name": "B"})
    world.engine.deliver()
    assert world.client.v1.events.list({"delivery_success": False}).data

    world.engine.advance_by(20 * MINUTE)
    delivery = world.engine.account.store.kinds["_delivery"]["_delivery_1"]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 500, 500]
    receiver.status = 200
    world.engine.advance_by(2 * HOUR)

    assert receiver.types == ["customer.created"]
    assert not world.client.v1.events.list({"delivery_success": False}).data


def test_a_webhook_is_given_up_after_some_days(world, receiver):
    receiver.status = 404
    world.client.v1.customers.create({"name": "B"})

    world.engine.advance_by(5 * DAY)
    delivery = world.engine.account.store.kinds["_delivery"]["_delivery_1"]

    assert delivery["status"] == "failed"
    assert world.client.v1.events.list().data[0].pending_webhooks == 1


def test_a_receiver_that_breaks_is_no_answer(world, receiver):
    def break_down(url, body, headers):
        raise OSError("nobody there")

    receive, world.engine.post = world.engine.post, break_down
    world.client.v1.customers.create({"name": "B"})
    world.engine.deliver()
    world.engine.post = receive
    world.engine.advance_by(MINUTE)

    assert receiver.types == ["customer.created"]


def test_a_dropped_webhook_never_comes(world, receiver):
    world.engine.knobs.add("drop", times=1, types=["customer.created"])
    world.client.v1.customers.create({"name": "B"})

    world.engine.advance_by(DAY)

    assert receiver.types == []
    assert world.client.v1.events.list({"delivery_success": False}).data


def test_a_duplicated_webhook_comes_twice(world, receiver):
    world.engine.knobs.add("duplicate", times=1)
    world.client.v1.customers.create({"name": "B"})

    world.engine.deliver()

    assert receiver.types == ["customer.created"] * 2
    assert receiver.events[0]["id"] == receiver.events[1]["id"]


def test_reordered_webhooks_come_the_later_one_first(world, receiver):
    world.engine.knobs.add("reorder", times=1)
    world.client.v1.customers.create({"name": "first"})
    world.client.v1.customers.create({"name": "second"})

    world.engine.deliver()

    got = [event["data"]["object"]["name"] for event in receiver.events]
    assert got == ["second", "first"]


def test_a_delayed_webhook_comes_later(world, receiver):
    world.engine.knobs.add("delay", times=1, seconds=300)
    world.client.v1.customers.create({"name": "B"})

    world.engine.advance_by(299)
    assert receiver.types == []
    world.engine.advance_by(1)
    assert receiver.types == ["customer.created"]


def test_a_forged_webhook_is_noticed_and_the_true_one_follows(world, receiver):
    world.engine.knobs.add("forge", times=1)
    world.client.v1.customers.create({"name": "B"})

    world.engine.advance_by(2 * MINUTE)

    assert receiver.forged == 1
    assert receiver.types == ["customer.created"]


def test_while_the_endpoint_is_down_nothing_comes(world, receiver):
    world.engine.knobs.add("down")
    world.client.v1.customers.create({"name": "B"})
    world.engine.advance_by(5 * MINUTE)
    assert receiver.types == []

    world.engine.knobs.clear()
    world.engine.advance_by(10 * MINUTE)

    assert receiver.types == ["customer.created"]


def test_an_event_can_be_sent_again(world, receiver):
    world.client.v1.customers.create({"name": "B"})
    world.engine.deliver()

    world.engine.resend(receiver.events[0]["id"])
    world.engine.deliver()

    assert receiver.types == ["customer.created"] * 2


def test_what_a_receiver_does_is_announced_too(world, receiver):
    receive = world.engine.post

    def react(url, body, headers):
        event = json.loads(body)
        if event["type"] == "customer.created":
            world.client.v1.customers.update(
                event["data"]["object"]["id"], {"metadata": {"seen": "1"}}
            )
        return receive(url, body, headers)

    world.engine.post = react
    world.client.v1.customers.create({"name": "B"})
    world.engine.deliver()

    assert receiver.types == ["customer.created", "customer.updated"]


def test_events_are_forgotten_after_thirty_days(world):
    first = world.client.v1.events.list().data[-1].id
    world.subscribed()

    world.engine.advance_by(32 * DAY)

    with pytest.raises(stripe.InvalidRequestError):
        world.client.v1.events.retrieve(first)


def test_events_can_be_listed_by_type(world):
    world.subscribed()

    one = world.client.v1.events.list({"type": "invoice.paid"}).data
    family = world.client.v1.events.list({"types": ["charge.*", "invoice.paid"]}).data

    assert [event.type for event in one] == ["invoice.paid"]
    assert {event.type for event in family} == {"charge.succeeded", "invoice.paid"}
