"""Paperwork: what a company writes down, and how Stripe hears of it."""

import pytest

from sponsors.billing import filing, gateway, knowing, referring
from sponsors.billing.models import Customer
from sponsors.companies import paperwork, tax_numbers
from sponsors.companies.models import Company, Paperwork
from tests import factories, scenarios, world
from tests.billing.filings import ADDRESS, file

pytestmark = pytest.mark.database


def at_stripe():
    return gateway.ask(lambda: gateway.v1().customers.retrieve(Customer.objects.get().stripe_id))


def numbers():
    return [one["value"] for one in gateway.tax_ids(Customer.objects.get().stripe_id)]


# What is typed


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("DE", "DE 136 695 976", ("eu_vat", "DE136695976")),
        ("DE", "136695976", ("eu_vat", "DE136695976")),
        ("GR", "094259216", ("eu_vat", "EL094259216")),
        ("GB", "980 7806 84", ("gb_vat", "GB980780684")),
        ("US", "91-1144442", ("us_ein", "911144442")),
    ],
)
def test_a_tax_number_is_known_by_its_country(country, typed, kept):
    number = tax_numbers.read(typed, country)
    assert (number.kind, number.value) == kept


@pytest.mark.parametrize(
    ("country", "typed"),
    [("DE", "DE136695977"), ("DE", "FR40303265045"), ("GB", "nonsense"), ("US", "1"), ("BR", "1"),
     ("CH", "CHE-107.787.578 MWST"), ("DE", "'; DROP"), ("GB", "GB\u0661\u0662")],
)  # fmt: skip
def test_a_tax_number_that_is_none_is_told_so(country, typed):
    with pytest.raises(tax_numbers.NoNumber):
        tax_numbers.read(typed, country)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tax_id", "nonsense"),
        ("addresses", "no address"),
        ("addresses", "\n".join(f"ap{n}@a.example" for n in range(6))),
        ("net_days", "15"),
        ("reference", "x" * 141),
        ("line1", ""),
        ("city", ""),
    ],
)
def test_what_is_wrong_changes_nothing(engine, name, value):
    company = factories.company(country="DE")

    form = file(company, **{name: value})

    assert name in form.errors
    assert paperwork.of(company).line1 == ""


@pytest.mark.parametrize(("country", "field"), [("US", "postcode"), ("CA", "region")])
def test_where_tax_depends_on_the_place_the_place_is_needed(engine, country, field):
    form = file(factories.company(country=country), postcode="", region="")
    assert field in form.errors


def test_several_addresses_are_kept_once_each(engine):
    company = factories.company(country="DE")
    file(company, addresses="ap@a.example\nAP@a.example, po@a.example\n")
    assert len(paperwork.of(company).addresses) == 2


def test_an_individual_is_asked_for_the_address_alone(db):
    form = paperwork.show(factories.individual())
    assert "tax_id" not in form.fields
    assert "line1" in form.fields


def test_two_who_write_at_once_are_told_of_each_other(engine):
    company = factories.company(country="DE")
    seen = paperwork.show(company)["seen"].value()
    file(company, city="Hamburg")

    form = filing.file(company=company, data={**ADDRESS, "seen": seen})

    assert form.changed_meanwhile
    assert paperwork.of(company).city == "Hamburg"


# What Stripe is told


def test_address_and_number_reach_stripe_when_they_are_filed(engine):
    company = factories.payer()
    scenarios.ordered(engine, company)
    Company.objects.update(country="DE")
    company.refresh_from_db()

    file(company, tax_id="DE136695976")

    assert at_stripe()["address"]["city"] == "Berlin"
    assert numbers() == ["DE136695976"]
    file(company, tax_id="")
    assert numbers() == []


def test_what_was_filed_while_stripe_was_silent_is_told_later_and_once(engine):
    company = factories.payer(country="DE")
    scenarios.ordered(engine, company)
    engine.faults.add("POST /v1/customers/{customer}", "error_before", times=1)
    assert not file(company).errors
    assert at_stripe()["address"]["city"] == "London"

    assert knowing.sweep() == 1
    assert at_stripe()["address"]["city"] == "Berlin"
    assert knowing.sweep() == 0


def test_a_street_typed_at_checkout_is_not_overwritten_with_less(engine):
    company = factories.company()
    page = scenarios.chosen(company)
    engine.pay_checkout(page.stripe_id, country="GB")
    Company.objects.update(billing_email="new@example.org")

    knowing.sweep()

    assert at_stripe()["email"] == "new@example.org"
    assert at_stripe()["address"]["country"] == "GB"


# The reference of what is paid by card


def test_a_reference_given_later_stands_on_the_renewals_of_an_older_sponsorship(engine):
    sponsorship = scenarios.settled(engine, factories.payer())
    file(sponsorship.company, country="GB", reference="CC 4410")
    world.days(engine, 33)

    newest, first = sponsorship.invoices.all()
    assert (newest.reference, first.reference) == ("CC 4410", "")


def test_a_reference_that_was_there_at_the_payment_page_is_taken_away_with_the_paperwork(engine):
    sponsorship = scenarios.settled(engine, factories.payer(papers={"reference": "CC 4410"}))
    file(sponsorship.company, reference="")
    world.days(engine, 33)

    newest, first = sponsorship.invoices.all()
    assert (newest.reference, first.reference) == ("", "CC 4410")


def test_a_reference_that_stripe_was_told_is_not_told_again(engine):
    sponsorship = scenarios.settled(engine, factories.payer(papers={"reference": "CC 4410"}))
    assert referring.tell_all() == 0
    Paperwork.objects.filter(company=sponsorship.company).update(reference="CC 1")

    assert referring.tell_all() == 1
    assert referring.tell_all() == 0
