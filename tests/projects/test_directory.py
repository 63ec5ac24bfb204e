"""The directory: what is shown for what an address asks for, in which order, and what is said."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client

from funding.office import clock
from funding.projects import cards, directory, editing, recording
from funding.projects.directory import Asked, Listing
from funding.projects.models import Funding, Goal, Grant, Language, Project
from tests import factories, world

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _at_the_beginning(at_the_beginning):
    pass


def page(**asked):
    return Client().get("/projects/", asked)


def text(**asked):
    return unescape(page(**asked).content.decode())


def listing(number=None, **asked):
    return Listing(Asked.read(asked), number=number, today=world.BEGINNING.date())


def shown(**asked):
    ids = [project_id for project_id, _ in listing(**asked).paginated]
    names = Project.objects.in_bulk(ids)
    return [names[project_id].name for project_id in ids]


def project(name="", *, filled=0, sponsors=0, funded=None, **values):
    made = factories.project(name, **values)
    totals = {"filled": filled, "sponsors": sponsors}
    if funded is not None:
        totals["funded_at"] = world.BEGINNING - timedelta(days=funded)
    Funding.objects.filter(project=made).update(**totals)
    return made


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


# Logos


def test_a_logo_stands_on_the_card_and_initials_where_there_is_none():
    picture = factories.picture()
    project("Harbour REST", logo=picture)
    project("Tide Water")

    html = text()

    assert f'<img class="avatar" src="{picture.small}" alt="" width="40" height="40">' in html
    assert '<span class="avatar" aria-hidden="true">TW</span>' in html
    assert ">HR<" not in html


def test_a_logo_stands_at_the_head_of_its_projects_page():
    one = project("Harbour REST", logo=factories.picture())

    assert one.logo.small in Client().get(one.get_absolute_url()).content.decode()


# Kept by version


def test_a_kept_card_is_the_same_as_one_just_drawn():
    project("Harbour REST", languages=["Python"], licence="MIT")

    assert text() == text()


def test_a_card_shows_what_was_written_just_now():
    one = project("Harbour")
    text()

    Project.objects.filter(pk=one.pk).update(name="Haven")
    editing.touch(one.pk)

    assert "Haven" in text()
    assert "Harbour" not in text()


def test_a_grant_leaves_the_card_with_its_last_day(at_the_beginning):
    today = at_the_beginning.date()
    grant = Grant(project=project(), funder="F", amount=300_000, received_on=today,
                  starts_on=today, ends_on=today + timedelta(days=6))  # fmt: skip
    recording.record_grant(grant)
    while_it_runs = text()

    with clock.stopped_at(at_the_beginning + timedelta(days=7)):
        afterwards = text()

    assert "10 of 5 days a week" in while_it_runs
    assert "0 of 5 days a week" in afterwards


def test_choices_are_counted_anew_when_a_project_comes_or_goes():
    one = project(languages=["Python"])
    assert "Python (1)" in text()

    project(languages=["Python"])
    assert "Python (2)" in text()

    Project.objects.filter(pk=one.pk).update(status=Project.Status.ARCHIVED)
    editing.touch(one.pk)
    assert "Python (1)" in text()


def test_no_more_cards_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(cards, "MOST_CARDS", 3)
    for _ in range(5):
        project()

    first = text()

    assert first.count('<li class="card project">') == 5
    assert len(cards._cards) == 3
    assert text() == first


# However many there are


def many(count):
    """Projects that differ in everything that orders and filters look at."""
    projects = Project.objects.bulk_create(
        Project(
            slug=f"many-{i}", name=f"Project {i * 7919 % count}", summary="In a sentence.",
            currency=("GBP", "EUR")[i % 2], day_rate=30_000, licence=("MIT", "Zlib", "")[i % 3],
            status=Project.Status.DRAFT if i % 10 == 3 else Project.Status.PUBLISHED,
        )
        for i in range(count)
    )  # fmt: skip
    Funding.objects.bulk_create(
        Funding(project=one, filled=i * 37 % 12_000, sponsors=i % 4,
                funded_at=world.BEGINNING - timedelta(hours=i * 31 % count))
        for i, one in enumerate(projects)
    )  # fmt: skip
    Goal.objects.bulk_create(Goal(project=one, position=0, title="G", days=3) for one in projects)
    Language.objects.bulk_create(
        Language(project=one, name=("Python", "Rust", "C")[i // 2 % 3])
        for i, one in enumerate(projects)
    )


@pytest.mark.parametrize("count", [5, 5000])
@pytest.mark.parametrize(
    "asked", [{}, {"sort": "name", "page": "2"}, {"q": "Project 1", "language": "C"}]
)
def test_a_page_takes_the_same_queries_however_many_projects_there_are(
    count, asked, django_assert_num_queries
):
    many(count)

    with django_assert_num_queries(8):
        page(**asked)
    with django_assert_num_queries(3):
        page(**asked)


@pytest.mark.parametrize("analysed", [False, True])
def test_no_first_page_sorts_the_projects(analysed):
    many(5000)
    with connection.cursor() as cursor:
        if analysed or connection.vendor == "postgresql":
            cursor.execute("ANALYZE")

    plans = {sort: plan(sort) for sort in ("needed", "funded", "name")}

    assert [
        sort for sort, said in plans.items() if re.search("sort|temp b-tree", said, re.IGNORECASE)
    ] == []
    for sort, index in (
        ("needed", "funding_filled"), ("funded", "funding_funded"), ("name", "project_by_name")
    ):  # fmt: skip
        assert index in plans[sort]


def plan(sort):
    """How the database goes about the question for the ids of a first page."""
    return listing(sort=sort).paginated.object_list.explain()


def test_a_sorting_that_no_index_serves_would_be_found():
    many(50)

    said = Project.objects.listed().order_by("summary")[:24].explain()

    assert re.search("sort|temp b-tree", said, re.IGNORECASE)
