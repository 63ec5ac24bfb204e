"""A programme with a round that asks."""

import pytest

from tests.programmes import applicants, scenes


@pytest.fixture
def programme(user):
    return scenes.programme(organiser=user, name="Harbour mentorship")


@pytest.fixture
def round_(programme):
    return applicants.open_round(programme_=programme)
