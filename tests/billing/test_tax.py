"""Tax: what follows from the paperwork of a company, and how it is booked."""

import pytest

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock
from sponsors.billing import gateway, overview
from sponsors.billing.models import Customer, Invoice
from tests import factories, scenarios, world
from tests.billing.filings import file

pytestmark = pytest.mark.database


def tax_in_books():
    return balances.of(posting.Place(Account.Kind.TAX), "GBP").amount


def test_tax_is_billed_apart_and_booked_to_its_own_account(engine, taxed):
    sponsorship = scenarios.ordered(engine)

    invoice = Invoice.objects.get()
    assert (invoice.net, invoice.tax) == (10000, 2000)
    assert tax_in_books() == 2000
    engine.pay_invoice(invoice.stripe_id, "4242424242424242")
    engine.advance_by(120)
    held = posting.project(sponsorship.project_id, Account.Kind.HELD)
    assert balances.of(held, "GBP").amount == 10000 - 378
    assert tax_in_books() == 2000


@pytest.mark.parametrize(
    ("country", "papers", "tax"),
    [
        ("DE", {"postcode": "10115"}, 1900),
        ("DE", {"postcode": "10115", "tax_id": "DE136695976", "tax_id_kind": "eu_vat"}, 0),
        ("US", {"postcode": "10001"}, 0),
    ],
)
def test_tax_follows_from_country_and_number(engine, taxed, country, papers, tax):
    scenarios.ordered(engine, factories.payer(country=country, papers=papers))
    assert Invoice.objects.get().tax == tax


def test_checkout_takes_the_tax_of_the_address_and_the_books_keep_it_apart(engine, taxed):
    scenarios.settled(engine)

    invoice = Invoice.objects.get()
    assert (invoice.net, invoice.tax) == (10000, 2000)
    assert tax_in_books() == 2000


def test_a_number_on_file_frees_the_first_card_payment_of_tax(engine, taxed):
    papers = {"postcode": "10115", "tax_id": "DE136695976", "tax_id_kind": "eu_vat"}
    page = scenarios.chosen(factories.payer(country="DE", papers=papers))
    engine.pay_checkout(page.stripe_id, country="DE")
    engine.deliver()

    assert Invoice.objects.get().tax == 0


def test_written_off_the_tax_is_owed_to_nobody(engine, taxed):
    from sponsors.billing import writing_off

    scenarios.ordered(engine, net_days=14)
    world.days(engine, 20)
    writing_off.write_off(Invoice.objects.get())

    assert tax_in_books() == 0


def test_an_invoice_that_lacks_an_address_is_a_need_and_goes_out_when_it_is_complete(
    engine, taxed
):
    company = factories.payer(country="DE")
    scenarios.ordered(engine, company)
    engine.pay_invoice(Invoice.objects.get().stripe_id, "4242424242424242")
    name = Customer.objects.get().stripe_id
    gateway.update_customer(name, params={"address": ""}, key="portal")  # emptied in the portal
    world.days(engine, 32)

    stuck = Invoice.objects.get(status="draft")
    assert overview.Overview(company, now=clock.now()).without_location == 1
    assert (stuck.revision, stuck.net) == (0, 10000)

    file(company)
    engine.deliver()

    stuck.refresh_from_db()
    assert (stuck.status, stuck.tax) == ("open", 1900)
    assert overview.Overview(company, now=clock.now()).without_location == 0


def test_the_reference_of_a_company_stands_on_what_is_paid_by_card_too(engine):
    company = factories.payer(papers={"reference": "CC 7"})
    scenarios.paid(engine, company)
    assert Invoice.objects.get().reference == "CC 7"
