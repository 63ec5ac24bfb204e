"""Everything that the main job needs can be done with a keyboard, and one sees where one is."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from funding.projects.models import Project
from sponsors.sponsorships.models import Sponsorship
from tests import factories
from tests.browser import pages

pytestmark = pytest.mark.browser

MOST_TABS = 60
LOOK_OF_FOCUS = """wanted => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    return {
        named: one.outerHTML.slice(0, 80),
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        isWanted: one === wanted,
        shown: box.width > 1 && box.bottom > 0 && box.top < innerHeight,
    };
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it is there; at every stop the focus can be seen."""
    page.wait_for_load_state()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        look = wanted.evaluate(LOOK_OF_FOCUS)
        if look["named"].startswith("<body"):
            continue  # past the end: the browser's own bar comes before the page again
        assert look["outlined"], f"No outline around {look['named']}"
        assert look["shown"], f"Out of sight: {look['named']}"
        if look["isWanted"]:
            return
    pytest.fail(f"Tab never comes to {wanted}.")


def test_the_skip_link_comes_first_and_leads_past_the_header(site, visitor):
    page = visitor()
    page.goto(site.at(factories.project().get_absolute_url()))

    tab_to(page, page.get_by_role("link", name="Skip to the content"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#"))
    page.keyboard.press("Tab")

    expect(page.locator("main :focus")).to_have_count(1)
    assert not page.locator("header :focus").count()


def test_a_keyboard_leads_from_the_project_to_stripe(site, visitor):
    tier = factories.tier(factories.project("Harbour"), name="Mast")
    page = visitor(factories.user(name="Ada"))
    page.goto(site.at(tier.project.get_absolute_url()))

    tab_to(page, page.get_by_role("link", name="Choose Mast"))
    page.keyboard.press("Enter")
    pages.sees_title(page, "Sponsor Harbour")
    tab_to(page, page.get_by_label("£100 a month"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("a year, paid at once")).to_be_checked()
    tab_to(page, page.get_by_label("A company that is not here yet"))
    tab_to(page, page.get_by_label("Name to show"))
    page.keyboard.type("Kestrel")
    tab_to(page, page.get_by_label("Legal name"))
    page.keyboard.type("Kestrel Ltd")
    tab_to(page, page.get_by_label("Country"))
    page.keyboard.type("United K")
    tab_to(page, page.get_by_label("Billing e-mail"))
    page.keyboard.type("bills@example.com")
    tab_to(page, page.get_by_label("Name and amount"))
    page.keyboard.press("ArrowUp")  # round to the last
    tab_to(page, page.get_by_role("button", name="Go on to payment"))
    page.keyboard.press("Enter")

    expect(pages.submit_button(page)).to_be_visible()
    made = Sponsorship.objects.get()
    assert (made.company.display_name, made.company.country) == ("Kestrel", "GB")
    assert (made.interval, made.visibility) == ("year", "anonymous")


def test_after_an_error_the_reader_is_at_what_has_to_be_put_right(site, visitor):
    page = visitor(factories.user())
    page.goto(site.at("/maintain/new/"))
    page.get_by_role("button", name="Begin the project").click()

    expect(page.get_by_role("alert")).to_be_focused()
    assert not Project.objects.exists()
