"""Sponsorships that several of these tests begin with."""

import pytest

from sponsors.billing import (
    combing,
)
from sponsors.billing.models import Payment
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


@pytest.fixture
def sponsorship(engine):
    return scenarios.settled(engine)


@pytest.fixture
def payment(sponsorship):
    return Payment.objects.get()


@pytest.fixture
def staff(db):
    return factories.user(is_staff=True)


@pytest.fixture
def _waits(monkeypatch):
    """Nobody sleeps here; how long they would have is kept."""
    waits = []
    monkeypatch.setattr(combing.time, "sleep", waits.append)
    return waits


@pytest.fixture
def taxed(settings):
    settings.STRIPE_AUTOMATIC_TAX = True


@pytest.fixture
def company(user):
    return factories.company(user, display_name="Kestrel", legal_name="Kestrel Bank plc")
