"""A switch whose answer was lost, and one that somebody makes in the dashboard."""

import pytest
from django.core.management import call_command

from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Funding, Tier
from sponsors.billing import attention, gateway, handlers, switching, tasks
from sponsors.billing.models import Subscription
from sponsors.sponsorships import changing
from sponsors.sponsorships.models import Change, Move, Sponsorship
from tests import world
from tests.billing.switching.wishes import ASKS, UPDATE, asked, new_card, newest_invoice, written

# Lost answers


def test_an_upgrade_whose_answer_was_lost_charges_once_and_is_found(engine, sponsorship, gold):
    engine.faults.add(UPDATE, "timeout_after", times=3)
    with pytest.raises(gateway.GatewayError):
        asked(sponsorship, gold)
    engine.deliver()
    world.days(engine, 0.01)
    tasks.sweep_changes()

    assert Sponsorship.objects.get().tier_name == "Gold"
    assert Change.objects.get().status == Change.Status.DONE
    assert sponsorship.invoices.count() == 2
    engine.advance_by(120)
    call_command("check_books")


def test_an_upgrade_that_never_arrived_is_dropped_and_the_company_told(engine, sponsorship, gold):
    engine.faults.add(UPDATE, "timeout_before", times=3)
    with pytest.raises(gateway.GatewayError):
        asked(sponsorship, gold)
    tasks.sweep_changes()
    assert Change.objects.get().status == Change.Status.ASKED  # it may still arrive

    world.days(engine, 0.01)
    tasks.sweep_changes()

    assert Change.objects.get().outcome == switching.LOST
    assert Tier.objects.get(pk=gold.pk).taken == 0
    assert written("change-dropped").count() == 1
    assert sponsorship.invoices.count() == 1


@pytest.mark.parametrize("operation", ["POST /v1/subscription_schedules",
                                       "POST /v1/subscription_schedules/{schedule}"])  # fmt: skip
@pytest.mark.parametrize("fault", ["timeout_before", "error_after"])
def test_a_plan_that_was_cut_off_is_cleared_away(engine, sponsorship, small, operation, fault):
    engine.faults.add(operation, fault, times=1 if fault == "error_after" else 3)
    with pytest.raises(gateway.GatewayError):
        asked(sponsorship, small)

    world.days(engine, 0.01)
    tasks.sweep_changes()
    engine.deliver()

    assert Change.objects.get().status == Change.Status.DROPPED
    assert Subscription.objects.get().schedule_id == ""
    assert Tier.objects.get(pk=small.pk).taken == 0
    assert asked(sponsorship, small).status == Change.Status.SCHEDULED


def test_what_was_given_up_here_and_paid_at_stripe_is_so(engine, sponsorship, gold):
    new_card(engine, sponsorship, ASKS)
    change = asked(sponsorship, gold)
    changing.drop(change, outcome="Lost", now=clock.now())

    outcome = engine.pay_invoice(newest_invoice(sponsorship).stripe_id)
    engine.authenticate(outcome.next.rpartition("/")[2])
    engine.deliver()

    assert Sponsorship.objects.get().tier_name == "Gold"
    assert Change.objects.get().status == Change.Status.DONE
    assert Tier.objects.get(pk=gold.pk).taken == 1


def dashboard_price(engine, sponsorship, amount):
    """A price that is none of ours."""
    item = engine.account.store.by_id[sponsorship.subscription.stripe_id]["items"]["data"][0]
    price = engine.account.new("price", "price", **{
        **{k: v for k, v in item["price"].items() if k not in ("id", "object")},
        "unit_amount": amount, "unit_amount_decimal": str(amount),
    })  # fmt: skip
    engine.account.add(price)
    return price["id"]


# Changed in the dashboard


def test_a_price_changed_in_the_dashboard_is_believed_and_the_tier_kept(engine, sponsorship):
    engine.change_price(
        sponsorship.subscription.stripe_id, dashboard_price(engine, sponsorship, 7500)
    )
    engine.deliver()

    sponsorship.refresh_from_db()
    assert (sponsorship.amount, sponsorship.a_month, sponsorship.tier_name) == (
        7500, 7500, "Bronze",
    )  # fmt: skip
    assert Funding.objects.get().committed == 7500
    assert Move.objects.last().cause.startswith(changing.AT_STRIPE)
    call_command("check_books")


def test_a_quantity_changed_in_the_dashboard_is_believed_too(engine, sponsorship):
    engine.change_price(sponsorship.subscription.stripe_id, quantity=3)
    engine.deliver()

    assert Sponsorship.objects.get().amount == 30000


def test_staff_are_told_of_a_price_changed_in_the_dashboard(engine, sponsorship):
    engine.change_price(sponsorship.subscription.stripe_id, quantity=2)
    engine.deliver()

    lines = {task.title: task.count for task in attention.tasks(now=clock.now())}
    assert lines["Prices changed in Stripe’s dashboard"] == 1


def test_a_dashboard_price_that_equals_a_planned_change_is_that_change(engine, sponsorship, small):
    asked(sponsorship, small)

    engine.change_price(
        sponsorship.subscription.stripe_id, dashboard_price(engine, sponsorship, 4000)
    )
    engine.deliver()

    assert Sponsorship.objects.get().tier_name == "Small"
    assert Change.objects.get().status == Change.Status.DONE


def test_the_same_news_twice_changes_nothing_and_writes_to_nobody(engine, sponsorship, gold):
    asked(sponsorship, gold)
    engine.deliver()
    before = Message.objects.count(), Move.objects.count()

    for _ in range(2):
        handlers.refresh(sponsorship.subscription.stripe_id)

    assert (Message.objects.count(), Move.objects.count()) == before
