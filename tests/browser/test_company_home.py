"""A company's first weeks, in a browser: find a project, sponsor it, choose what is seen, look after
the card, end it and take that back."""

import pytest
from playwright.sync_api import expect

from sponsors.companies.models import Company
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios
from tests.browser import pages

pytestmark = pytest.mark.browser


@pytest.fixture
def project():
    return factories.project("Harbour", day_rate=30000)


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_newcomer_finds_a_project_sponsors_it_and_hides_the_amount(
    site, visitor, project, javascript
):
    tier = factories.tier(project, name="Mast", monthly=65000)
    page = visitor(factories.user(), java_script_enabled=javascript)

    page.goto(site.at("/home/"))
    pages.sees_title(page, "Your first minutes")
    page.get_by_role("link", name="Choose a project").click()
    page.get_by_role("link", name="Harbour").click()
    pages.choose(page, tier)
    pages.describe_company(page, name="Kestrel")
    pages.go_on_to_payment(page)
    pages.pay_by_card(page)
    pages.sees_title(page, "Thank you. It is paid.")
    sees_it_at_home_and_in_public(page)
    hides_the_amount(page)

    page.goto(site.at("/sponsors/kestrel/"))
    expect(page.get_by_text("Harbour")).to_be_visible()
    expect(page.get_by_text("£650")).to_have_count(0)
    everybody = visitor()
    everybody.goto(site.at(project.get_absolute_url()))
    assert pages.wall(everybody) == ["Kestrel"]
    expect(everybody.locator("#sponsors .wall.top")).to_have_count(0)


def sees_it_at_home_and_in_public(page):
    page.get_by_role("link", name="Home", exact=True).click()
    pages.sees_title(page, "Kestrel")
    expect(page.get_by_text("0.5 days of open-source work a week")).to_be_visible()
    page.get_by_role("link", name="Public page").click()
    expect(page.get_by_text("£650 a month")).to_be_visible()
    page.go_back()


def hides_the_amount(page):
    own = page.get_by_role("region", name="Sponsorships")
    own.get_by_role("link", name="Harbour").first.click()
    page.get_by_label("Name without the amount").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved. The pages show it so from now on.")


@pytest.fixture
def page(site, visitor, project):
    tier = factories.tier(project, name="Mast", monthly=65000)
    company = factories.company(display_name="Kestrel")
    sponsorship = scenarios.settled(site.engine, company, tier)
    page = visitor(sponsorship.bought_by)
    page.goto(site.at("/home/"))
    return page


def test_stripes_portal_opens_from_home_and_leads_back(site, page):
    page.get_by_role("button", name="Address, tax number and invoices").click()
    pages.sees_title(page, "Your billing")
    assert page.url.startswith(site.stripe)
    page.get_by_role("link", name="Back").click()

    expect(page).to_have_url(site.at("/companies/kestrel/home/"))


def test_what_is_ended_is_taken_back_from_home(page):
    page.get_by_role("link", name="End it").click()
    page.get_by_role("button", name="Let it end on").click()
    expect(page.get_by_role("status")).to_contain_text("It will not be renewed.")
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_text("Harbour, Mast ends on 5 February 2026")).to_be_visible()
    page.get_by_role("button", name="Renew it after all").click()

    expect(page.get_by_role("status")).to_have_text("It goes on, and renews by itself.")
    assert Sponsorship.objects.get().status == Status.ACTIVE


def test_a_logo_is_put_up_and_taken_down(site, page, tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_bytes(factories.image().read())
    page.get_by_role("link", name="Edit what stands here").click()
    page.get_by_label("New logo").set_input_files(logo)
    page.get_by_label("About").fill("We bank with care.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("img.logo")).to_be_visible()
    page.get_by_role("link", name="Public page").click()
    expect(page).to_have_url(site.at("/sponsors/kestrel/"))
    expect(page.get_by_text("We bank with care.")).to_be_visible()

    page.go_back()
    page.get_by_role("link", name="Edit what stands here").click()
    page.get_by_label("Show no logo any more").check()
    page.get_by_role("button", name="Save").click()
    pages.sees_title(page, "Kestrel")
    page.wait_for_load_state()
    expect(page.locator("img.logo")).to_have_count(0)
    assert not Company.objects.get().logo
