"""What people do on the pages, in their words."""

import re

from django.core import mail
from playwright.sync_api import Locator, Page, expect


def sign_up(page: Page, *, name: str, email: str) -> None:
    """From any page of the site to the account, with the code out of the mail."""
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Make the account").click()
    enter_code(page, email)


def enter_code(page: Page, email: str) -> None:
    expect(page.get_by_text("We sent a code to")).to_be_visible()
    page.locator("input[name=code]").first.fill(code_sent_to(email))
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("link", name="Sign out").first).to_be_visible()


def code_sent_to(email: str) -> str:
    newest = [sent for sent in mail.outbox if email in sent.to][-1]
    codes = re.findall(r"^\s*([A-Z0-9][A-Z0-9-]{4,})\s*$", newest.body, re.MULTILINE)
    assert len(codes) == 1, newest.body
    return codes[0]


def choose(page: Page, tier) -> None:
    """On the project's page: take this tier."""
    page.get_by_role("link", name=f"Choose {tier.name}").click()


def describe_company(page: Page, *, name: str, email: str = "") -> None:
    """On the choosing page: a company that is not here yet."""
    page.get_by_label("A company that is not here yet").check()
    page.get_by_label("Name to show").fill(name)
    page.get_by_label("Legal name").fill(f"{name} Ltd")
    page.get_by_label("Country").select_option("GB")
    if email:
        page.get_by_label("Billing e-mail").fill(email)


def go_on_to_payment(page: Page) -> None:
    page.get_by_role("button", name="Go on to payment").click()
    expect(submit_button(page)).to_be_visible()


def submit_button(page: Page) -> Locator:
    """Stripe's own name for it."""
    return page.get_by_test_id("hosted-payment-submit-button")


def pay_by_card(page: Page, number: str = "4242 4242 4242 4242") -> None:
    """On Stripe's page."""
    page.get_by_label("Card", exact=True).check()
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    fill_billing_address(page)
    submit_button(page).click()


def pay_by_debit(page: Page, iban: str = "DE89370400440532013000") -> None:
    page.get_by_label("Bank debit (SEPA)").check()
    page.get_by_label("IBAN").fill(iban)
    fill_billing_address(page)
    submit_button(page).click()


def fill_billing_address(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Ada Example")
    page.get_by_label("Address", exact=True).fill("1 High Street")
    page.get_by_label("Postal code").fill("SW1A 1AA")
    page.get_by_label("City").fill("London")
    page.get_by_label("Country", exact=True).select_option("GB")


def sees_title(page: Page, title: str | re.Pattern) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


# What is read at once is true only of a page that is there: whoever clicked says first, by its title
# or address, which page that is. What has come of it so far is half of it, until it is loaded.


def week_drawn(page: Page) -> float:
    """How many pixels of the project's week are drawn as paid for."""
    page.wait_for_load_state()
    rectangles = page.locator("main .week").first.locator("rect.committed")
    return sum(rectangles.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)"))


def days_told(page: Page) -> str:
    page.wait_for_load_state()
    told = page.get_by_text("days a week are paid for").first.inner_text()
    return re.search(r"([\d.]+) of [\d.]+ days", told)[1]


def wall(page: Page) -> list[str]:
    """Who stands behind the project."""
    page.wait_for_load_state()
    return page.locator("#sponsors .wall li").all_inner_texts()


def comes_to_say(page: Page, address: str, text: str) -> None:
    """Back from Stripe at this address, look again until the page says so: what Stripe tells arrives
    a moment later."""
    expect(page).to_have_url(address)
    for _ in range(40):
        if page.get_by_text(text).is_visible():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(page.get_by_text(text)).to_be_visible()
