"""Applications that are sent, edited and withdrawn, until the deadline."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.office import clock
from funding.programmes import (
    applying,
    contacts,
    deadlines,
    drafts,
    eligibility,
    ideas,
)
from funding.programmes.forms.applying import ContactForm
from funding.programmes.models import Answer, Application
from tests.programmes import applicants
from tests.programmes.applicants import WORDS, data
from tests.programmes.applications import again, mails
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


# Sending


def test_what_was_sent_stands_in_its_columns_and_answers():
    round_ = applicants.open_round()
    why = applicants.question(round_)
    several = applicants.question(round_, kind="several", choices=["A", "B", "C"])

    made = applicants.sent(round_, **{f"q{why.pk}": "Because", f"q{several.pk}": ["A", "C"]})

    assert (made.status, made.hours, made.typed) == ("submitted", 30, {})
    assert made.consented_at == made.submitted_at
    assert dict(made.answers.values_list("question", "text")) == {
        why.pk: "Because",
        several.pk: "A\nC",
    }
    assert len(mails("application-sent")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x" * 81), ("about", ""), ("about", "x" * 5001), ("hours", "0"),
        ("hours", "81"), ("hours", "3.5"), ("hours", "٣٠x"), ("links", "no address"),
        ("links", "https://e.org\n" * 11), ("ai_use", ""), ("consent", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_changes_nothing_and_names_the_field(field, value):
    made = applicants.draft()

    form = applying.send(application=made, data=data(**{**WORDS, field: value}))

    assert list(form.errors) == [field]
    assert (again(made).status, mails("application-sent")) == ("draft", [])


@pytest.mark.parametrize(
    ("kind", "wrong", "right", "kept"),
    [
        ("short", "x" * 2001, "A line", "A line"),
        ("choice", "Neither", "One", "One"),
        ("several", ["One", "Neither"], ["One", "Two"], "One\nTwo"),
        ("number", "NaN", "12.5", "12.5"),
        ("number", "1e400", "-3", "-3"),
        ("date", "2027-02-30", "2027-02-28", "2027-02-28"),
    ],
)
def test_each_kind_of_question_takes_what_it_asks_for(kind, wrong, right, kept):
    made = applicants.draft()
    choices = ["One", "Two"] if kind in ("choice", "several") else []
    asked = applicants.question(made.round, kind=kind, choices=choices)
    name = f"q{asked.pk}"

    assert name in applying.send(application=made, data=data(**WORDS, **{name: wrong})).errors
    assert name in applying.send(application=made, data=data(**WORDS)).errors
    assert applying.send(application=made, data=data(**WORDS, **{name: right})).is_valid()

    assert Answer.objects.get().text == kept


def test_an_edit_that_is_wrong_leaves_what_was_sent():
    made = applicants.sent()

    form = applying.send(application=made, data=data(**{**WORDS, "about": "", "hours": "20"}))

    assert list(form.errors) == ["about"]
    assert (again(made).about, again(made).hours) == (WORDS["about"], 30)


def test_an_edit_of_what_was_sent_sends_no_second_receipt():
    made = applicants.sent()

    applying.send(application=made, data=data(**{**WORDS, "about": "Better words"}))

    assert again(made).about == "Better words"
    assert again(made).submitted_at == made.submitted_at
    assert len(mails("application-sent")) == 1


def test_it_can_be_sent_until_the_last_instant_and_not_at_the_deadline():
    round_ = applicants.open_round()
    made, end = applicants.draft(round_), applicants.end(round_)

    with clock.stopped_at(end), pytest.raises(deadlines.Closed, match="deadline"):
        applying.send(application=made, data=data(**WORDS))
    assert again(made).status == "draft"
    with clock.stopped_at(end - timedelta(microseconds=1)):
        assert applying.send(application=made, data=data(**WORDS)).is_valid()
    assert again(made).status == "submitted"


@pytest.mark.parametrize("deed", ["keep", "edit", "eligibility", "idea", "contact"])
def test_after_the_deadline_nothing_is_changed(deed):
    round_ = applicants.open_round()
    adult = applicants.criterion(round_)
    made = applicants.draft(round_)
    eligibility.answer(application=made, data=data(**{f"c{adult.pk}": "yes"}))
    idea = applicants.idea(round_)
    deeds = {
        "keep": lambda: drafts.keep(application=made, data=data(about="x")),
        "edit": lambda: applying.send(application=made, data=data(**WORDS)),
        "eligibility": lambda: eligibility.answer(
            application=made, data=data(**{f"c{adult.pk}": "no"})
        ),
        "idea": lambda: ideas.choose(application=made, idea=idea),
        "contact": lambda: contacts.add(ContactForm({}), application=made),
    }
    before = Application.objects.values().get()

    with clock.stopped_at(applicants.end(round_)), pytest.raises(deadlines.Closed):
        deeds[deed]()

    assert Application.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_who_sends_twice_at_once_sends_one_application():
    made = applicants.draft()
    applicants.question(made.round, is_required=False)
    name = f"q{made.round.questions.get().pk}"

    said = together(
        lambda: applying.send(application=made, data=data(**WORDS, **{name: "x"})).is_valid(),
        threads=6,
    )

    assert said == [True] * 6
    assert Answer.objects.count() == 1
    assert len(mails("application-sent")) == 1


def test_many_answers_are_written_with_as_many_queries_as_few():
    def cost(number):
        round_ = applicants.open_round()
        asked = [applicants.question(round_, f"Question {n}") for n in range(number)]
        made = applicants.draft(round_)
        said = {f"q{one.pk}": "An answer" for one in asked}
        with CaptureQueriesContext(
            connection,
        ) as few:
            assert applying.send(application=made, data=data(**WORDS, **said)).is_valid()
        return len(few)

    assert cost(20) == cost(2)


def test_a_save_that_changes_nothing_writes_nothing():
    made = applicants.draft()
    drafts.keep(application=made, data=data(about="x", changed="about"))

    with CaptureQueriesContext(connection) as asked:
        drafts.keep(application=made, data=data(about="x", changed="about"))

    assert not [one for one in asked if one["sql"].startswith("UPDATE")]


# Withdrawing


def test_what_is_withdrawn_gives_its_idea_back_and_is_told_by_mail():
    round_ = applicants.open_round(most_an_idea=1)
    idea = applicants.idea(round_)
    made = applicants.draft(round_)
    ideas.choose(application=made, idea=idea)
    applying.send(application=made, data=data(**WORDS))

    applying.withdraw(application=made)

    assert (again(made).status, again(made).idea_id, again(idea).taken) == ("withdrawn", None, 0)
    assert len(mails("application-withdrawn")) == 1
    with pytest.raises(deadlines.Closed):
        applying.withdraw(application=made)


def test_what_was_withdrawn_can_be_sent_again_before_the_deadline():
    made = applicants.sent()
    applying.withdraw(application=made)
    with pytest.raises(deadlines.Closed, match="Take it up again"):
        applying.send(application=made, data=data(**WORDS))

    taken_up = applicants.draft(made.round, made.user)
    assert applying.send(application=taken_up, data=data(**WORDS)).is_valid()

    assert (taken_up.pk, again(made).status) == (made.pk, "submitted")
    assert len(mails("application-sent")) == 2


def test_once_the_round_is_announced_nothing_is_withdrawn():
    made = applicants.sent()
    made.round.announced_at = clock.now()
    made.round.save()

    with pytest.raises(deadlines.Closed):
        applying.withdraw(application=made)


# Work samples


def test_who_sent_in_time_answers_the_questions_of_the_work_sample():
    round_ = applicants.open_round()
    task = applicants.question(round_, "Show us.", stage="work_sample")
    made, late = applicants.sent(round_), applicants.draft(round_)
    said = data(**{f"q{task.pk}": "Here it is."})

    with pytest.raises(deadlines.Closed, match="not take work samples yet"):
        applying.send_sample(application=made, data=said)
    with clock.stopped_at(applicants.end(round_) + timedelta(hours=1)):
        assert applying.send_sample(application=made, data=said).is_valid()
        assert applying.send_sample(application=made, data=said).is_valid()
        with pytest.raises(deadlines.Closed, match="in time"):
            applying.send_sample(application=late, data=said)

    assert Answer.objects.get().text == "Here it is."
    assert again(made).sample_submitted_at
    assert len(mails("sample-sent")) == 1


def test_a_draft_of_a_work_sample_is_kept_beside_the_form():
    round_ = applicants.open_round()
    task = applicants.question(round_, "Show us.", stage="work_sample")
    made = applicants.sent(round_)

    with clock.stopped_at(applicants.end(round_) + timedelta(hours=1)):
        drafts.keep(application=made, data=data(**{f"q{task.pk}": "He"}), stage="work_sample")

    assert again(made).typed == {f"q{task.pk}": "He"}
    assert not drafts.is_unsent(again(made))
