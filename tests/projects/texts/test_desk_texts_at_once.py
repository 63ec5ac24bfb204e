"""Two who edit what a page says at once, and a project's address."""

import pytest
from django.test import Client

from funding.projects.models import Activity, Language, Project
from tests import factories
from tests.projects.texts.typed import change, errors, languages, opened, send
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def draft(project):
    Project.objects.update(status=Project.Status.DRAFT)
    return Project.objects.get()


# Two who edit at once


def test_of_two_who_edit_at_once_the_second_is_told_what_stands(signed_in, project):
    second = opened(signed_in)
    change(signed_in, summary="By the first.")

    response = send(signed_in, second | {"summary": "By the second."})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Somebody else changed this" in page
    assert "Now stands: By the first." in page
    assert 'value="By the second."' in page
    assert Project.objects.get().summary == "By the first."


def test_a_second_save_is_meant(signed_in, project):
    second = opened(signed_in)
    change(signed_in, summary="By the first.")
    told = send(signed_in, second | {"summary": "By the second."})
    form = told.context["form"]

    response = send(signed_in, {field.html_name: field.value() or "" for field in form})

    assert response.status_code == 302
    assert Project.objects.get().summary == "By the second."


def test_languages_are_a_part_of_what_two_edit(signed_in, project):
    second = opened(signed_in)
    change(signed_in, languages="Rust")

    response = send(signed_in, second | {"languages": "C"})

    assert errors(response)["languages"] == ["Now stands: Rust"]
    assert languages(project) == ["Rust"]


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_save_at_the_same_moment_one_does(user, project):
    def editor():
        client = Client()
        client.force_login(user)
        return client

    clients = [editor() for _ in range(8)]
    typed = opened(clients[0])
    answers = together(
        lambda: send(clients.pop(), typed | {"summary": f"By {len(clients)}."}).status_code,
        threads=8,
    )

    assert sorted(answers) == [302] + [422] * 7
    assert Activity.objects.count() == 1


# The address


def test_a_draft_may_change_its_address(signed_in, draft):
    response = change(signed_in, slug="Port")

    assert response.url == "/maintain/port/texts/"
    assert Project.objects.get().slug == "port"


def test_a_published_projects_address_stays(signed_in, project):
    change(signed_in, slug="port")

    assert "slug" not in opened(signed_in)
    assert Project.objects.get().slug == "harbour"


def test_an_address_that_was_published_meanwhile_stays(signed_in, draft):
    typed = opened(signed_in)
    Project.objects.update(status=Project.Status.PUBLISHED)

    send(signed_in, typed | {"slug": "port"})

    assert Project.objects.get().slug == "harbour"


@pytest.mark.parametrize(
    "slug", ["taken", "new", "admin", "two words", "", "x" * 61, "ä", "a/b"], ids=ascii
)
def test_an_address_that_cannot_be_is_refused(signed_in, draft, slug):
    factories.project(slug="taken")

    response = change(signed_in, slug=slug)

    assert "slug" in errors(response)
    assert 'href="/maintain/harbour/goals/"' in response.content.decode()  # not to what was typed
    assert Project.objects.get(pk=draft.pk).slug == "harbour"


@pytest.mark.django_db(transaction=True)
def test_two_drafts_that_take_one_address_at_once_do_not_both_get_it(user):
    for slug in ("one", "two"):
        factories.project(slug=slug, maintainer=user, status=Project.Status.DRAFT)
    client = Client()
    client.force_login(user)
    typed = {slug: opened(client, slug) | {"slug": "port"} for slug in ("one", "two")}
    slugs = ["one", "two"]

    def take():
        own = Client()
        own.cookies = client.cookies.copy()
        slug = slugs.pop()
        return send(own, typed[slug], slug).status_code

    assert sorted(together(take, threads=2)) == [302, 422]
    assert Project.objects.filter(slug="port").count() == 1
    assert not Language.objects.exists()
