"""What is typed on Stripe's payment page does not take the place of what a company says of itself."""

import pytest

from funding.office import clock
from sandbox.typed import Typed
from sponsors.billing import attention, filing, gateway, knowing
from sponsors.billing.models import Customer, Invoice
from sponsors.companies import paperwork
from sponsors.companies.models import Paperwork
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("taxed")]
TYPED = {"line1": "9 Side Street", "line2": "Floor 3", "postal_code": "N1 9GU", "city": "Leeds"}


def pay(engine, company, *, country="GB", address=TYPED):
    page = scenarios.chosen(company)
    engine.submit_checkout(
        page.stripe_id, Typed(name="Hannah Osei", country=country, address=address)
    )
    engine.deliver()
    return Sponsorship.objects.get(pk=page.sponsorship_id)


def at_stripe():
    return gateway.customer(Customer.objects.get().stripe_id)


def test_the_address_and_the_name_of_the_company_are_told_again_after_a_card_was_typed(engine):
    pay(engine, factories.payer(legal_name="Kestrel Bank plc"))

    found = at_stripe()
    assert found["name"] == "Kestrel Bank plc"
    assert found["address"]["line1"] == "1 Bell Lane"
    assert found["address"]["line2"] is None
    assert found["address"]["city"] == "London"


def test_the_next_invoice_is_addressed_to_the_company(engine):
    pay(engine, factories.payer(legal_name="Kestrel Bank plc"))
    world.days(engine, 33)

    newest = gateway.invoice(Invoice.objects.first().stripe_id)
    assert newest["customer_name"] == "Kestrel Bank plc"
    assert newest["customer_address"]["line1"] == "1 Bell Lane"


def test_a_company_without_an_address_has_the_typed_one_from_then_on(engine):
    company = factories.company(country="GB")
    pay(engine, company)

    papers = Paperwork.objects.get(company=company)
    assert (papers.line1, papers.line2) == ("9 Side Street", "Floor 3")
    assert (papers.postcode, papers.city) == ("N1 9GU", "Leeds")
    assert at_stripe()["address"]["line1"] == "9 Side Street"
    assert at_stripe()["name"] == company.name_on_paper


def waiting():
    tasks = {task.title: task.count for task in attention.tasks(now=clock.now())}
    return tasks["Addresses typed at Stripe"]


def paperwork_page(client, company):
    return client.get(f"/companies/{company.slug}/paperwork/").content.decode()


def test_an_address_in_another_country_is_told_to_the_company_and_to_staff(
    engine, user, signed_in
):
    company = factories.company(user, country="GB")
    pay(engine, company, country="DE", address={**TYPED, "city": "Berlin"})
    knowing.sweep()

    assert not Paperwork.objects.filter(company=company, city="Berlin").exists()
    assert at_stripe()["address"]["city"] == "Berlin"
    assert "9 Side Street, Floor 3, N1 9GU Berlin, Germany" in paperwork_page(signed_in, company)
    assert waiting() == 1

    own = {"line1": "1 Bell Lane", "postcode": "E1 7LA", "city": "London", "net_days": 30}
    form = filing.file(
        company=company, data={**own, "seen": paperwork.show(company)["seen"].value()}
    )

    assert not form.errors
    assert at_stripe()["address"]["city"] == "London"
    assert "another address was typed" not in paperwork_page(signed_in, company)
    assert waiting() == 0


def test_an_address_typed_over_the_companys_own_is_told_too(engine, user, signed_in):
    company = factories.payer(user)
    pay(engine, company)

    assert "9 Side Street" in paperwork_page(signed_in, company)
    assert at_stripe()["address"]["line1"] == "1 Bell Lane"


def test_an_address_typed_in_the_portal_is_told_and_stays_until_the_company_says(
    engine, user, signed_in
):
    company = factories.payer(user)
    scenarios.paid(engine, company)
    typed = {**TYPED, "country": "GB"}
    gateway.update_customer(Customer.objects.get().stripe_id, params={"address": typed}, key="p")
    engine.deliver()
    knowing.sweep()

    assert at_stripe()["address"]["line1"] == "9 Side Street"
    assert "9 Side Street" in paperwork_page(signed_in, company)
    assert waiting() == 1


def test_a_postcode_alone_is_no_other_address(engine, user, signed_in):
    company = factories.payer(user)
    pay(engine, company, address={"postal_code": "N1 9GU"})

    assert "another address was typed" not in paperwork_page(signed_in, company)


def test_what_stripe_was_not_told_at_once_is_told_by_the_sweeper(engine, monkeypatch):
    company = factories.payer()
    monkeypatch.setattr("sponsors.billing.checkout.tell_again", lambda session_id: None)
    pay(engine, company)
    assert at_stripe()["address"]["line1"] == "9 Side Street"

    knowing.sweep()
    assert at_stripe()["address"]["line1"] == "1 Bell Lane"
    assert knowing.sweep() == 0
