"""A sponsorship, and the tiers that it may switch to."""

import pytest

from tests import factories, scenarios, world


@pytest.fixture
def sponsorship(engine, user):
    """On Bronze, £100 a month, for ten days."""
    bronze = factories.tier(name="Bronze", monthly=10000, yearly=100000)
    made = scenarios.settled(engine, factories.company(user, display_name="Kestrel"), bronze)
    world.days(engine, 10)
    return made


@pytest.fixture
def gold(sponsorship):
    return factories.tier(sponsorship.project, name="Gold", monthly=30000, yearly=300000)


@pytest.fixture
def small(sponsorship):
    return factories.tier(sponsorship.project, name="Small", monthly=4000, yearly=None)
