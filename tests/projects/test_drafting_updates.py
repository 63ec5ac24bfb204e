"""What maintainers are to tell: drafts, previews, two editors at once."""

import pytest
from django.test import Client

from funding.projects.models import Update
from tests import factories
from tests.projects.news import desk, draft, form_of, log, told

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
