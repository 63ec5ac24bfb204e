"""Pages of organisers and reviewers: what they show to whom, and with how many questions."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funding.office import clock
from funding.programmes import selecting
from funding.programmes.models import Answer, Application, Question, Review, Round
from tests import factories
from tests.certainty import certain
from tests.programmes import scenes

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return certain(client)


@pytest.fixture
def organiser(db):
    return factories.user(password="x")


@pytest.fixture
def round_(organiser):
    return scenes.selection(organiser=organiser)


def at(round_, path=""):
    return f"/organise/{round_.programme.slug}/{round_.slug}/{path}"


def text(answer):
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    return answer.content.decode()


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


def test_a_reviewer_of_a_blind_round_reads_no_name(organiser):
    round_ = scenes.round_(during="review", is_blind=True)
    review = scenes.review(scenes.application(round_, links="https://grace.example/"))
    client = client_of(review.reviewer)

    pages = [text(client.get(path)) for path in ("/reviews/", f"/reviews/{review.pk}/")]

    assert "I write parsers." in pages[1]
    for page in pages:
        assert "Grace" not in page
        assert "grace.example" not in page
        assert f"Application {review.application.pk}" in page


def test_where_it_is_not_blind_a_reviewer_reads_the_name():
    review = scenes.review(scenes.application(scenes.round_(during="review", is_blind=False)))

    assert "Grace Example" in text(client_of(review.reviewer).get(f"/reviews/{review.pk}/"))


def test_a_score_leads_on_to_what_is_read_next():
    round_ = scenes.round_(during="review")
    first = scenes.review(scenes.application(round_))
    second = scenes.review(scenes.application(round_), first.reviewer)

    answer = client_of(first.reviewer).post(
        f"/reviews/{first.pk}/", {"score": "4", "flags": ["ai"], "comment": "Fine", "scored": ""}
    )

    assert answer["Location"] == f"/reviews/{second.pk}/"
    first.refresh_from_db()
    assert (first.score, first.flags, first.comment) == (4, ["ai"], "Fine")


@pytest.mark.parametrize("score", ["", "0", "6", "4.5", "x"])
def test_a_score_that_is_none_is_mended_with_everything_kept(score):
    review = scenes.review(scenes.application(scenes.round_(during="review")))

    answer = client_of(review.reviewer).post(
        f"/reviews/{review.pk}/", {"score": score, "comment": "Still here", "scored": ""}
    )

    assert answer.status_code == 422
    assert "Still here" in text(answer)
    review.refresh_from_db()
    assert (review.score, review.comment) == (None, "")


def test_after_the_phase_a_reviewer_reads_the_application_no_longer():
    review = scenes.review(scenes.application(scenes.round_(during="selection")), score=4)
    client = client_of(review.reviewer)

    page = text(client.get(f"/reviews/{review.pk}/"))
    answer = client.post(f"/reviews/{review.pk}/", {"score": "1", "scored": ""})

    assert "I write parsers." not in page
    assert answer.status_code == 422
    assert "stay as they are" in text(answer)


def test_a_decision_is_sent_from_the_ranking_and_stays_on_its_page(round_, organiser):
    application = scenes.reviewed(round_, 4, 4)

    answer = client_of(organiser).post(
        at(round_, "ranking/?page=2"), {"application": application.pk, "outcome": "selected"}
    )

    assert answer["Location"] == at(round_, "ranking/?page=2")
    assert selecting.chosen(round_).get() == application


@pytest.mark.parametrize("sent", [{"outcome": "paid"}, {"application": "²"}, {"outcome": "none"}])
def test_nonsense_is_refused_as_such(sent, round_, organiser):
    application = scenes.reviewed(round_, 4, 4)

    answer = client_of(organiser).post(
        at(round_, "ranking/"), {"application": application.pk, "outcome": "selected", **sent}
    )

    assert answer.status_code == 400
    assert not selecting.chosen(round_).exists()


def test_another_round_is_not_decided_of(round_, organiser):
    other = scenes.reviewed(scenes.selection(), 4, 4)

    answer = client_of(organiser).post(
        at(round_, "ranking/"), {"application": other.pk, "outcome": "selected"}
    )

    assert answer.status_code == 404
    assert Application.objects.get(pk=other.pk).outcome == ""


def test_the_announcement_says_figures_and_mails_first_and_is_made_by_its_button(
    round_, organiser
):
    client = client_of(organiser)
    application = scenes.reviewed(round_, 4, 4)
    selecting.decide(application=application, outcome="selected", by=organiser, now=clock.now())

    page = text(client.get(at(round_, "announce/")))
    assert "1 of 2 funded" in page
    assert "you are not among those who are chosen" in page.replace("\n", " ").replace("<br>", "")
    assert client.post(at(round_, "announce/"), {"reason": ""}).status_code == 422
    client.post(at(round_, "announce/"), {"reason": "They wait"})

    assert Round.objects.get().announced_at
    assert application.place.status == "offered"


def test_an_offer_is_signed_on_its_page():
    place = scenes.offered()
    client = client_of(place.user)
    page = client.get(f"/places/{place.pk}/answer/")
    sent = {"agreement": page.context["form"]["agreement"].value(), "signed_name": "Grace Example"}

    without_a_name = client.post(f"/places/{place.pk}/answer/", {**sent, "signed_name": " "})
    client.post(f"/places/{place.pk}/answer/", {**sent, "public_name": "Grace"})

    assert without_a_name.status_code == 422
    place.refresh_from_db()
    assert (place.status, place.signed_name, place.public_name) == (
        "running", "Grace Example", "Grace",
    )  # fmt: skip
    assert "We work together." in text(client.get(f"/places/{place.pk}/answer/"))


def test_an_agreement_that_changed_meanwhile_is_shown_again_before_it_is_signed():
    place = scenes.offered()
    client = client_of(place.user)
    page = client.get(f"/places/{place.pk}/answer/")
    sent = {"agreement": page.context["form"]["agreement"].value(), "signed_name": "Grace"}
    Round.objects.update(agreement="It says more now.")

    answer = client.post(f"/places/{place.pk}/answer/", sent)

    assert answer.status_code == 422
    assert "It says more now." in text(answer)
    place.refresh_from_db()
    assert place.status == "offered"


def test_an_offer_is_declined_with_words_for_the_organisers():
    place = scenes.offered()

    client_of(place.user).post(f"/places/{place.pk}/decline/", {"words": "A job came."})

    place.refresh_from_db()
    assert (place.status, place.end_reason) == ("declined", "A job came.")


def test_a_decision_is_under_embargo_for_reviewers_and_applicants(round_, organiser):
    application = scenes.reviewed(round_, 4, 4)
    reviewer = application.reviews.first()
    clients = client_of(reviewer.reviewer), client_of(application.user)

    def seen():
        paths = ("/reviews/", f"/reviews/{reviewer.pk}/")
        pages = [client.get(path) for client in clients for path in paths]
        return [(page.status_code, text(page)) for page in pages]

    before = seen()
    selecting.decide(application=application, outcome="selected", by=organiser, now=clock.now())

    assert [(status, len(page)) for status, page in seen()] == [
        (status, len(page)) for status, page in before
    ]
    assert not any("hosen" in page for _, page in seen())
