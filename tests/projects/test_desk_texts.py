"""What a project's page says: its texts, two who edit them at once, its address."""

import pytest
from django.test import Client

from funding.projects.models import Activity, Funding, Language, Project
from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def project(user):
    return factories.project(
        "Harbour", slug="harbour", maintainer=user, languages=["Python"], licence="MIT"
    )


@pytest.fixture
def draft(project):
    Project.objects.update(status=Project.Status.DRAFT)
    return Project.objects.get()


def opened(client, slug="harbour"):
    """The form as it stands, as a browser would send it."""
    form = client.get(f"/maintain/{slug}/texts/").context["form"]
    return {field.html_name: field.value() or "" for field in form}


def send(client, typed, slug="harbour"):
    return client.post(f"/maintain/{slug}/texts/", typed)


def change(client, **values):
    return send(client, opened(client) | values)


def errors(response):
    return response.context["form"].errors


def languages(project):
    return list(project.languages.values_list("name", flat=True))


def test_what_is_written_stands_on_the_page(signed_in, project):
    response = change(signed_in, description="# Why\n\nBecause.", summary="Ships.")

    page = Client().get("/projects/harbour/").content.decode()
    assert response.status_code == 302
    assert "Because." in page
    assert "Ships." in page


def test_the_log_says_who_changed_what(signed_in, project):
    change(signed_in, licence="Apache-2.0")

    assert str(Activity.objects.get()) == "Ada changed its texts: licence"


def test_saving_what_stands_already_changes_nothing(signed_in, project):
    Project.objects.update(description="One\n\nTwo")
    before = Funding.objects.get().version

    change(signed_in, description="One\r\n\r\nTwo")

    assert Funding.objects.get().version == before
    assert not Activity.objects.exists()


def test_every_change_moves_the_version(signed_in, project):
    before = Funding.objects.get().version

    change(signed_in, summary="Other.")

    assert Funding.objects.get().version > before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "\u202e"), ("name", "x" * 81), ("summary", ""),
        ("summary", "x" * 241), ("description", "x" * 20_001),
        ("website", "javascript:alert(1)"), ("website", "https://a:b@example.org/"),
        ("repository", "ftp://example.org"), ("repository", "no address"),
        ("licence", "<script>"), ("licence", "not a licence"), ("licence", "x" * 41), ("languages", "a,b,c,d,e,f"),
        ("languages", "x" * 31), ("languages", "\u202e"),
    ],
    ids=lambda text: ascii(text[:20]),
)  # fmt: skip
def test_what_cannot_stand_is_told_at_its_field_and_changes_nothing(
    signed_in, project, field, value
):
    before = Project.objects.values().get()

    response = change(signed_in, **{field: value})

    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert Project.objects.values().get() == before
    assert languages(project) == ["Python"]


@pytest.mark.parametrize(
    ("typed", "stands"),
    [("mit", "MIT"), ("apache-2.0 or MIT", "Apache-2.0 OR MIT"), ("", "")],
)
def test_a_licence_is_written_as_spdx_writes_it(signed_in, project, typed, stands):
    change(signed_in, licence=typed)

    assert Project.objects.get().licence == stands


def test_a_licence_from_before_stays_until_it_is_changed(signed_in, project):
    Project.objects.update(licence="Our own")

    change(signed_in, summary="Other.")

    assert Project.objects.get().licence == "Our own"
    assert Project.objects.get().summary == "Other."


def test_what_was_typed_is_kept_beside_an_error(signed_in, project):
    response = change(signed_in, name="", summary="Kept as typed.")

    assert "Kept as typed." in response.content.decode()
    assert "Harbour" in response.content.decode()


def test_the_longest_description_counts_ends_of_lines_once(signed_in, project):
    assert change(signed_in, description="\r\n".join(["x"] * 10_000)).status_code == 302


def test_a_preview_shows_the_description_and_saves_nothing(signed_in, project):
    response = change(signed_in, description="A **bold** word", name="Other", preview="1")

    page = response.content.decode()
    assert response.status_code == 200
    assert "A <strong>bold</strong> word" in page
    assert 'value="Other"' in page
    assert Project.objects.get().description == ""
    assert Project.objects.get().name == "Harbour"


def test_a_preview_runs_no_script(signed_in, project):
    page = change(signed_in, description="<script>alert(1)</script>", preview="1").content.decode()

    assert "<script>alert" not in page


def test_markdown_on_the_page_runs_no_script(signed_in, project):
    change(signed_in, description="[x](javascript:alert(1)) <img src=x onerror=alert(1)>")

    page = Client().get("/projects/harbour/").content.decode()
    assert 'href="javascript' not in page
    assert "<img src=x" not in page


# Languages


def test_languages_are_put_down_in_their_order(signed_in, project):
    change(signed_in, languages="Rust, Python,C , ")

    assert languages(project) == ["Rust", "Python", "C"]


def test_a_language_is_spelt_as_others_spell_it(signed_in, project):
    factories.project(languages=["TypeScript"])

    change(signed_in, languages="typescript, python, Python")

    assert languages(project) == ["TypeScript", "python"]


def test_a_language_that_nobody_knows_stands_as_typed(signed_in, project):
    change(signed_in, languages="pYthon")

    assert languages(project) == ["pYthon"]


def test_languages_can_be_left_out(signed_in, project):
    change(signed_in, languages="")

    assert languages(project) == []


def test_the_log_says_that_the_languages_changed(signed_in, project):
    change(signed_in, languages="Rust")

    assert Activity.objects.get().did == "changed its texts: programming languages"


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
