"""What a mail about money says: the document, without signing in, and each figure."""

import re
import time

import pytest

from funding.office import clock
from funding.office.models import Message
from sponsors.billing import documents, giving_back, writing_off
from sponsors.billing.models import CreditNote, Invoice, Payment
from tests import factories, scenarios, world
from tests.billing import papers

pytestmark = pytest.mark.database


def mail(start):
    return Message.objects.get(key__startswith=start)


def links(message):
    return re.findall(r"/documents/\S+\.pdf\?key=\S+", message.body)


def test_the_mail_of_an_invoice_opens_its_pdf_without_signing_in(engine, client):
    scenarios.ordered(engine)
    (link,) = links(mail("invoice-sent:"))

    answer = client.get(link)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"


def test_a_mails_link_opens_one_document_alone(engine, client, db):
    one, other = papers.invoice(), papers.invoice()
    link = documents.signed_address(one)

    assert client.get(link).status_code == 200
    assert client.get(link.replace(one.stripe_id, other.stripe_id, 1)).status_code == 302
    assert client.get(link[:-3]).status_code == 302


def test_a_mails_link_closes_after_ninety_days(client, monkeypatch, db):
    link = documents.signed_address(papers.invoice())
    later = time.time() + 91 * 86400
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(link).status_code == 302


def test_thanks_are_a_receipt(engine):
    sponsorship = scenarios.paid(engine, factories.payer())
    invoice, said = sponsorship.invoices.get(), mail("thanks:").body

    assert f"Invoice: {invoice.number}" in said
    assert f"Net: {invoice.net_money.exact}" in said
    assert f"Tax: {invoice.tax_money.exact}" in said
    assert f"Charged: {invoice.total.exact}" in said
    assert links(mail("thanks:"))


def test_thanks_for_what_is_paid_by_invoice_do_not_speak_of_a_card(engine):
    scenarios.ordered(engine)
    engine.pay_invoice(Invoice.objects.get().stripe_id, "4242424242424242")
    engine.deliver()

    said = mail("thanks:").body
    assert "the card" not in said
    assert "Each renewal sends its own invoice." in said


def test_a_refunds_mail_names_its_credit_note(engine, client):
    scenarios.settled(engine, factories.payer())
    payment = Payment.objects.get()
    wish = giving_back.Wish(
        amount=payment.amount, why="A gift", seen_left=payment.amount, ends=False
    )
    giving_back.ask(payment, wish, by=factories.user(is_staff=True), now=clock.now())
    engine.deliver()

    note, said = CreditNote.objects.get(), mail("refund:")
    assert f"Credit note: {note.number}" in said.body
    assert f"Net: {note.net_money.exact}" in said.body
    assert client.get(links(said)[0]).status_code == 200


def test_a_write_off_is_told_in_one_mail(engine):
    scenarios.ordered(engine, net_days=14)
    world.days(engine, 20)
    writing_off.write_off(Invoice.objects.get())

    told = Message.objects.filter(key__startswith="lapsed:").get()
    assert "written it off" in " ".join(told.body.split())
    assert "still owed" not in told.body
    assert not Message.objects.filter(key__startswith="invoice-written-off").exists()
