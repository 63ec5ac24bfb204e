"""A payment, and somebody of the staff who may give it back."""

import pytest

from sponsors.billing.models import Payment
from tests import factories, scenarios


@pytest.fixture
def sponsorship(engine):
    return scenarios.settled(engine)


@pytest.fixture
def payment(sponsorship):
    return Payment.objects.get()


@pytest.fixture
def staff(db):
    return factories.user(is_staff=True)
