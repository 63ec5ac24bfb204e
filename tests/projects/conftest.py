"""The project that most of these tests are about, who runs it, and what it offers."""

import pytest

from funding.projects.models import Tier
from tests import factories
from tests.projects.teams import somebody


@pytest.fixture
def project(user):
    return factories.project("Harbour", slug="harbour", maintainer=user)


@pytest.fixture
def grace(project):
    """Editor of the project."""
    person, client = somebody()
    return factories.maintainer(project, "editor", by=person), client


@pytest.fixture
def person(project):
    return factories.person(project, "T. Carter")


@pytest.fixture
def tier(project):
    return Tier.objects.get(pk=factories.tier(project, name="Basic", benefits=()).pk)
