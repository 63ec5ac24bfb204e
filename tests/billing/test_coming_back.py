"""Coming back after a lapse, and what is shown and told meanwhile."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import tasks
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import Status
from tests import factories, scenarios
from tests.billing.lapses import GOOD, again, behind, customer


def wall(project):
    return Client().get(project.get_absolute_url()).content.decode()


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
