"""An upgrade: what was shown is charged at once, and what waits for the bank."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from funding.office import clock
from funding.projects.models import Benefit, Funding, Tier
from sponsors.billing import (
    quoting,
    switching,
)
from sponsors.billing.models import Subscription
from sponsors.sponsorships import fulfilling, refusals
from sponsors.sponsorships.models import Change, Sponsorship, Status
from tests import factories, scenarios, world
from tests.billing.switching.wishes import (
    ASKS,
    FAILS,
    GOOD,
    asked,
    new_card,
    newest_invoice,
    wish,
    written,
)


def test_an_upgrade_charges_what_was_shown_and_changes_tier_price_promises_and_week(
    engine, sponsorship, gold
):
    through = sponsorship.paid_through
    cost = quoting.cost(sponsorship, wish(gold), now=clock.now())

    change = asked(sponsorship, gold)
    engine.advance_by(120)

    sponsorship.refresh_from_db()
    assert change.status == Change.Status.DONE
    assert (sponsorship.tier, sponsorship.tier_name) == (gold, "Gold")
    assert (sponsorship.amount, sponsorship.a_month) == (30000, 30000)
    assert newest_invoice(sponsorship).total == cost.due
    assert cost.due == cost.new - cost.paid
    assert sponsorship.paid_through == through
    assert Funding.objects.get().committed == 30000
    assert list(Tier.objects.order_by("name").values_list("taken", flat=True)) == [0, 1]
    assert "Changed from Bronze" in sponsorship.moves.last().cause
    call_command("check_books")


def test_the_next_renewal_charges_the_new_price_and_nothing_else(engine, sponsorship, gold):
    asked(sponsorship, gold)

    world.days(engine, 31)

    assert newest_invoice(sponsorship).net == 30000
    assert sponsorship.invoices.count() == 3
    call_command("check_books")


def test_an_upgrade_neither_shortens_nor_lengthens_what_is_paid_for(engine, sponsorship, gold):
    before = sponsorship.paid_through, sponsorship.stands_until

    asked(sponsorship, gold)

    sponsorship.refresh_from_db()
    assert (sponsorship.paid_through, sponsorship.stands_until) == before


def test_what_is_shown_holds_for_some_minutes_to_the_cent(engine, sponsorship, gold):
    now = clock.now()
    cost = quoting.cost(sponsorship, wish(gold), now=now)
    engine.advance_by(240)

    later = clock.now()
    quote = quoting.read(cost.signed, sponsorship=sponsorship, wish=wish(gold), now=later)
    switching.change(
        sponsorship=sponsorship, wish=wish(gold), quote=quote, by=sponsorship.bought_by, now=later
    )

    assert newest_invoice(sponsorship).total == cost.due


def test_promises_of_the_new_tier_are_owed_from_the_change_on_and_not_from_long_ago(
    engine, sponsorship, gold
):
    Benefit.objects.create(tier=gold, kind="docs", text="Named in the docs")
    Benefit.objects.create(tier=gold, kind="hours", text="Two hours", hours=2)
    world.days(engine, 60)
    sponsorship.refresh_from_db()

    asked(sponsorship, gold)
    fulfilling.due(today=clock.today())

    owed = dict(
        sponsorship.fulfilments.filter(kind__in=["docs", "hours"]).values_list("kind", "due_on")
    )
    assert owed["docs"] == clock.today() + timedelta(days=14)
    assert sponsorship.fulfilments.filter(kind="hours").count() == 1


def test_both_sides_are_told_once_and_maintainers_only_what_is_shown(engine, user):
    bronze = factories.tier(name="Bronze", monthly=10000)
    company = factories.company(user, display_name="Kestrel")
    hidden = scenarios.settled(engine, company, bronze, visibility="anonymous")

    asked(hidden, factories.tier(hidden.project, name="Gold", monthly=30000))
    engine.deliver()

    assert "Gold" in written("changed:").get().subject
    told = written("sponsor_switched:").get()
    assert "Kestrel" not in told.subject + told.body
    assert "300" not in told.body


def test_a_declined_card_is_told_why_and_changes_and_leaves_nothing(engine, sponsorship, gold):
    new_card(engine, sponsorship, FAILS)

    with pytest.raises(refusals.Declined, match="Nothing was charged"):
        asked(sponsorship, gold)
    new_card(engine, sponsorship, GOOD)
    world.days(engine, 2)

    sponsorship.refresh_from_db()
    assert (sponsorship.tier_name, sponsorship.status) == ("Bronze", Status.ACTIVE)
    assert newest_invoice(sponsorship).status == "void"
    assert Tier.objects.get(pk=gold.pk).taken == 0
    assert Change.objects.get().status == Change.Status.DROPPED
    call_command("check_books")


def test_after_a_declined_card_it_can_be_asked_again(engine, sponsorship, gold):
    new_card(engine, sponsorship, FAILS)
    with pytest.raises(refusals.Declined):
        asked(sponsorship, gold)
    new_card(engine, sponsorship, GOOD)

    assert asked(sponsorship, gold).status == Change.Status.DONE


def test_what_the_bank_wants_confirmed_waits_and_holds_its_seat_until_it_is_paid(
    engine, sponsorship, gold
):
    new_card(engine, sponsorship, ASKS)

    change = asked(sponsorship, gold)

    assert change.status == Change.Status.WAITING
    assert Tier.objects.get(pk=gold.pk).taken == 1
    assert Sponsorship.objects.get().tier_name == "Bronze"
    call_command("check_books")

    outcome = engine.pay_invoice(newest_invoice(sponsorship).stripe_id)
    engine.authenticate(outcome.next.rpartition("/")[2])
    engine.advance_by(120)
    assert Sponsorship.objects.get().tier_name == "Gold"
    assert Change.objects.get().status == Change.Status.DONE
    call_command("check_books")


def test_what_nobody_confirms_is_dropped_after_a_day_its_seat_given_back_and_the_company_told(
    engine, sponsorship, gold
):
    new_card(engine, sponsorship, ASKS)
    asked(sponsorship, gold)

    world.days(engine, 1)

    change = Change.objects.get()
    assert (change.status, change.outcome) == (Change.Status.DROPPED, "It was not paid in time")
    assert Tier.objects.get(pk=gold.pk).taken == 0
    assert newest_invoice(sponsorship).status == "void"
    assert written("change-dropped").count() == 1
    call_command("check_books")


def test_what_waits_can_be_taken_back_and_cannot_be_paid_then(engine, sponsorship, gold):
    new_card(engine, sponsorship, ASKS)
    asked(sponsorship, gold)

    assert switching.take_back(sponsorship, now=clock.now())

    assert newest_invoice(sponsorship).status == "void"
    assert not engine.pay_invoice(newest_invoice(sponsorship).stripe_id).ok
    assert not written("change-dropped").exists()
    assert Subscription.objects.get().status == "active"
