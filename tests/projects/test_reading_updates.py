"""What everybody reads of what maintainers tell: the list and the feed."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from funding.office import clock
from funding.projects import telling
from funding.projects.models import Project, Update
from tests import factories, world
from tests.projects.news import told

pytestmark = [pytest.mark.django_db, pytest.mark.database]


ATOM = "{http://www.w3.org/2005/Atom}"


# The public list


@pytest.mark.parametrize("count", [1, 15])
def test_the_list_takes_the_same_few_queries(project, count, django_assert_num_queries):
    for number in range(count):
        told(project, title=f"Told {number}")

    with django_assert_num_queries(3):
        page = Client().get("/projects/harbour/updates/").content.decode()

    assert page.count("<article") == count


def test_the_list_has_pages(project):
    for number in range(21):
        told(project, title=f"Told {number}")

    assert "Page 2 of 2" in Client().get("/projects/harbour/updates/?page=2").content.decode()


def test_who_wrote_it_is_named_and_their_address_is_not(project):
    told(project)
    nameless = factories.user("secret@example.org")
    Update.objects.create(
        project=project, title="T", body="B", author=nameless, published_at=clock.now()
    )

    for path in ("/projects/harbour/updates/", "/projects/harbour/updates.atom"):
        page = Client().get(path).content.decode()
        assert "Ada" in page
        assert "A maintainer" in page
        assert "secret" not in page


def feed(**headers):
    return Client(headers=headers).get("/projects/harbour/updates.atom")


def entries(answer):
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


# The feed


def test_the_feed_tells_the_newest_first_in_full(project, settings):
    told(project, title="Old", published_at=world.BEGINNING)
    new = told(project, title="New & <b>", published_at=world.BEGINNING + timedelta(days=1))

    answer = feed()
    first, second = entries(answer)

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert first.find(f"{ATOM}title").text == "New & <b>"
    assert first.find(f"{ATOM}content").text == "<p>We <em>did</em> it.</p>\n"
    assert first.find(f"{ATOM}link").get("href") == settings.SITE_URL + new.get_absolute_url()
    assert second.find(f"{ATOM}title").text == "Old"


def test_links_in_the_feed_hold_everywhere(project, settings):
    update = told(
        project, body="[a](/projects/) [b](#part) [c](https://example.org/x) [d](http://[)"
    )

    content = entries(feed())[0].find(f"{ATOM}content").text

    assert f'href="{settings.SITE_URL}/projects/"' in content
    assert f'href="{settings.SITE_URL}{update.get_absolute_url()}#part"' in content
    assert 'href="https://example.org/x"' in content


def test_the_feed_harms_nobody(project):
    told(project, body="<script>alert(1)</script>[x](javascript:alert(1))")

    content = entries(feed())[0].find(f"{ATOM}content").text

    assert "<script" not in content
    assert 'href="javascript' not in content


def test_characters_that_no_xml_may_hold_are_left_out_of_the_feed(project):
    told(project, body="a\x0c\x1b\ufffeb")

    assert entries(feed())[0].find(f"{ATOM}content").text == "<p>ab</p>\n"


def test_an_empty_feed_is_the_same_whenever_one_asks(project):
    first, second = feed(), feed()

    assert first.content == second.content
    assert entries(first) == []


def test_a_reader_that_has_the_feed_is_told_so(project):
    told(project)
    answer = feed()

    assert feed(if_none_match=answer["ETag"]).status_code == 304
    assert feed(if_modified_since=answer["Last-Modified"]).status_code == 304


def test_a_reader_hears_of_what_was_published_and_of_what_was_taken_down(project, user):
    with clock.stopped_at(world.BEGINNING):
        update = told(project)
    has = feed()["Last-Modified"]

    with clock.stopped_at(world.BEGINNING + timedelta(hours=1)):
        telling.take_down(update=update, by=user)
    answer = feed(if_modified_since=has)

    assert answer.status_code == 200
    assert entries(answer) == []


def test_the_feed_has_the_ten_newest(project):
    for number in range(12):
        told(project, title=f"Release {number}")

    titles = [entry.find(f"{ATOM}title").text for entry in entries(feed())]

    assert titles == [f"Release {number}" for number in range(11, 1, -1)]


@pytest.mark.parametrize("address", ["", "?page=2", "?x"])
def test_a_feed_is_rendered_once_whoever_asks_however(project, signed_in, monkeypatch, address):
    told(project)
    first = feed()
    monkeypatch.setattr(telling, "feed", None)

    answer = signed_in.get(f"/projects/harbour/updates.atom{address}")

    assert answer.content == first.content
    assert feed(if_none_match=first["ETag"]).status_code == 304


def test_a_new_update_shows_in_the_feed_at_once(project, user):
    update = Update.objects.create(project=project, title="New", body="B", author=user)
    assert entries(feed()) == []

    telling.publish(update=update, mail_sponsors=False, by=user, now=clock.now())

    assert len(entries(feed())) == 1


def test_the_pages_name_the_feed(project):
    update = told(project)

    for path in (project.get_absolute_url(), "/projects/harbour/updates/",
                 update.get_absolute_url()):  # fmt: skip
        page = Client().get(path).content.decode()
        assert 'type="application/atom+xml"' in page
        assert 'href="/projects/harbour/updates.atom"' in page


def test_a_draft_of_a_project_has_no_list_and_no_feed(project):
    told(project)
    Project.objects.update(status=Project.Status.DRAFT)

    assert feed().status_code == 404
    assert Client().get("/projects/harbour/updates/").status_code == 404


def test_an_archived_project_still_has_its_updates(project):
    told(project)
    Project.objects.update(status=Project.Status.ARCHIVED)

    assert feed().status_code == 200
    assert "Release 3" in Client().get("/projects/harbour/updates/").content.decode()
