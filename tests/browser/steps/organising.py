"""What organisers do before a round opens."""

import re

from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.steps.ordinary import CHECKPOINTS, DESK, PHASES, go, press, says


def begins_a_programme(page: Page, site):
    go(page, site, "/accounts/")
    press(page, "programmes that you run", link=True)
    press(page, "Begin a programme", link=True)
    page.get_by_label("Name").fill("Harbour mentorship")
    page.get_by_label("What it is, in one sentence").fill("A newcomer learns to release.")
    page.get_by_label("Questions go to").fill("questions@harbour.example")
    press(page, "Begin the programme")
    pages.sees_title(page, "Harbour mentorship")


def gives_a_part(page: Page, site, person, role):
    """To somebody of the project."""
    go(page, site, "/organise/harbour-mentorship/people/give/")
    page.get_by_label("Who", exact=True).select_option(str(person.pk))
    page.get_by_label(f"{role}: ").check()
    press(page, "Give the part")
    says(page, role)


def invites(page: Page, site, person, role):
    go(page, site, "/organise/harbour-mentorship/people/invite/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label(f"{role}: ").check()
    press(page, "Send the invitation")
    says(page, person.email)


def accepts_the_part(page: Page, site):
    go(page, site, "/organise/")
    press(page, "Read and answer", link=True)
    press(page, "Accept")
    pages.sees_title(page, re.compile("Programmes that you run|Your parts in programmes"))


def begins_a_round(page: Page, site):
    go(page, site, "/organise/harbour-mentorship/")
    press(page, "Begin the first round", link=True)
    page.get_by_label("Name").fill("Spring 2026")
    page.get_by_label("Title").fill("One newcomer, one mentor")
    press(page, "Begin the round")
    pages.sees_title(page, "Make Spring 2026 ready")
    press(page, "Texts", link=True)
    page.get_by_label("Under the title").fill("They learn. It starts when three stand behind it.")
    page.get_by_label("Whom it looks for").fill("People with *some* Python.")
    page.get_by_label("What participants sign").fill("We work together, *kindly*.")
    press(page, "Save", exact=True)
    says(page, "Saved.")


def sets_the_dates(page: Page, site):
    go(page, site, DESK + "dates/")
    page.get_by_label("Funding ends").fill("2026-02-01T10:00")
    for phase, (begins, ends) in PHASES.items():
        page.get_by_label(f"{phase} begins").fill(begins)
        page.get_by_label(f"{phase} ends").fill(ends)
    press(page, "Save", exact=True)
    says(page, "1 February 2026, 10:00 UTC")


def prices_the_call(page: Page, site):
    """A place that cannot be cut into three equal seats."""
    go(page, site, DESK + "call/")
    page.get_by_label("Currency").select_option("GBP")
    page.get_by_label("Stipend of a place").fill("2400.50")
    page.locator("#id_line-0-name").fill("Mentor’s time")
    page.locator("#id_line-0-amount").fill("599.51")
    page.get_by_label("Places wanted").fill("1")
    page.get_by_label("Places at least").fill("1")
    page.get_by_label("How many equal seats").fill("3")
    page.get_by_role("button", name="Save", exact=True).last.click()
    says(page, "sum to it exactly")


def asks_a_question(page: Page, site, text):
    go(page, site, DESK + "questions/add/")
    page.get_by_label("The question").fill(text)
    page.get_by_label("It is sensitive").check()
    press(page, "Save", exact=True)
    says(page, text)


def plans_checkpoints(page: Page, site):
    go(page, site, DESK + "checkpoints/")
    for number, (title, opens, due) in enumerate(CHECKPOINTS):
        page.locator(f"#id_row-{number}-title").fill(title)
        page.locator(f"#id_row-{number}-opens_at").fill(opens)
        page.locator(f"#id_row-{number}-due_at").fill(due)
    press(page, "Equal parts")
    expect(page.locator("#id_row-1-instalment")).to_have_value("1200.25")
    press(page, "Save the checkpoints")
    says(page, "The checkpoints are planned.")


def opens_the_round(page: Page, site):
    go(page, site, DESK)
    press(page, "Open it", link=True)
    press(page, "Open Spring 2026")
    pages.sees_title(page, "One newcomer, one mentor")
