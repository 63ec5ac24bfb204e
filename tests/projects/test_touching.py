"""Each change moves the page's version, and the week is counted anew."""

import pytest
from django.db import transaction

from funding.projects import editing
from funding.projects.models import Funding, Goal, Project
from tests import factories
from tests.projects.records import version
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def filled(project):
    return Funding.objects.get(pk=project.pk).filled


def test_touching_moves_the_version():
    project = factories.project()
    before = version(project)

    editing.touch(project.pk)

    assert version(project) == before + 1


def test_touching_a_project_without_totals_gives_it_some():
    project = Project.objects.create(name="New", slug="new", currency="GBP", day_rate=1)

    editing.touch(project.pk)

    assert version(project) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_touches_at_once_are_twenty_versions():
    project = factories.project()
    before = version(project)

    together(lambda: editing.touch(project.pk))

    assert version(project) == before + 20


def test_a_week_is_counted_anew_when_a_goal_changes():
    project = factories.project(goals=[(3, "Maintenance")])
    Funding.objects.filter(pk=project.pk).update(committed=195000)
    editing.recount(project)
    assert filled(project) == 5000

    Goal.objects.create(project=project, position=1, title="More", days=2)
    editing.recount(project)

    assert filled(project) == 3000


def test_a_week_is_counted_anew_when_the_day_rate_changes():
    project = factories.project(goals=[(3, "Maintenance")])
    Funding.objects.filter(pk=project.pk).update(committed=195000)

    Project.objects.update(day_rate=15000)
    editing.recount(project)

    assert filled(project) == 10000


def test_a_project_without_goals_is_full():
    assert filled(factories.project(goals=[])) == 10000


def test_recounting_moves_the_version():
    project = factories.project()
    before = version(project)

    editing.recount(project)

    assert version(project) == before + 1


def test_what_was_rolled_back_moves_no_version():
    project = factories.project()
    before = version(project)

    with pytest.raises(RuntimeError), transaction.atomic():
        editing.touch(project.pk)
        raise RuntimeError

    assert version(project) == before
