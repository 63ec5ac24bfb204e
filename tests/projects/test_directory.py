"""The directory: what is found by words and filters, and in which order."""

import re

import pytest
from django.test import Client

from funding.projects import directory
from funding.projects.directory import Asked
from funding.projects.models import Project
from tests.projects.listings import listing, project, text

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db,
    pytest.mark.usefixtures("at_the_beginning"),
]


def shown(**asked):
    ids = [project_id for project_id, _ in listing(**asked).paginated]
    names = Project.objects.in_bulk(ids)
    return [names[project_id].name for project_id in ids]


# Searching


@pytest.mark.parametrize("q", ["harbour", "HARB", "rest", "web", "web harbour", "pyth", "  web  "])
def test_words_are_found_in_name_summary_and_languages(q):
    project("Harbour REST", summary="A web toolkit.", languages=["Python"])
    project("Tidewater", summary="A clock.", languages=["Rust"])

    assert shown(q=q) == ["Harbour REST"]


def test_every_word_must_be_found():
    project("Harbour", summary="A web toolkit.")

    assert shown(q="harbour clock") == []


@pytest.mark.parametrize("q", ["über", "ÜBER", "Über"])
def test_letters_outside_ascii_are_found_large_and_small(q):
    project("Über", summary="Über is what it is.")

    assert shown(q=q) == ["Über"]


@pytest.mark.parametrize("q", ["%", "_", "100%", "\\", "'", '"', ";--"])
def test_signs_that_databases_know_are_only_signs(q):
    project("Harbour")

    assert shown(q=q) == []


def test_a_sign_is_found_where_it_is_written():
    project("100% covered")
    project("1000 lakes")

    assert shown(q="100%") == ["100% covered"]


# Filters


def test_a_language_is_found_wherever_it_stands_in_the_projects_list():
    project("Both", languages=["Rust", "Python"])
    project("Other", languages=["C"])

    assert shown(language="Python") == ["Both"]


def test_a_licence_leaves_out_the_others():
    project("Free", licence="MIT")
    project("Other", licence="MIT-0")

    assert shown(licence="MIT") == ["Free"]


def test_a_currency_leaves_out_the_others():
    project("Euros", currency="EUR")
    project("Pounds", currency="GBP")

    assert shown(currency="EUR") == ["Euros"]


def test_those_that_need_sponsors_have_not_reached_their_goals():
    project("Needs", filled=9_999)
    project("Has", filled=10_000)

    assert shown(funding="needs") == ["Needs"]


def test_those_that_nobody_sponsors_have_no_sponsor():
    project("Nobody", sponsors=0)
    project("Somebody", sponsors=1)

    assert shown(funding="nobody") == ["Nobody"]


def test_a_project_without_goals_has_reached_none():
    project("Reached", filled=10_000)
    project("Goalless", filled=10_000, goals=())

    assert shown(funding="reached") == ["Reached"]


def test_filters_and_words_narrow_together():
    project("One", languages=["Python"], licence="MIT")
    project("Two", languages=["Python"], licence="Zlib")
    project("Three", languages=["C"], licence="MIT")

    assert shown(language="Python", licence="MIT", q="o") == ["One"]


@pytest.mark.parametrize("status", [Project.Status.DRAFT, Project.Status.ARCHIVED])
@pytest.mark.parametrize("sort", ["needed", "funded", "name"])
def test_only_what_is_published_is_listed(status, sort):
    project("Hidden", status=status, languages=["Cobol"])

    assert shown(sort=sort) == []
    assert "Cobol" not in text()


def test_each_choice_says_how_many_have_it():
    project(languages=["Python", "C"], licence="MIT", filled=10_000)
    project(languages=["Python"], licence="", currency="EUR")

    options = {
        filter.name: [(option.value, option.count) for option in filter.options if option.value]
        for filter in listing().filters
    }

    assert options == {
        "sort": [("needed", None), ("funded", None), ("name", None)],
        "language": [("C", 1), ("Python", 2)],
        "licence": [("MIT", 1)],
        "funding": [("needs", 1), ("nobody", 2), ("reached", 1)],
        "currency": [("EUR", 1), ("GBP", 1)],
    }


def test_of_very_many_languages_the_commonest_can_be_chosen(monkeypatch):
    monkeypatch.setattr(directory, "MOST_OPTIONS", 2)
    for languages in (["A", "Z"], ["Z", "M"], ["M"]):
        project(languages=languages)

    assert list(directory.counts().languages) == ["M", "Z"]


def test_the_form_keeps_what_was_asked_for():
    project(languages=["Python"])

    html = text(q='a "web"', language="Python", sort="name")

    assert 'value="a "web""' in html
    assert '<option value="Python" selected>' in html
    assert '<option value="name" selected>' in html


# Orders


def test_the_most_needed_are_first_and_equal_ones_stay_where_they_are():
    for name, filled in (("Half", 5_000), ("Full", 10_000), ("Empty", 0), ("Empty too", 0)):
        project(name, filled=filled)

    assert shown() == ["Empty", "Empty too", "Half", "Full"]


def test_who_last_won_a_sponsor_is_first_and_who_never_did_is_last():
    project("Never")
    project("Long ago", funded=90)
    project("Just now", funded=1)

    assert shown(sort="funded") == ["Just now", "Long ago", "Never"]


def test_names_are_in_order_whatever_their_letters():
    for name in ("banyan", "Acorn", "Cedar", "alder"):
        project(name)

    assert shown(sort="name") == ["Acorn", "alder", "banyan", "Cedar"]


# Pages


def test_every_project_is_on_one_page_and_on_no_other():
    for _ in range(50):
        project()

    pages = [list(listing(number, sort="name").paginated) for number in ("1", "2", "3")]

    assert [len(one) for one in pages] == [24, 24, 2]
    assert len({project_id for one in pages for project_id, _ in one}) == 50


def test_links_to_other_pages_keep_what_was_asked_for():
    for _ in range(30):
        project(languages=["Python"])

    link = re.search(r'rel="next" href="([^"]+)"', text(language="Python", sort="name"))

    assert Client().get("/projects/" + link[1]).context["listing"].asked == Asked(
        language="Python", sort="name"
    )
    assert "page=2" in link[1]
