"""Months of sponsorships in all weathers: at the end the books are Stripe's to the cent."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.simulation import actors, machine
from tests.simulation.actors import Step
from tests.simulation.weather import FAMILIES, Expected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

TOWNS, MONTHS, COMPANIES = range(2), 2500, 200  # a town for each of two workers


@pytest.mark.parametrize("seed", TOWNS)
def test_the_books_are_stripes_to_the_cent_when_the_weather_clears_up(seed):
    result = machine.live(seed, months=MONTHS, companies=COMPANIES)

    assert result.months >= MONTHS
    assert set(result.difference.values()) == {0}
    assert result.money == {name.lower(): result.money[name.lower()] for name in result.difference}
    assert {family for family, _, _ in result.seen} == set(FAMILIES)


@pytest.mark.database
def test_the_same_seed_is_the_same_history():
    first, second = (machine.live(7, months=25, companies=8) for _ in range(2))

    assert first == second


steps = st.builds(
    Step, st.sampled_from(sorted(actors.DEEDS)), st.integers(0, 30), st.integers(0, 30)
)
pauses = st.sampled_from([0.0, 0.1, 1.0, 4.0, 32.0])
troubles = st.builds(
    Expected,
    st.sampled_from(["answers"]),
    st.sampled_from(FAMILIES["answers"][0]),
    st.just("*"),
    times=st.integers(1, 3),
    after=st.integers(0, 12),
)


@given(
    history=st.lists(st.one_of(steps, pauses), min_size=1, max_size=8),
    trouble=st.lists(troubles, max_size=3),
)
@settings(
    max_examples=15, deadline=None, derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_any_short_history_ends_with_the_books_right(history, trouble):
    result = machine.replay([Step("join"), *history], trouble, companies=2)

    assert result.steps == 1 + sum(isinstance(one, Step) for one in history)
    assert not any(result.difference.values())
    assert result.money == {name.lower(): result.money[name.lower()] for name in result.difference}
