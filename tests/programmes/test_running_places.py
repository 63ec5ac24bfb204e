"""What organisers decide of places: extensions, early ends, instalments by hand, mentors."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from funding.office import clock
from funding.programmes import mentoring, releasing, running_places
from funding.programmes.models import Instalment, Mentoring, Place, Round
from tests import factories
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.racing import together

pytestmark = pytest.mark.database
Status = Instalment.Status


@pytest.fixture
def place(db):
    return running.place()


@pytest.fixture
def by(place):
    return running.organiser(place.round)


def extend(place, by, weeks=2):
    return running_places.extend(place.pk, weeks=weeks, reason="Was ill", by=by, now=clock.now())


def test_an_extension_moves_the_dates_of_this_person_only(place, by):
    other = running.place(place.round)
    before = running.step(place, 2).due_at

    extend(place, by)

    assert running.step(place, 2).due_at == before + timedelta(weeks=2)
    assert running.step(other, 2).due_at == before
    assert Place.objects.get(pk=place.pk).ends_at == place.ends_at + timedelta(weeks=2)


def test_an_extension_leaves_a_checkpoint_that_is_over_where_it_was(place, by):
    running.heard(place)
    before = running.step(place).due_at

    extend(place, by)

    assert running.step(place).due_at == before


def test_a_checkpoint_that_is_open_stays_open_and_is_due_later(place, by):
    before = running.step(place)

    extend(place, by)

    after = running.step(place)
    assert after.opens_at == before.opens_at
    assert after.due_at == before.due_at + timedelta(weeks=2)


def test_a_place_is_extended_by_five_weeks_in_all(place, by):
    extend(place, by, 3)

    with pytest.raises(running_places.TooLong, match="2 weeks left"):
        extend(place, by, 3)
    assert extend(place, by, 2).extended_weeks == 5


@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_extend_at_once_never_reach_six_weeks():
    place = running.place()
    by = running.organiser(place.round)

    together(lambda: extend(place, by, 3), threads=2)

    assert Place.objects.get(pk=place.pk).extended_weeks == 3


def test_an_early_end_drops_what_waits_and_leaves_what_was_released(place, by):
    running.heard(place)

    dropped = running_places.end_early(
        place.pk, last_day=clock.today(), reason="Found a job", by=by
    )

    assert dropped == running.STIPEND // 2
    states = [one.status for one in place.instalments.all()]
    assert states == [Status.RELEASED, Status.DROPPED]


def test_an_organiser_releases_with_a_reason_and_it_stays_with_it(place, by):
    one = place.instalments.first()

    running_places.release(one.pk, by=by, reason="The mentor is ill", now=clock.now())

    one.refresh_from_db()
    assert (one.status, one.released_by, one.reason) == (Status.RELEASED, by, "The mentor is ill")


def test_the_database_refuses_an_override_without_a_reason(place, by):
    with pytest.raises(IntegrityError), transaction.atomic():
        place.instalments.update(released_by=by, status=Status.RELEASED)


def test_what_is_held_back_is_not_released_by_both_sides(place, by):
    one = place.instalments.first()
    releasing.hold(one.pk, by=by, reason="We talk first")

    running.heard(place)

    one.refresh_from_db()
    assert one.status == Status.PENDING


def test_what_an_ended_place_is_still_to_get_is_not_held_back(place, by):
    one = running.released(place)
    running_places.end_early(place.pk, last_day=clock.today(), reason="Left", by=by)

    with pytest.raises(releasing.NotNow):
        releasing.hold(one.pk, by=by, reason="Too late")


def test_what_a_round_that_is_done_still_owes_is_not_held_back(place, by):
    one = running.released(place)
    Round.objects.filter(pk=place.round_id).update(status="done", ended_at=clock.now())

    with pytest.raises(releasing.NotNow, match="still to be paid"):
        releasing.hold(one.pk, by=by, reason="Too late")

    one.refresh_from_db()
    assert one.status == Status.RELEASED


def test_nobody_releases_their_own_stipend(place):
    scenes.part(place.round.programme, "organiser", place.user)
    one = place.instalments.first()

    with pytest.raises(releasing.OnesOwn):
        running_places.release(one.pk, by=place.user, reason="Me", now=clock.now())


def test_a_released_instalment_is_released_once(place, by):
    one = running.released(place)

    with pytest.raises(releasing.NotNow):
        running_places.release(one.pk, by=by, reason="Again", now=clock.now())


def release_all(place, by, now):
    for one in place.instalments.all():
        running_places.release(one.pk, by=by, reason="All done", now=now)


def test_with_the_last_instalment_released_by_hand_a_place_is_completed(place, by):
    release_all(place, by, running.step(place, 2).due_at)

    assert Place.objects.get(pk=place.pk).status == Place.Status.DONE


def test_what_is_paid_ahead_completes_no_place(place, by):
    release_all(place, by, clock.now())

    assert Place.objects.get(pk=place.pk).status == Place.Status.RUNNING
    with pytest.raises(running_places.NotComplete):
        running_places.complete(place.pk, by=by, now=clock.now())


def test_a_place_of_which_a_side_stays_silent_is_completed_by_hand(place, by):
    release_all(place, by, clock.now())

    running_places.complete(place.pk, by=by, now=running.step(place, 2).opens_at)

    assert Place.objects.get(pk=place.pk).status == Place.Status.DONE


def test_a_place_with_a_checkpoint_to_come_is_not_completed_by_hand(place, by):
    with pytest.raises(running_places.NotComplete):
        running_places.complete(place.pk, by=by, now=clock.now())


def test_a_mentor_who_is_changed_midway_keeps_what_they_wrote(place, by):
    said = running.say(place, "mentor")
    new = scenes.part(place.round.programme, "mentor").user

    mentoring.give(place.pk, to=[new], by=by)

    said.refresh_from_db()
    assert said.by != new
    assert [one.user for one in Mentoring.objects.filter(place=place)] == [new]


def test_only_mentors_of_the_programme_mentor_and_two_at_most(place, by):
    mentors = [scenes.part(place.round.programme, "mentor").user for _ in range(3)]

    for people in ([factories.user()], mentors, []):
        with pytest.raises(mentoring.NotPossible):
            mentoring.give(place.pk, to=people, by=by)


def test_nobody_mentors_themselves(place, by):
    scenes.part(place.round.programme, "mentor", place.user)

    with pytest.raises(mentoring.NotPossible):
        mentoring.give(place.pk, to=[place.user], by=by)
