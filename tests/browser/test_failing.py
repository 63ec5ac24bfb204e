"""A card that fails at the renewal: one company mends it from the page, another lets it lapse."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from funding.office import outbox
from funding.office.models import Message
from sponsors.billing import tasks
from sponsors.billing.models import Subscription
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world
from tests.browser import pages

pytestmark = pytest.mark.browser
FAILS_LATER = "4000000000000341"


def company_whose_card_fails(site, name, tier):
    """Paid once; the next renewal is refused, and that was two days ago."""
    sponsorship = scenarios.settled(site.engine, factories.company(display_name=name), tier)
    customer = Subscription.objects.get(sponsorship=sponsorship).customer
    site.engine.replace_card(customer.stripe_id, FAILS_LATER)
    return sponsorship


def diary(page):
    page.wait_for_load_state()
    told = page.locator("ol.diary li strong").all_inner_texts()
    return [text.strip() for text in told]


def mails_of(sponsorship, word):
    return Message.objects.filter(
        key__startswith=word, subject__contains=sponsorship.project.name,
        recipients__icontains=sponsorship.company.billing_email,
    )  # fmt: skip


def test_one_mends_it_from_the_page_and_another_lapses_and_leaves_the_wall(site, visitor):
    project = factories.project("Harbour")
    mends = company_whose_card_fails(site, "Kestrel", factories.tier(project, name="Mast"))
    lapses = company_whose_card_fails(site, "Larkspur", factories.tier(project, name="Keel"))
    world.days(site.engine, 33)

    outbox.send_waiting()
    for one in (mends, lapses):
        assert mails_of(one, "payment-failed").count() == 1
    told = [sent for sent in mail.outbox if "failed" in sent.subject]
    links = [re.search(r"http\S+/mend/", sent.body)[0] for sent in told]
    assert sorted(links) == sorted(
        site.at(f"/sponsorships/{one.pk}/mend/") for one in (mends, lapses)
    )

    page = visitor(mends.bought_by)
    page.goto(site.at(mends.get_absolute_url()))
    expect(page.get_by_text("Payment failed").first).to_be_visible()
    expect(page.get_by_text("could not be taken")).to_be_visible()
    page.get_by_role("link", name="Give another card").click()
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    pages.submit_button(page).click()
    pages.comes_to_say(page, "It renews by itself then.")
    assert Sponsorship.objects.get(pk=mends.pk).status == Status.ACTIVE
    assert mails_of(mends, "all-is-well").count() == 1

    public = visitor()
    public.goto(site.at(project.get_absolute_url()))
    assert {"Kestrel", "Larkspur"} <= names_on(public)
    for _ in range(13):
        world.days(site.engine, 1)
        tasks.lapse()
    public.reload()
    assert "Kestrel" in names_on(public) and "Larkspur" not in names_on(public)
    assert mails_of(lapses, "payment-failed").count() == 1

    page.goto(site.at(mends.get_absolute_url()))
    assert diary(page) == ["Waiting for payment", "Active", "Payment failed", "Active"]
    other = visitor(lapses.bought_by)
    other.goto(site.at(lapses.get_absolute_url()))
    assert diary(other) == ["Waiting for payment", "Active", "Payment failed", "Lapsed"]

    other.get_by_role("link", name="Sponsor it again").click()
    pages.sees_title(other, "Sponsor Harbour")
    expect(other.get_by_label("Larkspur")).to_be_checked()
    pages.go_on_to_payment(other)
    pages.pay_by_card(other)
    pages.sees_title(other, "Thank you. It is paid.")
    again = Sponsorship.objects.get(previous=lapses)
    assert again.since == Sponsorship.objects.get(pk=lapses.pk).since
    public.reload()
    assert "Larkspur" in names_on(public)


def names_on(page):
    return {
        word for word in ("Kestrel", "Larkspur") if any(word in one for one in pages.wall(page))
    }


def test_a_bank_that_wants_to_see_somebody_is_answered_from_the_page(site, visitor):
    sponsorship = scenarios.settled(site.engine, factories.company(display_name="Kestrel"))
    customer = Subscription.objects.get(sponsorship=sponsorship).customer
    site.engine.turn_card(customer.stripe_id, "4000002760003184")
    world.days(site.engine, 33)

    page = visitor(sponsorship.bought_by)
    page.goto(site.at(f"/companies/{sponsorship.company.slug}/home/"))
    expect(page.get_by_text("The bank wants somebody to confirm")).to_be_visible()
    page.get_by_role("link", name=re.compile("Pay £100.00 now")).click()
    pages.submit_button(page).click()
    page.get_by_role("button", name="Complete authentication").click()

    page.goto(site.at(sponsorship.get_absolute_url()))
    pages.comes_to_say(page, "It renews by itself then.")
