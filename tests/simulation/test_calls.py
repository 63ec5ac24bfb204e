"""Programmes’ calls in all weathers: each is decided once, nobody is charged before, and what is kept
is what its places cost."""

from unittest import mock

import pytest

from sponsors.billing import remainders, repaying
from sponsors.billing.models import Invoice
from sponsors.sponsorships import seat_moves
from sponsors.sponsorships.models import CommitmentStatus
from sponsors.sponsorships.models.commitments import CommitmentQuerySet
from tests.simulation import machine, seats, truth
from tests.simulation.histories import HISTORIES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


@pytest.mark.parametrize("seed", [14, 15])
def test_every_call_is_settled_to_the_cent_when_the_weather_clears_up(seed):
    result = seats.live(seed, calls=8)

    assert set(result.difference.values()) == {0}
    assert result.statuses[CommitmentStatus.PAID] > 5
    assert any(" succeeded " in name for name in result.statuses)


def half_of_it(call, paid, said=remainders._remainder):
    return call.money(said(call, paid).amount // 2)


def promised_or_due(rows):
    return rows.filter(status__in=("committed", "due"))


DEFECTS = {
    "a seat that ends is not free again": (
        "A seat that comes free for who waits", seat_moves, "_give_back", lambda share_id: None,
    ),
    "who has promised is charged": (
        "A call for which nobody is enough", CommitmentQuerySet, "due", promised_or_due,
    ),
    "half of what is left over is kept": (
        "Two seats, and what is left over", remainders, "_remainder", half_of_it,
    ),
    "a call that failed keeps what was paid": (
        "A seat that is not paid, and money that goes back", repaying, "owed_back",
        Invoice.objects.none,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_mistake_comes_to_light(name):
    history, *mistake = DEFECTS[name]
    steps = next(one.steps for one in HISTORIES if one.name == history)
    assert not any(machine.replay(steps, companies=4).difference.values())

    with pytest.raises(truth.Breach):
        machine.replay(steps, companies=4, planted=lambda: mock.patch.object(*mistake))
