"""What is typed and not saved. Whoever is asked, and has no answer, stays where they are."""

import pytest
from playwright.sync_api import expect

from funding.projects.models import Project
from tests import factories
from tests.browser import pages

pytestmark = pytest.mark.browser


@pytest.fixture
def keep_page():
    """Questions are asked by the page's browser: each has one of its own."""
    return False


@pytest.fixture
def texts(site, visitor):
    """A maintainer's page with the form of the texts."""
    ada = factories.user()
    factories.project("Harbour", slug="harbour", maintainer=ada)
    page = visitor(ada)
    page.goto(site.at("/maintain/harbour/texts/"))
    return page


def wants_to_leave(page):
    page.get_by_role("link", name="Goals", exact=True).click(no_wait_after=True)


def asked_on_leaving(page):
    """What the browser asks, of somebody who stays then."""
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        wants_to_leave(page)
    return asked.value.type


def test_whoever_typed_something_is_asked_before_they_leave(texts):
    texts.get_by_label("Description").click()
    texts.keyboard.type("Words.")

    assert asked_on_leaving(texts) == "beforeunload"
    expect(texts.get_by_label("Description")).to_have_value("Words.")


def test_what_is_only_previewed_is_not_saved_either(texts):
    texts.get_by_label("Description").click()
    texts.keyboard.type("Words.")
    texts.get_by_role("button", name="Preview").click()
    expect(texts.get_by_text("Not saved")).to_be_visible()
    texts.get_by_role("textbox", name="Description").click()

    assert asked_on_leaving(texts) == "beforeunload"


def test_whoever_changed_nothing_leaves(texts):
    texts.get_by_label("Description").click()
    texts.keyboard.type("W")
    texts.keyboard.press("Backspace")

    wants_to_leave(texts)
    pages.sees_title(texts, "Goals")
    assert texts.url.endswith("/maintain/harbour/goals/")


def test_whoever_saved_leaves(texts):
    texts.get_by_label("Description").click()
    texts.keyboard.type("Words.")
    texts.get_by_role("button", name="Save").click()
    expect(texts.get_by_role("status")).to_contain_text("Saved.")

    wants_to_leave(texts)
    pages.sees_title(texts, "Goals")
    assert "Words." in Project.objects.get().description
