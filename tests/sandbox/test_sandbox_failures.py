"""Cards that expire, are lost or are prolonged; the plan of tries; customers that are deleted."""

import pytest
import stripe

from sandbox.clock import DAY, HOUR

MONTH = 31 * DAY


def customer(world):
    return world.client.v1.customers.retrieve(world.customer.id)


def failure(world):
    return world.client.v1.payment_intents.list().data[0].last_payment_error


def test_a_card_that_has_expired_is_declined_at_the_renewal(world):
    subscription = world.subscribed(expiry=(1, 2026))

    world.engine.advance_by(MONTH + 2 * HOUR)

    assert world.subscription(subscription).status == "past_due"
    assert failure(world).decline_code == "expired_card"


def test_a_card_is_good_to_the_last_day_of_its_month(world):
    subscription = world.subscribed(expiry=(2, 2026))

    world.engine.advance_by(MONTH + 2 * HOUR)

    assert world.subscription(subscription).status == "active"


def test_a_card_that_its_bank_prolonged_renews_and_stripe_says_so(world):
    subscription = world.subscribed(expiry=(1, 2026))

    world.engine.renew_card(world.customer.id, (1, 2030))
    assert world.types()[-1] == "payment_method.automatically_updated"
    world.engine.advance_by(MONTH + 2 * HOUR)

    assert world.subscription(subscription).status == "active"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("4000000000009995", "insufficient_funds"),
        ("4000000000009987", "lost_card"),
        ("4000000000009979", "stolen_card"),
        ("4000000000000119", "processing_error"),
    ],
)
def test_a_saved_card_may_be_refused_later_for_any_reason(world, number, said):
    world.subscribed()
    world.engine.turn_card(world.customer.id, number)

    world.engine.advance_by(MONTH + 2 * HOUR)

    assert failure(world).decline_code == said


def test_a_lost_card_is_asked_once_though_the_count_of_tries_climbs(world):
    subscription = world.subscribed()
    world.engine.turn_card(world.customer.id, "4000000000009987")

    world.engine.advance_by(MONTH + 9 * DAY)

    invoice = world.invoices(subscription)[0]
    charges = [one for one in world.client.v1.charges.list().data if one.status == "failed"]
    assert invoice.attempt_count == 3
    assert len(charges) == 1


def test_after_another_card_is_there_the_next_try_asks_it(world):
    subscription = world.subscribed()
    world.engine.turn_card(world.customer.id, "4000000000009987")
    world.engine.advance_by(MONTH + 2 * HOUR)
    world.engine.replace_card(world.customer.id, "4242424242424242")

    world.engine.advance_by(4 * DAY)

    assert world.subscription(subscription).status == "active"


def test_a_new_card_for_the_customer_alone_leaves_the_subscriptions_own_in_use(world):
    subscription = world.subscribed()
    world.engine.turn_card(world.customer.id, "4000000000009995")
    world.engine.replace_card(world.customer.id, "4242424242424242", everywhere=False)

    world.engine.advance_by(MONTH + 4 * DAY)

    assert world.subscription(subscription).status == "past_due"


def test_tries_by_hand_do_not_use_up_the_plan(world):
    subscription = world.subscribed()
    world.engine.replace_card(world.customer.id, "4000000000000341")
    world.engine.advance_by(MONTH + 2 * HOUR)
    before = world.invoices(subscription)[0]

    for _ in range(5):
        with pytest.raises(stripe.CardError):
            world.client.v1.invoices.pay(before.id)

    after = world.invoices(subscription)[0]
    assert (after.attempt_count, after.next_payment_attempt) == (1, before.next_payment_attempt)
    assert world.subscription(subscription).status == "past_due"


@pytest.mark.parametrize("end", ["canceled", "unpaid", "past_due"])
def test_after_the_last_try_it_is_what_the_account_says(world, end):
    subscription = world.subscribed()
    world.engine.account.settings.after_last_retry = end
    world.engine.replace_card(world.customer.id, "4000000000000341")

    world.engine.advance_by(MONTH + 17 * DAY)

    assert world.subscription(subscription).status == end


def test_a_deleted_customer_is_charged_no_more_and_answers_that_it_is_gone(world, receiver):
    subscription = world.subscribed()
    page = world.client.v1.checkout.sessions.list().data[0]
    world.engine.deliver()
    receiver.events.clear()

    answer = world.client.v1.customers.delete(world.customer.id)
    world.engine.advance_by(MONTH)

    assert (answer.deleted, customer(world).deleted) == (True, True)
    assert world.client.v1.customers.list().data == []
    assert world.subscription(subscription).status == "canceled"
    assert page.id and len(world.invoices(subscription)) == 1
    assert {"customer.deleted", "customer.subscription.deleted"} <= set(receiver.types)


def test_nothing_can_be_bought_for_a_deleted_customer(world):
    page = world.session()
    world.client.v1.customers.delete(world.customer.id)

    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        world.session()
    assert world.reread(page).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        world.client.v1.customers.delete(world.customer.id)
