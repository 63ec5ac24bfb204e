"""From the button to Stripe's card page, and what may be in the way."""

import re
from datetime import timedelta

import pytest

from funding.office import clock
from funding.programmes.models import FundingCall, Share
from sponsors.billing import card_pages, gateway
from sponsors.billing.models import Setup
from sponsors.companies.models import Company
from sponsors.sponsorships import commitments, signing
from sponsors.sponsorships.models import Commitment
from tests import factories
from tests.programmes import scenes
from tests.programmes.buying import address, on_sale, saved, send

pytestmark = pytest.mark.django_db


def test_a_new_company_is_registered_and_sent_to_the_card_page(engine, signed_in, user):
    answer = send(signed_in, on_sale())

    page = Setup.objects.get()
    assert answer.status_code == 302
    assert answer.url == page.url
    assert Company.objects.get().memberships.get().user == user
    assert page.commitment.status == "reserved"


def test_the_card_page_charges_nothing_and_names_the_promise(engine, signed_in):
    send(signed_in, on_sale())

    page = Setup.objects.get()
    session = gateway.checkout(page.stripe_id)
    assert (session["mode"], session["amount_total"]) == ("setup", None)
    assert session["client_reference_id"] == f"setup:{page.pk}"
    assert session["metadata"] == {"commitment": str(page.commitment_id)}


def test_a_seat_is_kept_for_as_long_as_its_card_page_is_open(engine, signed_in):
    send(signed_in, on_sale())

    page = Setup.objects.get()
    assert page.commitment.reserved_until > page.expires_at
    assert page.commitment.reserved_until - clock.now() < timedelta(minutes=34)


def test_two_clicks_lead_to_one_company_one_seat_and_one_page(engine, signed_in):
    share = on_sale()

    answers = [send(signed_in, share) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert (Company.objects.count(), Commitment.objects.count()) == (1, 1)
    assert Share.objects.get(pk=share.pk).taken == 1


def test_what_was_signed_is_kept_with_its_price_and_its_rules(engine, signed_in):
    send(signed_in, on_sale())

    kept = Commitment.objects.get()
    for words in ("£2,000.00, net", "£6,000", "charge it once", "each by its share"):
        assert words in kept.accepted_text
    assert kept.accepted_name == "Ada Example"
    assert kept.amount == 200000


def test_without_a_signature_nothing_is_kept(engine, signed_in):
    answer = send(signed_in, on_sale(), signed_name="")

    assert answer.status_code == 422
    assert not Commitment.objects.exists()
    assert not Company.objects.exists()


def test_who_read_other_words_is_shown_them_anew(engine, signed_in):
    answer = send(signed_in, on_sale(), read="0" * 16)

    assert answer.status_code == 409
    assert "Read it once more" in answer.content.decode()
    assert not Commitment.objects.exists()


def test_a_foreign_company_is_refused(engine, signed_in):
    answer = send(signed_in, on_sale(), factories.payer())

    assert answer.status_code == 422
    assert not Commitment.objects.exists()


def test_a_company_that_stays_anonymous_is_not_shown(engine, signed_in):
    send(signed_in, on_sale(), is_anonymous="yes")

    kept = Commitment.objects.get()
    assert kept.is_anonymous
    assert "Our name is not shown." in kept.accepted_text


def test_a_call_that_names_its_sponsors_takes_no_anonymous_ones(engine, signed_in):
    share = scenes.call(takes_anonymous=False).shares.first()

    send(signed_in, share, is_anonymous="yes")

    assert not Commitment.objects.get().is_anonymous


def test_a_full_call_answers_with_the_waiting_list(engine, signed_in):
    call = scenes.call(seats=1)
    share = call.shares.get()
    scenes.reserved(call)

    answer = send(signed_in, share)

    assert answer.status_code == 409
    assert "Join the waiting list" in answer.content.decode()
    assert not Company.objects.filter(display_name="Kestrel Bank").exists()


def test_a_call_that_is_over_takes_nobody(engine, signed_in):
    share = on_sale()
    FundingCall.objects.update(closes_at=clock.now())

    assert send(signed_in, share).status_code == 409
    assert signed_in.get(address(share)).status_code == 200


@pytest.mark.parametrize("draft", ["call", "round"])
def test_a_draft_has_no_seats(signed_in, draft):
    share = on_sale()
    if draft == "call":
        FundingCall.objects.update(state="draft")
    else:
        type(share.call.round).objects.update(status="draft")

    assert signed_in.get(address(share)).status_code == 404


def test_a_share_of_another_round_is_not_there(signed_in):
    share, other = on_sale(), on_sale()

    assert (
        signed_in.get(address(share).replace(f"/{share.pk}/", f"/{other.pk}/")).status_code == 404
    )


def test_when_stripe_does_not_answer_the_seat_is_kept_and_the_button_works_again(
    engine, signed_in
):
    share = on_sale()
    engine.faults.add("POST /v1/checkout/sessions", "timeout_after", times=3)

    answer = send(signed_in, share)

    assert answer.status_code == 503
    assert send(signed_in, share).url == Setup.objects.get().url
    assert Commitment.objects.count() == 1


def test_who_has_promised_is_led_to_their_seat(signed_in, user):
    share, company = on_sale(), factories.payer(user)
    send(signed_in, share, company, pays_by="invoice", po_number="PO-7", net_days="30")

    answer = send(signed_in, share, company, pays_by="invoice", po_number="PO-9", net_days="30")

    kept = Commitment.objects.get()
    assert answer.url == f"/commitments/{kept.pk}/"
    assert kept.po_number == "PO-7"


def test_a_second_page_is_not_opened_once_a_card_is_saved(engine):
    kept, client = saved(engine)
    Setup.objects.update(status="complete")

    with pytest.raises(card_pages.CardOnItsWay):
        card_pages.open_for(Commitment.objects.get(), now=clock.now())


def test_nobody_keeps_a_seat_for_ever_by_opening_page_after_page(engine, signed_in):
    send(signed_in, on_sale())
    kept = Commitment.objects.get()

    Setup.objects.update(status="expired")
    with pytest.raises(commitments.TooLate):
        card_pages.open_for(kept, now=kept.accepted_at + timedelta(minutes=30))

    kept.refresh_from_db()
    assert kept.reserved_until - kept.accepted_at < timedelta(minutes=34)


def test_words_say_when_a_round_is_decided_place_by_place():
    share = scenes.call(mode="per_place", places_least=1).shares.first()

    said = " ".join(signing.words(share, signing.call_of(share)).all)

    assert re.search(r"place by place: from 1 place on, each one when another £3,000", said)
