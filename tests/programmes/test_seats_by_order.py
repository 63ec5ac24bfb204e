"""Seats that are promised by purchase order."""

from datetime import timedelta

import pytest

from funding.office.models import Message
from sponsors.billing.models import Setup
from sponsors.sponsorships.models import Commitment, PaysBy
from tests import factories
from tests.programmes.buying import on_sale, send

pytestmark = pytest.mark.django_db


def test_with_a_number_the_seat_is_promised_at_once(signed_in, user):
    share, company = on_sale(), factories.payer(user)

    answer = send(signed_in, share, company, pays_by="invoice", po_number="PO-7", net_days="30")

    kept = Commitment.objects.get()
    assert answer.url == f"/commitments/{kept.pk}/"
    assert (kept.status, kept.po_number, kept.pays_by) == ("committed", "PO-7", PaysBy.INVOICE)


def test_without_a_number_it_is_kept_until_the_call_s_days_are_over(signed_in, user):
    share, company = on_sale(), factories.payer(user)

    send(signed_in, share, company, pays_by="invoice", net_days="30")

    kept = Commitment.objects.get()
    assert kept.status == "reserved"
    assert kept.reserved_until - kept.accepted_at == timedelta(days=14)
    assert Message.objects.filter(key=f"seat_kept:{kept.pk}").exists()


def test_the_number_given_later_promises_it(signed_in, user):
    share, company = on_sale(), factories.payer(user)
    send(signed_in, share, company, pays_by="invoice", net_days="30")
    kept = Commitment.objects.get()

    signed_in.post(f"/commitments/{kept.pk}/po/", {"po_number": "PO-8"})

    kept.refresh_from_db()
    assert (kept.status, kept.po_number) == ("committed", "PO-8")


def test_no_number_is_no_promise(signed_in, user):
    share, company = on_sale(), factories.payer(user)
    send(signed_in, share, company, pays_by="invoice", net_days="30")
    kept = Commitment.objects.get()

    answer = signed_in.post(f"/commitments/{kept.pk}/po/", {"po_number": " "})

    assert answer.status_code == 422
    kept.refresh_from_db()
    assert kept.status == "reserved"


def test_without_an_address_there_is_no_invoice(signed_in, user):
    share = on_sale()
    company = factories.company(user)

    answer = send(signed_in, share, company, pays_by="invoice", po_number="PO-1")

    assert answer.status_code == 422
    assert not Commitment.objects.exists()


def test_who_chooses_a_card_after_all_keeps_the_seat(engine, signed_in, user):
    share, company = on_sale(), factories.payer(user)
    send(signed_in, share, company, pays_by="invoice", net_days="30")

    answer = send(signed_in, share, company)

    assert answer.url == Setup.objects.get().url
    assert Commitment.objects.get().pays_by == PaysBy.CARD
