"""What companies do for a round."""

import re

from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.steps.ordinary import ASKS, GOOD, ROUND, go, press, says


def comes_to_a_seat(page: Page, site):
    go(page, site, ROUND)
    press(page, "take a seat", link=True)
    pages.sees_title(page, "Stand behind Harbour mentorship")


def signs(page: Page, name):
    page.get_by_label("Your name, as your signature").fill(name)
    press(page, "Sign and take the seat")


def promises_by_card(page: Page, site, name, card):
    """A company that was not here before."""
    comes_to_a_seat(page, site)
    pages.describe_company(page, name=name)
    signs(page, f"{name}’s buyer")
    saves_a_card(page, card)


def saves_a_card(page: Page, card):
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    pages.fill_billing_address(page)
    pages.submit_button(page).click()
    if card == ASKS:
        press(page, "Complete authentication")
    pages.sees_title(page, "Thank you. The seat is promised.")


def promises_by_order(page: Page, site, number):
    comes_to_a_seat(page, site)
    page.get_by_label("By invoice, with a purchase order").check()
    page.get_by_label("PO number").fill(number)
    signs(page, "The buyer")
    says(page, "It is promised, and nothing is charged yet.")


def joins_the_list(page: Page, site):
    go(page, site, ROUND)
    press(page, "Join the waiting list", link=True)
    press(page, "Join the list")
    says(page, "is asked next")


def takes_the_seat_on_offer(page: Page, site, commitment):
    go(page, site, commitment.get_absolute_url())
    says(page, "A seat came free and is kept for you")
    press(page, "Read it and sign", link=True)
    signs(page, "The next buyer")
    saves_a_card(page, GOOD)


def confirms_at_the_bank(page: Page, site, commitment):
    """What was charged while nobody sat there."""
    go(page, site, commitment.get_absolute_url())
    press(page, re.compile("^Pay £1,000.0[01] now"), link=True)
    pages.submit_button(page).click()
    press(page, "Complete authentication")
    says(page, "Paid · made on")
