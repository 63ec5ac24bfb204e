"""The pages on which an invoice is chosen, and those that show what it carries."""

import pytest
from django.test import Client

from sponsors.billing import gateway
from sponsors.billing.models import Invoice, Order, Subscription
from sponsors.companies.models import Paperwork
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios

pytestmark = pytest.mark.database


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
