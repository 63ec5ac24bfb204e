"""Applying: who may begin, whether they are eligible, and what they point to."""

import pytest

from funding.office import clock
from funding.programmes import (
    applying,
    contacts,
    deadlines,
    eligibility,
    ideas,
)
from funding.programmes.forms.applying import ContactForm
from funding.programmes.models import Application, Deed, FundingCall
from tests import factories
from tests.programmes import applicants, scenes
from tests.programmes.applicants import WORDS, data
from tests.programmes.applications import again
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
