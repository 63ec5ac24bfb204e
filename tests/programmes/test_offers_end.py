"""Seats that come free after the closing are offered for a time, and then the call is settled with who is
firm."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.programmes.models import Round
from sponsors.billing import closing
from sponsors.sponsorships import commitments, offers, signing, waiting_list
from sponsors.sponsorships.models import OFFERED_FOR, Commitment, PaysBy
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.programmes.money import again, closed, promised, run
from tests.programmes.test_waiting_list import waits

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = timedelta(days=1)


def two_places(*, waiting=1):
    """Two seats, each a place, one place at least; both promised, and others wait."""
    call = scenes.call(seats=2, places_least=1)
    made = [scenes.committed(call, share=share) for share in (call.shares.first(),) * 2]
    for _ in range(waiting):
        waits(call)
    commitments.close(call_id=call.pk, now=call.closes_at)
    return again(call), made


def test_a_seat_that_comes_free_after_the_closing_is_offered_for_two_weeks():
    call, (lost, _) = two_places()
    commitments.fail(commitment_id=lost.pk, now=call.closed_at)

    assert waiting_list.offer_next(call.pk, call.closed_at + OFFERED_FOR) == []
    assert len(waiting_list.offer_next(call.pk, call.closed_at + OFFERED_FOR - DAY)) == 1


def test_what_an_unpaid_invoice_frees_later_is_offered_from_then_on():
    call, (lost, _) = two_places()
    late = call.closed_at + timedelta(days=67)
    commitments.fail(commitment_id=lost.pk, now=late)

    assert offers.end(call) == late + OFFERED_FOR
    assert len(waiting_list.offer_next(call.pk, late)) == 1


def test_offers_that_come_to_nothing_do_not_lengthen_it():
    call, (lost, _) = two_places(waiting=9)
    commitments.fail(commitment_id=lost.pk, now=call.closed_at)
    now, made = call.closed_at, 0
    while now < call.closed_at + 60 * DAY:
        made += waiting_list.offer_all(now=now)
        now += DAY

    assert made == 5  # every three days, for two weeks
    assert not Commitment.objects.filter(call=call, status="reserved").exists()


def test_no_offer_is_kept_longer_than_seats_are_offered():
    call, (lost, _) = two_places()
    commitments.fail(commitment_id=lost.pk, now=call.closed_at)
    (offered,) = waiting_list.offer_next(call.pk, call.closed_at + 13 * DAY)

    assert offered.reserved_until == call.closed_at + OFFERED_FOR


def test_a_purchase_order_is_not_waited_for_longer_either():
    call, (lost, _) = two_places()
    commitments.fail(commitment_id=lost.pk, now=call.closed_at)
    (offered,) = waiting_list.offer_next(call.pk, call.closed_at + 5 * DAY)
    accepted = scenes.accepted(offered.company, pays_by=PaysBy.INVOICE)
    signed = signing.sign(commitment_id=offered.pk, accepted=accepted, now=call.closed_at)

    assert signed.reserved_until <= call.closed_at + OFFERED_FOR


def test_after_it_the_call_is_settled_with_who_is_firm(engine):
    call = scenes.call(seats=2, places_least=1)
    promised(engine, call), promised(engine, call, card="4000000000000341")
    for _ in range(9):
        waits(call)
    run(engine, days=8)
    closed(engine, call)
    assert again(call).settled_at is None

    for _ in range(6):
        run(engine, days=3)

    assert again(call).settled_at
    assert Round.objects.get(pk=call.round_id).places_funded == 1


def test_after_it_a_call_that_is_short_fails():
    call = scenes.call(seats=2, places_least=2)
    lost, _ = [scenes.committed(call, share=share) for share in (call.shares.first(),) * 2]
    waits(call), waits(call)
    commitments.close(call_id=call.pk, now=call.closes_at)
    commitments.fail(commitment_id=lost.pk, now=call.closes_at)
    now = call.closes_at
    for _ in range(8):
        waiting_list.offer_all(now=now)
        closing.undo(call.pk, now=now)
        now += 3 * DAY

    assert again(call).state == "failed"


def test_the_rules_and_the_list_say_so():
    call, (lost, _) = two_places()
    company = Commitment.objects.first().company
    one = waiting_list.Waiting.objects.get(call=call)
    rules = running.client_of(company.memberships.get().user).get(call.round.get_absolute_url())
    call.closed_at = clock.now()
    call.save()
    commitments.fail(commitment_id=lost.pk, now=clock.now())
    slugs = f"{call.round.programme.slug}/{call.round.slug}"
    page = running.client_of(one.user).get(f"/programmes/{slugs}/wait/").content.decode()

    assert f"for {OFFERED_FOR.days} days. Then the call" in rules.content.decode()
    assert "still offered to who is on the list" in page
