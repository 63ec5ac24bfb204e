"""What organisers ask: questions and criteria."""

import pytest

from funding.programmes import applying, questions
from funding.programmes.models import Criterion, Deed, Question
from tests.programmes import applicants, scenes
from tests.programmes.asking.pages import desk, seen, text
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


QUESTION = {"stage": "application", "text": "Why you?", "kind": "long", "most": "500"}


def test_a_question_is_added_at_the_end(signed_in, round_):
    applicants.question(round_)

    signed_in.post(desk(round_, "questions/add/"), {**QUESTION, "is_sensitive": "on"})

    made = round_.questions.last()
    assert (made.text, made.position, made.is_required, made.is_sensitive) == (
        "Why you?",
        1,
        False,
        True,
    )
    assert Deed.objects.get().words == "added the question “Why you?”"


@pytest.mark.parametrize("choices", ["", "One", "One\nOne\n \n", "x" * 121 + "\ny"])
def test_a_choice_has_at_least_two_different_answers(signed_in, round_, choices):
    said = {**QUESTION, "kind": "choice", "choices": choices}

    response = signed_in.post(desk(round_, "questions/add/"), said)

    assert (response.status_code, Question.objects.count()) == (422, 0)
    assert list(response.context["form"].errors) == ["choices"]


def test_choices_are_kept_one_a_line(signed_in, round_):
    said = {**QUESTION, "kind": "several", "choices": "One\r\n Two \r\n\r\nThree"}

    signed_in.post(desk(round_, "questions/add/"), said)

    assert Question.objects.get().choices == ["One", "Two", "Three"]


def test_of_two_who_change_a_question_the_second_is_told(signed_in, round_):
    url = desk(round_, f"questions/{applicants.question(round_).pk}/")
    mark = seen(signed_in, url)
    Question.objects.update(help="Somebody else's")

    response = signed_in.post(url, {**QUESTION, "help": "Mine", "seen": mark})

    assert response.status_code == 422
    assert Question.objects.get().help == "Somebody else's"


@pytest.mark.django_db(transaction=True)
def test_questions_change_places_and_keep_an_order(user):
    round_ = applicants.open_round(programme_=scenes.programme(organiser=user))
    rows = [applicants.question(round_, name) for name in "ABCD"]

    together(lambda: questions.move(rows[3], "up", round_=round_, by=user), threads=3)

    assert [one.text for one in round_.questions.all()] == ["D", "A", "B", "C"]


def test_after_the_first_application_a_new_question_may_be_left_empty(signed_in, round_):
    applicants.sent(round_)

    url = desk(round_, "questions/add/")
    assert signed_in.post(url, {**QUESTION, "is_required": "on"}).status_code == 422
    signed_in.post(url, QUESTION)

    assert not Question.objects.get().is_required


def test_after_the_first_application_only_the_help_of_a_question_changes(signed_in, round_):
    asked = applicants.question(round_, is_required=False)
    applicants.sent(round_)
    url = desk(round_, f"questions/{asked.pk}/")

    signed_in.post(
        url, {"text": "Other", "kind": "number", "help": "A word", "seen": seen(signed_in, url)}
    )

    asked.refresh_from_db()
    assert (asked.text, asked.kind, asked.help) == ("Why you?", "long", "A word")


def test_after_the_first_application_nothing_is_removed(signed_in, round_):
    asked = applicants.question(round_, is_required=False)
    applying.withdraw(application=applicants.sent(round_))

    response = signed_in.post(desk(round_, f"questions/{asked.pk}/remove/"))

    assert response.status_code == 409
    assert Question.objects.exists()
    assert "everybody is asked the same" in text(response)


def test_a_work_sample_is_thought_out_while_applications_come_in(signed_in, round_):
    task = applicants.question(round_, "Show us.", stage="work_sample")
    applicants.sent(round_)
    url = desk(round_, f"questions/{task.pk}/")
    said = {**QUESTION, "stage": "work_sample", "text": "Mend this.", "is_required": "on"}

    signed_in.post(url, {**said, "seen": seen(signed_in, url)})
    signed_in.post(desk(round_, "questions/add/"), {**said, "text": "And tell how."})

    asked = list(round_.questions.values_list("text", "is_required"))
    assert asked == [("Mend this.", True), ("And tell how.", True)]


def test_a_question_that_moves_to_an_answered_stage_may_be_left_empty(signed_in, round_):
    task = applicants.question(round_, "Show us.", stage="work_sample")
    applicants.sent(round_)
    url = desk(round_, f"questions/{task.pk}/")

    said = {**QUESTION, "seen": seen(signed_in, url)}
    assert signed_in.post(url, {**said, "is_required": "on"}).status_code == 422
    signed_in.post(url, said)

    assert round_.questions.values_list("stage", "is_required").get() == ("application", False)


def test_a_criterion_does_not_come_after_the_first_application(signed_in, round_):
    applicants.sent(round_)
    said = {"text": "Are you 18?", "must_be": "True", "reason": "The law."}

    response = signed_in.post(desk(round_, "criteria/add/"), said)

    assert (response.status_code, Criterion.objects.count()) == (409, 0)


def test_a_criterion_says_which_answer_one_needs(signed_in, round_):
    said = {"text": "Are you paid for it?", "must_be": "False", "reason": "Then it is paid twice."}

    signed_in.post(desk(round_, "criteria/add/"), said)

    assert Criterion.objects.get().must_be is False


def test_questions_are_copied_from_an_earlier_round_once(signed_in, programme, round_):
    before = applicants.open_round(programme_=programme)
    (
        applicants.question(before, "A", kind="choice", choices=["1", "2"]),
        applicants.question(before, "B"),
    )
    applicants.criterion(before)
    applicants.question(round_, "B")

    for _ in range(2):
        signed_in.post(desk(round_, "questions/copy/"), {"earlier": before.pk})

    assert [one.text for one in round_.questions.all()] == ["B", "A"]
    assert round_.questions.last().choices == ["1", "2"]
    assert (round_.criteria.count(), before.questions.count()) == (1, 2)


def test_nothing_is_copied_from_another_programme(signed_in, round_):
    others = applicants.open_round()
    applicants.question(others)

    response = signed_in.post(desk(round_, "questions/copy/"), {"earlier": others.pk})

    assert (response.status_code, round_.questions.count()) == (422, 0)


def test_the_whole_form_is_shown_with_help_that_can_harm_nobody(signed_in, round_):
    applicants.question(round_, help="<script>alert(1)</script>")

    shown = text(signed_in.get(desk(round_, "questions/preview/")))

    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_an_organiser_of_another_programme_finds_no_question_here(signed_in, round_):
    others = applicants.question(applicants.open_round())

    assert signed_in.post(desk(round_, f"questions/{others.pk}/remove/")).status_code == 404
    assert signed_in.get(desk(others.round, "questions/")).status_code == 404
