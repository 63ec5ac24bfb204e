"""Paperwork and tax: what a company writes down, and what its invoices carry."""

import pytest
from django.test import Client

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock
from funding.office.models import Message
from sponsors.billing import filing, gateway, knowing, overview, purchase_orders, referring
from sponsors.billing.models import Customer, Invoice, Order, Subscription
from sponsors.companies import paperwork, tax_numbers
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world

pytestmark = pytest.mark.database
ADDRESS = {
    "line1": "Am Markt 1", "line2": "", "postcode": "10115", "city": "Berlin", "region": "",
    "net_days": "30", "tax_id": "", "reference": "", "addresses": "",
}  # fmt: skip


def file(company, **typed):
    seen = paperwork.show(company)["seen"].value()
    return filing.file(company=company, data={**ADDRESS, "seen": seen, **typed})


def at_stripe():
    return gateway.ask(lambda: gateway.v1().customers.retrieve(Customer.objects.get().stripe_id))


def numbers():
    return [one["value"] for one in gateway.tax_ids(Customer.objects.get().stripe_id)]


@pytest.fixture
def taxed(settings):
    settings.STRIPE_AUTOMATIC_TAX = True


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


# Tax


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


# Purchase orders


def yearly(engine, **papers):
    sponsorship = scenarios.ordered(
        engine, factories.payer(papers=papers), interval="year", po_number="PO-1"
    )
    engine.pay_invoice(Invoice.objects.get().stripe_id, "4242424242424242")
    engine.deliver()
    world.days(engine, 365 - 20)
    return Sponsorship.objects.get(pk=sponsorship.pk)


def run_jobs():
    for _ in range(2):
        purchase_orders.ask(now=clock.now())
        purchase_orders.drop_unconfirmed(now=clock.now())
        purchase_orders.tell_all()


def keys(start):
    return Message.objects.filter(key__startswith=start).count()


def test_the_number_is_asked_for_again_once_before_a_renewal(engine):
    sponsorship = yearly(engine)
    run_jobs()

    assert keys("po-asked") == 1
    asked = overview.Overview(sponsorship.company, now=clock.now()).asked_for_numbers
    assert asked == [sponsorship]


def test_the_new_number_stands_on_the_next_invoice_and_not_on_the_old_one(engine):
    sponsorship = yearly(engine)
    purchase_orders.confirm(sponsorship.order, number="PO-2")
    assert not overview.Overview(sponsorship.company, now=clock.now()).asked_for_numbers
    world.days(engine, 21)
    run_jobs()

    assert list(Invoice.objects.order_by("created_at").values_list("po_number", flat=True)) == [
        "PO-1", "PO-2",
    ]  # fmt: skip
    assert keys("po-") == 0


def test_a_number_given_while_stripe_was_silent_is_told_before_the_renewal(engine):
    sponsorship = yearly(engine)
    engine.faults.add("POST /v1/subscriptions/{subscription}", "error_before", times=1)
    purchase_orders.confirm(sponsorship.order, number="PO-2")
    assert not Order.objects.get().is_told

    purchase_orders.tell_all()
    world.days(engine, 21)

    assert Invoice.objects.order_by("created_at").last().po_number == "PO-2"


def test_without_an_answer_the_next_invoice_carries_the_old_number(engine):
    yearly(engine)
    world.days(engine, 19.5)
    run_jobs()
    world.days(engine, 2)

    assert Invoice.objects.order_by("created_at").last().po_number == "PO-1"


def test_a_company_that_insists_on_a_number_gets_none_without_an_answer_and_is_told(engine):
    yearly(engine, po_required=True)
    world.days(engine, 19.5)
    run_jobs()
    world.days(engine, 2)

    assert Invoice.objects.order_by("created_at").last().po_number == ""
    assert keys("po-missing") == 1


# On the pages


@pytest.fixture
def payer(engine):
    company = factories.payer()
    client = Client()
    client.force_login(company.memberships.get().user)
    return company, client


def choose(client, tier, company, **typed):
    return client.post(
        f"/sponsor/{tier.pk}/",
        {
            "interval": "month", "sponsor": str(company.pk), "visibility": "public",
            "pays_by": "invoice", "po_number": "PO-9", "net_days": "30",
            "month_price": str(tier.monthly), "year_price": str(tier.yearly), **typed,
        },
    )  # fmt: skip


def test_choosing_an_invoice_leads_to_the_page_that_says_what_happens_now(payer):
    company, client = payer
    answer = choose(client, factories.tier(), company)

    sponsorship = Sponsorship.objects.get()
    assert answer["Location"] == f"/sponsorships/{sponsorship.pk}/ordered/"
    page = client.get(answer["Location"]).content.decode()
    assert "Your invoice is here" in page
    assert Invoice.objects.get().hosted_url in page
    assert sponsorship.status == Status.AWAITING_INVOICE
    assert Order.objects.get().po_number == "PO-9"


@pytest.mark.parametrize(
    "typed", [{"po_number": "1" * 141}, {"net_days": "15"}, {"pays_by": "cheque"}]
)
def test_a_wrong_choice_keeps_what_was_typed_and_orders_nothing(payer, typed):
    company, client = payer
    answer = choose(client, factories.tier(), company, **typed)

    assert answer.status_code == 422
    assert not Sponsorship.objects.exists()


def test_a_missing_number_is_asked_for_where_it_is_required(payer):
    company, client = payer
    Paperwork.objects.update(po_required=True)
    assert choose(client, factories.tier(), company, po_number="").status_code == 422


def test_a_company_without_an_address_is_told_what_to_do(payer):
    company, client = payer
    Paperwork.objects.all().delete()
    answer = choose(client, factories.tier(), company)

    assert answer.status_code == 422
    assert "paperwork" in answer.content.decode()


def test_while_stripe_is_silent_the_order_is_kept_and_the_page_looks_again(engine, payer):
    company, client = payer
    engine.faults.add("POST /v1/subscriptions", "error_before", times=3)
    answer = choose(client, factories.tier(), company)

    assert "data-waiting" in client.get(answer["Location"]).content.decode()


def test_a_number_can_be_given_on_its_page(engine, payer):
    company, client = payer
    sponsorship = scenarios.ordered(engine, company)
    address = f"/sponsorships/{sponsorship.pk}/po/"

    assert client.post(address, {"po_number": "2" * 141}).status_code == 422
    assert client.post(address, {"po_number": "PO-3"}).status_code == 302

    subscription = gateway.subscription(Subscription.objects.get().stripe_id)
    fields = subscription["invoice_settings"]["custom_fields"]
    assert [one["value"] for one in fields] == ["PO-3"]


def test_the_company_pages_show_net_tax_number_and_due_date(engine, payer, taxed):
    company, client = payer
    sponsorship = scenarios.ordered(engine, company)
    for address in (f"/companies/{company.slug}/home/", f"/sponsorships/{sponsorship.pk}/"):
        page = client.get(address).content.decode()
        assert "£100.00" in page
        assert "£20.00" in page
        assert "£120.00" in page
        assert "PO-1" in page


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
