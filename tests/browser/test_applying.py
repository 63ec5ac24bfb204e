"""Writing an application in a browser: it is kept as one types, with scripts and without, and all of it
can be done with the keyboard."""

import pytest
from playwright.sync_api import expect

from funding.programmes.models import Application
from tests.browser.looking import at
from tests.programmes import applicants

pytestmark = pytest.mark.browser


@pytest.fixture
def made(site):
    round_ = applicants.open_round()
    applicants.question(round_, kind="several", choices=["Python", "Rust"])
    return applicants.draft(round_)


def form(site, come, made):
    return at(site, come, f"/applications/{made.pk}/form/", made.user)


def typed(made):
    return Application.objects.get(pk=made.pk).typed


def test_what_is_typed_is_kept_and_the_page_says_when(site, visitor, made):
    page = form(site, visitor, made)

    page.get_by_label("About you").press_sequentially("Half a wo")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.get_by_label("Rust").check()
    expect(page.locator("#saved")).to_have_text("Not saved yet")
    expect(page.locator("#saved")).to_contain_text("Saved at")

    own = f"q{made.round.questions.get().pk}"
    assert typed(made) == {"about": "Half a wo", own: ["Rust"]}
    page.reload()
    expect(page.get_by_label("About you")).to_have_value("Half a wo")
    expect(page.get_by_label("Rust")).to_be_checked()


def test_what_is_typed_just_before_one_leaves_is_kept(site, visitor, made):
    page = form(site, visitor, made)

    page.get_by_label("About you").fill("The last words")
    page.goto(site.at("/applications/"))
    page.wait_for_timeout(500)

    assert typed(made) == {"about": "The last words"}


def test_the_page_says_when_it_is_too_late_to_keep_more(site, visitor, made):
    page = form(site, visitor, made)
    applicants.ends_in(made.round, seconds=0)

    page.get_by_label("About you").fill("Too late")

    expect(page.locator("#saved")).to_contain_text("The deadline has passed")
    assert typed(made) == {}
    page.context.clear_cookies()


def test_without_scripts_a_button_keeps_the_draft(site, visitor, made):
    page = visitor(made.user, java_script_enabled=False)
    page.goto(site.at(f"/applications/{made.pk}/form/"))
    page.get_by_label("About you").fill("Half")

    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_role("status").first).to_contain_text("Kept as a draft")
    expect(page.get_by_label("About you")).to_have_value("Half")
    assert "Half" in typed(made).values()


def test_an_application_is_written_and_sent_with_the_keyboard(site, visitor, made):
    made.round.questions.all().delete()
    page = form(site, visitor, made)

    page.get_by_label("Your name").focus()
    for words in ("Grace", "I write parsers.", "30", "", "", "None"):
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(words) if words else None
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Sent")
    assert Application.objects.get().status == "submitted"
