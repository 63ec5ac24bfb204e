"""Pages of paying by invoice: those of companies, and those of the people who run the site."""

from playwright.sync_api import expect

from sponsors.billing import knowing
from sponsors.billing.models import Customer, Invoice
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world
from tests.browser.looking import A_LONG_NAME, at, shown, shown_beside_others, shown_in
from tests.certainty import certain_page

PAPERS = {
    "reference": "Cost centre 4410", "po_required": True,
    "addresses": ["accounts-payable@kestrel.example", "purchasing@kestrel.example"],
}  # fmt: skip


def ordered(site, **how):
    company = factories.payer(display_name=A_LONG_NAME, papers=PAPERS)
    return scenarios.ordered(site.engine, company, po_number="4500012345", **how)


def late(site):
    sponsorship = ordered(site, net_days=14)
    world.days(site.engine, 16)
    return Sponsorship.objects.get(pk=sponsorship.pk)


@shown_beside_others
def paperwork_that_is_empty(site, come):
    company = factories.company()
    return at(site, come, f"/companies/{company.slug}/paperwork/", company.memberships.get().user)


@shown
def paperwork_while_another_address_was_typed(site, come):
    company = factories.payer(country="GB")
    street = {"line1": "12 Lange Straße", "postal_code": "10115", "city": "Berlin"}
    knowing.customer(company, "GBP")
    Customer.objects.update(elsewhere={**street, "country": "DE"})
    return at(site, come, f"/companies/{company.slug}/paperwork/", company.memberships.get().user)


@shown_beside_others
def paperwork_of_an_individual(site, come):
    company = factories.individual()
    return at(site, come, f"/companies/{company.slug}/paperwork/", company.memberships.get().user)


@shown_beside_others
def paperwork_with_much_wrong(site, come):
    company = factories.payer(papers=PAPERS)
    user = company.memberships.get().user
    page = at(site, come, f"/companies/{company.slug}/paperwork/", user)
    page.get_by_label("Tax number").fill("nonsense")
    page.get_by_label("City").fill("")
    page.get_by_label("Accounts payable").fill("nobody")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def choosing_an_invoice(site, come):
    company = factories.payer(papers=PAPERS)
    page = at(site, come, f"/sponsor/{factories.tier().pk}/", company.memberships.get().user)
    page.get_by_label("Send me an invoice").check()
    expect(page.get_by_label("PO number")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_in(ordered)
def an_invoice_that_was_ordered(site, come, sponsorship):
    return at(site, come, f"/sponsorships/{sponsorship.pk}/ordered/", sponsorship.bought_by)


@shown
def an_invoice_that_is_being_made(site, come):
    site.engine.faults.add("POST /v1/subscriptions", "error_before", times=3)
    sponsorship = ordered(site)
    return at(site, come, f"/sponsorships/{sponsorship.pk}/ordered/", sponsorship.bought_by)


@shown_in(ordered)
def a_sponsorship_paid_by_invoice(site, come, sponsorship):
    return at(site, come, f"/sponsorships/{sponsorship.pk}/", sponsorship.bought_by)


@shown_in(late)
def a_company_with_a_late_invoice(site, come, sponsorship):
    path = f"/companies/{sponsorship.company.slug}/home/"
    return at(site, come, path, sponsorship.bought_by)


@shown_in(ordered)
def a_number_for_the_next_invoice(site, come, sponsorship):
    return at(site, come, f"/sponsorships/{sponsorship.pk}/po/", sponsorship.bought_by)


def seen_by_staff(site, come, path):
    page = come(factories.user(is_staff=True))
    certain_page(page)
    page.goto(site.at(path))
    return page


@shown
def no_invoice_for_staff(site, come):
    return seen_by_staff(site, come, "/staff/invoices/")


@shown
def invoices_for_staff(site, come):
    late(site)
    ordered(site)
    return seen_by_staff(site, come, "/staff/invoices/")


@shown_in(ordered)
def money_from_the_bank(site, come, sponsorship):
    return seen_by_staff(site, come, f"/staff/invoices/{Invoice.objects.get().pk}/money/")


@shown_in(late)
def writing_an_invoice_off(site, come, sponsorship):
    return seen_by_staff(site, come, f"/staff/invoices/{Invoice.objects.get().pk}/write-off/")
