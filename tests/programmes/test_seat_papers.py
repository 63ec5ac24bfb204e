"""What pages, papers and mails say of a seat's money, where they were made for sponsorships."""

import csv
import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from funding.office import clock
from funding.office.models import Message
from sponsors.billing import (
    banking,
    combing,
    describing,
    giving_back,
    overdue,
    reconciling,
    stating,
    weighing,
    writing_off,
)
from sponsors.billing.models import Dispute, Invoice, Payment
from tests import factories
from tests.certainty import certain
from tests.programmes.money import (
    DECLINED,
    GOOD,
    again,
    all_promised,
    closed,
    held,
    insist_books_agree,
    run,
    statuses,
)

pytestmark = pytest.mark.database


@pytest.fixture
def paid(engine):
    """A seat that is paid by card; its commitment."""
    _, made = all_promised(engine)
    run(engine)
    return again(made[0])


@pytest.fixture
def sent(engine):
    """A seat whose invoice is sent and open."""
    _, made = all_promised(engine, cards=[None, GOOD, GOOD])
    run(engine)
    return again(made[0])


def invoice_of(commitment):
    return Invoice.objects.get(commitment=commitment)


def payment_of(commitment):
    return Payment.objects.select_related("invoice").get(invoice__commitment=commitment)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return certain(client)


@pytest.fixture
def staff(db):
    return signed_in(factories.user(is_staff=True))


@pytest.fixture
def member(paid):
    return signed_in(paid.accepted_by)


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def test_the_companys_invoices_name_the_round_and_the_seat(member, paid):
    page = text(member.get(f"/companies/{paid.company.slug}/invoices/"))

    assert str(paid.call.round) in page
    assert "A seat: Sponsor" in page
    assert "Once" in page


def test_its_paper_has_no_time_of_service(paid):
    said = describing.sheet(invoice_of(paid), now=clock.now())

    assert not [one for one in said["more"] if one[0] == "Service"]
    assert said["lines"][0]["detail"] == ""
    assert stating.what_for(invoice_of(paid)) == "A seat: Sponsor"


def test_its_pdf_is_for_its_company_and_for_nobody_else(member, paid):
    page = invoice_of(paid).get_absolute_url()

    assert member.get(page)["Content-Type"] == "application/pdf"
    assert signed_in(factories.user()).get(page).status_code == 404


def test_it_is_in_the_archive_of_its_year(member, paid):
    page = f"/companies/{paid.company.slug}/documents/2026"
    member.post(f"{page}/")
    file = zipfile.ZipFile(io.BytesIO(b"".join(member.get(f"{page}.zip").streaming_content)))
    (row,) = csv.DictReader(io.StringIO(file.read("index-2026.csv").decode("utf-8-sig")))

    assert str(paid.call.round) in row.values()
    assert "A seat: Sponsor" in row.values()


@pytest.mark.parametrize("name", ["staff-payments", "staff-disputes", "staff"])
def test_staff_lists_name_its_round(engine, staff, paid, name):
    engine.dispute(payment_of(paid).charge)
    engine.deliver()

    page = text(staff.get(reverse(f"billing:{name}")))

    assert name == "staff" or str(paid.call.round) in page


def test_staff_see_its_invoice_while_it_is_waited_for(staff, sent):
    assert str(sent.call.round) in text(staff.get(reverse("billing:staff-invoices")))


def test_staff_see_its_payment_and_what_giving_it_back_means(staff, paid):
    payment = payment_of(paid)
    assert str(paid.call.round) in text(
        staff.get(reverse("billing:staff-payment", args=[payment.pk]))
    )
    refund = reverse("billing:staff-refund", args=[payment.pk])
    assert "End the sponsorship" not in text(staff.get(refund))

    typed = {"amount": "2000", "why": "Agreed", "left": payment.amount}
    meant = text(staff.post(refund, typed))

    assert "The seat is then not paid for" in meant
    assert "ponsorship" not in meant.partition("<main")[2].partition("</main")[0]
    staff.post(refund, {**typed, "confirmed": "yes"})
    assert again(paid).status == "refunded"


def test_staff_see_who_signed_for_a_disputed_seat(engine, staff, paid):
    engine.dispute(payment_of(paid).charge)
    engine.deliver()

    page = text(staff.get(reverse("billing:staff-dispute", args=[Dispute.objects.get().pk])))

    assert "Ada Example" in page
    assert "We pay this seat." in page
    assert "The sponsorship goes on" not in page


