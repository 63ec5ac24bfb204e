"""What several of these tests begin with."""

import pytest

from sponsors.billing import combing
from tests import factories


@pytest.fixture
def waits(monkeypatch):
    """Nobody sleeps while Stripe is compared; how long they would have is kept."""
    slept = []
    monkeypatch.setattr(combing.time, "sleep", slept.append)
    return slept


@pytest.fixture
def taxed(settings):
    settings.STRIPE_AUTOMATIC_TAX = True


@pytest.fixture
def company(user):
    return factories.company(user, display_name="Kestrel", legal_name="Kestrel Bank plc")
