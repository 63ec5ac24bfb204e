"""What an invoice on paper says of how it stands."""

from datetime import date, timedelta

import pytest

from sponsors.billing.models import BankPayment, Invoice, Payment
from tests import scenarios, world
from tests.billing import papers
from tests.billing.sheets import NOW, pdf, sheet, words


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
