"""Renewals: announced, refused, tried again, and where their dates fall."""

from datetime import UTC, datetime

import pytest
import stripe

from sandbox.clock import DAY, HOUR

MONTH = 31 * DAY

RENEWAL = [
    "customer.subscription.updated",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
    "charge.updated",
]
FAILURE = [
    "customer.subscription.updated",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "charge.failed",
    "invoice.payment_failed",
    "invoice.updated",
    "customer.updated",
    "customer.subscription.updated",
]


def dates(moments):
    return [datetime.fromtimestamp(moment, UTC).strftime("%m-%d") for moment in moments]


def test_a_renewal_is_announced_in_stripes_order(world, receiver):
    world.subscribed()
    world.engine.advance_by(3 * DAY)
    receiver.events.clear()

    world.engine.advance_by(MONTH - 2 * DAY)

    assert receiver.types == RENEWAL


def test_the_draft_waits_an_hour(world, at):
    subscription = world.subscribed()
    world.engine.advance(at("2026-02-15T12:30"))
    draft = world.invoices(subscription)[0]
    world.engine.advance(at("2026-02-15T13:00"))
    paid = world.invoices(subscription)[0]

    assert (draft.status, draft.billing_reason, draft.number) == (
        "draft",
        "subscription_cycle",
        None,
    )
    assert (paid.id, paid.status) == (draft.id, "paid")


def test_the_receiver_sees_the_world_at_each_moment(world, receiver):
    subscription = world.subscribed()
    seen = []
    receive = world.engine.post

    def look(url, body, headers):
        seen.append(world.invoices(subscription)[0].status)
        return receive(url, body, headers)

    world.engine.deliver()
    world.engine.post = look
    world.engine.advance_by(MONTH + 2 * HOUR)

    created = receiver.types.index("invoice.created", 15)
    assert receiver.types[created] == "invoice.created"
    assert "draft" in seen


def test_unanswered_invoices_wait_up_to_three_days(world, receiver, at):
    subscription = world.subscribed()
    world.engine.advance(at("2026-02-15T11:00"))
    receiver.status = 500

    world.engine.advance_by(2 * DAY)
    assert world.invoices(subscription)[0].status == "draft"
    world.engine.advance_by(2 * DAY)
    assert world.invoices(subscription)[0].status == "paid"


def test_a_failing_renewal_makes_the_subscription_past_due(world, receiver, at):
    subscription = world.subscribed()
    world.engine.replace_card(world.customer.id, "4000000000000341")
    world.engine.advance_by(3 * DAY)
    receiver.events.clear()

    world.engine.advance(at("2026-02-15T14:00"))
    invoice = world.invoices(subscription)[0]

    assert receiver.types == FAILURE
    assert world.subscription(subscription).status == "past_due"
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert invoice.next_payment_attempt == at("2026-02-18T13:00")


def test_after_the_last_retry_the_subscription_is_canceled(world):
    subscription = world.subscribed()
    world.engine.replace_card(world.customer.id, "4000000000000341")

    world.engine.advance_by(MONTH + 14 * DAY)
    assert world.subscription(subscription).status == "past_due"
    world.engine.advance_by(2 * DAY)
    canceled = world.subscription(subscription)
    invoice = world.invoices(subscription)[0]

    assert canceled.status == "canceled"
    assert canceled.cancellation_details.reason == "payment_failed"
    assert (invoice.status, invoice.attempt_count, invoice.auto_advance) == ("open", 4, False)
    assert "customer.subscription.deleted" in world.types()


def test_a_new_card_saves_it_at_the_next_retry(world):
    subscription = world.subscribed()
    world.engine.replace_card(world.customer.id, "4000000000000341")
    world.engine.advance_by(MONTH + 2 * HOUR)
    world.engine.replace_card(world.customer.id, "4242424242424242")

    world.engine.advance_by(3 * DAY)

    assert world.subscription(subscription).status == "active"
    assert world.invoices(subscription)[0].status == "paid"


def test_an_open_invoice_can_be_paid_with_another_card(world):
    subscription = world.subscribed()
    world.engine.replace_card(world.customer.id, "4000000000000341")
    world.engine.advance_by(MONTH + 2 * HOUR)
    invoice = world.invoices(subscription)[0]
    good = world.client.v1.payment_methods.attach("pm_card_visa", {"customer": world.customer.id})

    with pytest.raises(stripe.CardError) as declined:
        world.client.v1.invoices.pay(invoice.id)
    paid = world.client.v1.invoices.pay(invoice.id, {"payment_method": good.id})

    assert declined.value.code == "card_declined"
    assert paid.status == "paid"
    assert world.subscription(subscription).status == "active"


def test_a_card_that_always_asks_stops_a_renewal(world):
    session = world.session()
    world.engine.pay_checkout(session.id, card="4000002760003184")
    world.engine.authenticate(world.client.v1.payment_intents.list().data[0].id)
    subscription = world.reread(session).subscription

    world.engine.advance_by(MONTH + 2 * HOUR)
    intent = world.client.v1.payment_intents.list().data[0]
    assert "invoice.payment_action_required" in world.types()
    assert world.subscription(subscription).status == "past_due"

    assert world.engine.authenticate(intent.id).ok
    assert world.subscription(subscription).status == "active"


def test_a_card_that_was_set_up_renews_alone(world):
    session = world.session()
    world.engine.pay_checkout(session.id, card="4000002500003155")
    world.engine.authenticate(world.client.v1.payment_intents.list().data[0].id)

    world.engine.advance_by(MONTH + 2 * HOUR)

    assert world.invoices(world.reread(session).subscription)[0].status == "paid"


def test_the_thirty_first_comes_back_after_short_months(world_at, at):
    world = world_at("2026-01-31T09:00")
    subscription = world.subscribed()

    world.engine.advance(at("2027-04-01"))

    starts = [one.lines.data[0].period.start for one in world.invoices(subscription)][::-1]
    assert dates(starts) == [
        "01-31",
        "02-28",
        "03-31",
        "04-30",
        "05-31",
        "06-30",
        "07-31",
        "08-31",
        "09-30",
        "10-31",
        "11-30",
        "12-31",
        "01-31",
        "02-28",
        "03-31",
    ]


def test_a_year_from_the_leap_day_ends_on_the_28th(world_at, at):
    world = world_at("2024-02-29T09:00")
    world.price = world.new_price(12000, interval="year")
    subscription = world.subscribed()

    world.engine.advance(at("2028-03-02"))

    starts = [one.lines.data[0].period.start for one in world.invoices(subscription)][::-1]
    assert dates(starts) == ["02-29", "02-28", "02-28", "02-28", "02-29"]
