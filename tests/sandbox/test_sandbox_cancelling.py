"""Cancellations, another price, and collection that is paused or given up."""

import pytest
import stripe

from sandbox.clock import DAY, HOUR

MONTH = 31 * DAY


def test_canceling_at_the_periods_end_ends_it_then(world):
    subscription = world.subscribed()
    changed = world.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    assert changed.status == "active"
    assert changed.cancel_at == changed["items"].data[0].current_period_end

    world.engine.advance_by(MONTH)
    ended = world.subscription(subscription)

    assert ended.status == "canceled"
    assert ended.cancellation_details.reason == "cancellation_requested"
    assert len(world.invoices(subscription)) == 1


def test_canceling_can_be_taken_back(world):
    subscription = world.subscribed()
    world.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    world.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": False})

    world.engine.advance_by(MONTH)

    assert world.subscription(subscription).status == "active"
    assert world.subscription(subscription).cancel_at is None


def test_canceling_now_ends_it_now(world):
    subscription = world.subscribed()

    ended = world.client.v1.subscriptions.cancel(
        subscription, {"cancellation_details": {"comment": "bye"}}
    )

    assert (ended.status, ended.cancellation_details.comment) == ("canceled", "bye")
    assert world.client.v1.subscriptions.list().data == []
    assert len(world.client.v1.subscriptions.list({"status": "all"}).data) == 1


def test_another_price_without_proration_counts_from_the_next_period(world):
    subscription = world.subscribed()
    item = world.subscription(subscription)["items"].data[0]
    world.client.v1.subscriptions.update(
        subscription,
        {
            "items": [{"id": item.id, "price": world.new_price(2500).id}],
            "proration_behavior": "none",
        },
    )

    world.engine.advance_by(MONTH + 2 * HOUR)

    assert [invoice.total for invoice in world.invoices(subscription)] == [2500, 1000]


def test_what_changed_is_told_with_what_it_was(world, receiver):
    subscription = world.subscribed()
    world.client.v1.subscriptions.update(subscription, {"metadata": {"a": "1"}})
    world.client.v1.subscriptions.update(subscription, {"metadata": {"a": "2"}})
    world.engine.deliver()

    assert receiver.events[-1]["data"]["previous_attributes"] == {"metadata": {"a": "1"}}
    assert receiver.events[-1]["data"]["object"]["metadata"] == {"a": "2"}


def test_without_a_payment_a_subscription_lives_for_23_hours(world):
    made = world.client.v1.subscriptions.create(
        {"customer": world.customer.id, "items": [{"price": world.price.id}]}
    )
    assert made.status == "incomplete"

    world.engine.advance_by(23 * HOUR)

    assert world.subscription(made.id).status == "incomplete_expired"
    assert world.invoices(made.id)[0].status == "void"


def test_a_saved_card_starts_a_subscription(world):
    method = world.client.v1.payment_methods.attach(
        "pm_card_visa", {"customer": world.customer.id}
    )

    made = world.client.v1.subscriptions.create(
        {
            "customer": world.customer.id,
            "items": [{"price": world.price.id, "quantity": 3}],
            "default_payment_method": method.id,
        }
    )

    assert made.status == "active"
    assert world.invoices(made.id)[0].amount_paid == 3000


def test_a_voided_invoice_is_owed_no_more(world):
    subscription = world.subscribed()
    world.engine.replace_card(world.customer.id, "4000000000000341")
    world.engine.advance_by(MONTH + 2 * HOUR)

    invoice = world.client.v1.invoices.void_invoice(world.invoices(subscription)[0].id)

    assert invoice.status == "void"
    with pytest.raises(stripe.InvalidRequestError):
        world.client.v1.invoices.pay(invoice.id)


def test_a_paused_collection_voids_what_comes(world):
    subscription = world.subscribed()
    world.client.v1.subscriptions.update(subscription, {"pause_collection": {"behavior": "void"}})

    world.engine.advance_by(MONTH + 2 * HOUR)

    assert [invoice.status for invoice in world.invoices(subscription)] == ["void", "paid"]
    assert world.subscription(subscription).status == "active"


def test_a_paused_collection_may_write_off_what_comes(world):
    subscription = world.subscribed()
    world.client.v1.subscriptions.update(
        subscription, {"pause_collection": {"behavior": "mark_uncollectible"}}
    )

    world.engine.advance_by(MONTH + 2 * HOUR)

    assert world.invoices(subscription)[0].status == "uncollectible"


def test_the_payment_leads_from_a_charge_to_its_invoice(world):
    subscription = world.subscribed()
    intent = world.client.v1.charges.list().data[0].payment_intent

    payments = world.client.v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": intent}}
    ).data

    assert [payment.invoice for payment in payments] == [world.invoices(subscription)[0].id]
