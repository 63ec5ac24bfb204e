"""An organiser's way, from a project to a round that everybody sees, without a script."""

import re

import pytest
from playwright.sync_api import expect

from funding.programmes.models import FundingCall, Programme, Round
from tests import factories
from tests.browser import pages
from tests.browser.states.accounts import somebody

pytestmark = pytest.mark.browser


def test_a_maintainer_founds_a_programme_and_opens_its_first_round(site, visitor):
    user = somebody()
    factories.project("Harbour REST", maintainer=user)
    page = visitor(user, java_script_enabled=False)
    page.goto(site.at("/organise/"))

    begins_a_programme_and_its_round(page)
    says_what_it_is_and_when(page)
    prices_its_call(page)
    page.get_by_role("link", name="Overview", exact=True).click()
    page.get_by_role("link", name="Open it").click()
    page.get_by_role("button", name=re.compile("Open Spring")).click()

    pages.sees_title(page, "Two newcomers, one mentor")
    expect(page.get_by_role("heading", name="Where €6,000 will go")).to_be_visible()
    assert Programme.objects.get().published_at is not None
    assert Round.objects.get().status == "open"
    assert FundingCall.objects.get().state == "open"


def begins_a_programme_and_its_round(page):
    page.get_by_role("link", name="Begin a programme").click()
    page.get_by_label("Name").fill("Harbour mentorship")
    page.get_by_label("What it is, in one sentence").fill(
        "Two newcomers learn how a release is made."
    )
    page.get_by_label("Questions go to").fill("questions@harbour.example")
    page.get_by_role("button", name="Begin the programme").click()
    page.get_by_role("link", name="Begin the first round").click()
    page.get_by_label("Name").fill("Spring 2090")
    page.get_by_label("Title").fill("Two newcomers, one mentor")
    page.get_by_label("Zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Begin the round").click()
    pages.sees_title(page, "Make Spring 2090 ready")


def says_what_it_is_and_when(page):
    page.get_by_role("link", name="Texts").click()
    page.get_by_label("Under the title").fill("They learn. It starts when two stand behind it.")
    page.get_by_label("Whom it looks for").fill("People with *some* Python.")
    page.get_by_label("What participants sign").fill("We agree.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Dates").click()
    page.get_by_label("Funding ends").fill("2090-02-01T17:00")
    page.get_by_label("Applications begins").fill("2090-02-01T17:00")
    page.get_by_label("Applications ends").fill("2090-03-01T17:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 February 2090, 16:00 UTC (17:00 in Berlin)").first).to_be_visible()


def prices_its_call(page):
    page.get_by_role("link", name="Call", exact=True).click()
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("Stipend of a place").fill("2400.50")
    page.locator("#id_line-0-name").fill("Mentor’s time")
    page.locator("#id_line-0-amount").fill("599.50")
    page.get_by_label("Places wanted").fill("2")
    page.get_by_label("Places at least").fill("1")
    page.get_by_label("How many equal seats").fill("2")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("sum to it exactly")).to_be_visible()
