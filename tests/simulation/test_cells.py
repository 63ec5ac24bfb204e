"""The histories that were written down lead to wherever the towns come by, so that no cell is empty."""

from collections import Counter

import pytest

from tests.simulation import cells, machine
from tests.simulation.weather import Expected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

MONTHS, COMPANIES = 300, 40


@pytest.fixture(scope="module")
def passed():
    """How often each history comes by each place."""
    return []


def test_a_town_comes_by_no_place_to_which_no_history_leads():
    there = set().union(*(walk.take().places for walk in cells.records()))

    town = machine.live(3, months=MONTHS, companies=COMPANIES)

    assert town.places.keys() - there == set()


def test_what_is_empty_is_met_on_the_shortest_history_that_leads_there():
    passed = [Counter({("tasks", "warn"): 9}), Counter({("tasks", "warn"): 1})]

    walks = cells._walks([("tasks", "lost", "warn")], passed, 0)

    assert walks == [cells.Walk(1, (Expected("tasks", "lost", "warn"),))]
