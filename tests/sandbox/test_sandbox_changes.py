"""Another price in mid-period, changes that wait for payment, previews, schedules and pauses."""

import pytest
import stripe

from sandbox.clock import DAY, HOUR

HALF = "2026-01-31T00:00"  # half of 15 January noon to 15 February noon
UPGRADE = {"proration_behavior": "always_invoice", "payment_behavior": "pending_if_incomplete"}


@pytest.fixture
def subscription(world):
    return world.subscribed()


def item_of(world, subscription):
    return world.subscription(subscription)["items"].data[0]


def upgrade(world, subscription, amount=2000, **more):
    price = world.new_price(amount)
    items = [{"id": item_of(world, subscription).id, "price": price.id}]
    return world.client.v1.subscriptions.update(subscription, {"items": items, **UPGRADE, **more})


def preview(world, subscription, amount=2000, **more):
    data = {
        "currency": "eur", "product": world.product.id, "unit_amount": amount,
        "recurring": {"interval": "month"},
    }  # fmt: skip
    details = {
        "items": [{"id": item_of(world, subscription).id, "price_data": data}],
        "proration_behavior": "always_invoice",
    }
    return world.client.v1.invoices.create_preview(
        {"subscription": subscription, "subscription_details": {**details, **more}}
    )


def test_an_upgrade_credits_what_is_left_of_the_old_and_charges_what_is_left_of_the_new(
    world, subscription, at
):
    world.engine.advance(at(HALF))

    upgrade(world, subscription)

    newest = world.invoices(subscription)[0]
    assert [line.amount for line in newest.lines.data] == [-500, 1000]
    assert all(line.parent.subscription_item_details.proration for line in newest.lines.data)
    assert {(line.period.start, line.period.end) for line in newest.lines.data} == {
        (at(HALF), at("2026-02-15T12:00"))
    }
    assert (newest.status, newest.amount_paid, newest.billing_reason) == (
        "paid", 500, "subscription_update",
    )  # fmt: skip
    assert item_of(world, subscription).price.unit_amount == 2000
    assert world.subscription(subscription).pending_update is None


def test_parts_are_counted_to_the_second_and_each_is_rounded_by_itself(world, subscription, at):
    world.engine.advance(at("2026-01-20T08:30:17"))

    shown = preview(world, subscription, 2345)

    left, whole = at("2026-02-15T12:00") - world.engine.now(), 31 * DAY
    assert [line.amount for line in shown.lines.data] == [
        -int(1000 * left / whole + 0.5), int(2345 * left / whole + 0.5),
    ]  # fmt: skip


def test_what_the_preview_says_is_what_is_charged_at_its_date_though_time_went_on(
    world, subscription, at
):
    world.engine.advance(at("2026-01-20T08:30"))
    as_of = world.engine.now()
    shown = preview(world, subscription, proration_date=as_of)
    world.engine.advance_by(300)

    upgrade(world, subscription, proration_date=as_of)

    assert world.invoices(subscription)[0].amount_paid == shown.amount_due > 0


def test_a_preview_makes_nothing_and_tells_nobody(world, subscription):
    before = world.types(), len(world.invoices(subscription))

    preview(world, subscription)

    assert (world.types(), len(world.invoices(subscription))) == before


def test_a_preview_without_a_change_is_the_next_period(world, subscription):
    shown = world.client.v1.invoices.create_preview({"subscription": subscription})

    assert shown.amount_due == 1000


def test_an_unpaid_upgrade_waits_and_changes_nothing(world, subscription):
    world.engine.advance_by(DAY)
    world.engine.replace_card(world.customer.id, "4000000000000341")

    answer = upgrade(world, subscription)

    assert (answer.status, answer.pending_update.expires_at) == (
        "active", world.engine.now() + 23 * HOUR,
    )  # fmt: skip
    assert item_of(world, subscription).price.unit_amount == 1000
    newest = world.invoices(subscription)[0]
    assert (newest.status, newest.next_payment_attempt) == ("open", None)


def test_a_waiting_upgrade_comes_with_its_payment(world, subscription):
    world.engine.advance_by(DAY)
    world.engine.replace_card(world.customer.id, "4000002760003184")
    upgrade(world, subscription)
    invoice = world.invoices(subscription)[0]

    outcome = world.engine.pay_invoice(invoice.id)
    world.engine.authenticate(outcome.next.rpartition("/")[2])

    assert item_of(world, subscription).price.unit_amount == 2000
    assert "customer.subscription.pending_update_applied" in world.types()


@pytest.mark.parametrize("how", ["expires", "is voided"])
def test_a_waiting_upgrade_that_nobody_pays_leaves_its_invoice_void(world, subscription, how):
    world.engine.advance_by(DAY)
    world.engine.replace_card(world.customer.id, "4000000000000341")
    upgrade(world, subscription)
    invoice = world.invoices(subscription)[0].id

    if how == "expires":
        world.engine.advance_by(23 * HOUR)
    else:
        world.client.v1.invoices.void_invoice(invoice)

    assert world.client.v1.invoices.retrieve(invoice).status == "void"
    assert world.subscription(subscription).pending_update is None
    assert item_of(world, subscription).price.unit_amount == 1000
    assert "customer.subscription.pending_update_expired" in world.types()


