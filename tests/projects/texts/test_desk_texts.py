"""What a project's page says: its texts and languages."""

import pytest
from django.test import Client

from funding.projects.models import Activity, Funding, Project
from tests import factories
from tests.projects.texts.typed import change, errors, languages

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
