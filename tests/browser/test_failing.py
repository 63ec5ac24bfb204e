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


@pytest.fixture
def two(site):
    """Of one project, and both are told that their payment failed."""
    project = factories.project("Harbour")
    mends = company_whose_card_fails(site, "Kestrel", factories.tier(project, name="Mast"))
    lapses = company_whose_card_fails(site, "Larkspur", factories.tier(project, name="Keel"))
    world.days(site.engine, 33)
    outbox.send_waiting()
    return mends, lapses


def test_each_is_told_of_it_once_with_the_way_to_mend_it(site, two):
    assert [mails_of(one, "payment-failed").count() for one in two] == [1, 1]
    told = [sent for sent in mail.outbox if "failed" in sent.subject]
    links = {re.search(r"http\S+/mend/", sent.body)[0] for sent in told}
    assert links == {site.at(f"/sponsorships/{one.pk}/mend/") for one in two}


def test_one_mends_it_from_the_page_and_another_lapses_and_leaves_the_wall(site, visitor, two):
    mends, lapses = two
    page, other, public = visitor(mends.bought_by), visitor(lapses.bought_by), visitor()
    mend(site, page, mends)
    assert Sponsorship.objects.get(pk=mends.pk).status == Status.ACTIVE
    assert mails_of(mends, "all-is-well").count() == 1

    public.goto(site.at(mends.project.get_absolute_url()))
    assert names_on(public) == {"Kestrel", "Larkspur"}
    days_go_by(site, 13)
    public.reload()
    assert names_on(public) == {"Kestrel"}
    assert mails_of(lapses, "payment-failed").count() == 1

    page.goto(site.at(mends.get_absolute_url()))
    assert diary(page) == ["Waiting for payment", "Active", "Payment failed", "Active"]
    other.goto(site.at(lapses.get_absolute_url()))
    assert diary(other) == ["Waiting for payment", "Active", "Payment failed", "Lapsed"]

    come_back(other)
    again = Sponsorship.objects.get(previous=lapses)
    assert again.since == Sponsorship.objects.get(pk=lapses.pk).since
    public.reload()
    assert names_on(public) == {"Kestrel", "Larkspur"}


def mend(site, page, sponsorship):
    """With another card, from the sponsorship's page."""
    address = site.at(sponsorship.get_absolute_url())
    page.goto(address)
    expect(page.get_by_text("Payment failed").first).to_be_visible()
    expect(page.get_by_text("could not be taken")).to_be_visible()
    page.get_by_role("link", name="Give another card").click()
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    pages.submit_button(page).click()
    pages.comes_to_say(page, address, "It renews by itself then.")


def days_go_by(site, count):
    for _ in range(count):
        world.days(site.engine, 1)
        tasks.lapse()


def come_back(page):
    """After it lapsed, from the sponsorship's page."""
    page.get_by_role("link", name="Sponsor it again").click()
    pages.sees_title(page, "Sponsor Harbour")
    expect(page.get_by_label("Larkspur")).to_be_checked()
    pages.go_on_to_payment(page)
    pages.pay_by_card(page)
    pages.sees_title(page, "Thank you. It is paid.")


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
    expect(page.get_by_text("Paid · made on")).to_be_visible()

    address = site.at(sponsorship.get_absolute_url())
    page.goto(address)
    pages.comes_to_say(page, address, "It renews by itself then.")
    assert Sponsorship.objects.get().status == Status.ACTIVE
