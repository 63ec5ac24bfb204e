"""From page to page: whoever has something to do finds the way to it, and only who may."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.programmes.models import Phase, Round
from tests import factories
from tests.programmes import applicants, scenes
from tests.programmes import running_scenes as running

pytestmark = pytest.mark.django_db


def links(user, path):
    answer = (applicants.browser(user) if user else applicants.Client()).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def organiser(round_):
    return round_.programme.parts.get(role="organiser").user


def desk(round_, path=""):
    return f"/organise/{round_.programme.slug}/{round_.slug}/{path}"


@pytest.mark.parametrize("address", ["/organise/", "/reviews/", "/places/", "/applications/"])
def test_an_account_leads_to_what_one_does_in_programmes(address):
    assert f'href="{address}"' in links(factories.user(), "/accounts/")


def test_a_round_that_takes_applications_leads_to_applying():
    round_ = applicants.open_round()

    assert f'href="{round_.get_absolute_url()}apply/"' in links(None, round_.get_absolute_url())


def test_a_round_that_does_not_yet_leads_nowhere():
    round_ = scenes.round_()

    assert f"{round_.get_absolute_url()}apply/" not in links(None, round_.get_absolute_url())


@pytest.mark.parametrize("status", ["accepted", "proposed"])
def test_a_round_leads_to_ideas_that_are_on_offer(status):
    round_ = scenes.round_()
    applicants.idea(round_, status=status)

    led = f'href="{round_.get_absolute_url()}ideas/"' in links(None, round_.get_absolute_url())

    assert led == (status == "accepted")


def test_a_round_shows_its_report_and_its_numbers():
    round_ = scenes.selection(
        during="closing", announced_at=clock.now(), report="We *learned*.",
        reported_at=clock.now(),
    )  # fmt: skip

    page = links(None, round_.get_absolute_url())

    assert "We <em>learned</em>." in page
    assert "<dt>Accepted</dt>" in page


def test_a_round_says_no_number_before_it_is_announced():
    assert "<dt>Chosen</dt>" not in links(None, scenes.selection().get_absolute_url())


def test_an_application_leads_to_the_answer_once_a_place_is_offered():
    place = scenes.offered()

    for path in (place.application.get_absolute_url(), "/places/", f"/places/{place.pk}/"):
        assert f'href="/places/{place.pk}/answer/"' in links(place.user, path)


def test_an_application_leads_to_its_place_once_that_is_signed():
    place = running.place(answered_at=clock.now())
    Round.objects.filter(pk=place.round_id).update(announced_at=clock.now())

    page = links(place.user, place.application.get_absolute_url())

    assert f'href="/places/{place.pk}/"' in page
    assert f'href="/places/{place.pk}/"' in links(place.user, f"/places/{place.pk}/answer/")


def test_a_mentor_finds_the_ideas_and_no_way_to_what_they_may_not_see():
    round_ = scenes.round_()
    mentor = scenes.part(round_.programme, "mentor").user
    ideas = desk(round_, "ideas/")

    assert f'href="{ideas}"' in links(mentor, "/organise/")
    page = links(mentor, ideas)
    assert f'href="/organise/{round_.programme.slug}/"' not in page
    assert f'href="{desk(round_)}"' not in page


def test_the_desk_leads_to_reviewers_while_reviews_last():
    early, on = applicants.open_round(), scenes.round_(during="review")

    assert desk(early, "applications/reviewers/") not in links(organiser(early), desk(early))
    assert desk(on, "applications/reviewers/") in links(organiser(on), desk(on))


def test_the_desk_leads_to_the_announcement_until_it_is_made():
    round_ = scenes.selection()
    assert desk(round_, "announce/") in links(organiser(round_), desk(round_))

    Round.objects.filter(pk=round_.pk).update(announced_at=clock.now())
    assert desk(round_, "announce/") not in links(organiser(round_), desk(round_))


def test_a_treasurer_is_not_led_to_either():
    round_ = scenes.selection()
    Phase.objects.filter(round=round_, kind="review").update(
        ends_at=clock.now() + timedelta(days=1)
    )
    treasurer = scenes.part(round_.programme, "treasurer").user

    page = links(treasurer, desk(round_))

    assert desk(round_, "announce/") not in page
    assert desk(round_, "applications/reviewers/") not in page
