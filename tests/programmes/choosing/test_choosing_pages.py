"""Pages of organisers: what they show of applications, and with how many questions."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.office import clock
from funding.programmes import selecting
from funding.programmes.models import Answer, Question, Review
from tests import factories
from tests.programmes import scenes
from tests.programmes.choosing.seen import at, client_of, text

pytestmark = pytest.mark.django_db


def many(round_, number, readers=None):
    """Applications with an answer to each question and two reviews."""
    now = clock.now()
    readers = readers or [scenes.part(round_.programme, "reviewer").user for _ in range(2)]
    questions = [
        Question.objects.create(round=round_, kind="short", text=f"Question {n}") for n in range(3)
    ]
    for _ in range(number):
        made = scenes.application(round_)
        Answer.objects.bulk_create(
            Answer(application=made, question=question, text="Words") for question in questions
        )
        Review.objects.bulk_create(
            Review(
                application=made, reviewer=reader, status="done", score=4, flags=["look"],
                assigned_at=now,
            )
            for reader in readers
        )  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "applications/",
        "applications/?state=all&read=done&flagged=any&sort=mean&q=grace",
        "applications/export/",
        "applications/reviewers/",
        "ranking/",
        "announce/",
    ],
)
def test_the_number_of_questions_does_not_grow(path, round_, organiser):
    client = client_of(organiser)
    many(round_, 2)
    text(client.get(at(round_, path)))  # what is kept between requests is kept now
    few = questions(client, at(round_, path))
    many(round_, 30)

    assert questions(client, at(round_, path)) == few < 25


def questions(client, path):
    with CaptureQueriesContext(connection) as asked:
        text(client.get(path))
    return len(asked)


def test_a_reviewers_list_asks_as_little_for_many_rounds_as_for_one(db):
    reviewer = factories.user(password="x")
    client = client_of(reviewer)

    def give_a_round(number):
        round_ = scenes.round_(during="review")
        scenes.part(round_.programme, "reviewer", reviewer)
        for _ in range(number):
            scenes.review(scenes.application(round_), reviewer)

    give_a_round(1)
    few = questions(client, "/reviews/")
    give_a_round(5)
    give_a_round(5)

    assert questions(client, "/reviews/") == few
    assert "0 of 11 scored, in 3 rounds" in text(client.get("/reviews/"))


def test_without_a_review_phase_organisers_choose_without_scores(organiser):
    round_ = scenes.selection(organiser=organiser, left_out=["review"])
    application = scenes.application(round_)
    client = client_of(organiser)

    page = text(client.get(at(round_, "ranking/")))
    client.post(at(round_, "ranking/"), {"application": application.pk, "outcome": "selected"})

    assert f'name="application" value="{application.pk}"' in page
    assert selecting.chosen(round_).get() == application


def test_an_application_is_decided_of_on_its_own_page_as_well(round_, organiser):
    application = scenes.reviewed(round_, 4, 4)

    page = text(client_of(organiser).get(at(round_, f"applications/{application.pk}/")))

    assert f'name="application" value="{application.pk}"' in page


def test_the_list_finds_by_name_state_flag_and_missing_reviews(round_, organiser):
    client = client_of(organiser)
    ada = scenes.reviewed(round_, 5, 5, name="Ada")
    scenes.reviewed(round_, 3, name="Berta")
    scenes.application(round_, status="draft", name="Draft")
    ada.reviews.update(flags=["ai"])

    def found(query):
        page = text(client.get(at(round_, f"applications/?{query}")))
        return {name for name in ("Ada", "Berta", "Draft") if f">{name}<" in page}

    assert found("") == {"Ada", "Berta"}
    assert found("q=ad") == {"Ada"}
    assert found(f"q={ada.pk}") == {"Ada"}
    assert found("read=missing") == {"Berta"}
    assert found("read=done") == {"Ada"}
    assert found("flagged=ai") == {"Ada"}
    assert found("flagged=copied") == set()
    assert found("state=withdrawn") == set()
    assert found("state=open&sort=nonsense&page=99") == {"Ada", "Berta"}


@pytest.mark.parametrize("query", ["q=²", "idea=99999999999999999999", "page=x", "state=\x7f"])
def test_what_makes_no_sense_is_answered_with_a_page(query, round_, organiser):
    assert client_of(organiser).get(at(round_, f"applications/?{query}")).status_code == 200


def test_a_draft_and_what_was_withdrawn_are_read_by_no_organiser(round_, organiser):
    client = client_of(organiser)
    made = [scenes.application(round_, status=one) for one in ("draft", "withdrawn")]

    answers = [client.get(at(round_, f"applications/{one.pk}/")).status_code for one in made]

    assert answers == [404, 404]
    assert "I write parsers" not in text(client.get(at(round_, "applications/export/?state=all")))


def test_cells_of_the_export_are_words_and_never_formulas(round_, organiser):
    question = Question.objects.create(round=round_, kind="long", text="=Why")
    made = scenes.reviewed(round_, 4, 5, name="@SUM(A1)", about="+1\nand more")
    Answer.objects.create(application=made, question=question, text="-2+3")

    said = text(client_of(organiser).get(at(round_, "applications/export/")))
    head, row = csv.reader(io.StringIO(said.removeprefix("\ufeff")))

    assert head[-1] == "'=Why"
    cells = dict(zip(head, row, strict=True))
    assert (cells["Name"], cells["About"]) == ("'@SUM(A1)", "'+1\nand more")
    assert (cells["'=Why"], cells["Mean"], cells["Reviews"]) == ("'-2+3", "4.50", "2")


def test_answers_in_the_export_stand_in_the_row_of_their_application(round_, organiser):
    questions = [
        Question.objects.create(round=round_, kind="short", text=f"Question {n}") for n in range(2)
    ]
    first, without, last = (scenes.application(round_) for _ in range(3))
    for application, question in ((last, 0), (first, 1), (first, 0)):
        said = f"{application.pk}-{question}"
        Answer.objects.create(application=application, question=questions[question], text=said)
    scenes.application(round_, status="draft")

    said = text(client_of(organiser).get(at(round_, "applications/export/")))
    rows = list(csv.reader(io.StringIO(said)))[1:]

    assert [row[-2:] for row in rows] == [
        [f"{first.pk}-0", f"{first.pk}-1"], ["", ""], [f"{last.pk}-0", ""],
    ]  # fmt: skip
    assert without.pk
