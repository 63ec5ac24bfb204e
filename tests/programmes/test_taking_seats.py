"""From the button to Stripe's card page and back, and by purchase order."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.programmes.models import FundingCall, Share
from sponsors.billing import card_pages, gateway, tasks
from sponsors.billing.models import Invoice, Setup
from sponsors.companies.models import Company
from sponsors.sponsorships import commitments, signing
from sponsors.sponsorships.models import Commitment, PaysBy
from tests import factories, world
from tests.programmes import scenes

pytestmark = pytest.mark.django_db
NEW = {
    "sponsor": "organisation", "display_name": "Kestrel Bank", "legal_name": "Kestrel Bank plc",
    "country": "GB", "website": "", "billing_email": "pay@kestrel.example",
}  # fmt: skip


def address(share):
    round_ = share.call.round
    return f"/programmes/{round_.programme.slug}/{round_.slug}/sponsor/{share.pk}/"


def form(share, company=None, **values):
    read = signing.words(share, signing.call_of(share)).digest
    sponsor = {"sponsor": str(company.pk)} if company else NEW
    return {"signed_name": "Ada Example", "pays_by": "card", "read": read, **sponsor, **values}


def send(client, share, company=None, **values):
    return client.post(address(share), form(share, company, **values))


def on_sale():
    return scenes.call().shares.first()


def saved(engine, share=None, **card):
    """A company stood before the card page, and saved one."""
    company = factories.payer()
    share = share or on_sale()
    by = company.memberships.get().user
    client = Client()
    client.force_login(by)
    send(client, share, company)
    engine.pay_checkout(Setup.objects.latest("pk").stripe_id, **card)
    return Commitment.objects.latest("pk"), client


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


# A card is saved


def test_a_saved_card_promises_the_seat_and_charges_nothing(engine):
    kept, _ = saved(engine)
    engine.deliver()

    kept.refresh_from_db()
    page = Setup.objects.get()
    assert kept.status == "committed"
    assert (page.status, page.means) == ("complete", "Visa 4242")
    assert page.payment_method.startswith("pm_")
    assert not Invoice.objects.exists()


def test_who_comes_back_before_stripe_tells_us_finds_it_promised(engine):
    kept, client = saved(engine)

    answer = client.get(f"/commitments/{kept.pk}/saved/")

    assert "The seat is promised" in answer.content.decode()
    assert Commitment.objects.get().status == "committed"


def test_coming_back_and_being_told_is_one_promise(engine):
    kept, client = saved(engine)
    client.get(f"/commitments/{kept.pk}/saved/")
    engine.deliver()
    client.get(f"/commitments/{kept.pk}/saved/")

    assert list(kept.moves.values_list("after", flat=True)) == ["reserved", "committed"]
    assert Message.objects.filter(key=f"seat_promised:{kept.pk}").count() == 1


def test_a_page_that_nobody_returned_from_is_found_by_the_sweep(engine):
    kept, _ = saved(engine)
    Setup.objects.update(expires_at=clock.now() - timedelta(minutes=1))

    tasks.sweep_checkouts()

    kept.refresh_from_db()
    assert kept.status == "committed"


def test_a_page_whose_address_a_crash_kept_from_us_is_found_by_its_reference(engine):
    kept, _ = saved(engine)
    Setup.objects.update(stripe_id=None, url="")
    engine.deliver()

    kept.refresh_from_db()
    assert kept.status == "committed"
    assert Setup.objects.get().stripe_id


def test_a_card_saved_too_late_changes_nothing_and_is_said_kindly(engine):
    kept, client = saved(engine)
    commitments.expire(commitment_id=kept.pk, now=clock.now() + timedelta(hours=1))
    engine.deliver()

    answer = client.get(f"/commitments/{kept.pk}/saved/")

    kept.refresh_from_db()
    assert kept.status == "expired"
    assert "kept no longer" in answer.content.decode()
    assert Setup.objects.get().status == "complete"


def test_a_card_page_that_ends_unused_lets_the_seat_go(engine, signed_in):
    share = on_sale()
    send(signed_in, share)
    world.days(engine, 0.1)

    tasks.sweep_checkouts()
    commitments.expire(commitment_id=Commitment.objects.get().pk, now=clock.now())

    assert Setup.objects.get().status == "expired"
    assert Commitment.objects.get().status == "expired"
    assert Share.objects.get(pk=share.pk).taken == 0


def test_a_card_that_wants_to_be_confirmed_is_saved_once_it_is(engine):
    kept, _ = saved(engine, card="4000002500003155")
    kept.refresh_from_db()
    assert kept.status == "reserved"

    session = gateway.checkout(Setup.objects.get().stripe_id)
    engine.authenticate(session["setup_intent"])
    engine.deliver()

    kept.refresh_from_db()
    assert kept.status == "committed"


def method_of(engine):
    return engine.account.store.by_id[Setup.objects.get().payment_method]


def test_a_card_that_was_saved_for_nothing_is_released(engine):
    kept, _ = saved(engine)
    engine.deliver()
    method = method_of(engine)
    commitments.withdraw(commitment_id=kept.pk, now=clock.now())

    tasks.sweep_checkouts()
    tasks.sweep_checkouts()

    assert method["customer"] is None
    assert Setup.objects.get().payment_method == ""


def test_a_card_that_is_promised_stays(engine):
    saved(engine)
    engine.deliver()

    tasks.sweep_checkouts()

    assert method_of(engine)["customer"]


def test_a_card_that_pays_for_something_else_as_well_stays(engine):
    kept, _ = saved(engine)
    engine.deliver()
    method = method_of(engine)
    customer = engine.account.store.by_id[method["customer"]]
    customer["invoice_settings"]["default_payment_method"] = method["id"]
    commitments.withdraw(commitment_id=kept.pk, now=clock.now())

    tasks.sweep_checkouts()

    assert method["customer"] == customer["id"]


def test_the_button_on_the_seat_s_page_leads_to_the_same_card_page(engine, signed_in, user):
    share = on_sale()
    company = factories.payer(user)
    first = send(signed_in, share, company).url

    again = signed_in.post(f"/commitments/{Commitment.objects.get().pk}/card/")

    assert again.url == first


# By purchase order


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
