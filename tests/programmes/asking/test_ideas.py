"""Ideas: proposed by mentors, taken in by organisers."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes import ideas
from funding.programmes.forms.ideas import DeclineForm
from funding.programmes.models import Idea, Phase
from tests import factories
from tests.programmes import applicants, scenes
from tests.programmes.asking.pages import desk, seen, text

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def call_for_projects(round_):
    now = clock.now()
    Phase.objects.create(
        round=round_, kind="ideas", starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
    )  # fmt: skip


IDEA = {"title": "Round-trip", "description": "What is to be done."}


def test_a_mentor_proposes_in_the_call_for_projects_and_an_organiser_takes_it_in(
    signed_in, round_
):
    call_for_projects(round_)
    part = scenes.part(round_.programme, "mentor", factories.user(name="Mo"))
    theirs = applicants.browser(part.user)

    theirs.post(desk(round_, "ideas/propose/"), {**IDEA, "mentors": [part.pk]})
    idea = Idea.objects.get()
    assert (idea.status, list(idea.mentors.all())) == ("proposed", [part])
    signed_in.post(desk(round_, f"ideas/{idea.pk}/accept/"))

    mail = Message.objects.get(key=f"idea-accepted:{idea.pk}")
    assert mail.recipients == [part.user.email]
    public = text(signed_in.get(f"/programmes/{round_.programme.slug}/{round_.slug}/ideas/"))
    assert "Round-trip" in public
    assert "Mo" in public


def test_outside_the_call_for_projects_a_mentor_proposes_nothing(round_):
    part = scenes.part(round_.programme, "mentor")

    response = applicants.browser(part.user).post(desk(round_, "ideas/propose/"), IDEA)

    assert (response.status_code, Idea.objects.count()) == (409, 0)


def test_the_ideas_of_a_draft_lead_to_no_page_that_is_not_there(signed_in, round_):
    public = f'href="{round_.get_absolute_url()}ideas/"'
    assert public in text(signed_in.get(desk(round_, "ideas/")))

    type(round_).objects.filter(pk=round_.pk).update(status="draft")

    assert public not in text(signed_in.get(desk(round_, "ideas/")))


def test_an_organisers_own_idea_is_on_offer_at_once(signed_in, round_):
    signed_in.post(desk(round_, "ideas/propose/"), IDEA)

    assert Idea.objects.get().status == "accepted"
    assert not Message.objects.filter(key__startswith="idea-accepted").exists()


def test_after_the_deadline_no_idea_comes(signed_in, round_):
    with clock.stopped_at(applicants.end(round_)):
        assert signed_in.post(desk(round_, "ideas/propose/"), IDEA).status_code == 409


def test_who_proposed_an_idea_is_told_why_it_is_not_taken_in(signed_in, round_):
    idea = applicants.idea(round_, proposed_by=factories.user(), status="proposed")

    assert signed_in.post(desk(round_, f"ideas/{idea.pk}/decline/"), {}).status_code == 422
    signed_in.post(
        desk(round_, f"ideas/{idea.pk}/decline/"), {"reason": "Too large for twelve weeks"}
    )

    idea.refresh_from_db()
    assert idea.status == "declined"
    assert "Too large for twelve" in Message.objects.get(key=f"idea-declined:{idea.pk}").body


def test_an_idea_that_somebody_chose_stays_on_offer(user, round_):
    idea = applicants.idea(round_)
    ideas.choose(application=applicants.draft(round_), idea=idea)

    with pytest.raises(ideas.Stays):
        ideas.withdraw(idea=idea, by=user)
    with pytest.raises(ideas.Stays):
        ideas.decline(DeclineForm({"reason": "No"}), idea=idea, by=user)


def test_a_mentor_changes_their_own_idea_until_it_is_decided(round_):
    call_for_projects(round_)
    mentor = scenes.part(round_.programme, "mentor").user
    client = applicants.browser(mentor)
    idea = applicants.idea(round_, proposed_by=mentor, status="proposed")
    url = desk(round_, f"ideas/{idea.pk}/")
    said = {**IDEA, "title": "Better"}

    client.post(url, {**said, "seen": seen(client, url)})
    assert Idea.objects.get().title == "Better"
    Idea.objects.update(status="accepted")

    assert client.post(url, {**said, "title": "Late", "seen": "x"}).status_code == 409
    assert Idea.objects.get().title == "Better"


def test_only_projects_of_the_programme_are_named_by_ideas(signed_in, round_):
    others = factories.project()

    response = signed_in.post(desk(round_, "ideas/propose/"), {**IDEA, "project": others.pk})

    assert (response.status_code, Idea.objects.count()) == (422, 0)
