"""Drafts of applications: kept as they are typed, and reminded of."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.programmes import (
    applying,
    drafts,
    reminding_applicants,
)
from funding.programmes.models import Answer
from tests.programmes import applicants, scenes
from tests.programmes.applicants import WORDS, data
from tests.programmes.applications import again, mails

pytestmark = [pytest.mark.django_db, pytest.mark.database]


# Drafts


def test_what_is_typed_is_kept_as_it_is_be_it_nonsense():
    made = applicants.draft()
    day = applicants.question(made.round, kind="date")

    drafts.keep(application=made, data=data(hours="many", **{f"q{day.pk}": "some day"}))

    shown = drafts.shown(again(made), [day])
    assert (shown["hours"], shown[f"q{day.pk}"]) == ("many", "some day")
    assert again(made).hours is None
    assert not Answer.objects.exists()


def test_only_the_fields_that_changed_are_touched():
    made = applicants.draft()
    drafts.keep(
        application=made, data=data(about="Half a wo", links="l", changed=["about", "links"])
    )

    drafts.keep(application=made, data=data(about="Half a word", changed="about"))

    assert again(made).typed == {"about": "Half a word", "links": "l"}


def test_an_unchosen_box_is_kept_too():
    made = applicants.draft()
    several = applicants.question(made.round, kind="several", choices=["A", "B"])
    name = f"q{several.pk}"
    drafts.keep(application=made, data=data(changed=name, **{name: ["A", "B"]}))
    assert drafts.shown(again(made), [several])[name] == ["A", "B"]

    drafts.keep(application=made, data=data(changed=name))

    assert drafts.shown(again(made), [several])[name] == []


def test_a_field_that_nobody_asked_is_not_kept():
    made = applicants.draft()
    other = applicants.question(applicants.open_round())

    drafts.keep(
        application=made,
        data=data(status="submitted", **{f"q{other.pk}": "x"}, changed=["status", f"q{other.pk}"]),
    )

    assert again(made).typed == {}


def test_a_character_that_no_database_takes_is_left_out():
    made = applicants.draft()

    drafts.keep(application=made, data=data(about="a\x00b\r\nc"))

    assert again(made).typed == {"about": "ab\nc"}


def test_what_is_typed_after_sending_stands_beside_what_was_sent():
    made = applicants.sent()

    drafts.keep(application=made, data=data(about="Other words", changed="about"))

    assert (again(made).about, again(made).typed) == (WORDS["about"], {"about": "Other words"})
    assert drafts.is_unsent(again(made))


def test_keeping_what_stands_already_is_no_change():
    made = applicants.sent()

    drafts.keep(application=made, data=data(**WORDS))

    assert not drafts.is_unsent(again(made))


def test_a_change_can_be_left():
    made = applicants.sent()
    drafts.keep(application=made, data=data(about="Other words", changed="about"))

    drafts.discard(application=made)

    assert again(made).typed == {}


def reminded(at):
    reminding_applicants.remind(now=at)
    return [one.key.rpartition(":")[2] for one in mails("application-reminder")]


# Reminders


def test_a_draft_is_reminded_of_three_days_and_one_day_before_the_end():
    round_ = applicants.open_round()
    applicants.draft(round_)
    end = applicants.end(round_)

    assert reminded(end - timedelta(days=3, minutes=1)) == []
    assert reminded(end - timedelta(days=3)) == reminded(end - timedelta(days=2)) == ["3"]
    assert reminded(end - timedelta(days=1)) == reminded(end - timedelta(minutes=1)) == ["3", "1"]
    assert reminded(end) == ["3", "1"]


def test_a_run_that_was_missed_sends_the_later_reminder_alone():
    round_ = applicants.open_round()
    applicants.draft(round_)

    assert reminded(applicants.end(round_) - timedelta(hours=2)) == ["1"]


def test_what_is_sent_withdrawn_or_just_begun_is_not_reminded_of():
    round_ = applicants.open_round()
    applicants.sent(round_)
    applying.withdraw(application=applicants.draft(round_))
    ending = applicants.end(round_) - timedelta(hours=30)
    with clock.stopped_at(ending):
        applicants.draft(round_)

    assert reminded(ending) == []


def test_a_round_that_waits_for_its_money_reminds_nobody():
    round_ = applicants.open_round()
    applicants.draft(round_)
    scenes.call(round_)
    type(round_).objects.update(applies_before_decision=False)

    assert reminded(applicants.end(round_) - timedelta(hours=2)) == []
