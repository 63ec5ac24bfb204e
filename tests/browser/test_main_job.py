"""The main job: a company's payment fills a project's week, as a new user does it."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from funding.ledger import balances, posting
from funding.ledger.models import Account
from sponsors.sponsorships.models import Sponsorship
from tests import factories
from tests.browser import pages

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_newcomers_payment_fills_the_week_and_the_books(site, visitor, javascript):
    project = factories.project("Harbour", day_rate=30000)
    tier = factories.tier(project, name="Mast", yearly=480000)
    page = visitor(java_script_enabled=javascript)

    page.goto(site.at("/"))
    pages.sign_up(page, name="Ada Example", email="ada@example.org")
    page.get_by_role("link", name="Projects", exact=True).click()
    page.get_by_role("link", name="Harbour").click()
    pages.sees_title(page, "Harbour")
    drawn, told = pages.week_drawn(page), pages.days_told(page)
    pages.choose(page, tier)
    page.get_by_label("a year, paid at once").check()
    pages.describe_company(page, name="Kestrel")
    pages.go_on_to_payment(page)
    expect(page.locator(".amount")).to_have_text("4,800.00 GBP")
    pages.pay_by_card(page)

    pages.sees_title(page, "Thank you. It is paid.")
    expect(page.get_by_text("Kestrel now pays for")).to_be_visible()
    page.get_by_role("link", name="See the week of Harbour").click()
    pages.sees_title(page, "Harbour")
    assert pages.wall(page) == ["Kestrel"]
    assert (told, pages.days_told(page)) == ("0", "0.3")
    assert pages.week_drawn(page) > drawn + 20
    assert Sponsorship.objects.get().status == "active"
    assert_the_books_are_right(site)


def assert_the_books_are_right(site):
    site.engine.advance_by(600)  # Stripe tells its fee a little later
    call_command("check_books")
    at_stripe = balances.of(posting.Place(Account.Kind.STRIPE), "GBP")
    assert at_stripe.amount == site.engine.truth()["currencies"]["gbp"]
    assert 0 < at_stripe.amount < 480000