def test_a_waiting_upgrade_ends_with_the_period(world, subscription, at):
    world.engine.advance(at("2026-02-15T10:00"))
    world.engine.replace_card(world.customer.id, "4000000000000341")

    answer = upgrade(world, subscription)
    assert answer.pending_update.expires_at == at("2026-02-15T12:00")
    world.engine.advance(at("2026-02-15T12:00"))

    assert world.subscription(subscription).pending_update is None
    assert world.invoices(subscription)[0].total == 1000


def test_a_date_outside_the_period_and_a_credit_are_refused(world, subscription):
    with pytest.raises(stripe.InvalidRequestError, match="current billing period"):
        upgrade(world, subscription, proration_date=world.engine.now() - 60)
    with pytest.raises(stripe.InvalidRequestError, match="credit balance"):
        upgrade(world, subscription, amount=500)


# Schedules


def planned(world, subscription, *, amount=500, interval="month"):
    price = world.new_price(amount, interval=interval)
    v1 = world.client.v1
    schedule = v1.subscription_schedules.create({"from_subscription": subscription})
    now = schedule.phases[0]
    return v1.subscription_schedules.update(
        schedule.id,
        {
            "end_behavior": "release",
            "phases": [
                {
                    "start_date": now.start_date, "end_date": now.end_date,
                    "items": [{"price": now["items"][0].price, "quantity": 1}],
                },
                {
                    "items": [{"price": price.id, "quantity": 1}],
                    "duration": {"interval": "day", "interval_count": 1},
                    "proration_behavior": "none",
                },
            ],
        },
    )  # fmt: skip


def test_a_schedule_turns_the_price_with_the_period_and_lets_go(world, subscription, at):
    schedule = planned(world, subscription)
    assert world.subscription(subscription).schedule == schedule.id

    world.engine.advance(at("2026-02-15T11:59"))
    assert item_of(world, subscription).price.unit_amount == 1000
    world.engine.advance(at("2026-02-17T12:00"))

    assert [invoice.total for invoice in world.invoices(subscription)] == [500, 1000]
    assert world.subscription(subscription).schedule is None
    after = world.client.v1.subscription_schedules.retrieve(schedule.id)
    assert (after.status, after.released_subscription) == ("released", subscription)
    assert {"subscription_schedule.updated", "subscription_schedule.released"} <= set(
        world.types()
    )


def test_a_turn_to_yearly_begins_a_year_at_the_period_s_end(world, subscription, at):
    planned(world, subscription, amount=9000, interval="year")

    world.engine.advance(at("2026-02-17T12:00"))

    item = item_of(world, subscription)
    assert (item.current_period_start, item.current_period_end) == (
        at("2026-02-15T12:00"), at("2027-02-15T12:00"),
    )  # fmt: skip
    assert world.invoices(subscription)[0].total == 9000


def test_a_released_schedule_changes_nothing(world, subscription, at):
    schedule = planned(world, subscription)

    world.client.v1.subscription_schedules.release(schedule.id)
    world.engine.advance(at("2026-02-17T12:00"))

    assert [invoice.total for invoice in world.invoices(subscription)] == [1000, 1000]


def test_the_end_is_for_the_schedule_to_say_while_there_is_one(world, subscription):
    planned(world, subscription)

    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
        world.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError, match="already attached"):
        planned(world, subscription)


@pytest.mark.parametrize("how", ["the schedule", "the subscription"])
def test_canceling_either_ends_both(world, subscription, how):
    schedule = planned(world, subscription)
    v1 = world.client.v1

    if how == "the schedule":
        v1.subscription_schedules.cancel(schedule.id)
    else:
        v1.subscriptions.cancel(subscription)

    assert world.subscription(subscription).status == "canceled"
    assert v1.subscription_schedules.retrieve(schedule.id).status == "canceled"


# Pauses, cards, reasons


def test_a_pause_ends_by_itself_on_its_day_and_is_announced(world, subscription, at):
    resumes = at("2026-03-01T00:00")
    pause = {"behavior": "void", "resumes_at": resumes}
    world.client.v1.subscriptions.update(subscription, {"pause_collection": pause})

    world.engine.advance(resumes)
    paused_out = world.subscription(subscription).pause_collection
    world.engine.advance(at("2026-03-15T14:00"))

    assert paused_out is None
    assert [one.status for one in world.invoices(subscription)] == ["paid", "void", "paid"]


def test_the_portal_s_flow_for_a_card_leaves_what_has_a_card_of_its_own(world, subscription):
    own = world.subscription(subscription).default_payment_method

    world.engine.replace_card(world.customer.id, "5555555555554444", everywhere=False)

    assert world.subscription(subscription).default_payment_method == own
    customer = world.client.v1.customers.retrieve(world.customer.id)
    assert customer.invoice_settings.default_payment_method not in (None, own)


def test_a_reason_given_in_the_portal_is_kept_until_it_is_taken_back(world, subscription):
    world.engine.cancel_in_portal(
        subscription, wanted=True, feedback="too_expensive", comment="No budget"
    )
    said = world.subscription(subscription).cancellation_details
    assert (said.reason, said.feedback, said.comment) == (
        "cancellation_requested", "too_expensive", "No budget",
    )  # fmt: skip

    world.engine.cancel_in_portal(subscription, wanted=False)

    assert world.subscription(subscription).cancellation_details.feedback is None


def test_a_price_changed_in_the_dashboard_counts_from_the_next_period(world, subscription):
    world.engine.change_price(subscription, world.new_price(700).id, quantity=2)

    world.engine.advance_by(32 * DAY)

    assert world.invoices(subscription)[0].total == 1400
