"""Fees, refunds and the balance."""

import pytest
import stripe

from sandbox.clock import DAY, MINUTE

MONTH = 31 * DAY


def test_the_fee_is_known_a_minute_late(world):
    world.subscribed()
    charge = world.client.v1.charges.list().data[0]
    assert charge.balance_transaction is None

    world.engine.advance_by(MINUTE)
    charge = world.client.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction"]})
    booked = charge.balance_transaction

    # 2.9 % of 10.00 and 0.30.
    assert (booked.amount, booked.fee, booked.net) == (1000, 59, 941)
    assert booked.fee_details[0].amount == 59
    assert (booked.status, booked.available_on) == ("pending", charge.created + 2 * DAY)


def test_money_becomes_available_after_two_days(world):
    world.subscribed()
    world.engine.advance_by(MINUTE)
    pending = world.client.v1.balance.retrieve()
    world.engine.advance_by(2 * DAY)
    available = world.client.v1.balance.retrieve()

    assert (pending.pending[0].amount, pending.available[0].amount) == (941, 0)
    assert (available.pending[0].amount, available.available[0].amount) == (0, 941)


def test_one_card_brings_money_at_once(world):
    world.subscribed(card="4000000000000077")
    world.engine.advance_by(MINUTE)

    assert world.client.v1.balance.retrieve().available[0].amount == 941


def test_a_refund_takes_the_money_back_but_not_the_fee(world):
    world.subscribed()
    world.engine.advance_by(MINUTE)
    charge = world.client.v1.charges.list().data[0]

    part = world.client.v1.refunds.create({"charge": charge.id, "amount": 400})
    rest = world.client.v1.refunds.create({"payment_intent": charge.payment_intent})

    assert (part.amount, rest.amount, rest.status) == (400, 600, "succeeded")
    assert world.client.v1.charges.retrieve(charge.id).refunded
    assert world.engine.truth()["currencies"] == {"eur": -59}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        world.client.v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_already_refunded"


def test_the_sums_of_truth_are_the_balance(world):
    world.subscribed()
    other = world.client.v1.customers.create({"name": "B"}).id
    yen = world.new_price(500, currency="jpy")
    session = world.session(customer=other, line_items=[{"price": yen.id, "quantity": 1}])
    world.engine.pay_checkout(session.id)
    world.engine.advance_by(2 * MONTH)
    charge = world.client.v1.charges.list().data[0]
    world.client.v1.refunds.create({"charge": charge.id})

    truth = world.engine.truth()
    balance = world.client.v1.balance.retrieve()
    sums = {}
    for entry in [*balance.available, *balance.pending]:
        sums[entry.currency] = sums.get(entry.currency, 0) + entry.amount
    nets = {}
    for entry in truth["balance_transactions"]:
        nets[entry["currency"]] = nets.get(entry["currency"], 0) + entry["net"]

    assert sums == nets == truth["currencies"]
    assert set(sums) == {"eur", "jpy"}
