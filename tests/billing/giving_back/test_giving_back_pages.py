"""The pages on which money is given back, and what others are told of it."""

import pytest

from funding.office import clock, outbox
from sponsors.billing import weighing
from sponsors.billing.models import Asked, Dispute, Invoice, Refund
from tests import scenarios
from tests.billing.giving_back.wishes import give, owner_of, signed_in
from tests.billing.went_back import pay_once_more

pytestmark = pytest.mark.database


def form(payment, **values):
    left = weighing.left(payment).amount
    return {"amount": "25", "why": "Agreed", "left": left, **values}


def test_the_page_says_what_it_means_before_anything_happens(payment, staff):
    client, path = signed_in(staff), f"/staff/payments/{payment.pk}/refund/"

    page = client.post(path, form(payment))

    assert page.status_code == 200
    for words in ("£25.00", "£96.80 now", "£71.80 afterwards", "cannot be taken back", "£3.20"):
        assert words in page.content.decode()
    assert not Asked.objects.exists()
    answer = client.post(path, form(payment, confirmed="yes"))
    assert answer.url == f"/staff/payments/{payment.pk}/"
    assert Refund.objects.get().amount == 2500


@pytest.mark.parametrize("values", [
    {"amount": ""}, {"amount": "-1"}, {"amount": "100.01"}, {"amount": "1,5"}, {"amount": "NaN"},
    {"why": ""}, {"why": "x" * 301}, {"why": "\u202e"}, {"left": "x"}, {"left": ""},
])  # fmt: skip
def test_what_makes_no_sense_is_to_be_mended(payment, staff, values):
    client, path = signed_in(staff), f"/staff/payments/{payment.pk}/refund/"

    page = client.post(path, form(payment, confirmed="yes", **values))

    assert page.status_code == 422
    assert not Asked.objects.exists()


def test_while_stripe_does_not_answer_the_wish_is_kept(engine, payment, staff):
    engine.faults.add("POST /v1/credit_notes", "timeout_before", 9)
    client, path = signed_in(staff), f"/staff/payments/{payment.pk}/refund/"

    page = client.post(path, form(payment, confirmed="yes"), follow=True)

    assert "asked again by itself" in page.content.decode()
    assert Asked.objects.get().status == "asked"


def test_payments_are_found_by_whose_they_are_in_a_constant_number_of_questions(
    engine, staff, payment, django_assert_max_num_queries
):
    client, name = signed_in(staff), payment.invoice.sponsorship.company.display_name
    scenarios.settled(engine)
    for kind in ("", "disputed", "refunded", "surplus", "failed", "warned", "nonsense"):
        assert client.get("/staff/payments/", {"show": kind}).status_code == 200

    with django_assert_max_num_queries(9):
        page = client.get("/staff/payments/", {"q": name}).content.decode()

    assert page.count(f"/staff/payments/{payment.pk}/") == 1
    assert page.count('scope="row"') == 1


def test_staff_are_told_what_waits(engine, payment, staff):
    engine.warn_of_fraud(payment.charge)
    pay_once_more(engine, Invoice.objects.get())
    engine.deliver()
    client = signed_in(staff)
    for kind in ("warned", "surplus"):
        assert b'scope="row"' in client.get("/staff/payments/", {"show": kind}).content

    engine.dispute(payment.charge)
    engine.deliver()

    assert b'scope="row"' not in client.get("/staff/payments/", {"show": "warned"}).content
    assert "1 waits" in client.get("/staff/").content.decode()
    dispute = Dispute.objects.get()
    page = client.get(f"/staff/disputes/{dispute.pk}/").content.decode()
    assert "somebody else paid with it" in page
    assert f"payments/{payment.payment_intent}" in page
    assert str(payment.invoice) in page


def test_the_sponsorships_page_says_what_went_back(engine, sponsorship, payment):
    engine.refund(payment.charge, 1000)
    engine.dispute(payment.charge)
    engine.deliver()

    client = signed_in(sponsorship.bought_by)
    page = client.get(sponsorship.get_absolute_url()).content.decode()

    assert "was given back" in page
    assert "took invoice" in page


def test_the_company_is_told_once_with_the_reason(payment, staff):
    give(payment, 2500, by=staff)

    message = outbox.Message.objects.get(key=f"refund:{Refund.objects.get().stripe_id}")
    assert "Agreed" in message.body
    assert payment.invoice.sponsorship.company.billing_email in message.recipients


def test_a_row_says_what_is_on_its_way_and_offers_no_second_link(
    engine, sponsorship, payment, staff
):
    row = Asked.objects.create(payment=payment, amount=2500, why="W", by=staff, at=clock.now())
    page = f"/maintain/{sponsorship.project.slug}/received/"
    treasurer = signed_in(owner_of(sponsorship))

    shown = treasurer.get(page).content.decode()
    assert "Going back: £25.00" in shown
    assert "/refund/" not in shown

    row.status = Asked.Status.REFUSED
    row.save()
    shown = treasurer.get(page).content.decode()
    assert "Going back" not in shown
    assert "/refund/" in shown
