"""The histories that were written down lead to wherever the towns come by, so that no cell is empty."""

from collections import Counter

import pytest

from tests.simulation import cells, machine, seats
from tests.simulation.weather import FAMILIES, Expected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

MONTHS, COMPANIES, CALLS = 100, 30, 6
WARN, LAPSE = ("tasks", "warn"), ("tasks", "lapse")


def test_a_town_comes_by_no_place_to_which_no_history_leads():
    there = set().union(*(walk.take().places for walk in cells.records()))

    town = machine.live(3, months=MONTHS, companies=COMPANIES)
    calls = seats.live(3, calls=CALLS)

    unreached = {place for _, place in (town.places + calls.places).keys() - there}
    assert unreached <= cells.BY_CHANCE.keys()


def test_all_that_is_empty_of_a_place_is_met_on_walks_that_lead_there():
    place = ("commits", "/sponsorships/N/let-go/")
    passed = [walk.take().places for walk in cells.records()[:2]]
    lacking = cells.empty([], [place])

    met = Counter()
    for result in cells.fill(lacking, passed, lambda walks: [walk.take() for walk in walks]):
        met.update(result.seen)

    assert [kind for _, kind, _ in lacking] == sorted(FAMILIES["commits"][0])
    assert cells.empty(met, [place]) == []


def test_what_is_empty_is_looked_for_on_the_shortest_history():
    passed = [Counter({WARN: 9}), Counter({WARN: 1})]

    assert _first([("tasks", "lost", "warn")], passed) == [
        cells.Walk(1, (Expected("tasks", "lost", "warn"),))
    ]


def test_troubles_of_two_places_are_met_on_one_walk_and_two_of_one_place_are_not():
    lacking = [("tasks", "lost", "warn"), ("tasks", "twice", "warn"), ("tasks", "lost", "lapse")]

    walks = _first(lacking, [Counter({WARN: 1, LAPSE: 1})])

    assert [{one.place for one in walk.troubles} for walk in walks] == [
        {"warn", "lapse"},
        {"warn"},
    ]


def test_what_did_not_come_about_is_tried_alone_and_elsewhere():
    tries = []

    def take(walks):
        tries.append(
            [(walk.history, len(walk.troubles), walk.troubles[0].after) for walk in walks]
        )
        return [None] * len(walks)

    lacking = [("tasks", "lost", "warn"), ("tasks", "lost", "lapse")]
    passed = [Counter({WARN: 1, LAPSE: 2})]

    assert list(cells.fill(lacking, passed, take)) == []
    assert tries == [[(0, 2, 0)], [(0, 1, 0), (0, 1, 0)], [(0, 1, 1)]]


def _first(lacking, passed):
    """The walks of the first try."""
    tries = []
    list(cells.fill(lacking, passed, lambda walks: tries.append(walks) or [None] * len(walks)))
    return tries[0]
