"""What the directory says of what it shows, and of what makes no sense."""

import pytest
from django.test import Client

from tests.projects.listings import listing, page, project, text

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db,
    pytest.mark.usefixtures("at_the_beginning"),
]


# What is said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "3 projects, most needed first"),
        ({"sort": "name"}, "3 projects, by name"),
        ({"language": "Python", "funding": "needs"},
         "2 projects in Python that need sponsors, most needed first"),
        ({"language": "C", "funding": "needs"}, "1 project in C that needs sponsors"),
        ({"q": "that need sponsors"}, "No projects about “that need sponsors”"),
        ({"licence": "MIT", "currency": "GBP", "funding": "nobody", "sort": "funded"},
         "3 projects under MIT paid in GBP that nobody sponsors yet, newly funded first"),
        ({"funding": "reached"}, "No projects with every goal reached"),
    ],
)  # fmt: skip
def test_what_is_shown_is_said_above_it(asked, said):
    for language in ("Python", "Python", "C"):
        project(languages=[language], licence="MIT")

    assert listing(**asked).said == said
    assert f"<h2>{said}</h2>" in text(**asked)


def test_each_filter_can_be_left_out_by_a_link():
    project(languages=["Python"], licence="MIT")

    html = text(q="nothing fits", language="Python", licence="MIT", sort="name")

    assert "Nothing fits all of this" in html
    for address in (
        "/projects/?language=Python&licence=MIT&sort=name",
        "/projects/?q=nothing+fits&licence=MIT&sort=name",
        "/projects/?q=nothing+fits&language=Python&sort=name",
        "/projects/",
    ):
        assert f'href="{address}"' in html


def test_without_any_project_the_page_says_what_will_be_here_and_how_to_begin():
    html = text()

    assert "No project is published yet" in html
    assert 'href="/maintain/new/"' in html


# Nonsense


@pytest.mark.parametrize("name", ["sort", "funding", "page"])
@pytest.mark.parametrize("value", ["x", "-1", "9" * 5_000, "", "’", "0", "1.5", "\ufffd"])
def test_a_sorting_state_or_page_that_there_is_not_is_not_asked_for(name, value):
    project("Harbour")

    html = text(**{name: value})

    assert "Harbour" in html
    assert "filter:" not in html


@pytest.mark.parametrize("name", ["language", "licence", "currency"])
@pytest.mark.parametrize("value", ["Klingon", "<b>", "gbp ' OR 1=1", "x" * 10_000, "\ud83d\ude00"])
def test_a_value_that_nobody_has_finds_nothing_and_can_be_left_out(name, value):
    project("Harbour")

    answer = page(**{name: value.encode("utf-16", "surrogatepass").decode("utf-16")})

    assert answer.status_code == 200
    assert "Harbour" not in answer.content.decode()
    assert 'href="/projects/"' in answer.content.decode()
    assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    "q", ["x" * 10_000, "a " * 5_000, "é " * 5_000, "\t\n", "\u202e", "(((", "[]"]
)
def test_any_words_may_be_searched_for(q):
    project("Harbour")

    assert page(q=q).status_code == 200


@pytest.mark.parametrize(
    "name", ["q", "language", "licence", "currency", "funding", "sort", "page"]
)
def test_a_character_that_is_no_text_is_refused(name):
    assert page(**{name: "a\0b"}).status_code == 400


def test_bytes_that_are_no_text_are_no_error_of_ours():
    assert Client().get("/projects/?q=%ff%fe&language=%ed%a0%80").status_code == 200
