"""What hangs on a part: said before it is taken away, ended with it, and shown as a task to organisers."""

from itertools import count

import pytest
from django.urls import reverse

from funding.accounts import leaving
from funding.office import clock
from funding.programmes import feedback, hanging, inviting, mentoring, waiting
from funding.programmes.models import Idea, Instalment, Mentoring, Part, Review
from tests import factories
from tests.certainty import certain
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def place():
    return running.place()


def part_of(user):
    return Part.objects.select_related("programme", "user").get(user=user)


def take_away(part):
    by = part.programme.parts.get(role="organiser").user
    inviting.take_away(part=part, by=by)


def test_who_is_no_mentor_any_more_finds_no_place(place):
    mentor = running.mentor_of(place)
    Part.objects.filter(user=mentor).delete()

    client = running.client_of(mentor)

    assert client.get(f"/places/{place.pk}/").status_code == 404
    assert client.get(f"/places/{place.pk}/checkpoints/1/").status_code == 404
    assert str(place.round) not in client.get("/places/").content.decode()


def test_what_they_say_too_late_is_not_kept_and_releases_nothing(place):
    running.say(place, "participant")
    Part.objects.filter(user=running.mentor_of(place)).delete()

    with pytest.raises(feedback.NotNow, match="do not mentor this place any more"):
        running.say(place, "mentor")

    assert not Instalment.objects.filter(status="released").exists()


def test_taking_the_part_away_ends_the_mentoring_of_what_goes_on(place):
    mentor = running.mentor_of(place)
    done = running.place(place.round, mentor=mentor, status="done")

    take_away(part_of(mentor))

    assert [one.place for one in Mentoring.objects.all()] == [done]  # who it was stays known
    assert not mentoring.of(mentor).exists()


def test_another_part_of_theirs_ends_nothing(place):
    mentor = running.mentor_of(place)
    other = scenes.part(place.round.programme, "reviewer", mentor)

    take_away(other)

    assert place.mentorings.exists()


def test_what_hangs_on_a_mentor_is_said_before(place):
    mentor = running.mentor_of(place)
    part = part_of(mentor)
    scenes.idea(place.round, mentors=[part], title="Dates")
    by = running.organiser(place.round)
    address = reverse("programmes:remove-part", args=[part.programme.slug, part.pk])

    page = certain(running.client_of(by)).get(address).content.decode()

    assert "is then without a mentor" in page
    assert "The idea “Dates” then has this mentor no longer." in page
    assert Mentoring.objects.exists()


def test_a_place_with_two_keeps_the_other(place):
    first, second = running.mentor_of(place), scenes.part(place.round.programme, "mentor").user
    Mentoring.objects.create(place=place, user=second, number=2)

    (sentence,) = hanging.of(part_of(first))
    take_away(part_of(first))

    assert f"mentored by {second} alone" in sentence
    assert [one.user for one in place.mentorings.all()] == [second]


def test_who_gives_it_up_reads_the_same(place):
    part = part_of(running.mentor_of(place))

    page = running.client_of(part.user).get(reverse("programmes:give-up", args=[part.pk]))

    assert "is then without a mentor" in page.content.decode()


def test_a_reviewers_work_that_is_not_done_goes_with_the_part():
    round_ = scenes.selection(during="review")
    open_, scored = scenes.application(round_), scenes.application(round_)
    part = scenes.part(round_.programme, "reviewer")
    scenes.review(open_, part.user)
    scenes.review(scored, part.user, score=4)

    (sentence,) = hanging.of(part)
    take_away(part)

    assert sentence.startswith("One application that was given to them and is not scored")
    assert [one.application for one in Review.objects.all()] == [scored]


def test_who_organises_too_goes_on_reviewing():
    round_ = scenes.selection(during="review")
    part = scenes.part(round_.programme, "reviewer")
    scenes.part(round_.programme, "organiser", part.user)
    scenes.review(scenes.application(round_), part.user)

    assert hanging.of(part) == []
    inviting.take_away(part=part, by=part.user)

    assert Review.objects.exists()


def test_on_nothing_hangs_nothing():
    round_ = scenes.round_()

    assert hanging.of(scenes.part(round_.programme, "mentor")) == []
    assert hanging.of(scenes.part(round_.programme, "treasurer")) == []


def test_who_leaves_the_site_mentors_no_offered_place_either(place):
    mentor = running.mentor_of(place)
    place.status = "offered"
    place.save()

    assert leaving.leave(user=mentor, now=clock.now()) == []

    assert not place.mentorings.exists()


def test_a_place_without_a_mentor_is_a_task_of_the_organisers(place):
    place.mentorings.all().delete()
    slugs = [place.round.programme.slug, place.round.slug]
    client = running.client_of(running.organiser(place.round))

    for address in ("/organise/", f"/organise/{slugs[0]}/", f"/organise/{slugs[0]}/{slugs[1]}/"):
        page = client.get(address).content.decode()
        assert "One place has no mentor." in page
        assert f"/organise/{slugs[0]}/{slugs[1]}/places/?state=mentorless" in page


def test_a_treasurer_is_not_asked_to_see_to_it(place):
    place.mentorings.all().delete()
    client = running.client_of(running.treasurer(place.round))

    assert "has no mentor" not in client.get("/organise/").content.decode()


def test_an_offered_place_needs_no_mentor_yet(place):
    place.mentorings.all().delete()
    place.status = "offered"
    place.save()

    assert waiting.of([place.round], now=clock.now())[place.round_id] == []


def test_ideas_of_a_round_that_is_over_are_not_spoken_of():
    round_ = scenes.round_(status="done")
    part = scenes.part(round_.programme, "mentor", factories.user())
    scenes.idea(round_, mentors=[part])

    assert Idea.objects.filter(mentors=part).exists()
    assert hanging.of(part) == []


@pytest.mark.django_db(transaction=True)
def test_nobody_is_made_a_mentor_in_the_moment_in_which_they_stop_being_one():
    for _ in range(3):
        place = running.place()
        part = scenes.part(place.round.programme, "mentor")
        by, turn = running.organiser(place.round), count()

        def act(place=place, part=part, by=by, turn=turn):
            if next(turn) % 2:
                return mentoring.give(place.pk, to=[part.user], by=by)
            return inviting.take_away(part=part, by=by)

        together(act, threads=2)

        assert not Part.objects.filter(pk=part.pk).exists()
        assert not place.mentorings.filter(user=part.user).exists()
