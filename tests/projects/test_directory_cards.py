"""Cards of the directory: their logos, that they are kept, and that many cost no more."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from funding.office import clock
from funding.projects import cards, editing, recording
from funding.projects.models import Funding, Goal, Grant, Language, Project
from tests import factories, world
from tests.projects.listings import listing, page, project, text

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db,
    pytest.mark.usefixtures("at_the_beginning"),
]


# Logos


def test_a_logo_stands_on_the_card_and_initials_where_there_is_none():
    picture = factories.picture()
    project("Harbour REST", logo=picture)
    project("Tide Water")

    html = text()

    assert f'<img class="avatar" src="{picture.small}" alt="" width="40" height="40">' in html
    assert '<span class="avatar" aria-hidden="true">TW</span>' in html
    assert ">HR<" not in html


def test_a_logo_stands_at_the_head_of_its_projects_page():
    one = project("Harbour REST", logo=factories.picture())

    assert one.logo.small in Client().get(one.get_absolute_url()).content.decode()


# Kept by version


def test_a_kept_card_is_the_same_as_one_just_drawn():
    project("Harbour REST", languages=["Python"], licence="MIT")

    assert text() == text()


def test_a_card_shows_what_was_written_just_now():
    one = project("Harbour")
    text()

    Project.objects.filter(pk=one.pk).update(name="Haven")
    editing.touch(one.pk)

    assert "Haven" in text()
    assert "Harbour" not in text()


def test_a_grant_leaves_the_card_with_its_last_day(at_the_beginning):
    today = at_the_beginning.date()
    grant = Grant(project=project(), funder="F", amount=300_000, received_on=today,
                  starts_on=today, ends_on=today + timedelta(days=6))  # fmt: skip
    recording.record_grant(grant)
    while_it_runs = text()

    with clock.stopped_at(at_the_beginning + timedelta(days=7)):
        afterwards = text()

    assert "10 of 5 days a week" in while_it_runs
    assert "0 of 5 days a week" in afterwards


def test_choices_are_counted_anew_when_a_project_comes_or_goes():
    one = project(languages=["Python"])
    assert "Python (1)" in text()

    project(languages=["Python"])
    assert "Python (2)" in text()

    Project.objects.filter(pk=one.pk).update(status=Project.Status.ARCHIVED)
    editing.touch(one.pk)
    assert "Python (1)" in text()


def test_no_more_cards_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(cards, "MOST_CARDS", 3)
    for _ in range(5):
        project()

    first = text()

    assert first.count('<li class="card project">') == 5
    assert len(cards._cards) == 3
    assert text() == first


def many(count):
    """Projects that differ in everything that orders and filters look at."""
    projects = Project.objects.bulk_create(
        Project(
            slug=f"many-{i}", name=f"Project {i * 7919 % count}", summary="In a sentence.",
            currency=("GBP", "EUR")[i % 2], day_rate=30_000, licence=("MIT", "Zlib", "")[i % 3],
            status=Project.Status.DRAFT if i % 10 == 3 else Project.Status.PUBLISHED,
        )
        for i in range(count)
    )  # fmt: skip
    Funding.objects.bulk_create(
        Funding(project=one, filled=i * 37 % 12_000, sponsors=i % 4,
                funded_at=world.BEGINNING - timedelta(hours=i * 31 % count))
        for i, one in enumerate(projects)
    )  # fmt: skip
    Goal.objects.bulk_create(Goal(project=one, position=0, title="G", days=3) for one in projects)
    Language.objects.bulk_create(
        Language(project=one, name=("Python", "Rust", "C")[i // 2 % 3])
        for i, one in enumerate(projects)
    )


# However many there are


@pytest.mark.parametrize("count", [5, 5000])
@pytest.mark.parametrize(
    "asked", [{}, {"sort": "name", "page": "2"}, {"q": "Project 1", "language": "C"}]
)
def test_a_page_takes_the_same_queries_however_many_projects_there_are(
    count, asked, django_assert_num_queries
):
    many(count)

    with django_assert_num_queries(8):
        page(**asked)
    with django_assert_num_queries(3):
        page(**asked)


@pytest.mark.parametrize("analysed", [False, True])
def test_no_first_page_sorts_the_projects(analysed):
    many(5000)
    with connection.cursor() as cursor:
        if analysed or connection.vendor == "postgresql":
            cursor.execute("ANALYZE")

    plans = {sort: plan(sort) for sort in ("needed", "funded", "name")}

    assert [
        sort for sort, said in plans.items() if re.search("sort|temp b-tree", said, re.IGNORECASE)
    ] == []
    for sort, index in (
        ("needed", "funding_filled"), ("funded", "funding_funded"), ("name", "project_by_name")
    ):  # fmt: skip
        assert index in plans[sort]


def plan(sort):
    """How the database goes about the question for the ids of a first page."""
    return listing(sort=sort).paginated.object_list.explain()


def test_a_sorting_that_no_index_serves_would_be_found():
    many(50)

    said = Project.objects.listed().order_by("summary")[:24].explain()

    assert re.search("sort|temp b-tree", said, re.IGNORECASE)
