"""What maintainers tell: drafts, publishing, editing, the list and the feed."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from funding.office import clock
from funding.projects import telling
from funding.projects.models import Activity, Funding, Project, Update
from tests import factories, world
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ATOM = "{http://www.w3.org/2005/Atom}"


def desk(path=""):
    return f"/maintain/harbour/updates/{path}"


def draft(project, title="Release 3", body="We *did* it.", **values):
    author = project.maintainers.first().user
    return Update.objects.create(project=project, title=title, body=body, author=author, **values)


def told(project, **values):
    return draft(project, published_at=values.pop("published_at", clock.now()), **values)


def form_of(client, path):
    """What the form at an address holds, as a browser would send it."""
    form = client.get(path).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def version(project):
    return Funding.objects.get(pk=project.pk).version


def log(project):
    return list(Activity.objects.filter(project=project).values_list("did", flat=True))


# Drafts


def test_a_new_update_is_a_draft_by_who_wrote_it(project, user, signed_in):
    answer = signed_in.post(desk("new/"), {"title": "Release 3", "body": "We did it."})

    update = Update.objects.get()
    assert answer.url == desk(f"{update.pk}/")
    assert (update.published_at, update.author, update.project) == (None, user, project)
    assert log(project) == ["began the update “Release 3”"]


def test_nobody_else_sees_a_draft(project, signed_in):
    update = draft(project)

    assert Client().get(update.get_absolute_url()).status_code == 404
    assert "Release 3" not in Client().get(project.get_absolute_url()).content.decode()
    assert "Release 3" not in Client().get("/projects/harbour/updates/").content.decode()


@pytest.mark.parametrize(
    "values", [{"title": ""}, {"body": " "}, {"title": "x" * 121}, {"body": "x" * 50_001},
               {"title": "\u202eevil"}],
)  # fmt: skip
def test_an_update_that_is_to_be_mended_is_not_saved(project, signed_in, values):
    answer = signed_in.post(desk("new/"), {"title": "T", "body": "B", **values})

    assert answer.status_code == 422
    assert not Update.objects.exists()


def test_a_preview_shows_the_text_and_saves_nothing(project, signed_in):
    sent = {"title": "Release 3", "body": "We **did** it.", "preview": "1"}

    page = signed_in.post(desk("new/"), sent).content.decode()

    assert "<strong>did</strong>" in page
    assert "We **did** it.</textarea>" in page
    assert 'value="Release 3"' in page
    assert not Update.objects.exists()


def test_a_preview_of_nothing_is_a_page(project, signed_in):
    assert signed_in.post(desk("new/"), {"preview": "1"}).status_code == 200


def test_a_preview_harms_nobody(project, signed_in):
    sent = {"body": "<script>alert(1)</script> [x](javascript:alert(1))", "preview": "1"}

    card = signed_in.post(desk("new/"), sent).content.decode().partition("<form class")[0]

    assert "<script>" not in card
    assert "javascript:" not in card.partition('<article class="card')[2].partition("href")[2]


def test_a_preview_does_not_hide_that_somebody_else_changed_it(project, signed_in):
    update = draft(project)
    mine = form_of(signed_in, desk(f"{update.pk}/"))
    Update.objects.update(body="Theirs.")

    page = signed_in.post(desk(f"{update.pk}/"), {**mine, "body": "Mine.", "preview": "1"})
    typed = {name: page.context["form"][name].value() for name in mine}
    answer = signed_in.post(desk(f"{update.pk}/"), typed)

    assert answer.status_code == 422
    assert "Theirs." in answer.content.decode()
    assert Update.objects.get().body == "Theirs."


def test_of_two_editors_the_second_is_told_and_may_insist(project, signed_in):
    update = draft(project)
    mine = form_of(signed_in, desk(f"{update.pk}/"))
    Update.objects.update(body="Theirs.")

    told_so = signed_in.post(desk(f"{update.pk}/"), {**mine, "body": "Mine."})
    again = {name: told_so.context["form"][name].value() for name in mine}
    signed_in.post(desk(f"{update.pk}/"), again)

    assert told_so.status_code == 422
    assert Update.objects.get().body == "Mine."


def test_a_draft_can_be_deleted(project, signed_in):
    update = draft(project)

    signed_in.post(desk(f"{update.pk}/delete/"))

    assert not Update.objects.exists()
    assert log(project) == ["deleted the draft “Release 3”"]


def test_what_is_published_is_not_deleted(project, signed_in):
    update = told(project)

    answer = signed_in.post(desk(f"{update.pk}/delete/"), follow=True)

    assert Update.objects.exists()
    assert "Take it down" in answer.content.decode()


def test_an_update_of_another_project_is_not_here(project, signed_in):
    other = draft(factories.project())

    for path in ("", "publish/", "take-down/"):
        assert signed_in.get(desk(f"{other.pk}/{path}")).status_code == 404
    signed_in.post(desk(f"{other.pk}/delete/"))
    assert Update.objects.filter(pk=other.pk).exists()


# Published


def test_publishing_shows_it_to_everybody_and_asks_for_the_mail(project, signed_in):
    update = draft(project)
    before = version(project)

    signed_in.post(desk(f"{update.pk}/publish/"), {"mail_sponsors": "on"})

    update.refresh_from_db()
    assert list(Update.objects.to_be_mailed()) == [update]
    assert version(project) > before
    assert "Release 3" in Client().get(project.get_absolute_url()).content.decode()
    assert log(project) == ["published the update “Release 3”"]


def test_publishing_without_the_mail_mails_nobody(project, signed_in):
    update = draft(project)

    signed_in.post(desk(f"{update.pk}/publish/"))

    assert Update.objects.published().exists()
    assert not Update.objects.to_be_mailed().exists()


def test_saving_may_lead_on_to_publishing(project, signed_in):
    answer = signed_in.post(desk("new/"), {"title": "T", "body": "B", "publish": "1"})

    assert answer.url == desk(f"{Update.objects.get().pk}/publish/")
    assert not Update.objects.published().exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_twice_at_once_publishes_once(project, user):
    update = draft(project)
    now = clock.now()

    together(
        lambda: telling.publish(update=update, mail_sponsors=True, by=user, now=now), threads=5
    )

    assert log(project) == ["published the update “Release 3”"]


def test_an_edit_after_publication_says_so(project, signed_in):
    update = told(project)
    form = form_of(signed_in, desk(f"{update.pk}/"))

    signed_in.post(desk(f"{update.pk}/"), {**form, "body": "We did it well."})

    update.refresh_from_db()
    assert update.edited_at is not None
    assert "edited" in Client().get(update.get_absolute_url()).content.decode()


def test_saving_what_has_not_changed_edits_nothing(project, signed_in):
    update = told(project)
    form = form_of(signed_in, desk(f"{update.pk}/"))

    signed_in.post(desk(f"{update.pk}/"), form)

    update.refresh_from_db()
    assert update.edited_at is None
    assert log(project) == []


def test_an_edit_of_a_draft_says_nothing(project, signed_in):
    update = draft(project)
    form = form_of(signed_in, desk(f"{update.pk}/"))

    signed_in.post(desk(f"{update.pk}/"), {**form, "body": "Other words."})

    update.refresh_from_db()
    assert (update.body, update.edited_at) == ("Other words.", None)


def test_what_is_taken_down_is_a_draft_again_and_gone_for_everybody(project, signed_in):
    update = told(project, edited_at=clock.now())

    signed_in.post(desk(f"{update.pk}/take-down/"))

    update.refresh_from_db()
    assert (update.published_at, update.edited_at) == (None, None)
    assert Client().get(update.get_absolute_url()).status_code == 404
    assert log(project) == ["took down the update “Release 3”"]


def test_what_was_mailed_is_never_mailed_twice(project, signed_in):
    update = told(project, mailed_at=clock.now())

    signed_in.post(desk(f"{update.pk}/take-down/"))
    page = signed_in.get(desk(f"{update.pk}/publish/")).content.decode()
    signed_in.post(desk(f"{update.pk}/publish/"), {"mail_sponsors": "on"})

    assert "is not mailed again" in page
    assert "mail_sponsors" not in page
    assert Update.objects.published().exists()
    assert not Update.objects.to_be_mailed().exists()


def test_publishing_what_everybody_sees_leads_to_the_list(project, signed_in):
    update = told(project)

    assert signed_in.get(desk(f"{update.pk}/publish/")).url == desk()


@pytest.mark.parametrize("count", [1, 10])
def test_the_desks_list_takes_the_same_few_queries(
    project, signed_in, count, django_assert_num_queries
):
    for number in range(count):
        draft(project)
        told(project, title=f"Told {number}")
    signed_in.get(desk())

    with django_assert_num_queries(6):
        signed_in.get(desk())


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


# The feed


def feed(**headers):
    return Client(headers=headers).get("/projects/harbour/updates.atom")


def entries(answer):
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


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
