"""What everybody does once there are places, up to the end of the round."""

import re

from playwright.sync_api import Page

from tests.browser.steps.ordinary import DESK, go, press, says


def gives_a_mentor(page: Page, site, participant, mentor):
    go(page, site, DESK + "places/")
    press(page, participant, link=True)
    press(page, "Choose mentors", link=True)
    page.get_by_label("Mentor", exact=True).select_option(label=mentor)
    press(page, "Save the mentors")
    says(page, mentor)


def says_how_it_goes(page: Page, site, text):
    go(page, site, "/places/")
    press(page, "Say how it goes", link=True)
    page.get_by_label("What you say").fill(text)
    page.get_by_label("Yes, it should go on").check()
    press(page, "Send it")
    says(page, text)


def pays_an_instalment(page: Page, site, reference):
    go(page, site, DESK + "money/")
    press(page, re.compile("^Record it as paid"), link=True)
    records(page, reference)
    says(page, "£1,200.25 is recorded as paid.")


def pays_a_cost(page: Page, site, amount):
    go(page, site, DESK + "money/cost/")
    page.get_by_label("What for").fill("Mentor’s time")
    page.get_by_label("Amount").fill(amount)
    records(page, "INV-9")
    says(page, f"£{amount} is recorded as paid.")


def records(page: Page, reference):
    page.get_by_label("Who paid it").fill("The foundation")
    page.get_by_label("Reference").fill(reference)
    press(page, "Record it")


def writes_a_post(page: Page, site, title, body):
    go(page, site, "/places/")
    press(page, "Harbour mentorship", link=True)
    press(page, "Write a post", link=True)
    page.get_by_label("Title").fill(title)
    page.get_by_label("What you tell").fill(body)
    press(page, "Keep it")
    says(page, title)


def releases_the_post(page: Page, site, participant):
    go(page, site, DESK + "places/")
    press(page, participant, link=True)
    press(page, "Release it to sponsors", link=True)
    press(page, "Release it to sponsors")
    says(page, "Sponsors may read it now.")


def reports(page: Page, site, words):
    go(page, site, DESK + "report/")
    page.get_by_label("The report").fill(words)
    press(page, "Save and go on to publish")
    press(page, "Publish it")
    says(page, "The report is published.")


def ends_the_round(page: Page, site):
    press(page, "End the round", link=True)
    press(page, "End it")
    says(page, "is done.")


def purse_on(page: Page):
    """What the sponsor's page says the money did, in minor units by line."""
    page.wait_for_load_state()
    rows = page.locator("section[aria-labelledby=money] tr")
    lines = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    return {name: int(re.sub(r"[^\d-]", "", amount.replace("−", "-"))) for name, amount in lines}
