"""Seats, promises and decisions: what must hold whoever comes first."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.programmes.models import FundingCall, Round, Share
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment, CommitmentStatus
from tests import factories
from tests.programmes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_last_promise_that_is_needed_decides_the_call_and_makes_all_due():
    call = scenes.call()
    first, second = scenes.committed(call), scenes.committed(call, share=call.shares.last())

    assert FundingCall.objects.get().state == "open"
    third = scenes.committed(call, share=Share.objects.filter(taken__lt=1).first())

    call.refresh_from_db()
    assert (call.state, call.decisions.count()) == ("succeeded", 1)
    assert {one.status for one in Commitment.objects.all()} == {CommitmentStatus.DUE}
    assert third.due_at == call.decided_at
    assert Round.objects.get().places_funded == 2
    assert first.pk != second.pk


def test_nobody_is_due_before_the_call_is_decided():
    call = scenes.call()

    scenes.committed(call)

    assert Commitment.objects.get().due_at is None
    assert Round.objects.get().places_funded == 0


def test_a_call_that_closes_below_its_least_releases_everybody():
    call = scenes.call()
    promised, kept = scenes.committed(call), scenes.reserved(call)

    assert commitments.close(call_id=call.pk, now=call.closes_at)
    assert not commitments.close(call_id=call.pk, now=call.closes_at)

    promised.refresh_from_db(), kept.refresh_from_db()
    assert (promised.status, kept.status) == ("released", "expired")
    assert set(call.shares.values_list("taken", flat=True)) == {0}
    assert Round.objects.get().status == "failed"


def test_a_company_has_one_seat_of_a_call():
    call, company = scenes.call(), factories.payer()
    first = scenes.reserved(call, company)

    with pytest.raises(commitments.SeatTaken) as refused:
        scenes.reserved(call, company)

    assert refused.value.commitment == first
    assert sum(call.shares.values_list("taken", flat=True)) == 1


def test_place_by_place_only_what_is_covered_is_due():
    call = scenes.call(mode="per_place", places_least=1, seats=6)  # £1,000 each, £3,000 a place
    made = [scenes.committed(call, share=call.shares.first()) for _ in range(4)]

    statuses = [Commitment.objects.get(pk=one.pk).status for one in made]
    assert statuses == ["due", "due", "due", "committed"]
    assert Round.objects.get().places_funded == 1

    commitments.withdraw(commitment_id=made[3].pk, now=clock.now())
    with pytest.raises(commitments.TooLate):
        commitments.withdraw(commitment_id=made[0].pk, now=clock.now())


def test_a_seat_that_was_kept_long_enough_goes_back():
    call = scenes.call()
    kept = scenes.reserved(call)

    assert not commitments.expire(commitment_id=kept.pk, now=clock.now())
    assert commitments.expire(commitment_id=kept.pk, now=clock.now() + timedelta(minutes=31))

    assert set(call.shares.values_list("taken", flat=True)) == {0}
