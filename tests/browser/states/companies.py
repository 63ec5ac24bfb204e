"""Pages of companies: their home, their invoices, and what everybody sees of them."""

from playwright.sync_api import expect

from funding.office import clock
from sponsors.sponsorships import telling_sponsors
from sponsors.sponsorships.models import Fulfilment
from tests import factories, scenarios
from tests.browser import pages
from tests.browser.looking import A_LONG_NAME, at, shown, shown_beside_others, shown_in
from tests.browser.states.sponsors import a_busy_company, a_company, detail


@shown_beside_others
def the_first_minutes(site, come):
    return at(site, come, "/home/", factories.user())


@shown_beside_others
def a_home_for_each_of_several(site, come):
    user = factories.user()
    factories.company(user, display_name=A_LONG_NAME)
    factories.project(A_LONG_NAME, maintainer=user)
    return at(site, come, "/home/", user)


@shown_beside_others
def putting_a_company_on_the_site(site, come):
    return at(site, come, "/companies/new/", factories.user())


@shown_beside_others
def putting_a_company_on_the_site_with_everything_wrong(site, come):
    page = putting_a_company_on_the_site(site, come)
    page.get_by_role("button", name="Put it on the site").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_in(a_company)
def an_empty_home_of_a_company(site, come, company):
    return of_company(site, come, company, "home")


@shown_in(a_busy_company)
def a_home_of_a_company_with_everything(site, come, company):
    return of_company(site, come, company, "home")


@shown_in(a_busy_company)
def the_invoices_of_a_company(site, come, company):
    return of_company(site, come, company, "invoices")


@shown_in(a_company)
def a_company_without_invoices(site, come, company):
    return of_company(site, come, company, "invoices")


@shown_in(a_company)
def editing_a_company(site, come, company):
    return of_company(site, come, company, "edit")


@shown_in(a_company)
def editing_a_company_with_everything_wrong(site, come, company):
    page = editing_a_company(site, come, company)
    for label in ("Name to show", "Legal name", "Billing e-mail"):
        page.get_by_label(label).fill("")
    page.get_by_label("New logo").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_in(a_busy_company)
def what_everybody_sees_of_a_company(site, come, company):
    return at(site, come, company.get_absolute_url())


@shown_in(a_company)
def what_a_company_sees_of_a_page_that_nobody_else_finds(site, come, company):
    return at(site, come, company.get_absolute_url(), company.memberships.get().user)


@shown_in(a_busy_company)
def a_project_with_logos(site, come, company):
    return at(site, come, company.sponsorships.first().project.get_absolute_url())


@shown
def a_sponsorship_for_which_something_was_done(site, come):
    sponsorship = something_owed(site).sponsorship
    sponsorship.fulfilments.update(
        done_at=clock.now(), proof=f"https://docs.example/{A_LONG_NAME}"
    )
    return detail(site, come, sponsorship)


@shown
def saying_that_something_promised_is_done(site, come):
    owed = something_owed(site)
    project = owed.sponsorship.project
    path = f"/maintain/{project.slug}/owed/{owed.pk}/done/"
    page = at(site, come, path, project.maintainers.get().user)
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def stopping_the_mail_of_updates(site, come):
    link = telling_sponsors.stop_link(project_id=factories.project().pk, user_id=1)
    return at(site, come, f"/updates/off/{link}/")


@shown
def having_stopped_the_mail_of_updates(site, come):
    page = stopping_the_mail_of_updates(site, come)
    page.get_by_role("button", name="Stop the mail").click()
    pages.sees_title(page, "No more mail of updates")
    return page


def something_owed(site):
    sponsorship = scenarios.settled(site.engine)
    return Fulfilment.objects.create(
        sponsorship=sponsorship, kind="own", text=A_LONG_NAME, due_on=clock.today()
    )


def of_company(site, come, company, page):
    user = company.memberships.get().user
    return at(site, come, f"/companies/{company.slug}/{page}/", user)
