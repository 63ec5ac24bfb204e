"""Calls that are called off, settled, undone and spent of at the same moment: one comes first, nobody
waits for ever, and what the other finds is true."""

import time
from functools import partial
from unittest import mock

import pytest

from funding.office import clock
from funding.programmes import calls, checks, opening, outlays, places, places_lock
from funding.programmes.models import FundingCall, Outlay, Round
from funding.programmes.refusals import Refused
from sponsors.billing import remainders
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.programmes.seat_races import race, unclear

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TIMES = 5


def slowly(real, seconds=0.05):
    """Whoever has the lock looks around with it, so that the other is there by then."""

    def lock(*args):
        found = real(*args)
        time.sleep(seconds)
        return found

    return lock


def a_calling_off_and_a_settling():
    call = scenes.call(state="succeeded", closed_at=clock.now())
    round_ = Round.objects.select_related("programme").get(pk=call.round_id)
    by = round_.programme.parts.get(role="organiser").user
    with mock.patch.object(calls, "lock", slowly(calls.lock)):
        outcomes = race(
            lambda: opening.call_off(round_=round_, reason="Ill", by=by, now=clock.now()),
            lambda: remainders.settle(call, now=clock.now()),
        )
    wrong = unclear(one for one in outcomes if not isinstance(one, Refused))
    if not FundingCall.objects.get(pk=call.pk).settled_at:
        wrong.append("it was not settled")
    return wrong


def test_a_calling_off_and_a_settling_wait_for_each_other_in_one_order():
    assert [a_calling_off_and_a_settling() for _ in range(TIMES)] == [[]] * TIMES


def an_undoing_and_a_last_payment():
    """Of three seats one failed; the last money that makes it safe comes as it is undone."""
    call = scenes.decided(scenes.round_(), places_least=1)
    lost, paying, other = Commitment.objects.filter(call=call).order_by("pk")
    now = call.closes_at
    commitments.close(call_id=call.pk, now=now)
    commitments.note_paid(commitment_id=other.pk, now=now)
    commitments.fail(commitment_id=lost.pk, now=now)
    FundingCall.objects.filter(pk=call.pk).update(places_least=2)  # £4,000 is firm of £6,000
    FundingCall.objects.filter(pk=call.pk).update(secured_at=None)
    outcomes = race(
        lambda: commitments.undo(call_id=call.pk, now=now),
        lambda: commitments.note_paid(commitment_id=paying.pk, now=now),
    )
    call = FundingCall.objects.get(pk=call.pk)
    wrong = unclear(outcomes)
    if call.state == "failed" and call.secured_at:
        wrong.append("it failed although it was secure")
    return wrong


def a_spending_and_an_undoing(*, is_secure):
    """Whoever comes first: what failed has not been spent of."""
    call = scenes.call(state="succeeded", closed_at=clock.now())
    secured_at = clock.now() if is_secure else None
    FundingCall.objects.filter(pk=call.pk).update(secured_at=secured_at)
    Round.objects.filter(pk=call.round_id).update(places_funded=1)
    running.funded(call.round, 500_000)
    by = running.organiser(call.round)
    outcomes = race(
        lambda: commitments.undo(call_id=call.pk, now=clock.now()),
        lambda: outlays.spend(
            call.round, what="Travel", amount=100, paid_by="F", paid_on=clock.today(),
            reference="R", by=by,
        ),
    )  # fmt: skip
    call = FundingCall.objects.get(pk=call.pk)
    wrong = unclear(one for one in outcomes if not isinstance(one, Refused))
    if (call.state == "failed") == Outlay.objects.filter(round=call.round_id).exists():
        wrong.append(f"{call.state}, and {Outlay.objects.count()} outlays")
    return wrong


def an_acceptance_and_an_undoing():
    """The place is ended, accepted or not, and its instalments with it."""
    place = scenes.offered()
    FundingCall.objects.filter(round=place.round).update(
        state="succeeded", closed_at=clock.now(), secured_at=None
    )
    call = FundingCall.objects.get(round=place.round)
    signed = places.Signature("Grace", places.digest(place.round.agreement))
    outcomes = race(
        lambda: commitments.undo(call_id=call.pk, now=clock.now()),
        lambda: places.accept(place=place, by=place.user, signed=signed, now=clock.now()),
    )
    place.refresh_from_db()
    wrong = unclear(one for one in outcomes if not isinstance(one, Refused))
    if place.status != "ended" or place.instalments.exclude(status="dropped").exists():
        wrong.append(f"the place is {place.status}")
    return wrong + list(checks.breaches())


def a_last_word_and_an_undoing():
    """Somebody says how it goes, which writes a line of the round's log, with the place in hand."""
    place = running.place()
    FundingCall.objects.filter(round=place.round).update(secured_at=None)
    call = FundingCall.objects.get(round=place.round)
    at = running.step(place).opens_at
    running.say(place, "mentor", now=at)
    with (
        mock.patch.object(calls, "lock", slowly(calls.lock, 0.06)),
        mock.patch.object(places_lock, "running", slowly(places_lock.running, 0.12)),
    ):
        outcomes = race(
            lambda: commitments.undo(call_id=call.pk, now=clock.now()),
            lambda: running.say(place, "participant", now=at),
        )
    place.refresh_from_db()
    wrong = unclear(one for one in outcomes if not isinstance(one, Refused))
    if place.status != "ended":
        wrong.append(f"the place is {place.status}")
    return wrong


RACES = [
    an_undoing_and_a_last_payment,
    partial(a_spending_and_an_undoing, is_secure=True),
    partial(a_spending_and_an_undoing, is_secure=False),
    an_acceptance_and_an_undoing,
    a_last_word_and_an_undoing,
]


@pytest.mark.parametrize("deeds", RACES, ids=range(len(RACES)))
def test_whichever_comes_first_all_is_true_afterwards(deeds):
    assert [deeds() for _ in range(TIMES)] == [[]] * TIMES
