"""What maintainers tell: published, mailed, edited, taken down."""

import pytest
from django.test import Client

from funding.office import clock
from funding.projects import telling
from funding.projects.models import Funding, Update
from tests.projects.news import desk, draft, form_of, log, told
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def version(project):
    return Funding.objects.get(pk=project.pk).version


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
