"""Pages of those who pay: choosing, paying, and what they see of their own."""

from playwright.sync_api import expect

from funding.office import clock
from funding.projects.models import Benefit, Tier
from sponsors.billing import ending
from sponsors.billing.models import Subscription
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world
from tests.browser import pages
from tests.browser.looking import A_LONG_NAME, at, shown, shown_beside_others, shown_in


def a_company():
    company = factories.company(
        display_name=A_LONG_NAME, about="What we do, in a sentence or two.",
        website="https://example.com/",
    )  # fmt: skip
    company.logo = factories.picture()
    company.save()
    return company


def a_busy_company(site):
    """With an active, a failed, an ending, a pending and an ended sponsorship, in two currencies."""
    company = a_company()
    ended = ending.cancel(scenarios.settled(site.engine, company, a_tier()))
    failed = scenarios.settled(site.engine, company, a_tier("EUR"))
    customer = Subscription.objects.get(sponsorship=failed).customer
    site.engine.replace_card(customer.stripe_id, "4000000000000341")
    world.days(site.engine, 33)
    ending.cancel(scenarios.settled(site.engine, company, a_tier()))
    scenarios.settled(site.engine, company, a_tier())
    scenarios.chosen(company, a_tier())
    assert Sponsorship.objects.get(pk=ended.pk).has_ended
    return company


def a_tier(currency="GBP"):
    tier = factories.tier(factories.project(A_LONG_NAME, currency=currency))
    Benefit.objects.create(tier=tier, kind="logo", text="Logo on the page")
    return tier


def settled(site):
    return scenarios.settled(site.engine)


# Choosing and paying


@shown_beside_others
def choosing(site, come):
    return at(site, come, f"/sponsor/{factories.tier(seats=4).pk}/", factories.user())


@shown_beside_others
def choosing_as_a_company_that_is_here(site, come):
    company = factories.company(display_name=A_LONG_NAME)
    user = company.memberships.get().user
    return at(site, come, f"/sponsor/{factories.tier().pk}/", user)


@shown_beside_others
def choosing_with_everything_wrong(site, come):
    page = choosing(site, come)
    page.get_by_label("Website").fill("no website")
    page.get_by_label("Billing e-mail").fill("no address")
    page.get_by_role("button", name="Go on to payment").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def choosing_a_tier_that_is_closed(site, come):
    tier = factories.tier(closed_at=clock.now())
    return at(site, come, f"/sponsor/{tier.pk}/", factories.user())


@shown
def choosing_a_tier_that_was_sold_meanwhile(site, come):
    tier = factories.tier(seats=1)
    page = at(site, come, f"/sponsor/{tier.pk}/", factories.user())
    pages.describe_company(page, name="Kestrel")
    Tier.objects.filter(pk=tier.pk).update(taken=1)
    page.get_by_role("button", name="Go on to payment").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def back_and_paid(site, come):
    return back_from_stripe(site, come, pay=True)


@shown
def back_and_a_bank_debit_is_on_its_way(site, come):
    return back_from_stripe(site, come, pay=True, method="sepa_debit")


@shown
def back_and_nothing_is_known_yet(site, come):
    return back_from_stripe(site, come, pay=False)


@shown
def back_and_the_page_had_closed(site, come):
    page = back_from_stripe(site, come, pay=False)
    world.days(site.engine, 1)
    page.reload()
    pages.sees_title(page, "Nothing was charged")
    return page


def back_from_stripe(site, come, *, pay, **how):
    currency = "EUR" if how else "GBP"
    checkout = scenarios.chosen(tier=factories.tier(factories.project(currency=currency)))
    if pay:
        site.engine.pay_checkout(checkout.stripe_id, **how)
    path = f"/sponsorships/{checkout.sponsorship_id}/paid/?session_id={checkout.stripe_id}"
    return at(site, come, path, checkout.sponsorship.bought_by)


@shown_beside_others
def left_without_paying(site, come):
    checkout = scenarios.chosen()
    path = f"/sponsorships/{checkout.sponsorship_id}/left/"
    return at(site, come, path, checkout.sponsorship.bought_by)


# What sponsors see of their own


@shown_beside_others
def an_empty_list_of_sponsorships(site, come):
    return at(site, come, "/sponsorships/", factories.user())


@shown
def a_list_of_sponsorships(site, come):
    company = factories.company(display_name=A_LONG_NAME)
    user = company.memberships.get().user
    for _ in range(2):
        tier = factories.tier(factories.project(A_LONG_NAME))
        scenarios.settled(site.engine, company, tier, by=user)
    scenarios.chosen(company, by=user)
    return at(site, come, "/sponsorships/", user)


@shown_beside_others
def a_sponsorship_that_is_pending(site, come):
    return detail(site, come, scenarios.chosen().sponsorship)


@shown_in(settled)
def a_sponsorship_that_is_active(site, come, sponsorship):
    return detail(site, come, sponsorship)


@shown
def a_sponsorship_that_ends_soon(site, come):
    return detail(site, come, ending.cancel(scenarios.settled(site.engine)))


@shown
def a_sponsorship_whose_payment_failed(site, come):
    sponsorship = scenarios.settled(site.engine)
    customer = Subscription.objects.get(sponsorship=sponsorship).customer
    site.engine.replace_card(customer.stripe_id, "4000000000000341")
    world.days(site.engine, 33)
    page = detail(site, come, sponsorship)
    expect(page.get_by_text("Payment failed").first).to_be_visible()
    return page


@shown
def a_sponsorship_that_has_ended(site, come):
    sponsorship = ending.cancel(scenarios.settled(site.engine))
    world.days(site.engine, 33)
    return detail(site, come, sponsorship)


@shown_in(settled)
def ending_a_sponsorship(site, come, sponsorship):
    return at(site, come, f"/sponsorships/{sponsorship.pk}/cancel/", sponsorship.bought_by)


def detail(site, come, sponsorship):
    return at(site, come, sponsorship.get_absolute_url(), sponsorship.bought_by)
