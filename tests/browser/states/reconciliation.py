"""The page that tells whether Stripe and the books agree."""

from playwright.sync_api import expect

from sponsors.billing import reconciling
from sponsors.billing.models import Finding
from tests import factories, scenarios, world
from tests.browser.looking import A_LONG_NAME, at, shown
from tests.certainty import certain_page

ADDRESS = "/staff/reconciliation/"


def seen_by_staff(site, come):
    page = come(factories.user(is_staff=True))
    certain_page(page)
    page.goto(site.at(ADDRESS))
    return page


def run():
    return reconciling.run(since=None, tell=lambda line: None)


@shown
def nothing_compared_yet(site, come):
    return seen_by_staff(site, come)


@shown
def stripe_and_the_books_agree(site, come):
    scenarios.settled(site.engine)
    run()
    return seen_by_staff(site, come)


@shown
def stripe_and_the_books_after_a_bad_week(site, come):
    site.engine.knobs.add("drop")
    page = scenarios.chosen()
    site.engine.pay_checkout(page.stripe_id)
    world.days(site.engine, 35)
    run()
    row = run()
    for number, (kind, amount, currency) in enumerate(
        [("missing", 123456, "GBP"), ("balance", -1, "JPY"), ("missing", 5, "THB"),
         (Finding.STRANGER, 0, "")]
    ):  # fmt: skip
        Finding.objects.create(
            reconciliation=row, kind=kind, stripe_id=f"txn_{'0' * 30}{number}", amount=amount,
            currency=currency, words=f"Adjustment of £1,234.56 for {A_LONG_NAME} is not there.",
        )  # fmt: skip
    row.balances["JPY"] = {"stripe": 5, "books": 6}
    row.save()
    return seen_by_staff(site, come)


@shown
def stripe_and_the_books_broken_off(site, come):
    reconciling.ask_once()
    row = reconciling.newest()
    row.status, row.trouble = row.Status.BROKEN_OFF, "Busy: Request rate limit exceeded."
    row.save()
    return seen_by_staff(site, come)


@shown
def a_comparison_that_was_asked_for(site, come):
    page = seen_by_staff(site, come)
    page.get_by_role("button", name="Compare everything now").click()
    expect(page.get_by_text("Under way")).to_be_visible()
    return page


@shown
def what_waits_for_staff_with_differences(site, come):
    scenarios.settled(site.engine)
    row = run()
    Finding.objects.create(reconciliation=row, kind="missing", stripe_id="txn_1", words="Odd.")
    page = at(site, come, "/", factories.user(is_staff=True))
    certain_page(page)
    page.goto(site.at("/staff/"))
    expect(page.get_by_text("1 waits.")).to_be_visible()
    return page