def test_a_part_that_went_back_leaves_the_seat_paid(engine, paid):
    payment, by = payment_of(paid), factories.user(is_staff=True)
    wish = giving_back.Wish(5000, "Agreed", ends=False, seen_left=weighing.left(payment).amount)
    before = held(paid.call)

    giving_back.ask(payment, wish, by=by, now=clock.now())

    assert again(paid).status == "paid"
    assert held(paid.call) == before - 5000
    insist_books_agree(engine)


def test_money_at_the_bank_pays_a_seat(engine, sent):
    invoice = invoice_of(sent)
    seen = banking.Seen(amount=invoice.total, reference="BANK 1", received_on=clock.today())

    banking.record(
        invoice_id=invoice.pk, seen=seen, by=factories.user(is_staff=True), now=clock.now()
    )
    engine.deliver()

    assert again(sent).status == "paid"
    assert sent.call.round_id
    insist_books_agree(engine)


def test_staff_write_off_the_invoice_of_a_seat(engine, staff, sent):
    invoice = invoice_of(sent)
    page = text(staff.get(reverse("billing:write-off", args=[invoice.pk])))
    assert "The seat is kept for seven days more" in page

    writing_off.write_off(invoice)
    run(engine, days=8)

    assert again(sent).status == "failed"
    insist_books_agree(engine)


def test_a_sent_invoice_is_reminded_of_once_and_told_late_once(engine, sent):
    run(engine, days=26)
    overdue.remind(now=clock.now())
    overdue.remind(now=clock.now())
    run(engine, days=5)
    overdue.note(now=clock.now())

    assert Message.objects.filter(key__startswith="invoice-due-soon").count() == 1
    assert Message.objects.filter(key__startswith="seat-not-paid").count() == 1
    assert not Message.objects.filter(key__startswith="invoice-overdue").exists()


@pytest.fixture
def failed_at_last(engine):
    """One seat was paid, one card declined, one invoice written off: the call fails."""
    call, made = all_promised(engine, cards=[GOOD, DECLINED, None])
    run(engine)
    writing_off.write_off(invoice_of(made[2]))
    closed(engine, call)


@pytest.mark.usefixtures("failed_at_last")
def test_every_mail_about_a_seat_says_where_questions_go():
    about = ("seat", "invoice", "refund", "call-failed")
    told = [one for one in Message.objects.all() if one.key.startswith(about)]

    assert len(told) > 8
    line = "Questions about it: ask@programme.example"
    assert [one.key for one in told if line not in one.body] == []


@pytest.mark.usefixtures("failed_at_last")
def test_no_mail_about_a_seat_speaks_of_a_sponsorship():
    keys = {one.key.partition(":")[0] for one in Message.objects.all()}
    assert keys >= {
        "seat-decided", "seat-paid", "seat-not-paid", "seat-lost", "invoice-sent", "refund",
        "invoice-written-off", "call-failed",
    }  # fmt: skip
    for one in Message.objects.all():
        assert "sponsorship" not in one.body, one.body
        assert "None" not in one.body, one.body


# Compared with Stripe


@pytest.fixture
def _waits(monkeypatch):
    monkeypatch.setattr(combing.time, "sleep", lambda seconds: None)


@pytest.mark.usefixtures("_waits")
def test_reconciling_knows_the_invoices_of_seats(engine, paid):
    found = reconciling.run(since=None, tell=lambda line: None)

    assert list(found.findings.all()) == []


@pytest.mark.usefixtures("_waits")
def test_reconciling_brings_in_what_nobody_told_of_a_seat(engine):
    call, made = all_promised(engine, cards=[GOOD, DECLINED, GOOD])
    run(engine)
    engine.knobs.add("drop", times=100)
    assert engine.pay_invoice(invoice_of(made[1]).stripe_id, GOOD).ok
    engine.deliver()
    engine.advance_by(600)
    assert statuses(call) == ["paid", "due", "paid"]

    found = reconciling.run(since=None, tell=lambda line: None)

    assert statuses(call) == ["paid"] * 3
    assert found.findings.unexplained().count() == 0
    insist_books_agree(engine)


def test_what_came_to_the_bank_for_a_call_that_failed_is_shown_to_staff(engine, staff):
    call, made = all_promised(engine, cards=[None, DECLINED, GOOD])
    run(engine)
    invoice = invoice_of(made[0])
    seen = banking.Seen(amount=invoice.total, reference="BANK 1", received_on=clock.today())
    banking.record(invoice_id=invoice.pk, seen=seen, by=factories.user(), now=clock.now())
    closed(engine, call)

    assert statuses(call) == ["paid", "failed", "refunded"]
    assert "Money to send back by bank" in text(staff.get(reverse("billing:staff")))
    assert invoice.number in text(staff.get(reverse("billing:staff-by-bank")))
    insist_books_agree(engine)
