"""Calls that are called off, settled, undone and spent of at the same moment: one comes first, nobody
waits for ever, and what the other finds is true."""

import time
from unittest import mock

import pytest

from funding.office import clock
from funding.programmes import calls, opening
from funding.programmes.models import FundingCall, Round
from funding.programmes.refusals import Refused
from sponsors.billing import remainders
from tests.programmes import scenes
from tests.programmes.seat_races import race, unclear

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TIMES = 5


def slowly(real):
    """Whoever has the lock looks around with it, so that the other is there by then."""

    def lock(*args):
        found = real(*args)
        time.sleep(0.05)
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
