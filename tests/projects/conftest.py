"""The project that most of these tests are about, and who runs it."""

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
def _at_the_beginning(at_the_beginning):
    pass


@pytest.fixture
def project(user):
    goals = ((3, "Maintenance"), (2, "Features"), (1, "Docs"))
    return factories.project("Harbour", slug="harbour", maintainer=user, goals=goals)


@pytest.fixture
def _today(at_the_beginning):
    pass


@pytest.fixture
def person(project):
    return factories.person(project, "T. Carter")


@pytest.fixture
def tier(project):
    return Tier.objects.get(pk=factories.tier(project, name="Basic", benefits=()).pk)


@pytest.fixture
def project():
    return factories.project()


@pytest.fixture
def staff(admin_client):
    """Post a form of the admin: what was answered, and what is wrong with which field."""

    def send(path, **values):
        answer = admin_client.post(f"/admin/{path}", values)
        if answer.status_code == 302:
            return {}
        assert answer.status_code == 200
        return answer.context["adminform"].form.errors

    return send


@pytest.fixture
def project(user):
    return factories.project(
        "Harbour", slug="harbour", maintainer=user, languages=["Python"], licence="MIT"
    )
