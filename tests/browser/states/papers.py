"""Invoices in every state, and a year of them as one file."""

from datetime import datetime, timedelta

from funding.office import clock
from sponsors.billing import archiving
from sponsors.billing.models import Archive
from tests import world
from tests.billing import papers
from tests.browser import pages
from tests.browser.looking import at as at_page
from tests.browser.looking import shown, shown_in
from tests.browser.states.companies import of_company
from tests.browser.states.sponsors import a_company


def a_company_with_invoices():
    company = a_company()
    of = papers.sponsorship(company)
    for days in (-400, 0):
        papers.invoice(of=of, created_at=at(days))
    papers.to_be_paid(of=of)
    papers.to_be_paid(of=of, days=-3, created_at=at(-33), net=99999999, tax=0)
    papers.credit_note(papers.invoice(of=of, returned=6000))
    papers.invoice(of=of, status="void", paid_at=None)
    papers.invoice(of=of, status="uncollectible", paid_at=None)
    papers.invoice(of=of, status="draft", paid_at=None, number="", hosted_url="")
    return company


def at(days: int) -> datetime:
    return world.BEGINNING + timedelta(days=days)


@shown_in(a_company_with_invoices)
def invoices_in_every_state(site, come, company):
    return of_company(site, come, company, "invoices")


@shown_in(a_company_with_invoices)
def no_invoice_of_this_kind(site, come, company):
    return of_company(site, come, company, "invoices/?state=open&year=2025")


@shown_in(a_company_with_invoices)
def a_sponsorship_with_invoices_in_every_state(site, come, company):
    user = company.memberships.get().user
    return at_page(site, come, company.sponsorships.get().get_absolute_url(), user)


@shown_in(a_company_with_invoices)
def a_year_without_documents(site, come, company):
    return of_company(site, come, company, "documents/2019")


@shown_in(a_company_with_invoices)
def a_year_of_documents(site, come, company):
    return of_company(site, come, company, "documents/2026")


@shown
def a_year_of_documents_that_is_being_made(site, come):
    company = a_company_with_invoices()
    Archive.objects.create(
        company=company, year=2026, asked_at=clock.machine_now(), total=9, done=4
    )
    return of_company(site, come, company, "documents/2026")


@shown
def a_year_of_documents_that_is_ready(site, come):
    company = a_company_with_invoices()
    archiving.ask(company=company, year=2026)
    page = of_company(site, come, company, "documents/2026")
    pages.sees_title(page, "Documents of 2026")
    return page
