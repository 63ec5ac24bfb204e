"""Beginning a project, seeing what it lacks, and publishing it."""

import pytest
from django.test import Client

from funding.projects import publishing
from funding.projects.models import Activity, Funding, Maintainer, Project
from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FIELDS = {"name": "Harbour", "summary": "Ships go in and out.", "currency": "GBP",
          "day_rate": "300"}  # fmt: skip


def begin(client, **values):
    return client.post("/maintain/new/", {**FIELDS, **values})


def ready(user, **values):
    """A draft that has all that a page needs."""
    defaults = {"description": "What.", "licence": "MIT", "website": "https://example.org/"}
    draft = factories.project(
        maintainer=user, status=Project.Status.DRAFT, **{**defaults, **values}
    )
    factories.person(draft)
    factories.tier(draft)
    return draft


def publish(client, draft):
    return client.post(f"/maintain/{draft.slug}/publish/")


def errors(response):
    return response.context["form"].errors


def test_whoever_begins_a_project_owns_its_draft(signed_in, user):
    response = begin(signed_in)

    draft = Project.objects.get()
    assert response.url == "/maintain/harbour/"
    assert (draft.status, draft.day_rate, draft.currency) == ("draft", 30000, "GBP")
    assert Maintainer.objects.get(project=draft, user=user).role == "owner"
    assert Funding.objects.filter(project=draft).exists()
    assert str(Activity.objects.get()) == "Ada began the project"


def test_the_day_rate_is_read_in_the_currency_that_is_chosen(signed_in):
    begin(signed_in, currency="JPY", day_rate="45000")

    assert Project.objects.get().day_rate == 45000


def test_a_second_project_of_a_name_gets_an_address_of_its_own(signed_in):
    factories.project(slug="harbour")

    assert begin(signed_in).url == "/maintain/harbour-2/"


def test_a_project_called_new_gets_another_address(signed_in):
    assert begin(signed_in, name="New").url == "/maintain/new-2/"


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twenty_times_at_once_begins_one_project(user):
    def project():
        return Project(name="Harbour", summary="Ships.", currency="GBP", day_rate=1)

    together(lambda: publishing.begin(project=project(), by=user))

    assert Project.objects.count() == 1


def test_seeing_what_a_rate_means_begins_nothing(signed_in):
    response = begin(signed_in, preview="1")

    assert "£1,300" in response.content.decode()
    assert 'value="Harbour"' in response.content.decode()
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "\u202e\u202e"), ("name", "x" * 81), ("summary", ""),
        ("currency", "XXX"), ("currency", ""), ("day_rate", "0"), ("day_rate", "-5"),
        ("day_rate", "€300"), ("day_rate", "1e3"), ("day_rate", "12,5"), ("day_rate", "10" * 12),
        ("day_rate", "NaN"), ("day_rate", "0.001"),
    ],
)  # fmt: skip
def test_a_project_that_cannot_be_is_not_begun(signed_in, field, value):
    response = begin(signed_in, **{field: value})

    assert response.status_code == 422
    assert field in errors(response)
    assert not Project.objects.exists()


def test_before_a_currency_is_chosen_no_error_speaks_of_one(signed_in):
    response = begin(signed_in, currency="", day_rate="abc")

    assert errors(response)["day_rate"] == ["Write an amount like 1200, without a sign or commas."]


def test_publishing_is_the_main_thing_to_do_once_all_is_there(signed_in, user):
    begin(signed_in)
    lacking, whole = signed_in.get("/maintain/harbour/"), ready(user)

    assert '<a class="button ghost" href="/maintain/harbour/publish/">' in lacking.content.decode()
    page = signed_in.get(f"/maintain/{whole.slug}/").content.decode()
    assert f'<a class="button" href="/maintain/{whole.slug}/publish/">' in page


