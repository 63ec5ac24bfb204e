"""A project with a ladder of three goals."""

import pytest

from tests import factories


@pytest.fixture
def project(user):
    goals = ((3, "Maintenance"), (2, "Features"), (1, "Docs"))
    return factories.project("Harbour", slug="harbour", maintainer=user, goals=goals)
