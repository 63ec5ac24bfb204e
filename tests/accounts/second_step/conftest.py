"""Somebody with a password, who may add a second step."""

import pytest

from tests.accounts.second_step.people import make_ada


@pytest.fixture
def ada():
    return make_ada()
