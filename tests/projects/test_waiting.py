"""What waits for the maintainers of a project, on its desk."""

from datetime import timedelta

import pytest
from django.test import Client

from funding.office import clock
from funding.projects import waiting
from funding.projects.models import Goal, Project, Update
from funding.projects.page import Page
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    made = factories.project(published_at=clock.now(), slug="harbour")
    factories.tier(made)
    return made


def words(project, *, days=0):
    """What waits so many days from now."""
    known = Project.objects.with_page_parts().get(pk=project.pk)
    page = Page(known, today=clock.today() + timedelta(days=days))
    return [need.words for need in waiting.needs(page)]


def tell(project, **values):
    defaults = {"title": "T", "body": "B", "author": project.maintainers.get().user}
    return Update.objects.create(project=project, **{**defaults, **values})


def test_nothing_waits_for_a_project_that_is_new(project):
    assert words(project) == []


def test_a_project_without_a_tier_on_offer_cannot_be_sponsored(project):
    project.tiers.update(closed_at=clock.now())

    assert words(project) == ["No tier is on offer, so nobody can sponsor."]


def test_sponsors_who_were_never_told_anything_wait(project):
    assert words(project, days=44) == []
    assert words(project, days=45) == [
        "Nothing has been told yet since the project was published."
    ]


def test_sponsors_wait_from_the_newest_update_on(project):
    told = tell(project, published_at=clock.now() + timedelta(days=40))

    assert words(project, days=84) == []
    assert f"{told.published_at:%B}" in words(project, days=85)[0]


def test_a_draft_waits_to_be_published(project):
    tell(project, title="Autumn")

    assert words(project) == ["A draft is not published: “Autumn”."]


def test_a_ladder_that_is_all_paid_for_wants_another_rung(project):
    Goal.objects.filter(project=project).update(days="0.1")
    project.funding.committed = 10_000_000
    project.funding.save()

    assert words(project) == ["Sponsors pay for every goal. Say what more days would be for."]


def test_nothing_waits_for_a_project_that_is_archived(project):
    tell(project)
    Project.objects.update(status=Project.Status.ARCHIVED)

    assert words(project, days=100) == []


def test_the_desk_leads_those_to_the_page_who_may_do_it(project):
    tell(project, title="Autumn")
    answers = {}
    for role in ("editor", "treasurer"):
        client = Client()
        client.force_login(factories.maintainer(project, role).user)
        answers[role] = client.get("/maintain/harbour/").content.decode()

    for page in answers.values():
        assert "A draft is not published: “Autumn”." in page
    assert "/maintain/harbour/updates/" in answers["editor"]
    assert "/maintain/harbour/updates/" not in answers["treasurer"]
