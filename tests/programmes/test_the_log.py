"""The log of a round: organisers read all of it, treasurers what is about money, and nobody a reason."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from funding.office import clock
from funding.programmes import (
    announcing,
    log,
    opening,
    outlays,
    posts,
    releasing,
    running_places,
    selecting,
)
from funding.programmes.models import Deed, Instalment, Mentoring, Place, Round
from tests import factories
from tests.programmes import running_scenes as running
from tests.programmes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SECRET = "Canary is in hospital"


@pytest.fixture
def place():
    return running.place()


def words():
    return " | ".join(Deed.objects.values_list("words", flat=True))


def page_of(user, round_):
    address = reverse("programmes:round-log", args=[round_.programme.slug, round_.slug])
    return running.client_of(user).get(address).content.decode()


def test_a_treasurer_reads_what_was_paid_and_nothing_about_people(place):
    round_, by = place.round, running.organiser(place.round)
    running.funded(round_)
    outlays.spend(
        round_, what="Travel", amount=1000, paid_by="F", paid_on=clock.today(), reference="R", by=by
    )  # fmt: skip
    running_places.extend(place.pk, weeks=1, reason=SECRET, by=by, now=clock.now())

    page = page_of(running.treasurer(round_), round_)

    assert "programme cost, Travel" in page
    assert "extended" not in page


def test_a_treasurer_does_not_learn_that_anything_was_decided_of_people():
    round_ = scenes.selection(left_out=("review",))
    rows = [scenes.application(round_) for _ in range(2)]
    by = running.organiser(round_)
    for row in rows:
        selecting.decide(application=row, outcome="waiting", by=by, now=clock.now())
    selecting.move(application=rows[1], up=True, by=by, now=clock.now())

    page = page_of(running.treasurer(round_), round_)

    assert "Nothing about that has been done yet" in page
    assert "decided about application" in page_of(by, round_)


@pytest.mark.parametrize("deed", ["extend", "end_early", "release", "hold"])
def test_the_log_says_that_a_reason_was_given_and_not_which(place, deed):
    by, now, one = running.organiser(place.round), clock.now(), place.instalments.first()
    {
        "extend": lambda: running_places.extend(place.pk, weeks=1, reason=SECRET, by=by, now=now),
        "end_early": lambda: running_places.end_early(
            place.pk, last_day=clock.today(), reason=SECRET, by=by
        ),
        "release": lambda: running_places.release(one.pk, by=by, reason=SECRET, now=now),
        "hold": lambda: releasing.hold(one.pk, by=by, reason=SECRET),
    }[deed]()

    assert SECRET not in words()
    assert log.WHY in words()


@pytest.mark.parametrize("deed", ["extend", "end_early", "release", "hold"])
def test_organisers_read_the_reason_on_the_page_of_the_place(place, deed):
    test_the_log_says_that_a_reason_was_given_and_not_which(place, deed)
    round_ = place.round
    address = reverse(
        "programmes:round-place", args=[round_.programme.slug, round_.slug, place.pk]
    )

    page = running.client_of(running.organiser(round_)).get(address).content.decode()

    assert SECRET in page


def test_doubts_of_a_side_are_told_to_organisers_and_not_logged(place):
    running.say(place, "mentor", well=False)

    assert "doubt" not in words()


def test_why_it_was_announced_early_stands_beside_who_was_chosen():
    round_ = scenes.selection(left_out=("review",))
    by = running.organiser(round_)
    row = scenes.application(round_)
    selecting.decide(application=row, outcome="selected", by=by, now=clock.now())
    announcing.announce(round_id=round_.pk, by=by, reason=SECRET, now=clock.now())

    address = reverse("programmes:ranking", args=[round_.programme.slug, round_.slug])
    page = running.client_of(by).get(address).content.decode()

    assert SECRET not in words()
    assert SECRET in page


def test_why_a_call_was_called_off_stands_in_its_diary():
    call = scenes.call()
    by = running.organiser(call.round)

    opening.call_off(round_=call.round, reason=SECRET, by=by, now=clock.now())

    assert SECRET not in words()
    assert SECRET in page_of(running.treasurer(call.round), call.round)


def test_a_title_of_a_post_is_no_word_of_the_log(place):
    posts.release(running.post(place, title=SECRET), by=place.user, now=clock.now())

    assert "released a post of place" in words()
    assert SECRET not in words()


# What was written before

MIGRATION = import_module("funding.programmes.migrations.0005_people_privacy")
OLD = {
    "extended place 3 of A by 2 weeks: so: B, C by 3 weeks: x": "extended place 3 by 2 weeks; its page says why",
    "ended place 3 of P: Q, R early, last day 2026-05-01: ill: x": "ended place 3 early, last day 2026-05-01; its page says why",
    "released “One: two” of place 3 of P, R: she is ill": "released “One: two” of place 3",
    "held back “One” of place 3 of P, R: a doubt": "held back “One” of place 3",
    "called the round off: why": "called the round off; the diary of the call says why",
    "released the post “My name” to sponsors": "released a post to sponsors",
    "took back the release of the post “My name”": "took back the release of a post",
    "gave out 3 reviews": "gave out 3 reviews",
    "heard doubts of the mentor of place 3 of P, R": None,
    "announced who was chosen, before its time: why": "announced who was chosen, before its time; its page says why",
}  # fmt: skip


def test_reasons_are_taken_out_of_the_lines_of_before():
    round_ = scenes.round_()
    for line in OLD:
        Deed.objects.create(round=round_, at=clock.now(), words=line)

    MIGRATION.tidy_log(apps, None)

    lines = list(Deed.objects.order_by("pk").values_list("words", flat=True))
    assert lines == [line for line in OLD.values() if line]
    assert Round.objects.get(pk=round_.pk).early_because == "why"


def test_lines_of_before_about_money_are_read_by_treasurers():
    round_ = scenes.round_()
    for line in (
        "recorded £1.00 paid: cost",
        "took back £1.00 paid: cost: x",
        "completed place 3",
    ):
        Deed.objects.create(round=round_, at=clock.now(), words=line)

    MIGRATION.tidy_log(apps, None)

    read = log.read_by(running.treasurer(round_), round_)
    assert [one.words[:8] for one in read] == ["took bac", "recorded"]


def test_what_purges_of_before_have_left_goes_too(place):
    Round.objects.filter(pk=place.round_id).update(purged_at=clock.now())
    Place.objects.filter(pk=place.pk).update(end_reason=SECRET)
    Instalment.objects.filter(place=place).update(reason=SECRET)
    place.extensions.create(
        weeks=1, reason=SECRET, by=place.user, at=clock.now() - timedelta(days=9)
    )
    running.post(place, body=SECRET)

    MIGRATION.purge_the_rest(apps, None)

    place.refresh_from_db()
    reasons = [place.end_reason, place.instalments.first().reason, place.extensions.get().reason]
    assert SECRET not in reasons
    assert not place.posts.exists()


def test_who_was_no_mentor_any_more_before_mentors_nothing(place):
    other = running.place(place.round, mentor=factories.user())

    MIGRATION.end_mentoring(apps, None)

    assert [one.place for one in Mentoring.objects.all()] == [place]
    assert not other.mentorings.exists()
