"""Applying: from the first click to what was sent, and what must hold whoever is fast."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.office import clock
from funding.office.models import Message
from funding.programmes import (
    applying,
    contacts,
    deadlines,
    drafts,
    eligibility,
    ideas,
    reminding_applicants,
)
from funding.programmes.forms.applying import ContactForm
from funding.programmes.models import Answer, Application, Deed, FundingCall, Idea
from tests import factories
from tests.programmes import applicants, scenes
from tests.programmes.applicants import WORDS, data
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def mails(event):
    return list(Message.objects.filter(key__startswith=f"{event}:").order_by("pk"))


def again(row):
    return type(row).objects.get(pk=row.pk)


# Beginning


def test_one_person_applies_once_to_a_round():
    round_, user = applicants.open_round(), factories.user()

    assert applicants.draft(round_, user) == applicants.draft(round_, user)
    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_begins_twice_at_once_has_one_application():
    round_, user = applicants.open_round(), factories.user()

    made = together(lambda: applicants.draft(round_, user).pk, threads=6)

    assert len(set(made)) == 1


@pytest.mark.parametrize("state", ["draft", "open"])
def test_applications_wait_until_the_call_is_decided(state):
    round_ = applicants.open_round(applies_before_decision=False)
    call = scenes.call(round_)

    FundingCall.objects.update(state=state)
    call.refresh_from_db()

    assert deadlines.window(again(round_), now=clock.now()).state == "waits"
    with pytest.raises(deadlines.Closed, match="paid for"):
        applicants.draft(again(round_))


def test_applications_open_when_the_call_has_succeeded():
    round_ = applicants.open_round(applies_before_decision=False)
    scenes.call(round_, state="succeeded")

    assert applicants.draft(again(round_)).status == "draft"


def test_a_round_that_failed_takes_nothing_even_if_it_opened_before():
    round_ = applicants.open_round()
    scenes.call(round_)
    made = applicants.draft(again(round_))
    FundingCall.objects.update(state="failed")

    with pytest.raises(deadlines.Closed, match="did not come about"):
        applying.send(application=made, data=data(**WORDS))


@pytest.mark.parametrize("role", ["organiser", "treasurer", "reviewer", "mentor"])
def test_who_has_a_part_does_not_apply(role):
    round_ = applicants.open_round()
    user = scenes.part(round_.programme, role).user

    with pytest.raises(applying.HasPart):
        applicants.draft(round_, user)


# Eligibility


def test_who_is_not_eligible_is_told_why_and_asked_nothing_else():
    round_ = applicants.open_round()
    adult = applicants.criterion(round_)
    made = applicants.draft(round_)

    eligibility.answer(application=made, data=data(**{f"c{adult.pk}": "no"}))

    made = again(made)
    assert made.status == "ineligible"
    assert eligibility.unmet(made, [adult]) == [adult]
    with pytest.raises(deadlines.Closed):
        applying.send(application=made, data=data(**WORDS))


def test_a_question_of_eligibility_may_want_a_no():
    round_ = applicants.open_round()
    paid = applicants.criterion(round_, "Are you paid for it already?", must_be=False)
    made = applicants.draft(round_)

    eligibility.answer(application=made, data=data(**{f"c{paid.pk}": "no"}))

    assert again(made).status == "draft"


def test_an_honest_mistake_is_put_right_and_stands_in_the_log_without_words():
    round_ = applicants.open_round()
    adult = applicants.criterion(round_)
    made = applicants.draft(round_)

    for said in ("no", "yes", "no", "yes"):
        eligibility.answer(application=made, data=data(**{f"c{adult.pk}": said}))

    assert again(made).status == "draft"
    assert eligibility.times_changed(made) == 3
    lines = Deed.objects.values_list("by", "words")
    assert all(by is None and str(made.pk) in words for by, words in lines)
    assert "18" not in "".join(words for _, words in lines)


def test_a_sent_application_that_is_not_eligible_after_all_gives_its_idea_back():
    round_ = applicants.open_round()
    adult, idea = applicants.criterion(round_), applicants.idea(round_)
    made = applicants.draft(round_)
    eligibility.answer(application=made, data=data(**{f"c{adult.pk}": "yes"}))
    ideas.choose(application=made, idea=idea)
    assert applying.send(application=made, data=data(**WORDS)).is_valid()

    eligibility.answer(application=made, data=data(**{f"c{adult.pk}": "no"}))

    assert (again(made).status, again(made).idea, again(idea).taken) == ("ineligible", None, 0)


def test_a_criterion_that_came_later_is_asked_before_it_is_sent():
    made = applicants.draft()
    applicants.criterion(made.round)

    with pytest.raises(applying.NotYet, match="eligibility"):
        applying.send(application=made, data=data(**WORDS))


# Contacts


def test_the_form_opens_with_the_first_contact():
    made = applicants.draft(applicants.open_round(contact_needed=True))
    with pytest.raises(applying.NotYet, match="contact"):
        applying.send(application=made, data=data(**WORDS))

    shown = {"is_contribution": "yes", "url": "https://example.org/pull/1", "words": "A fix"}
    assert contacts.add(ContactForm(shown), application=made)

    assert applying.send(application=made, data=data(**WORDS)).is_valid()


def test_the_last_contact_of_what_was_sent_stays():
    round_ = applicants.open_round(contact_needed=True)
    made = applicants.draft(round_)
    one = applicants.contact(made)
    applying.send(application=made, data=data(**WORDS))

    with pytest.raises(contacts.Needed):
        contacts.remove(one)
    applicants.contact(made, "https://example.org/2")
    contacts.remove(one)

    assert made.contacts.count() == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a:b@example.org/", "none", ""])
def test_a_contact_is_a_web_page(url):
    form = ContactForm({"is_contribution": "no", "url": url, "words": "A word"})

    assert not contacts.add(form, application=applicants.draft())


# Ideas


def test_a_full_idea_is_refused_in_words():
    round_ = applicants.open_round(most_an_idea=1)
    idea = applicants.idea(round_)
    first, second = applicants.draft(round_), applicants.draft(round_)
    ideas.choose(application=first, idea=idea)

    with pytest.raises(ideas.Full, match="is full"):
        ideas.choose(application=second, idea=idea)

    assert again(idea).taken == 1


def test_who_chooses_another_gives_the_first_back():
    round_ = applicants.open_round(most_an_idea=1)
    one, other = applicants.idea(round_), applicants.idea(round_, "Another")
    made = applicants.draft(round_)

    for idea in (one, other, other):
        ideas.choose(application=made, idea=idea)

    assert (again(one).taken, again(other).taken) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_want_the_last_place_of_an_idea_one_gets_it():
    round_ = applicants.open_round(most_an_idea=1)
    idea = applicants.idea(round_)
    waiting = [applicants.draft(round_) for _ in range(20)]

    said = together(lambda: ideas.choose(application=waiting.pop(), idea=idea))

    assert sum(isinstance(one, ideas.Full) for one in said) == 19
    assert said.count(None) == 1
    assert again(idea).taken == Application.objects.filter(idea=idea).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_swap_two_ideas_at_once_do_not_stand_in_each_others_way():
    round_ = applicants.open_round()
    pair = [applicants.idea(round_), applicants.idea(round_, "Another")]
    made = [applicants.draft(round_) for _ in range(8)]
    for place, one in enumerate(made):
        ideas.choose(application=one, idea=pair[place % 2])
    swaps = [(one, pair[1 - place % 2]) for place, one in enumerate(made)]

    def swap():
        application, idea = swaps.pop()
        ideas.choose(application=application, idea=idea)

    assert together(swap, threads=8) == [None] * 8
    assert [again(idea).taken for idea in pair] == [4, 4]


def test_an_idea_of_another_round_cannot_be_chosen():
    made = applicants.draft()

    with pytest.raises(ideas.Stays):
        ideas.choose(application=made, idea=applicants.idea(applicants.open_round()))


def test_where_there_are_ideas_one_is_chosen_before_it_is_sent():
    made = applicants.draft()
    applicants.idea(made.round)

    with pytest.raises(applying.NotYet, match="idea"):
        applying.send(application=made, data=data(**WORDS))


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


# Reminders


def reminded(at):
    reminding_applicants.remind(now=at)
    return [one.key.rpartition(":")[2] for one in mails("application-reminder")]


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


def test_ideas_are_counted_as_they_are_held():
    round_ = applicants.open_round()
    idea = applicants.idea(round_)
    for _ in range(3):
        ideas.choose(application=applicants.draft(round_), idea=idea)

    assert Idea.objects.get().taken == Application.objects.filter(idea=idea).count() == 3
