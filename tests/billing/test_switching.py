"""Another tier or interval: what it costs, when it comes about, and what may go wrong on the way."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.html import escape

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Benefit, Funding, Tier
from sponsors.billing import (
    attention,
    ending,
    gateway,
    handlers,
    knowing,
    quoting,
    switching,
    tasks,
)
from sponsors.billing.models import Deferral, Price, Subscription
from sponsors.sponsorships import changing, fulfilling, refusals
from sponsors.sponsorships.changing import Wish
from sponsors.sponsorships.models import Change, Interval, Move, Sponsorship, Status
from tests import factories, scenarios, world

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"
GOOD, FAILS, ASKS = "4242424242424242", "4000000000000341", "4000002760003184"


@pytest.fixture
def sponsorship(engine, user):
    """On Bronze, £100 a month, for ten days."""
    bronze = factories.tier(name="Bronze", monthly=10000, yearly=100000)
    made = scenarios.settled(engine, factories.company(user, display_name="Kestrel"), bronze)
    world.days(engine, 10)
    return made


@pytest.fixture
def gold(sponsorship):
    return factories.tier(sponsorship.project, name="Gold", monthly=30000, yearly=300000)


@pytest.fixture
def small(sponsorship):
    return factories.tier(sponsorship.project, name="Small", monthly=4000, yearly=None)


def wish(tier, interval="month"):
    return Wish(tier, Interval(interval), tier.price(interval))


def asked(sponsorship, tier, interval="month"):
    """As the page does it: the cost, where there is one, and the button."""
    now, wanted = clock.now(), wish(tier, interval)
    quote = None
    if changing.comes_at_once(sponsorship, wanted):
        cost = quoting.cost(sponsorship, wanted, now=now)
        quote = quoting.read(cost.signed, sponsorship=sponsorship, wish=wanted, now=now)
    return switching.change(
        sponsorship=sponsorship, wish=wanted, quote=quote, by=sponsorship.bought_by, now=now
    )


def new_card(engine, sponsorship, card):
    engine.replace_card(sponsorship.subscription.customer.stripe_id, card)
    engine.deliver()


def newest_invoice(sponsorship):
    return sponsorship.invoices.order_by("-id").first()


def written(word):
    return Message.objects.filter(key__startswith=word)


# At once


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


# Changed in the dashboard


def dashboard_price(engine, sponsorship, amount):
    """A price that is none of ours."""
    item = engine.account.store.by_id[sponsorship.subscription.stripe_id]["items"]["data"][0]
    price = engine.account.new("price", "price", **{
        **{k: v for k, v in item["price"].items() if k not in ("id", "object")},
        "unit_amount": amount, "unit_amount_decimal": str(amount),
    })  # fmt: skip
    engine.account.add(price)
    return price["id"]


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


# Who may not


def test_refused_while_past_due_with_the_reason_and_the_link_that_mends_it(
    engine, sponsorship, gold, signed_in
):
    new_card(engine, sponsorship, FAILS)
    world.days(engine, 23)
    sponsorship.refresh_from_db()

    with pytest.raises(refusals.PastDue):
        changing.insist_may_change(sponsorship, now=clock.now())
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/change/").content.decode()

    assert "Pay the open invoice first" in page
    assert escape(newest_invoice(sponsorship).hosted_url) in page
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/").content.decode()
    assert "Change tier" not in page
    assert "once the open invoice is paid" in page


def test_refused_while_cancelling_or_paused_or_archived_or_under_way(engine, sponsorship, small):
    for status in (Status.CANCELLING, Status.PAUSED, Status.PENDING, Status.AWAITING_INVOICE):
        sponsorship.status = status
        with pytest.raises(refusals.NotAllowed):
            changing.insist_may_change(sponsorship, now=clock.now())
    sponsorship.status = Status.ACTIVE
    asked(sponsorship, small)
    with pytest.raises(refusals.ChangeUnderWay):
        changing.insist_may_change(sponsorship, now=clock.now())
    sponsorship.project.status = "archived"
    with pytest.raises(refusals.ProjectNotOpen):
        changing.insist_may_change(sponsorship, now=clock.now())


def test_a_tier_that_closed_or_filled_or_is_for_others_is_refused_and_nothing_is_charged(
    engine, sponsorship, gold
):
    cost = quoting.cost(sponsorship, wish(gold), now=clock.now())
    quote = changing.Quote(cost.due.amount, cost.at)
    for fault, refusal in (
        ({"closed_at": clock.now()}, refusals.TierClosed),
        ({"closed_at": None, "seats": 0}, refusals.TierFull),
        ({"seats": None, "audience": "individuals"}, refusals.WrongAudience),
        ({"audience": "anyone", "monthly": 31000}, refusals.PriceChanged),
    ):
        Tier.objects.filter(pk=gold.pk).update(**fault)
        with pytest.raises(refusal):
            switching.change(
                sponsorship=sponsorship, wish=Wish(gold, Interval.MONTH, cost_price(gold)),
                quote=quote, by=sponsorship.bought_by, now=clock.now(),
            )  # fmt: skip
    assert not Change.objects.exists()
    assert not Price.objects.filter(tier=gold).exists()
    assert sponsorship.invoices.count() == 1


def cost_price(gold):
    """As the page showed it."""
    return gold.price("month")


def test_a_company_is_on_a_tier_once_whichever_way_it_comes_there(
    engine, sponsorship, gold, small
):
    scenarios.settled(engine, sponsorship.company, gold, by=sponsorship.bought_by)
    with pytest.raises(refusals.AlreadySponsoring):
        asked(sponsorship, gold)

    asked(sponsorship, small)
    with pytest.raises(refusals.AlreadySponsoring):
        scenarios.chosen(sponsorship.company, small, by=sponsorship.bought_by)


def test_the_tier_it_is_on_is_refused(engine, sponsorship):
    with pytest.raises(refusals.SameTerms):
        asked(sponsorship, sponsorship.tier)


# The pages


def test_the_page_shows_what_is_more_now_and_what_comes_later(
    engine, sponsorship, gold, small, signed_in
):
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/change/").content.decode()

    assert "This is yours" in page
    assert "More, at once" in page
    assert "Yearly from 5 February 2026" in page
    assert "From 5 February 2026" in page


def test_looking_at_a_cost_makes_nothing_here_or_at_stripe(engine, sponsorship, gold, signed_in):
    before = Price.objects.count(), len(engine.account.store.kinds["invoice"])

    page = signed_in.get(change_address(sponsorship, gold))

    assert "You pay" in page.content.decode()
    assert (Price.objects.count(), len(engine.account.store.kinds["invoice"])) == before


def change_address(sponsorship, tier, interval="month"):
    return f"/sponsorships/{sponsorship.pk}/change/{tier.pk}/{interval}/"


def sent(page):
    return page.context["cost"].signed if page.context["cost"] else ""


def test_the_button_changes_it_and_a_second_click_changes_nothing_more(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    form = {"price": 30000, "quote": sent(signed_in.get(address))}

    first = signed_in.post(address, form, follow=True).content.decode()
    second = signed_in.post(address, form, follow=True).content.decode()

    assert "Done: it is on Gold" in first
    assert "already" in second
    assert sponsorship.invoices.count() == 2


def test_an_old_page_is_shown_the_cost_anew_and_nothing_is_charged(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    form = {"price": 30000, "quote": sent(signed_in.get(address))}
    engine.advance_by(301)

    again = signed_in.post(address, form)

    assert again.status_code == 409
    assert "Some minutes have passed" in again.content.decode()
    assert sent(again) != form["quote"]
    assert not Change.objects.exists()


@pytest.mark.parametrize("quote", ["", "nonsense", "another"])
def test_a_cost_that_we_did_not_show_is_not_taken(engine, sponsorship, gold, signed_in, quote):
    if quote == "another":
        silver = factories.tier(sponsorship.project, monthly=20000)
        quote = sent(signed_in.get(change_address(sponsorship, silver)))

    answer = signed_in.post(change_address(sponsorship, gold), {"price": 30000, "quote": quote})

    assert answer.status_code == 409
    assert not Change.objects.exists()


@pytest.mark.parametrize("price", ["", "x", "-1", "1", "99999999999999999999"])
def test_a_price_that_is_not_today_s_is_shown_anew(engine, sponsorship, small, signed_in, price):
    answer = signed_in.post(change_address(sponsorship, small), {"price": price})

    assert answer.status_code == 409
    assert not Change.objects.exists()


def test_tiers_of_others_and_intervals_that_are_none_are_not_there(
    engine, sponsorship, small, signed_in
):
    for address in (
        change_address(sponsorship, factories.tier()),
        change_address(sponsorship, small, "week"),
        change_address(sponsorship, small, "year"),  # not sold so
        f"/sponsorships/{sponsorship.pk}/change/999999/month/",
    ):
        assert signed_in.get(address).status_code == 404
        assert signed_in.post(address, {"price": 1}).status_code == 404


def test_the_decline_is_told_on_the_page_with_the_way_to_another_card(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    new_card(engine, sponsorship, FAILS)

    page = signed_in.post(address, {"price": 30000, "quote": sent(signed_in.get(address))})

    assert page.status_code == 409
    assert "declined" in page.content.decode()
    assert "Change the card" in page.content.decode()


def test_what_waits_is_told_with_the_link_to_stripe(engine, sponsorship, gold, signed_in):
    address = change_address(sponsorship, gold)
    new_card(engine, sponsorship, ASKS)

    page = signed_in.post(
        address, {"price": 30000, "quote": sent(signed_in.get(address))}, follow=True
    ).content.decode()

    assert "Confirm the payment" in page
    assert escape(newest_invoice(sponsorship).hosted_url) in page


def test_a_planned_change_is_asked_shown_and_taken_back_on_the_pages(
    engine, sponsorship, small, signed_in
):
    address = change_address(sponsorship, small)
    assert "Change it on 5 February 2026" in signed_in.get(address).content.decode()

    page = signed_in.post(address, {"price": 4000}, follow=True).content.decode()
    assert "On 5 February 2026 it becomes Small" in page
    back = signed_in.post(f"/sponsorships/{sponsorship.pk}/change/take-back/", follow=True)

    assert "It stays as it is" in back.content.decode()


def test_when_stripe_does_not_answer_nobody_says_what_nobody_knows(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    form = {"price": 30000, "quote": sent(signed_in.get(address))}
    engine.faults.add(UPDATE, "timeout_after", times=3)

    page = signed_in.post(address, form, follow=True).content.decode()

    assert "nobody knows yet" in page


def test_what_is_paid_by_invoice_changes_with_the_period_only(sponsorship, gold):
    assert changing.comes_at_once(sponsorship, wish(gold))

    sponsorship.pays_by = "invoice"

    assert not changing.comes_at_once(sponsorship, wish(gold))


def test_who_takes_it_back_while_stripe_is_asked_is_not_told_that_it_stays(
    engine, sponsorship, gold, monkeypatch
):
    monkeypatch.setattr(knowing, "MOST_TURNS", 1)
    update, refused = gateway.update_subscription, []

    def meanwhile(name, *, params, key):
        if not refused:
            with pytest.raises(gateway.Busy) as busy:
                switching.take_back(Sponsorship.objects.get(), now=clock.now())
            refused.append(busy)
        return update(name, params=params, key=key)

    monkeypatch.setattr(gateway, "update_subscription", meanwhile)
    change = asked(sponsorship, gold)

    assert refused and change.status == Change.Status.DONE
    assert not switching.take_back(Sponsorship.objects.get(), now=clock.now())
    assert Tier.objects.get(name="Gold").taken == 1


def in_the_hour_of_the_draft(engine, sponsorship):
    sponsorship.refresh_from_db()
    engine.advance(int((sponsorship.paid_through + timedelta(minutes=10)).timestamp()))
    sponsorship.refresh_from_db()


def test_nothing_is_changed_in_the_hour_in_which_the_renewal_is_a_draft(
    engine, sponsorship, gold, signed_in
):
    in_the_hour_of_the_draft(engine, sponsorship)

    with pytest.raises(refusals.NotPaidYet):
        asked(sponsorship, gold)
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/change/").content.decode()

    assert "Come back when it is paid" in page
    engine.advance_by(7200)
    assert asked(Sponsorship.objects.get(), gold).status == Change.Status.DONE


def test_a_renewal_that_fails_behind_an_upgrade_of_its_first_hour_is_told_and_mended(
    engine, sponsorship, gold, monkeypatch
):
    """As one that is made in the dashboard is."""
    in_the_hour_of_the_draft(engine, sponsorship)
    monkeypatch.setattr(refusals, "insist_paid_for", lambda sponsorship, *, now: None)
    assert asked(sponsorship, gold).status == Change.Status.DONE
    new_card(engine, sponsorship, FAILS)
    engine.advance_by(7200)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE
    assert Message.objects.filter(key__startswith="payment-failed").count() == 1

    new_card(engine, sponsorship, GOOD)
    engine.advance_by(7200)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert not sponsorship.invoices.filter(status="open").exists()


def test_an_upgrade_in_the_hour_of_the_draft_does_not_count_as_the_renewal_paid(
    engine, sponsorship, gold, monkeypatch
):
    """As one that is made in the dashboard is."""
    through = sponsorship.paid_through
    in_the_hour_of_the_draft(engine, sponsorship)
    with monkeypatch.context() as patch:
        patch.setattr(refusals, "insist_paid_for", lambda sponsorship, *, now: None)
        asked(sponsorship, gold)
    engine.deliver()

    sponsorship.refresh_from_db()
    assert (sponsorship.tier, sponsorship.paid_through) == (gold, through)
    with pytest.raises(refusals.NotPaidYet):
        refusals.insist_paid_for(sponsorship, now=clock.now())

    engine.advance_by(7200)

    renewal = sponsorship.invoices.get(net=10000, period_starts_at=through)
    sponsorship.refresh_from_db()
    assert sponsorship.paid_through == renewal.period_ends_at


def test_a_quote_that_is_none_for_one_that_is_not_paid_yet_is_refused(engine, signed_in, user):
    sponsorship = scenarios.chosen(factories.company(user)).sponsorship
    gold = factories.tier(sponsorship.project, name="Gold", monthly=30000)

    address = f"/sponsorships/{sponsorship.pk}/change/{gold.pk}/month/"
    answer = signed_in.post(address, {"price": "30000", "quote": "garbage"})

    assert answer.status_code == 302
