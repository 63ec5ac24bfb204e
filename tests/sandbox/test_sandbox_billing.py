"""Renewals, retries, cancellations, anchors, fees, refunds and the balance."""

from datetime import UTC, datetime

import pytest
import stripe

from sandbox.clock import DAY, HOUR, MINUTE

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
MONTH = 31 * DAY


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
