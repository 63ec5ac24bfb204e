"""What is on paper: frozen when it is finalised."""

import pytest

from sponsors.billing import documents
from sponsors.billing.models import CreditNote, Invoice
from sponsors.companies.models import Paperwork
from tests import scenarios, world
from tests.billing import papers
from tests.billing.sheets import pdf, sheet, words


def test_an_invoice_is_on_paper_as_it_was_when_it_was_finalised(engine, company, settings):
    invoice = scenarios.settled(engine, company).invoices.get()
    company.legal_name = "Another plc"
    company.save()
    settings.SELLER_NAME = "Somebody else Ltd"
    world.days(engine, 1)

    invoice.refresh_from_db()

    assert invoice.paper["customer"]["name"] == "Kestrel Bank plc"
    assert invoice.paper["seller"]["name"] == "Mainstay Demonstration Ltd"
    assert "Another" not in words(invoice)


def test_the_next_invoice_says_what_has_changed(engine, company):
    sponsorship = scenarios.settled(engine, company)
    company.legal_name = "Another plc"
    company.save()
    world.days(engine, 33)

    newest, first = sponsorship.invoices.all()

    assert "Another plc" in words(newest)
    assert "Kestrel Bank plc" in words(first)


def test_what_stripe_says_of_the_payer_is_on_paper(company):
    row = Invoice(sponsorship=papers.sponsorship(company), company=company)

    documents.note_invoice(row, stripes_invoice())

    assert row.paper["fields"] == [["PO number", "4500018823"]]
    assert row.paper["customer"]["lines"] == ["12 Long Street", "10115 Berlin", "Germany"]
    assert row.paper["customer"]["tax_ids"] == ["DE123456789"]
    assert row.paper["taxes"] == [{"amount": 0, "rate": "", "reason": "reverse_charge"}]
    assert row.paper["lines"][0]["text"] == "Harbour: Gold"


def test_without_a_street_at_stripe_the_one_that_was_given_here_is_on_paper(company):
    Paperwork.objects.create(
        company=company, line1="1 Quay", postcode="BS1 6ZJ", city="Bristol",
        tax_id="GB123456782", tax_id_kind="gb_vat",
    )  # fmt: skip
    row = Invoice(sponsorship=papers.sponsorship(company), company=company)

    documents.note_invoice(
        row, stripes_invoice(customer_address={"country": "GB"}, customer_tax_ids=[])
    )

    assert row.paper["customer"]["lines"] == ["1 Quay", "Bristol BS1 6ZJ", "United Kingdom"]
    assert row.paper["customer"]["tax_ids"] == ["GB123456782"]


def test_a_draft_has_no_paper(company):
    row = Invoice(sponsorship=papers.sponsorship(company), company=company)

    documents.note_invoice(row, stripes_invoice(status="draft"))

    assert row.paper == {}


def test_a_credit_note_has_the_parties_of_its_invoice_and_lines_of_its_own(company):
    row = CreditNote(invoice=papers.invoice(company))
    lines = {"data": [{"description": "Unused time", "amount": 5000}]}

    documents.note_credit(row, {"lines": lines, "total_taxes": [], "memo": "By agreement"})

    assert row.paper["customer"] == papers.PAPER["customer"]
    assert [line["text"] for line in row.paper["lines"]] == ["Unused time"]
    assert row.paper["words"] == "By agreement"


def stripes_invoice(**values):
    line = {"description": "1 × Harbour: Gold", "amount": 10000, "period": {"start": 1, "end": 2}}
    address = {
        "line1": "12 Long Street", "line2": None, "postal_code": "10115", "city": "Berlin",
        "state": "", "country": "DE",
    }  # fmt: skip
    tax = {"amount": 0, "taxable_amount": 10000, "taxability_reason": "reverse_charge"}
    return {
        "status": "open", "starting_balance": 0, "ending_balance": 0, "lines": {"data": [line]},
        "custom_fields": [{"name": "PO number", "value": "4500018823"}], "total_taxes": [tax],
        "customer_address": address, "customer_tax_ids": [{"type": "eu_vat", "value": "DE123456789"}],
        **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tax", "net", "said"),
    [
        (2000, 10000, "20"), (101, 505, "20"), (2550, 10000, "25.5"), (810, 10000, "8.1"),
        (888, 10000, ""), (178, 2000, ""), (7, 33, ""), (0, 100, ""), (5, 0, ""),
        (-2000, -10000, ""),
    ],
)  # fmt: skip
def test_the_rate_is_the_roundest_that_makes_this_tax_and_is_not_guessed(tax, net, said):
    assert documents.rate(tax, net) == said


def test_an_unpaid_invoice_says_in_print_where_to_pay(db, settings):
    settings.SELLER_BANK = "Mainstay Ltd; IBAN GB33 BUKB 2020 1555 5555 55"
    row = papers.to_be_paid()

    said = sheet(row)
    assert said["pay"] == [
        ["By card or transfer, on its page", [row.hosted_url]],
        [
            "By bank transfer",
            ["Mainstay Ltd", "IBAN GB33 BUKB 2020 1555 5555 55", f"Reference: {row}"],
        ],
    ]
    assert pdf(row).startswith(b"%PDF")
    assert sheet(papers.invoice())["pay"] == []
