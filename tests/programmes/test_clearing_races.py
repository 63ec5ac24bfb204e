"""Two workers carry out what is left of one round, and a treasurer pays out of it at the same instant."""

import pytest

from funding.ledger.models import Entry
from funding.office import clock
from funding.programmes import outlays
from funding.programmes.models import FundingCall, Round
from sponsors.billing import remainders
from tests import racing
from tests.programmes import running_scenes as running
from tests.programmes.money import general, held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TIMES = 5


def cleared_round():
    """Done, with money in its account that goes to the general fund."""
    made = running.round_()
    now = clock.now()
    FundingCall.objects.filter(round=made).update(remainder="general", settled_at=now)
    Round.objects.filter(pk=made.pk).update(status="done", ended_at=now)
    running.funded(made)
    return FundingCall.objects.select_related("round__programme").get(round=made)


@pytest.mark.parametrize("_", range(TIMES))
def test_of_many_who_carry_it_out_one_does(_):
    call = cleared_round()

    told = racing.together(lambda: remainders.clear(call, now=clock.now()), threads=6)

    assert sorted(told) == [False] * 5 + [True]
    assert Entry.objects.filter(reference=f"call:{call.pk}:left").count() == 1
    assert held(call) == 0


@pytest.mark.parametrize("_", range(TIMES))
def test_what_a_treasurer_pays_at_that_instant_is_paid_before_it_or_not_at_all(_):
    call, by = cleared_round(), running.organiser(running.round_())
    deeds = iter(
        [
            lambda: remainders.clear(call, now=clock.now()),
            lambda: outlays.spend(
                call.round, what="Travel", amount=100, paid_by="Us", paid_on=clock.today(),
                reference="B", by=by,
            ),
        ]
    )  # fmt: skip

    told = racing.together(lambda: next(deeds)(), threads=2)

    was_late = any(isinstance(one, outlays.Cleared) for one in told)
    assert held(call) == 0
    assert general() == running.STIPEND - (0 if was_late else 100)
