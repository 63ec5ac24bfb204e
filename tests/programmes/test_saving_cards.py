"""Back from the card page: a card that is saved promises the seat, and is let go of for nothing."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes.models import Share
from sponsors.billing import gateway, tasks
from sponsors.billing.models import Invoice, Setup
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment
from tests import factories, world
from tests.programmes.buying import method_of, on_sale, saved, send

pytestmark = pytest.mark.django_db


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
