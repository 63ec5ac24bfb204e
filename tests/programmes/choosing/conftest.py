"""A round whose applications are chosen from, and who organises it."""

import pytest

from tests import factories
from tests.programmes import scenes


@pytest.fixture
def organiser(db):
    return factories.user(password="x")


@pytest.fixture
def round_(organiser):
    return scenes.selection(organiser=organiser)
