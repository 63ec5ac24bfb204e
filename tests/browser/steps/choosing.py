"""What applicants, reviewers and organisers do until places are accepted."""

from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.steps.ordinary import DESK, ROUND, go, press, says


def applies(page: Page, site, said):
    """`said`: what is typed, by the label of its field."""
    go(page, site, ROUND)
    press(page, "Apply", link=True, exact=True)
    press(page, "Begin an application")
    press(page, "Go on: the form", link=True)
    for label, words in said.items():
        page.get_by_label(label).fill(words)
    page.locator("#id_consent").check()
    press(page, "Send it")
    says(page, "It is sent.")


def gives_out_reviews(page: Page, site):
    go(page, site, DESK)
    press(page, "Give applications to reviewers", link=True)
    press(page, "Give out what is missing")
    says(page, "Every application that was sent has its reviewers.")


def scores(page: Page, site, score_of, comment):
    """Each that was given to them, by a word in it; answers all that they could read."""
    read = []
    for word, score in score_of.items():
        opens_by(page, site, word)
        read.append(page.content())
        page.get_by_label(f"{score} · ").check()
        page.get_by_label("Comment").fill(comment)
        press(page, "Give this score")
        page.wait_for_url("**/reviews/**")
        says(page, "scored")
    return "".join(read)


def opens_by(page: Page, site, word):
    """One's own review in which it stands; names do not."""
    go(page, site, "/reviews/")
    found = page.locator("ul.places a").evaluate_all("all => all.map(one => one.pathname)")
    for path in found:
        go(page, site, path)
        if word in page.content():
            return
    raise AssertionError(f"Nothing that was given says {word}.")


def chooses(page: Page, site):
    go(page, site, DESK + "ranking/")
    press(page, "Fill the places by the ranking")
    says(page, "One person is chosen by the ranking.")


def announces(page: Page, site):
    go(page, site, DESK)
    press(page, "Announce who is chosen", link=True)
    press(page, "Announce it to 2 people")
    says(page, "Announced.")


def accepts(page: Page, site, name):
    go(page, site, "/applications/")
    press(page, "Harbour mentorship", link=True)
    press(page, "Read the agreement and answer", link=True)
    page.get_by_label("Your full name").fill(name)
    press(page, "Sign and take the place")
    pages.sees_title(page, "The place is yours")