def test_a_new_draft_lacks_all_but_a_day_rate(signed_in):
    begin(signed_in)

    response = signed_in.get("/maintain/harbour/")

    assert [item.is_done for item in response.context["todo"]] == [False] * 8
    assert "Publish it" in response.content.decode()


def test_the_checklist_leads_to_where_each_is_mended(signed_in):
    begin(signed_in)

    page = signed_in.get("/maintain/harbour/").content.decode()

    for name in ("texts", "people", "goals", "tiers", "logo"):
        assert f'href="/maintain/harbour/{name}/"' in page


def test_an_editor_is_told_that_an_owner_publishes(client):
    draft = ready(factories.user())
    editor = factories.maintainer(draft, "editor").user
    client.force_login(editor)

    page = client.get(f"/maintain/{draft.slug}/").content.decode()

    assert "Publish it" not in page
    assert "One of its owners publishes it." in page


def test_publishing_says_first_what_it_means(signed_in, user):
    draft = ready(user)

    page = signed_in.get(f"/maintain/{draft.slug}/publish/").content.decode()

    assert "everybody sees its page" in page
    assert "Its currency stays GBP" in page
    assert draft.get_absolute_url() in page


def test_a_published_project_is_for_everybody(signed_in, user):
    draft = ready(user)
    before = draft.funding.version
    assert Client().get(draft.get_absolute_url()).status_code == 404

    response = publish(signed_in, draft)

    draft = Project.objects.get(pk=draft.pk)
    assert response.url == draft.get_absolute_url()
    assert draft.status == Project.Status.PUBLISHED
    assert draft.published_at is not None
    assert draft.funding.version > before
    assert Activity.objects.get().did == "published the project"
    assert Client().get(draft.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("lacking", ["description", "licence", "website"])
def test_without_its_texts_a_project_is_not_published(signed_in, user, lacking):
    assert refused(signed_in, ready(user, **{lacking: ""})) == 1


@pytest.mark.parametrize("relation", ["people", "goals", "tiers"])
def test_without_people_goals_and_tiers_a_project_is_not_published(signed_in, user, relation):
    draft = ready(user)
    getattr(draft, relation).all().delete()

    assert refused(signed_in, draft) == 1


def refused(client, draft):
    """How many things are said to be missing, of one that stays a draft."""
    response = publish(client, draft)
    assert response.status_code == 422
    assert Project.objects.get(pk=draft.pk).is_draft
    return len(response.context["missing"])


def test_a_person_who_left_and_a_tier_that_is_closed_do_not_count(user):
    draft = ready(user)
    draft.people.update(left_at=draft.created_at)
    draft.tiers.update(closed_at=draft.created_at)

    assert len(publishing.missing(draft)) == 2


def test_source_code_does_in_place_of_a_website(user):
    draft = ready(user, website="", repository="https://example.org/code")

    assert publishing.missing(draft) == []


def test_publishing_twice_publishes_once(signed_in, user):
    draft = ready(user)
    publish(signed_in, draft)
    first = Project.objects.get(pk=draft.pk).published_at

    response = publish(signed_in, draft)

    assert response.status_code == 302
    assert Project.objects.get(pk=draft.pk).published_at == first


def test_an_archived_project_is_not_published_again(user):
    draft = ready(user, archived_at=None)
    Project.objects.update(status=Project.Status.ARCHIVED)

    assert not publishing.publish(project=draft, by=user)
    assert Project.objects.get().is_archived


def test_the_preview_is_the_page_with_nothing_to_buy(signed_in, user):
    draft = ready(user)

    page = signed_in.get(f"/maintain/{draft.slug}/preview/").content.decode()

    assert "<strong>A draft.</strong>" in page
    assert draft.tiers.get().name in page
    assert "/sponsor/" not in page
    assert "archived" not in page


def test_what_is_published_needs_no_preview(signed_in, user):
    project = factories.project(maintainer=user)

    response = signed_in.get(f"/maintain/{project.slug}/preview/")

    assert response.url == project.get_absolute_url()
