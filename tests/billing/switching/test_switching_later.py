"""Another tier or interval that comes with the next period, and ends that come before it."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock
from funding.projects.models import Funding, Tier
from sponsors.billing import (
    ending,
    quoting,
    switching,
    tasks,
)
from sponsors.billing.models import Deferral, Subscription
from sponsors.sponsorships import refusals
from sponsors.sponsorships.models import Change, Sponsorship, Status
from tests import factories, scenarios, world
from tests.billing.switching.wishes import ASKS, FAILS, asked, new_card, wish, written

# With the period to come


def test_a_downgrade_comes_with_the_next_period_without_any_credit(engine, sponsorship, small):
    change = asked(sponsorship, small)
    assert (change.status, change.due_at) == (Change.Status.SCHEDULED, sponsorship.paid_through)
    assert Sponsorship.objects.get().amount == 10000
    assert Tier.objects.get(pk=small.pk).taken == 1

    world.days(engine, 23)

    sponsorship.refresh_from_db()
    assert (sponsorship.tier_name, sponsorship.amount) == ("Small", 4000)
    assert [one.net for one in sponsorship.invoices.order_by("id")] == [10000, 4000]
    assert Funding.objects.get().committed == 4000
    assert Subscription.objects.get().schedule_id == ""
    assert dict(Tier.objects.values_list("name", "taken")) == {"Bronze": 0, "Small": 1}
    call_command("check_books")


def test_maintainers_hear_of_a_downgrade_before_it_is_so(engine, sponsorship, small):
    asked(sponsorship, small)

    told = written("sponsor_will_switch").get()
    assert "Kestrel" in told.subject
    assert "£100 a month now and £40" in " ".join(told.body.split())


def test_monthly_becomes_yearly_with_the_next_period_and_its_money_is_deferred(
    engine, sponsorship
):
    asked(sponsorship, sponsorship.tier, "year")

    world.days(engine, 23)

    sponsorship.refresh_from_db()
    assert (sponsorship.interval, sponsorship.amount, sponsorship.a_month) == (
        "year", 100000, 8333,
    )  # fmt: skip
    assert (sponsorship.paid_through - clock.now()).days > 350
    assert Deferral.objects.get().months == 12
    call_command("check_books")


def test_a_switch_from_yearly_leaves_the_year_s_deferred_money_as_it_is(engine, user):
    sponsorship = scenarios.settled(engine, factories.company(user), interval="year")
    before = Deferral.objects.values().get()

    asked(sponsorship, sponsorship.tier, "month")
    assert Deferral.objects.values().get() == before
    world.days(engine, 370)
    tasks.release_deferred()

    sponsorship.refresh_from_db()
    deferral = Deferral.objects.get()
    assert (sponsorship.interval, deferral.released, deferral.amount) == (
        "month", 12, before["amount"],
    )  # fmt: skip
    call_command("check_books")


def test_a_yearly_upgrade_defers_its_part_over_the_months_that_are_left(engine, user):
    tier = factories.tier(yearly=120000)
    sponsorship = scenarios.settled(engine, factories.company(user), tier, interval="year")
    gold = factories.tier(sponsorship.project, yearly=240000)
    world.days(engine, 140)
    tasks.release_deferred()

    asked(sponsorship, gold, "year")
    engine.advance_by(120)

    first, second = Deferral.objects.order_by("id")
    assert (first.released, second.months) == (4, 8)
    deferred = posting.project(sponsorship.project_id, Account.Kind.DEFERRED)
    left = balances.of(deferred, "GBP").amount
    assert left == pytest.approx(second.amount + first.amount * 8 / 12, abs=20)
    call_command("check_books")
    world.days(engine, 226)
    tasks.release_deferred()
    second.refresh_from_db()
    assert second.released == 8
    call_command("check_books")


def test_a_yearly_payment_that_settles_after_a_switch_is_deferred_all_the_same(engine, user):
    page = scenarios.chosen(factories.company(user), interval="year")
    engine.pay_checkout(page.stripe_id)
    engine.deliver()
    Sponsorship.objects.update(interval="month")  # what it has become since

    engine.advance_by(120)

    assert Deferral.objects.get().months == 12


def test_a_planned_change_can_be_taken_back(engine, sponsorship, small):
    asked(sponsorship, small)

    assert switching.take_back(sponsorship, now=clock.now())
    told = written("change-taken-back").get()
    assert told.recipients == written("sponsor_will_switch").get().recipients
    assert "Kestrel stays as it is after all" in told.subject
    world.days(engine, 25)

    sponsorship.refresh_from_db()
    assert sponsorship.amount == 10000
    assert Tier.objects.get(pk=small.pk).taken == 0
    assert [one.net for one in sponsorship.invoices.all()] == [10000, 10000]
    assert not switching.take_back(sponsorship, now=clock.now())


def test_a_31st_stays_the_last_day_after_a_change(engine, user):
    with_31 = clock.now().replace(month=1, day=31)
    engine.advance(int(with_31.timestamp()))
    sponsorship = scenarios.settled(engine, factories.company(user))

    asked(sponsorship, factories.tier(sponsorship.project, monthly=5000))
    world.days(engine, 65)

    ends = [one.period_ends_at.strftime("%m-%d") for one in sponsorship.invoices.order_by("id")]
    assert ends == ["02-28", "03-31", "04-30"]


# Ends and changes


@pytest.mark.parametrize("way", ["planned", "waiting"])
def test_it_can_end_while_a_change_is_under_way_which_is_dropped(
    engine, sponsorship, gold, small, way
):
    if way == "waiting":
        new_card(engine, sponsorship, ASKS)
    asked(sponsorship, gold if way == "waiting" else small)

    after = ending.cancel(sponsorship)

    assert after.status == Status.CANCELLING
    assert Change.objects.get().outcome == "The sponsorship ends"
    world.days(engine, 25)
    assert Sponsorship.objects.get().status == Status.CANCELLED
    assert set(Tier.objects.values_list("taken", flat=True)) == {0}
    call_command("check_books")


def test_an_end_in_stripe_s_portal_drops_what_was_planned(engine, sponsorship, small):
    asked(sponsorship, small)

    engine.cancel_in_portal(sponsorship.subscription.stripe_id, wanted=True)
    engine.deliver()

    assert Sponsorship.objects.get().status == Status.CANCELLING
    assert Change.objects.get().status == Change.Status.DROPPED
    assert Tier.objects.get(pk=small.pk).taken == 0
    assert not written("change-taken-back").exists()


def test_a_renewal_that_fails_ends_with_the_seat_of_a_planned_change_free(
    engine, sponsorship, small
):
    asked(sponsorship, small)
    new_card(engine, sponsorship, FAILS)

    world.days(engine, 60)

    assert Sponsorship.objects.get().status == Status.LAPSED
    assert set(Tier.objects.values_list("taken", flat=True)) == {0}
    call_command("check_books")


def test_a_quote_from_before_a_renewal_is_refused_and_nothing_is_charged(
    engine, sponsorship, gold
):
    engine.advance(int((sponsorship.paid_through - timedelta(minutes=1)).timestamp()))
    cost = quoting.cost(sponsorship, wish(gold), now=clock.now())
    engine.advance_by(180)
    now = clock.now()
    quote = quoting.read(cost.signed, sponsorship=sponsorship, wish=wish(gold), now=now)

    with pytest.raises(refusals.NotPaidYet):
        switching.change(
            sponsorship=sponsorship, wish=wish(gold), quote=quote, by=sponsorship.bought_by,
            now=now,
        )  # fmt: skip

    assert Sponsorship.objects.get().tier_name == "Bronze"
    assert Tier.objects.get(pk=gold.pk).taken == 0
