"""Paying: what can go otherwise than well, and what people see of it."""

import re

import pytest
from playwright.sync_api import expect

from funding.office import leases
from sponsors.billing import gateway
from sponsors.billing.models import Checkout
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world
from tests.browser import pages

pytestmark = pytest.mark.browser

ASKS_THE_BANK = "4000 0027 6000 3184"
DECLINED = "4000 0000 0000 0002"
WAITING = "We are waiting to hear from the bank"


@pytest.fixture
def tier(transactional_db):
    return factories.tier(factories.project("Harbour"), name="Mast", monthly=30000)


@pytest.fixture
def at_stripe(site, visitor, tier):
    """Somebody's page, with Stripe's payment page for their company on it."""
    return go_to_stripe(site, visitor, tier)


def go_to_stripe(site, visitor, tier):
    company = factories.company(display_name="Kestrel")
    page = visitor(company.memberships.get().user)
    page.goto(site.at(tier.project.get_absolute_url()))
    pages.choose(page, tier)
    page.get_by_label("Kestrel").check()
    pages.go_on_to_payment(page)
    return page


def the_sponsorship():
    return Sponsorship.objects.get()


def test_a_declined_card_is_told_at_stripe_and_a_good_one_pays_then(at_stripe):
    pages.pay_by_card(at_stripe, DECLINED)

    expect(at_stripe.get_by_role("alert")).to_have_text("Your card was declined.")
    assert the_sponsorship().status == Status.PENDING

    pages.pay_by_card(at_stripe)

    pages.sees_title(at_stripe, "Thank you. It is paid.")
    assert the_sponsorship().status == Status.ACTIVE


def test_a_bank_that_asks_is_answered_and_it_is_paid(at_stripe):
    pages.pay_by_card(at_stripe, ASKS_THE_BANK)
    at_stripe.get_by_role("button", name="Complete authentication").click()

    pages.sees_title(at_stripe, "Thank you. It is paid.")
    assert the_sponsorship().status == Status.ACTIVE


def test_failing_the_banks_question_charges_nothing_and_can_be_tried_again(site, at_stripe):
    pages.pay_by_card(at_stripe, ASKS_THE_BANK)
    at_stripe.get_by_role("button", name="Fail authentication").click()

    expect(at_stripe.get_by_role("alert")).to_contain_text("unable to authenticate")
    site.engine.advance_by(600)
    assert the_sponsorship().status == Status.PENDING
    assert site.engine.truth()["currencies"].get("gbp", 0) == 0

    pages.pay_by_card(at_stripe)

    pages.sees_title(at_stripe, "Thank you. It is paid.")


def test_a_bank_debit_is_on_its_way_for_days_and_then_it_is_paid(site, visitor):
    project = factories.project("Harbour", currency="EUR")
    page = go_to_stripe(site, visitor, factories.tier(project, name="Mast"))

    pages.pay_by_debit(page)

    pages.sees_title(page, "Your bank debit is on its way")
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)
    assert the_sponsorship().status == Status.PENDING

    world.days(site.engine, 5)
    page.reload()

    pages.sees_title(page, "Thank you. It is paid.")
    assert the_sponsorship().status == Status.ACTIVE


def test_a_bank_debit_that_comes_back_frees_the_place(site, visitor):
    project = factories.project("Harbour", currency="EUR")
    page = go_to_stripe(site, visitor, factories.tier(project, name="Mast"))

    pages.pay_by_debit(page, "DE62370400440532013001")
    pages.sees_title(page, "Your bank debit is on its way")
    world.days(site.engine, 5)
    page.reload()

    assert the_sponsorship().has_ended
    pages.sees_title(page, "Nothing was charged")


def test_the_page_that_one_comes_back_to_looks_again_until_something_is_known(site, at_stripe):
    site.engine.knobs.add("drop")  # no webhook tells us either
    site.engine.faults.add("GET /v1/checkout/sessions/{session}", "reset_before", times=3)

    pages.pay_by_card(at_stripe)

    pages.sees_title(at_stripe, WAITING)
    pages.sees_title(at_stripe, "Thank you. It is paid.")
    assert the_sponsorship().status == Status.ACTIVE


def test_a_card_payment_that_a_worker_is_just_handling_is_not_called_a_bank_debit(site, visitor):
    checkout = scenarios.chosen()
    page = visitor(checkout.sponsorship.bought_by)
    site.engine.knobs.add("drop")
    site.engine.pay_checkout(checkout.stripe_id)
    subscription = gateway.checkout(checkout.stripe_id)["subscription"]
    token = leases.take(f"stripe:{subscription}")

    path = f"/sponsorships/{checkout.sponsorship_id}/paid/?session_id={checkout.stripe_id}"
    page.goto(site.at(path))
    pages.sees_title(page, WAITING)
    leases.give_back(f"stripe:{subscription}", token)

    pages.sees_title(page, "Thank you. It is paid.")
    assert the_sponsorship().status == Status.ACTIVE


def test_leaving_stripes_page_keeps_the_place_and_one_can_go_on(site, at_stripe):
    at_stripe.get_by_role("link", name="Back").click()

    pages.sees_title(at_stripe, "Not paid yet")
    at_stripe.get_by_role("link", name="Go on to payment").click()
    pages.pay_by_card(at_stripe)

    pages.sees_title(at_stripe, "Thank you. It is paid.")
    assert Checkout.objects.count() == 1


def test_leaving_stripes_page_and_letting_go_frees_the_place(site, at_stripe, tier):
    at_stripe.get_by_role("link", name="Back").click()
    at_stripe.get_by_role("button", name="Give the place back").click()

    expect(at_stripe.get_by_role("status")).to_contain_text("Let go. Nothing was charged")
    expect(at_stripe).to_have_url(site.at(tier.project.get_absolute_url()))
    assert the_sponsorship().status == Status.ABANDONED
    tier.refresh_from_db()
    assert tier.taken == 0


def test_two_quick_clicks_lead_to_one_sponsorship(site, visitor, tier):
    page = visitor(factories.company(display_name="Kestrel").memberships.get().user)
    page.goto(site.at(f"/sponsor/{tier.pk}/"))
    page.get_by_label("Kestrel").check()

    page.get_by_role("button", name="Go on to payment").dblclick(no_wait_after=True)

    expect(pages.submit_button(page)).to_be_visible()
    assert Sponsorship.objects.count() == 1
    assert Checkout.objects.count() == 1


def test_going_back_after_paying_and_sending_again_leads_to_what_is_there(site, at_stripe, tier):
    pages.pay_by_card(at_stripe)
    pages.sees_title(at_stripe, "Thank you. It is paid.")

    at_stripe.go_back()  # Stripe's page, which is closed now
    at_stripe.go_back()
    expect(at_stripe).to_have_url(site.at(f"/sponsor/{tier.pk}/"))
    at_stripe.get_by_label("Kestrel").check()
    at_stripe.get_by_role("button", name="Go on to payment").click()

    expect(at_stripe).to_have_url(re.compile(rf"/sponsorships/{the_sponsorship().pk}/$"))
    expect(at_stripe.get_by_role("status")).not_to_be_empty()
    assert Sponsorship.objects.count() == 1
