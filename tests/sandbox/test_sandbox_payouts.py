"""What leaves for the bank and comes back, Stripe's own fees, and how fast it may be asked."""

import pytest
import stripe

from sandbox.clock import DAY


def balance_of(client):
    balance = client.v1.balance.retrieve()
    return sum(one.amount for part in (balance.available, balance.pending) for one in part)


def movements(client, **asked):
    listed = client.v1.balance_transactions.list({"limit": 100, **asked}).data
    return sorted((one.type, one.amount) for one in listed)


def test_a_payout_takes_what_is_available_and_arrives_two_days_later(world):
    world.subscribed()
    world.engine.advance_by(3 * DAY)

    payout = world.engine.pay_out("eur")

    assert payout["amount"] == 941
    assert balance_of(world.client) == 0
    world.engine.advance_by(2 * DAY)
    assert world.client.v1.payouts.retrieve(payout["id"]).status == "paid"
    assert world.types()[-2:] == ["payout.created", "payout.paid"]


def test_more_than_is_available_is_not_paid_out(world):
    world.subscribed()
    world.engine.advance_by(DAY)

    with pytest.raises(Exception, match="insufficient funds"):
        world.engine.pay_out("eur")


def test_a_payout_that_the_bank_refuses_comes_back_under_a_transaction_of_its_own(world):
    world.subscribed()
    world.engine.advance_by(3 * DAY)
    payout = world.engine.pay_out("eur", 500)
    world.engine.advance_by(5 * DAY)

    world.engine.fail_payout(payout["id"])

    failed = world.client.v1.payouts.retrieve(payout["id"])
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert failed.failure_balance_transaction
    assert balance_of(world.client) == 941
    assert world.types()[-1] == "payout.failed"


def test_automatic_payouts_go_out_daily_and_say_what_they_are_made_of(world):
    world.engine.account.settings.payouts_daily = True
    world.subscribed()

    world.engine.advance_by(40 * DAY)

    payouts = world.client.v1.payouts.list({"status": "paid"}).data
    assert [one.amount for one in payouts] == [941, 941]
    assert movements(world.client, payout=payouts[-1].id) == [("charge", 1000), ("payout", -941)]
    assert payouts[0].reconciliation_status == "completed"


def test_stripes_own_fees_and_corrections_have_no_source(world):
    world.engine.charge_fee("eur", 70)
    world.engine.adjust("eur", 20)

    listed = world.client.v1.balance_transactions.list().data
    assert movements(world.client) == [("adjustment", 20), ("stripe_fee", -70)]
    assert [one.source for one in listed] == [None, None]


def test_a_list_begins_after_an_object_that_its_other_filters_leave_out(world):
    first, second = world.subscribed(), world.session()
    found = world.client.v1.checkout.sessions.list({"limit": 1}).data[0]

    assert found.id == second.id
    older = world.client.v1.checkout.sessions.list(
        {"status": "complete", "starting_after": second.id}
    )
    assert [one.subscription for one in older.data] == [first]


def test_beyond_the_limit_an_endpoint_refuses_until_a_second_has_passed(world):
    now = [0.0]
    world.engine.api.rates.clock = lambda: now[0]
    world.engine.account.settings.calls_a_second = 25
    client = world.client
    for _ in range(25):
        client.v1.customers.list()

    with pytest.raises(stripe.RateLimitError) as refusal:
        client.v1.customers.list()

    assert refusal.value.headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    client.v1.products.list()  # another endpoint
    now[0] = 1.0
    assert client.v1.customers.list().data
