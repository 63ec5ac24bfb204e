"""What is on paper: frozen when it is finalised, the same bytes for the same facts, for its company
and staff alone."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from funding.office import printing as printer
from sponsors.billing import describing, documents, printing
from sponsors.billing.models import BankPayment, CreditNote, Invoice, Payment
from sponsors.companies.models import Paperwork
from tests import factories, scenarios, world
from tests.billing import papers

NOW = world.BEGINNING
# Of which no font here has a letter, and some that need more than one font
NAMES = [
    "株式会社 山田",
    "한국 주식회사",
    "👩‍👩‍👧 Ltd",
    "ᚠᚢᚦ",
    "شركة",
    "ẹ́҉",
    "a\u200db",
    "\U0010ffff",
    "\x01\x1b",
]


@pytest.fixture
def company(user):
    return factories.company(user, display_name="Kestrel", legal_name="Kestrel Bank plc")


def sheet(row, now=NOW):
    return describing.sheet(documents.load([row.stripe_id])[0], now=now)


def words(row, now=NOW):
    return json.dumps(sheet(row, now), ensure_ascii=False)


def pdf(row, now=NOW):
    return printing.pdf(sheet(row, now), made_at=row.created_at)


# What is frozen


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


# What is said


def test_a_paid_invoice_says_when_and_with_what(db):
    row = papers.invoice()
    Payment.objects.create(
        payment_intent="pi_1", invoice=row, settled_at=NOW, means="Visa 4242", amount=12000
    )

    said = sheet(row)

    assert said["title"] == "Invoice, paid"
    assert said["stamp"] == "Paid on 5 January 2026, Visa 4242"
    assert said["headline"] == {"label": "Paid", "amount": "£120.00"}


def test_the_card_is_known_once_the_charge_is(engine):
    invoice = scenarios.settled(engine).invoices.get()

    assert "Visa 4242" in sheet(invoice)["stamp"]


def test_an_invoice_paid_outside_stripe_names_the_banks_reference(db):
    row = papers.invoice(paid_outside=12000)
    BankPayment.objects.create(
        invoice=row, amount=12000, reference="BACS 0042", received_on=date(2026, 1, 5),
        recorded_at=NOW,
    )  # fmt: skip

    assert sheet(row)["stamp"] == "Paid on 5 January 2026, bank transfer BACS 0042"


def test_an_invoice_to_be_paid_says_by_when_and_how_much(db):
    row = papers.to_be_paid()

    assert sheet(row)["stamp"] == "To be paid by 4 February 2026"
    assert ["Due", "4 February 2026"] in sheet(row)["facts"]
    assert sheet(row)["headline"] == {"label": "To be paid", "amount": "£120.00"}


def test_it_is_overdue_when_its_time_has_passed_and_not_before(db):
    row = papers.to_be_paid()

    assert sheet(row, row.due_at)["stamp"] == "To be paid by 4 February 2026"
    late = sheet(row, row.due_at + timedelta(seconds=1))
    assert late["stamp"] == "Overdue since 4 February 2026"
    assert late["tone"] == "fault"


def test_what_was_taken_off_before_it_was_paid_is_owed_no_more(db):
    row = papers.to_be_paid(credited=6000)
    papers.credit_note(row, before_payment=6000, number="KES-CN-1")

    said = sheet(row)

    assert ["Credit note KES-CN-1", "-£60.00", ""] in said["sums"]
    assert ["To be paid", "£60.00", "strong"] in said["sums"]
    assert said["headline"]["amount"] == "£60.00"


def test_a_voided_credit_note_is_not_counted(db):
    row = papers.to_be_paid()
    papers.credit_note(row, before_payment=6000, status="void", number="KES-CN-2")

    assert "KES-CN-2" not in words(row)


def test_what_came_from_the_bank_for_nothing_did_not_pay_it(db):
    row = papers.invoice()
    Payment.objects.filter(pk=papers.payment(row).pk).update(means="Visa 4242")
    stray = {"amount": 12000, "reference": "FT-1", "received_on": world.BEGINNING.date()}
    BankPayment.objects.create(invoice=row, recorded_at=world.BEGINNING, **stray)

    assert sheet(row)["stamp"] == "Paid on 5 January 2026, Visa 4242"


@pytest.mark.parametrize(
    ("values", "stamp"),
    [
        ({"returned": 12000}, "Given back after it was paid on 5 January 2026"),
        ({"returned": 100}, "In part given back, paid on 5 January 2026"),
        ({"status": "void", "paid_at": None}, "Taken back: nothing is owed"),
        ({"status": "uncollectible", "paid_at": None}, "Not paid"),
        ({"status": "open", "paid_at": None}, "To be paid"),
        ({"status": "a_new_word", "paid_at": None}, "To be paid"),
    ],
)
def test_each_state_has_its_words(db, values, stamp):
    assert sheet(papers.invoice(**values))["stamp"] == stamp


def test_an_invoice_without_tax_by_reverse_charge_says_why(db):
    taxes = [{"amount": 0, "rate": "", "reason": "reverse_charge"}]
    row = papers.invoice(tax=0, paper={"taxes": taxes})

    assert sheet(row)["notes"] == ["Reverse charge: the recipient accounts for the tax."]


def test_tax_stands_apart_with_its_rate(db):
    assert ["VAT 20 %", "£20.00", ""] in sheet(papers.invoice())["sums"]


def test_taxes_that_do_not_make_the_sum_are_not_said(db):
    assert ["VAT", "£19.99", ""] in sheet(papers.invoice(tax=1999))["sums"]


def test_yen_have_no_cents(db):
    row = papers.invoice(currency="JPY", net=100000, tax=10000, paper={"taxes": []})

    assert sheet(row)["headline"]["amount"].endswith("110,000")


def test_a_row_that_is_older_than_its_paper_is_printed_all_the_same(db):
    row = papers.invoice(po_number="4500018823")
    Invoice.objects.filter(pk=row.pk).update(paper={})

    assert ["PO number", "4500018823"] in sheet(row)["more"]
    assert pdf(row).startswith(b"%PDF")


# How it is printed


def test_the_same_facts_give_the_same_bytes_whenever_it_is_printed(db):
    row = papers.invoice()

    assert pdf(row) == pdf(row, now=NOW + timedelta(days=400))


def test_it_is_a_tagged_pdf_with_a_title_and_a_language(db):
    data = pdf(papers.invoice())

    assert b"/StructTreeRoot" in data and b"/Marked true" in data
    assert b"/Lang" in data
    assert b"<pdfuaid:part>1" in data and b"<pdfaid:part>3" in data


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_never_keeps_an_invoice_from_being_printed(db, name):
    row = papers.invoice(paper={"customer": {"name": name, "lines": [name], "tax_ids": [name]}})

    assert pdf(row).startswith(b"%PDF")


def test_letters_that_no_font_has_become_a_sign_and_a_note_says_so():
    said = {"notes": [], "link": "", "to": {"name": "山田 Ltd, Łódź, Ελλάς, शर्मा"}}

    shown = printer.with_signs(said, printer.is_printable, printing.LACKING)

    assert shown["to"]["name"] == "□□ Ltd, Łódź, Ελλάς, शर्मा"
    assert shown["notes"] == [printing.LACKING]


def test_what_people_write_is_never_read_as_typst(db):
    name = '#panic("no") $x$ *bold* <label> `raw` ] ) // /* #sys.inputs'
    row = papers.invoice(paper={"customer": {"name": name, "lines": [name], "tax_ids": []}})

    assert pdf(row).startswith(b"%PDF")
    assert sheet(row)["to"]["name"] == name


def test_one_word_of_140_characters_and_twelve_lines_fit(db):
    line = papers.PAPER["lines"][0] | {"text": "Unused time " * 12}
    row = papers.invoice(paper={"lines": [line] * 12, "fields": [["PO number", "4" * 140]]})

    assert pdf(row).startswith(b"%PDF")


def test_what_is_changed_on_the_paper_changes_its_mark():
    said = {"a": "1"}

    assert printing.mark(said) == printing.mark({"a": "1"}) != printing.mark({"a": "2"})


# Who may have it


def test_the_answer_is_for_its_reader_alone_and_named_by_its_number(signed_in, company):
    row = papers.invoice(company, number="KES/00 12é")

    answer = signed_in.get(row.get_absolute_url())

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"] == 'attachment; filename="KES-00-12-.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_a_reader_who_has_it_is_not_sent_it_again_until_it_says_something_else(signed_in, company):
    row = papers.invoice(company)
    etag = signed_in.get(row.get_absolute_url())["ETag"]

    again = signed_in.get(row.get_absolute_url(), headers={"If-None-Match": etag})
    Invoice.objects.filter(pk=row.pk).update(returned=12000)
    changed = signed_in.get(row.get_absolute_url(), headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert changed.status_code == 200


def test_asking_for_the_head_of_it_sends_no_body(signed_in, company):
    answer = signed_in.head(papers.invoice(company).get_absolute_url())

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_credit_note_is_for_its_company_alone(signed_in, company):
    theirs = papers.credit_note(papers.invoice(company))
    anothers = papers.credit_note(papers.invoice())

    assert signed_in.get(theirs.get_absolute_url()).status_code == 200
    assert signed_in.get(anothers.get_absolute_url()).status_code == 404


def test_staff_have_every_document(db):
    client = Client()
    client.force_login(factories.user(is_staff=True))

    assert client.get(papers.invoice().get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["in_none", "cn_none", "x", "in_%00", "-1", "in_1%2F.."])
def test_nonsense_in_the_address_is_not_found(signed_in, name):
    assert signed_in.get(f"/documents/{name}.pdf").status_code == 404


def test_a_draft_is_not_found(signed_in, company):
    row = papers.invoice(company, status="draft", paid_at=None)

    assert signed_in.get(row.get_absolute_url()).status_code == 404


def test_a_document_takes_few_queries(signed_in, company, django_assert_max_num_queries):
    row = papers.invoice(company)

    with django_assert_max_num_queries(8):
        signed_in.get(row.get_absolute_url())


def test_the_year_of_a_document_is_that_of_its_day_in_utc(company):
    last = papers.invoice(company, created_at=datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC))
    first = papers.invoice(company, created_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert documents.of_year(company, 2025) == [last.stripe_id]
    assert documents.of_year(company, 2026) == [first.stripe_id]
    assert documents.years(company) == [2026, 2025]


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
