"""Grace, its end, and coming back."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Funding, Tier
from sponsors.billing import gateway, lapsing, states, tasks
from sponsors.billing.models import Invoice
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import Move, Sponsorship, Status
from tests import factories, scenarios, world

EMPTY, GOOD = "4000000000009995", "4242424242424242"


def customer(sponsorship):
    return sponsorship.subscription.customer.stripe_id


def behind(engine, **how):
    """Past due, and its grace was over a moment ago; no job has run yet."""
    sponsorship = scenarios.settled(engine, **how)
    engine.turn_card(customer(sponsorship), EMPTY)
    world.days(engine, 33)
    sponsorship.refresh_from_db()
    engine.advance(int((sponsorship.stands_until + timedelta(minutes=5)).timestamp()))
    assert again(sponsorship).status == Status.PAST_DUE
    return sponsorship


def again(sponsorship):
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def at_stripe(sponsorship):
    return gateway.subscription(sponsorship.subscription.stripe_id)


def mails(word):
    return list(Message.objects.filter(key__startswith=word))


def wall(project):
    return Client().get(project.get_absolute_url()).content.decode()


def test_when_grace_is_over_it_lapses_is_ended_at_stripe_and_its_invoice_taken_back(engine):
    sponsorship = behind(engine, tier=factories.tier(seats=1))

    tasks.lapse()

    after = again(sponsorship)
    assert after.status == Status.LAPSED
    assert at_stripe(after)["status"] == "canceled"
    assert [one.status for one in after.invoices.all()] == ["void", "paid"]
    assert Tier.objects.get().taken == 0
    assert Funding.objects.get().committed == 0
    assert Move.objects.filter(sponsorship=after).last().cause == "It was not paid in time"
    call_command("check_books")


def test_until_grace_is_over_the_job_ends_nothing(engine):
    sponsorship = scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), EMPTY)
    world.days(engine, 44.9)

    tasks.lapse()

    assert again(sponsorship).status == Status.PAST_DUE


def test_after_its_lapse_nothing_is_charged_any_more_though_the_card_is_good_again(engine):
    sponsorship = behind(engine)
    tasks.lapse()
    charged = engine.truth()["currencies"]

    engine.replace_card(customer(sponsorship), GOOD)
    world.days(engine, 60)

    assert engine.truth()["currencies"] == charged
    assert again(sponsorship).status == Status.LAPSED


def test_both_sides_are_told_once_and_the_maintainers_not_why(engine):
    sponsorship = behind(engine, company=factories.company(display_name="Kestrel"))

    for _ in range(3):
        tasks.lapse()
        engine.deliver()

    company, maintainers = mails("lapsed")[0], mails("has-left")[0]
    assert len(mails("lapsed")) == len(mails("has-left")) == 1
    assert f"/sponsorships/{sponsorship.pk}/again/" in company.body
    assert maintainers.subject == f"Kestrel has left {sponsorship.project}"
    for word in ("paid in time", "card", "failed", "declined"):
        assert word not in maintainers.body


def test_who_is_not_named_leaves_unnamed(engine):
    behind(engine, company=factories.company(display_name="Kestrel"), visibility="anonymous")

    tasks.lapse()

    mail = mails("has-left")[0]
    assert "Kestrel" not in mail.subject + mail.body
    assert "less is paid for" not in mail.body


def test_after_stripes_last_try_the_open_invoice_is_taken_back_as_well(engine):
    sponsorship = scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), EMPTY)

    world.days(engine, 50)

    assert again(sponsorship).status == Status.LAPSED
    assert [one.status for one in sponsorship.invoices.all()] == ["void", "paid"]
    assert len(mails("lapsed")) == 1
    call_command("check_books")


def test_what_stripe_leaves_unpaid_after_its_last_try_is_ended_and_makes_no_more_invoices(engine):
    engine.account.settings.after_last_retry = "unpaid"
    sponsorship = scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), EMPTY)
    world.days(engine, 50)
    assert again(sponsorship).status == Status.LAPSED

    tasks.lapse()

    assert at_stripe(sponsorship)["status"] == "canceled"
    assert at_stripe(sponsorship)["latest_invoice"]["status"] == "void"
    world.days(engine, 60)
    assert sponsorship.invoices.count() == 2


def test_what_was_paid_a_moment_before_goes_on(engine):
    """Of which we have not heard yet: Stripe is looked at before anything is ended."""
    sponsorship = behind(engine)
    engine.knobs.add("drop", times=1000)
    engine.pay_invoice(Invoice.objects.get(status="open").stripe_id, GOOD)
    engine.deliver()

    tasks.lapse()

    assert again(sponsorship).status == Status.ACTIVE
    assert at_stripe(sponsorship)["status"] == "active"


def test_a_debit_that_is_on_its_way_is_waited_for(engine):
    project = factories.project(currency="EUR")
    sponsorship = behind(engine, tier=factories.tier(project))
    subscription = at_stripe(sponsorship)
    intent = subscription["latest_invoice"]["payments"]["data"][0]["payment"]["payment_intent"]
    engine.account.store.by_id[intent]["status"] = "processing"

    lapsing.lapse_due(now=clock.now())

    assert at_stripe(sponsorship)["status"] == "past_due"


@pytest.mark.parametrize("operation", [
    "DELETE /v1/subscriptions/{subscription_exposed_id}", "POST /v1/invoices/{invoice}/void",
])  # fmt: skip
@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "error_after"])
def test_a_lapse_that_is_cut_off_is_finished_later(engine, operation, kind):
    sponsorship = behind(engine)
    engine.faults.add(operation, kind, times=3)

    tasks.lapse()
    for _ in range(3):
        engine.advance_by(60)
        tasks.lapse()
        tasks.sweep_events()
    world.days(engine, 1)

    assert again(sponsorship).status == Status.LAPSED
    assert [one.status for one in sponsorship.invoices.all()] == ["void", "paid"]
    call_command("check_books")


def test_who_wanted_to_end_is_not_said_to_have_lapsed(engine):
    sponsorship = scenarios.settled(engine)
    gateway.v1().subscriptions.cancel(
        sponsorship.subscription.stripe_id, {"cancellation_details": {"comment": "Too dear"}}
    )
    engine.deliver()

    assert again(sponsorship).status == Status.CANCELLED
    assert mails("lapsed") == []


def test_an_invoice_that_was_sent_is_still_owed_after_the_lapse():
    """A function of what Stripe says: also of one of which nothing was ever paid."""
    said = {"status": "canceled", "cancellation_details": {"comment": states.NOT_PAID}}

    assert states.status(said, None, ever_paid=False, now=clock.now()) == Status.LAPSED


# Coming back


def lapsed(engine, **how):
    sponsorship = behind(engine, **how)
    tasks.lapse()
    return again(sponsorship)


def visitor(sponsorship):
    client = Client()
    client.force_login(sponsorship.bought_by)
    return client


def test_coming_back_is_one_click_to_the_same_tier_with_what_was_chosen(engine):
    tier = factories.tier(monthly=1000, yearly=10000)
    sponsorship = lapsed(engine, tier=tier, visibility="named")
    client = visitor(sponsorship)
    address = f"/sponsorships/{sponsorship.pk}/again/"
    assert address in client.get(sponsorship.get_absolute_url()).content.decode()

    page = client.get(address, follow=True)

    form = page.context["choice"].form
    assert page.redirect_chain[0][0].startswith(f"/sponsor/{tier.pk}/?")
    assert form["sponsor"].value() == str(sponsorship.company_id)
    assert (form["interval"].value(), form["visibility"].value()) == ("month", "named")


def test_who_comes_back_gets_a_new_sponsorship_and_stands_since_the_first(engine):
    before = lapsed(engine)
    engine.replace_card(customer(before), GOOD)

    after = scenarios.settled(engine, before.company, before.tier)

    assert after.pk != before.pk
    assert (after.previous_id, after.since) == (before.pk, before.since)
    assert after.status == Status.ACTIVE
    assert again(before).status == Status.LAPSED
    address = f"/sponsorships/{before.pk}/again/"
    assert visitor(before).get(address).url == after.get_absolute_url()
    call_command("check_books")


def test_of_a_tier_that_is_closed_the_way_back_leads_to_those_that_are_open(engine):
    sponsorship = lapsed(engine)
    Tier.objects.update(closed_at=clock.now())

    answer = visitor(sponsorship).get(f"/sponsorships/{sponsorship.pk}/again/")

    assert answer.url == f"{sponsorship.project.get_absolute_url()}#tiers"


def test_to_an_archived_project_there_is_no_way_back(engine):
    sponsorship = lapsed(engine)
    sponsorship.project.status = "archived"
    sponsorship.project.save()

    shown = visitor(sponsorship).get(sponsorship.get_absolute_url()).content.decode()

    assert "/again/" not in shown


@pytest.mark.parametrize("nonsense", ["sponsor=999999&interval=week", "visibility=gone", "x=1"])
def test_a_link_that_asks_for_nonsense_shows_the_page_as_it_is(engine, nonsense):
    tier = factories.tier()
    client = Client()
    client.force_login(factories.user())

    page = client.get(f"/sponsor/{tier.pk}/?{nonsense}")

    assert page.status_code == 200
    assert page.context["choice"].form["interval"].value() == "month"


def test_the_name_leaves_the_wall_when_grace_is_over_and_the_diary_tells_the_story(engine):
    sponsorship = behind(engine, company=factories.company(display_name="Kestrel"))
    assert "Kestrel" not in wall(sponsorship.project)

    tasks.lapse()

    told = list(sponsorship.moves.values_list("after", flat=True))
    assert told == ["pending", "active", "past_due", "lapsed"]
    assert lifecycle.stands_until(sponsorship) < clock.now()


def test_in_the_time_before_the_job_the_page_promises_nothing_that_has_passed(engine):
    sponsorship = behind(engine)

    page = visitor(sponsorship).get(sponsorship.get_absolute_url()).content.decode()

    assert "Until then it can be paid" not in page
    assert "It ends within the hour, unless it is paid before." in page
    assert "Unless it is paid within the hour" in page


def test_an_invoice_that_is_paid_after_the_lapse_is_thanked_for(engine):
    sponsorship = lapsed(engine)
    invoice = sponsorship.invoices.order_by("-id")[0]
    invoice.status, invoice.paid_at = "paid", clock.now() + timedelta(days=1)
    invoice.save()

    page = visitor(sponsorship).get(sponsorship.get_absolute_url()).content.decode()

    assert "was paid late, on" in page
    assert f"/sponsorships/{sponsorship.pk}/again/" in page


def test_who_paid_by_invoice_comes_back_to_an_invoice_and_sees_the_old_number(engine):
    sponsorship = scenarios.ordered(engine, net_days=14, po_number="<PO-7>")
    client = visitor(sponsorship)
    client.post(f"/sponsorships/{sponsorship.pk}/cancel/")
    assert again(sponsorship).has_ended
    address = f"/sponsorships/{sponsorship.pk}/again/"
    assert address in client.get(sponsorship.get_absolute_url()).content.decode()

    page = client.get(address, follow=True)

    form = page.context["choice"].form
    assert (form["pays_by"].value(), str(form["net_days"].value())) == ("invoice", "14")
    assert not form["po_number"].value()
    assert "The last one was &lt;PO-7&gt;." in page.content.decode()
