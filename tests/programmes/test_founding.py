"""How a programme begins, and which projects run it."""

import pytest
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.programmes import editing, founding
from funding.programmes.forms.founding import TextsForm
from funding.programmes.models import Hosting, Programme
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes

pytestmark = pytest.mark.django_db


def begun(signed_in, project, **values):
    said = {"name": "Harbour mentorship", "kind": "mentorship", "summary": "Two newcomers."}
    return signed_in.post("/organise/new/", {**said, "projects": [project.pk], **values})


def test_an_owner_begins_a_programme_and_organises_it(user, signed_in):
    project = factories.project(maintainer=user)

    response = begun(signed_in, project)

    programme = Programme.objects.get()
    assert response.url == f"/organise/{programme.slug}/"
    assert (programme.slug, programme.published_at) == ("harbour-mentorship", None)
    assert programme.parts.get().role == "organiser"
    assert programme.hostings.get().joined_at is not None


def test_the_same_form_sent_twice_begins_one_programme(user, signed_in):
    project = factories.project(maintainer=user)

    begun(signed_in, project), begun(signed_in, project)

    assert Programme.objects.count() == 1


def test_a_project_of_somebody_else_cannot_run_it_unasked(user, signed_in):
    factories.project(maintainer=user)

    response = begun(signed_in, factories.project())

    assert response.status_code == 422
    assert not Programme.objects.exists()


def test_a_kind_of_its_own_needs_a_name(user, signed_in):
    response = begun(signed_in, factories.project(maintainer=user), kind="own")

    assert response.status_code == 422
    assert "Say of what kind it is." in response.text


def test_a_kind_that_has_a_name_already_gets_no_other(user, signed_in):
    begun(signed_in, factories.project(maintainer=user), own_kind="Camp")

    assert Programme.objects.get().own_kind == ""


def test_a_name_that_stands_in_addresses_gets_a_number(user, signed_in):
    begun(signed_in, factories.project(maintainer=user), name="New")

    assert Programme.objects.get().slug == "new-2"


def test_another_project_runs_it_once_an_owner_agrees():
    programme, project = scenes.programme(), factories.project()
    owner, by = project.maintainers.get().user, programme.parts.get().user

    asked = founding.ask(programme=programme, project=project, by=by, now=clock.now())
    assert asked.joined_at is None
    founding.agree(hosting=asked, by=owner, now=clock.now())

    asked.refresh_from_db()
    assert asked.joined_at is not None
    keys = set(Message.objects.values_list("key", flat=True))
    assert f"programme-project-asked:{asked.pk}" in keys
    assert f"programme-project-answered:{asked.pk}" in keys


def test_a_project_that_declines_can_be_asked_again():
    programme, project = scenes.programme(), factories.project()
    owner, by = project.maintainers.get().user, programme.parts.get().user
    asked = founding.ask(programme=programme, project=project, by=by, now=clock.now())

    founding.decline(hosting=asked, by=owner)

    assert not programme.hostings.filter(project=project).exists()
    assert founding.ask(programme=programme, project=project, by=by, now=clock.now())


def test_only_an_owner_of_the_project_answers():
    programme, project = scenes.programme(), factories.project()
    editor = factories.maintainer(project, "editor").user
    asked = founding.ask(
        programme=programme, project=project, by=programme.parts.get().user, now=clock.now()
    )

    with pytest.raises(Refused):
        founding.agree(hosting=asked, by=editor, now=clock.now())


def test_one_project_runs_it_always():
    programme = scenes.programme()

    with pytest.raises(Refused):
        founding.take_away(hosting=programme.hostings.get(), by=programme.parts.get().user)

    assert Hosting.objects.count() == 1


def test_of_two_who_change_its_texts_the_second_is_told():
    programme = scenes.programme(name="Before")
    by = programme.parts.get().user
    data = {"kind": "mentorship", "summary": "S", "own_kind": "", "contact": "ask@it.example"}
    seen = TextsForm(instance=programme)["seen"].value()
    first = TextsForm({**data, "name": "First", "seen": seen}, instance=Programme.objects.get())
    second = TextsForm({**data, "name": "Second", "seen": seen}, instance=Programme.objects.get())

    assert editing.save(first, programme=programme, by=by)
    assert not editing.save(second, programme=programme, by=by)

    assert Programme.objects.get().name == "First"
    assert "Now stands: First" in str(second.errors)


def test_a_file_that_is_not_what_it_says_is_refused_in_words(user, signed_in):
    programme = scenes.programme(organiser=user)
    file = factories.SimpleUploadedFile("logo.png", b"<svg/>", "image/png")

    response = signed_in.post(f"/organise/{programme.slug}/logo/", {"logo": file})

    assert response.status_code == 422
    assert "This is no PNG, JPEG, WebP or GIF image." in response.text


def test_a_logo_is_put_up_and_taken_down(user, signed_in):
    programme = scenes.programme(organiser=user)

    signed_in.post(f"/organise/{programme.slug}/logo/", {"logo": factories.image()})
    programme.refresh_from_db()
    assert programme.logo is not None

    signed_in.post(f"/organise/{programme.slug}/logo/remove/")
    programme.refresh_from_db()
    assert programme.logo is None


def test_the_home_says_how_to_begin(signed_in):
    response = signed_in.get("/organise/")

    assert "You have no part in a programme yet." in response.text


@pytest.mark.parametrize("count", [1, 4])
def test_the_home_takes_the_same_few_queries(user, signed_in, count, django_assert_num_queries):
    for _ in range(count):
        scenes.round_(scenes.programme(organiser=user))

    with django_assert_num_queries(11):
        signed_in.get("/organise/")


def test_who_has_no_project_is_told_how_to_get_one(signed_in):
    assert "Put one on the site first" in signed_in.get("/organise/new/").text


def test_who_is_not_signed_in_is_asked_to():
    assert Client().get("/organise/").status_code == 302
