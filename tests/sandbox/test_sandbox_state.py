"""What a file keeps, and that the same seed and calls make the same world."""

import json

import pytest
import stripe

from sandbox.clock import DAY
from sandbox.engine import Engine
from sandbox.transport import InProcess

NOON = 1_768_478_400


def begin(path=None, seed="tests"):
    engine = Engine(seed=seed, now=NOON, state=path)
    engine.post = lambda url, body, headers: 200
    return engine, stripe.StripeClient("sk_test_x", http_client=InProcess(engine))


def live_a_little(engine, client):
    """A subscription, a month, an endpoint, a key: something of everything that is kept."""
    client.v1.webhook_endpoints.create(
        {"url": "https://site.test/", "enabled_events": ["*"]}, {"idempotency_key": "endpoint"}
    )
    customer = client.v1.customers.create({"name": "Ada"})
    price = client.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 700,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Gold"},
        }
    )
    session = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer.id,
            "line_items": [{"price": price.id, "quantity": 1}],
            "success_url": "https://site.test/",
        }
    )
    engine.pay_checkout(session.id)
    engine.advance_by(35 * DAY)
    engine.knobs.add("down")
    client.v1.customers.create({"name": "B"})
    engine.deliver()


def everything(engine):
    held = engine.account.store.kinds
    return {kind: list(items.values()) for kind, items in held.items() if items}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "sandbox.db"


def test_a_restart_finds_the_same_world(file):
    engine, client = begin(file)
    live_a_little(engine, client)
    before = json.dumps(everything(engine), sort_keys=True)
    engine.close()

    again, _ = begin(file)

    assert json.dumps(everything(again), sort_keys=True) == before
    assert again.now() == engine.now()


def test_a_world_that_was_not_closed_is_found_as_well(file):
    engine, client = begin(file)
    live_a_little(engine, client)
    before = json.dumps(everything(engine), sort_keys=True)

    again, _ = begin(file)

    assert json.dumps(everything(again), sort_keys=True) == before


def test_a_restart_goes_on_as_if_there_had_been_none(file):
    straight, client = begin()
    live_a_little(straight, client)
    straight.advance_by(40 * DAY)

    engine, client = begin(file)
    live_a_little(engine, client)
    engine.close()
    again, _ = begin(file)
    again.knobs.add("down")
    again.advance_by(40 * DAY)

    assert without_real_time(again) == without_real_time(straight)


def without_real_time(engine):
    kept = everything(engine)
    for delivery in kept["_delivery"]:
        for attempt in delivery["attempts"]:
            attempt["real"] = 0
    # The client makes up a key for each request that has none.
    kept.pop("_idempotency", None)
    for event in kept["event"]:
        event["request"]["idempotency_key"] = None
    return json.dumps(kept, sort_keys=True)


def test_a_key_is_remembered_over_a_restart(file):
    engine, client = begin(file)
    made = client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"})
    engine.close()

    _, client = begin(file)

    assert client.v1.customers.create({"name": "B"}, {"idempotency_key": "k1"}).id == made.id


def test_a_webhook_that_was_due_is_sent_after_a_restart(file):
    engine, client = begin(file)
    live_a_little(engine, client)
    engine.close()
    got = []

    again, _ = begin(file)
    again.post = lambda url, body, headers: got.append(json.loads(body)["type"]) or 200
    again.advance_by(60)

    assert got == ["customer.created"]


def test_the_same_seed_and_calls_make_the_same_objects():
    worlds = []
    for _ in range(2):
        engine, client = begin()
        live_a_little(engine, client)
        worlds.append(without_real_time(engine))

    assert worlds[0] == worlds[1]


def test_another_seed_makes_other_ids():
    ids = []
    for seed in ("one", "two"):
        _, client = begin(seed=seed)
        ids.append(client.v1.customers.create({"name": "B"}).id)

    assert ids[0] != ids[1]
    assert [len(one) for one in ids] == [18, 18]


def test_a_flowing_clock_flows_and_can_be_advanced():
    engine = Engine(flowing=True, now=NOON)
    first = engine.account.clock.precise()
    engine.advance_by(DAY)

    assert NOON <= first < NOON + 5
    assert NOON + DAY <= engine.account.clock.precise() < NOON + DAY + 5
    assert engine.account.clock.precise() < engine.account.clock.precise() + 1


def test_on_a_flowing_clock_things_fall_due_by_themselves():
    engine = Engine(flowing=True, now=NOON)
    engine.account.settings.fee_after = 0
    engine.post = lambda url, body, headers: 200
    client = stripe.StripeClient("sk_test_x", http_client=InProcess(engine))
    live_a_little(engine, client)

    engine.tick()

    assert client.v1.charges.list().data[0].balance_transaction is not None
