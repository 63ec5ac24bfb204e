"""A promise that is owed."""

import pytest

from sponsors.sponsorships.models import Fulfilment
from tests import factories, scenarios
from tests.sponsorships.promises import due, promising


@pytest.fixture
def owed(engine, user):
    project = factories.project(maintainer=user)
    company = factories.company(display_name="Kestrel")
    scenarios.paid(engine, company, promising("docs", project=project))
    due()
    return Fulfilment.objects.get()
