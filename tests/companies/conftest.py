"""A company that somebody acts for."""

import pytest

from tests import factories


@pytest.fixture
def company(user):
    return factories.company(user, display_name="Kestrel")
