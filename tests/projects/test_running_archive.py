"""A project's end, as its owner asks for it."""

import pytest
from django.test import Client

from funding.office import clock
from funding.projects import archiving
from funding.projects.models import Activity, Funding, Project
from funding.projects.refusals import Refused
from tests import factories, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(user, at_the_beginning):
    return factories.project("Harbour", slug="harbour", maintainer=user)


def log():
    return list(Activity.objects.values_list("did", flat=True))


def test_the_page_says_first_what_it_means_with_true_numbers(project, signed_in):
    Funding.objects.update(sponsors=3, committed=65000)
    factories.grant(project, 123456)

    page = signed_in.get("/maintain/harbour/archive/").content.decode()

    assert "3 sponsors commit" in page
    assert "£650" in page
    assert "£1,234.56" in page
    assert "takes no new sponsors" in page
    assert "opened again" in page
    assert Project.objects.get().is_open


def test_an_archived_project_keeps_its_page_and_leaves_the_directory(project, signed_in):
    before = Funding.objects.get().version

    signed_in.post("/maintain/harbour/archive/")

    project.refresh_from_db()
    assert (project.status, project.archived_at) == (Project.Status.ARCHIVED, world.BEGINNING)
    assert Funding.objects.get().version > before
    assert "is archived" in Client().get(project.get_absolute_url()).content.decode()
    assert "Harbour" not in Client().get("/projects/").content.decode()
    assert log() == ["archived the project"]


@pytest.mark.parametrize(("sponsors", "is_told"), [(0, False), (2, True)])
def test_mail_is_spoken_of_where_there_are_sponsors(project, signed_in, sponsors, is_told):
    Funding.objects.update(sponsors=sponsors)

    answer = signed_in.post("/maintain/harbour/archive/", follow=True)

    assert ("told by mail" in answer.content.decode()) is is_told


def test_the_page_of_an_archived_project_promises_nothing(project, signed_in):
    factories.tier(project, seats=5)
    promises = ("missing", "5 of 5 left", "stand here", "stands here")
    page = Client().get(project.get_absolute_url()).content.decode()
    assert [one for one in promises if one in page] == list(promises)

    signed_in.post("/maintain/harbour/archive/")

    page = Client().get(project.get_absolute_url()).content.decode()
    assert not [one for one in promises if one in page]


def test_archiving_twice_is_once(project, user):
    archiving.archive(project=project, by=user, now=clock.now())
    archiving.archive(project=project, by=user, now=clock.now())

    assert log() == ["archived the project"]


def test_a_draft_is_not_archived(user):
    project = factories.project(status=Project.Status.DRAFT, maintainer=user)

    with pytest.raises(Refused, match="draft"):
        archiving.archive(project=project, by=user, now=clock.now())


def test_what_is_held_is_still_paid_out(project, user, signed_in):
    factories.grant(project)
    archiving.archive(project=project, by=user, now=clock.now())
    paid = {"person": "", "supplier": "A host", "kind": "work", "paid_on": "2026-01-05",
            "amount": "30", "reference": ""}  # fmt: skip

    answer = signed_in.post("/maintain/harbour/payments/new/", paid)

    assert answer.status_code == 302
    assert project.payments_out.count() == 1


def test_it_can_be_opened_again(project, user, signed_in):
    archiving.archive(project=project, by=user, now=clock.now())

    page = signed_in.get("/maintain/harbour/reopen/").content.decode()
    signed_in.post("/maintain/harbour/reopen/")

    project.refresh_from_db()
    assert "5 January 2026" in page
    assert (project.status, project.archived_at) == (Project.Status.PUBLISHED, None)
    assert log() == ["opened the project again", "archived the project"]


def test_the_pages_lead_to_where_it_is(project, user, signed_in):
    assert signed_in.get("/maintain/harbour/reopen/").url == "/maintain/harbour/"
    archiving.archive(project=project, by=user, now=clock.now())
    assert signed_in.get("/maintain/harbour/archive/").url == "/maintain/harbour/reopen/"
