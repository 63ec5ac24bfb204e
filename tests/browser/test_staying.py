"""What comes after the first payment: renewing, ending, taking it back, and Stripe's portal."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from sponsors.sponsorships.models import GRACE, Sponsorship, Status
from tests import factories, scenarios
from tests.browser import pages

pytestmark = pytest.mark.browser


@pytest.fixture
def sponsorship(site):
    tier = factories.tier(factories.project("Harbour"), name="Mast", monthly=30000)
    company = factories.company(display_name="Kestrel")
    return scenarios.settled(site.engine, company, tier)


@pytest.fixture
def page(site, visitor, sponsorship):
    page = visitor(sponsorship.bought_by)
    page.goto(site.at(sponsorship.get_absolute_url()))
    return page


def end_it(page):
    page.get_by_role("link", name="End it").click()
    pages.sees_title(page, "End this sponsorship")
    page.get_by_role("button", name="Let it end on").click()
    expect(page.get_by_role("status")).to_have_text(
        "It will not be renewed. What is paid for stays."
    )


def press_at_stripe(page, site, *buttons):
    """On the sandbox's own page, where its clock is moved."""
    page.goto(site.stripe)
    for name in buttons:
        before = page.get_by_text("It is ").first.inner_text()
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_text("It is ").first).not_to_have_text(before)


def test_ending_is_confirmed_first_and_can_be_taken_back(page, sponsorship):
    end_it(page)

    expect(page.get_by_text("It ends on 5 February 2026")).to_be_visible()
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLING

    page.get_by_role("button", name="Renew it after all").click()

    expect(page.get_by_role("status")).to_have_text("It goes on, and renews by itself.")
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE


def test_thinking_better_of_ending_changes_nothing(page, sponsorship):
    page.get_by_role("link", name="End it").click()
    page.get_by_role("link", name="Keep it").click()

    pages.sees_title(page, "Harbour")
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE


def test_stripes_portal_opens_and_leads_back(site, page, sponsorship):
    page.get_by_role("button", name="Card, address and tax number").click()

    pages.sees_title(page, "Your billing")
    assert page.url.startswith(site.stripe)
    page.get_by_role("link", name="Back").click()

    expect(page).to_have_url(site.at(sponsorship.get_absolute_url()))


def test_ending_in_stripes_portal_is_told_on_the_site(site, page, sponsorship):
    page.get_by_role("button", name="Card, address and tax number").click()
    page.get_by_role("button", name="Cancel subscription").click()
    expect(page.get_by_text("Ends on")).to_be_visible()
    page.get_by_role("link", name="Back").click()

    address = site.at(sponsorship.get_absolute_url())
    pages.comes_to_say(page, address, "It ends on 5 February 2026")
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLING


def test_three_months_are_three_more_invoices_and_the_end_leaves_the_wall(site, page, sponsorship):
    press_at_stripe(page, site, *["Advance a month"] * 3, "Advance a day")
    page.goto(site.at(sponsorship.get_absolute_url()))

    expect(page.get_by_role("table", name="Invoices").locator("tbody tr")).to_have_count(4)
    expect(page.get_by_text("Paid through 5 May 2026")).to_be_visible()
    assert Sponsorship.objects.count() == 1

    end_it(page)
    press_at_stripe(page, site, "Advance a month")

    assert who_stands(page, site, sponsorship) == ["Kestrel"]  # ended, and within its grace

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    grace_is_over = sponsorship.paid_through + GRACE
    site.engine.advance(int((grace_is_over - timedelta(seconds=1)).timestamp()))
    assert who_stands(page, site, sponsorship) == ["Kestrel"]
    site.engine.advance(int((grace_is_over + timedelta(seconds=1)).timestamp()))
    assert who_stands(page, site, sponsorship) == []


def who_stands(page, site, sponsorship):
    page.goto(site.at(sponsorship.project.get_absolute_url()))
    return pages.wall(page)
