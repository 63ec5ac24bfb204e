"""A seat that is signed for twice: what was begun under the first signature does not promise it under the
second, and nobody gains the longer time of what they did not choose."""

from datetime import timedelta

import pytest

from funding.office import clock
from sponsors.billing import card_pages, tasks
from sponsors.billing.models import Setup
from sponsors.sponsorships import commitments, seat_refusals, signing
from sponsors.sponsorships.models import Commitment, PaysBy
from tests import factories
from tests.programmes import scenes
from tests.programmes.buying import method_of, on_sale, saved, send

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAYS = {"pays_by": "invoice", "net_days": "30"}


def card_then_order(engine):
    """Somebody stands before the card page; a colleague chooses a purchase order; the card is saved."""
    share = on_sale()
    kept, client = saved(engine, share)
    send(client, share, kept.company, **DAYS)
    engine.deliver()
    return Commitment.objects.get(), client


def test_a_card_does_not_promise_what_was_signed_to_be_paid_by_purchase_order(engine):
    kept, client = card_then_order(engine)

    page = client.get(f"/commitments/{kept.pk}/saved/").content.decode()

    assert (kept.status, kept.pays_by, kept.po_number) == ("reserved", PaysBy.INVOICE, "")
    assert "paid by purchase order" in page
    assert "No card was saved" not in page


def test_the_purchase_order_number_promises_it_then(engine):
    kept, client = card_then_order(engine)

    client.post(f"/commitments/{kept.pk}/po/", {"po_number": "PO-8"})

    kept.refresh_from_db()
    assert (kept.status, kept.po_number) == ("committed", "PO-8")


def test_the_card_that_is_not_used_is_released(engine):
    card_then_order(engine)
    method = method_of(engine)

    tasks.sweep_checkouts()

    assert method["customer"] is None


def test_who_chooses_a_card_again_saves_one_for_what_they_signed(engine):
    kept, client = card_then_order(engine)
    engine.advance_by(60)

    answer = send(client, kept.share, kept.company)

    assert Setup.objects.count() == 2
    assert answer.url == Setup.objects.latest("pk").url


def test_a_number_does_not_promise_what_was_signed_to_be_paid_by_card(signed_in, user):
    company = factories.payer(user)
    kept = scenes.reserved(on_sale().call, company, pays_by=PaysBy.INVOICE)
    signing.sign(commitment_id=kept.pk, accepted=scenes.accepted(company), now=clock.now())

    with pytest.raises(seat_refusals.OtherMeans, match="by card"):
        signing.give_number(commitment_id=kept.pk, number="PO-9", now=clock.now())

    kept.refresh_from_db()
    assert (kept.status, kept.po_number) == ("reserved", "")


def test_who_turns_from_a_purchase_order_to_a_card_has_the_time_of_a_card(engine, signed_in, user):
    share, company = on_sale(), factories.payer(user)
    send(signed_in, share, company, **DAYS)
    engine.advance_by(86_400)

    send(signed_in, share, company)

    kept = Commitment.objects.get()
    assert kept.reserved_until - clock.now() <= signing.PAGES_TAKE
    assert kept.reserved_until >= Setup.objects.get().expires_at + card_pages.WORD_TAKES


def test_turning_back_and_forth_keeps_it_no_longer_than_a_purchase_order_may_take(signed_in, user):
    company = factories.payer(user)
    kept = scenes.reserved(on_sale().call, company, pays_by=PaysBy.INVOICE)
    last = kept.reserved_until
    for hours in range(0, 14 * 24, 5):
        now = kept.accepted_at + timedelta(hours=hours)
        means = PaysBy.CARD if hours % 2 else PaysBy.INVOICE
        accepted = scenes.accepted(company, pays_by=means)
        signing.sign(commitment_id=kept.pk, accepted=accepted, now=now)

    assert Commitment.objects.get().reserved_until <= last


def test_what_is_promised_already_stays_whatever_comes_after(signed_in, user):
    made = scenes.committed(on_sale().call, factories.payer(user))

    again = commitments.commit(commitment_id=made.pk, now=clock.now(), by=PaysBy.INVOICE)

    assert again.status == "committed"
