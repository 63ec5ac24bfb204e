"""A round that does not come about: its places end with it, nobody is kept from another, and everybody
who has a part in it is told, once, in words of their own."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes import (
    announcing,
    calls,
    checks,
    places,
    purging,
    reminding,
    reminding_applicants,
    statistics,
)
from funding.programmes.models import Application, Deed, FundingCall, Instalment, Place, Round
from funding.programmes.refusals import Refused
from sponsors.billing import closing
from tests import factories
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.programmes.money import again

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def fails(round_):
    """Its call is undone."""
    FundingCall.objects.filter(round=round_).update(state="succeeded", secured_at=None)
    call = calls.lock(round_.call.pk)
    calls.undo(call, firm=call.money(0), now=clock.now())
    return Round.objects.get(pk=round_.pk)


def told(user):
    """What the one mail says, in one line."""
    mail = Message.objects.get(key__startswith="round-failed:", recipients=[user.email])
    return " ".join(mail.body.split())


def is_told(user):
    return Message.objects.filter(
        key__startswith="round-failed:", recipients=[user.email]
    ).exists()


# Places


def test_a_place_that_runs_ends_with_its_round_and_keeps_nobody_from_another():
    place = running.place()
    fails(place.round)

    other = scenes.selection(during="acceptance", announced_at=clock.now())
    offered = scenes.offered(scenes.application(other, place.user))

    assert again(place).status == "ended"
    assert again(place).ended_at is not None
    assert offered.status == "offered"


def test_a_place_that_was_offered_ends_and_does_not_lapse_with_a_mail_about_lateness():
    place = scenes.offered()
    fails(place.round)
    later = place.accept_until + timedelta(days=1)
    places.remind_all(now=place.accept_until - timedelta(hours=5))
    places.lapse_all(now=later)

    assert again(place).status == "ended"
    assert not Message.objects.filter(key__startswith=f"place:{place.pk}:lapsed").exists()
    assert not Message.objects.filter(key__startswith=f"place:{place.pk}:answer").exists()


def test_who_accepts_too_late_finds_that_there_is_no_place():
    place = scenes.offered()
    signed = places.Signature("Grace", places.digest(place.round.agreement))
    fails(place.round)

    with pytest.raises(Refused, match="does not come about"):
        places.accept(place=place, by=place.user, signed=signed, now=clock.now())


def test_a_place_that_is_complete_stays_complete():
    place = running.place(status="done", ended_at=clock.now())
    fails(place.round)

    assert again(place).status == "done"
    assert not is_told(place.user)


def test_what_was_not_paid_is_dropped_and_nothing_is_wrong_afterwards():
    place = running.place(running.round_(places=3))
    running.released(place)
    scenes.offered(scenes.application(place.round))
    fails(place.round)

    assert {one.status for one in Instalment.objects.all()} == {"dropped"}
    assert list(checks.breaches()) == []


def test_a_place_that_goes_on_in_a_round_that_failed_is_found():
    place = running.place()
    Round.objects.filter(pk=place.round_id).update(status="failed")

    assert f"{place} goes on, and its round has failed." in list(checks.breaches())


def test_nobody_is_reminded_of_a_checkpoint_any_more():
    place = running.place()
    fails(place.round)
    Message.objects.all().delete()

    assert reminding.remind(now=clock.now() + timedelta(days=6)) == 0


def test_a_place_that_was_never_taken_counts_as_accepted_nowhere():
    place = scenes.offered()
    fails(place.round)

    lines = {line.name: line.said for line in statistics.of(again(place.round))}
    assert lines["Accepted"] == "0"


# Everybody is told


def test_each_is_told_once_whatever_they_are_in_it():
    place = running.place()
    mentor = running.mentor_of(place)
    scenes.part(place.round.programme, "treasurer", mentor)
    fails(place.round)
    fails_again = calls.lock(place.round.call.pk)
    closing.close(fails_again.pk, now=clock.now())

    assert "Your place ends with it" in told(place.user)
    assert "A place that you mentor" in told(mentor)
    assert "Sponsors are told by mails of their own" in told(mentor)
    assert "£" not in told(running.organiser(place.round))
    assert Message.objects.filter(key__startswith="round-failed:").count() == 3


def test_who_was_offered_a_place_is_told_that_there_is_none():
    place = scenes.offered()
    fails(place.round)

    assert "The place that was offered to you is not there any more" in told(place.user)


def test_organisers_are_told_what_was_released_and_is_not_paid():
    place = running.place()
    running.released(place)
    fails(place.round)

    assert "£1,200.00 of stipends had been released" in told(running.organiser(place.round))
    assert "£1,200.00" not in told(place.user)


def test_applicants_are_told_and_nothing_that_was_decided_in_secret():
    round_ = scenes.selection()
    outcomes = ("selected", "waiting", "not_chosen", "")
    users = [scenes.application(round_, outcome=one).user for one in outcomes]
    fails(round_)

    bodies = [told(user) for user in users]
    assert all("Nothing is decided any more about your application" in one for one in bodies)
    assert not any("waiting list" in one or "chosen" in one for one in bodies)


def test_after_the_announcement_who_waits_is_told_and_who_was_not_chosen_was_told_before():
    round_ = scenes.selection(announced_at=clock.now())
    waiting = scenes.application(round_, outcome="waiting").user
    refused = scenes.application(round_, outcome="not_chosen").user
    fails(round_)

    assert "no place becomes free for those on the waiting list" in told(waiting)
    assert not is_told(refused)


@pytest.mark.parametrize("status", ["draft", "withdrawn", "ineligible"])
def test_who_has_nothing_sent_is_not_written_to(status):
    round_ = scenes.selection()
    one = scenes.application(round_, status=status)
    fails(round_)

    assert not is_told(one.user)


def test_reviewers_who_have_something_to_read_are_told_and_others_not():
    round_ = scenes.selection()
    reads = scenes.part(round_.programme, "reviewer").user
    done = scenes.part(round_.programme, "reviewer").user
    for _ in range(2):
        made = scenes.application(round_)
        scenes.review(made, reads)
        scenes.review(made, done, score=4)
    fails(round_)

    assert "2 applications waited for your review" in told(reads)
    assert not is_told(done)


def test_who_left_the_site_is_not_written_to():
    round_ = scenes.selection()
    left, here = (scenes.application(round_).user for _ in range(2))
    left.left_at = clock.now()
    left.save()
    fails(round_)

    assert not is_told(left)
    assert is_told(here)


def test_applicants_of_a_call_that_misses_its_least_are_told_too():
    round_ = scenes.round_(applies_before_decision=True)
    call = scenes.call(round_)
    user = scenes.application(round_).user

    closing.close(call.pk, now=call.closes_at)
    closing.close(call.pk, now=call.closes_at)

    assert "less was promised than it needs" in told(user)
    assert again(round_).status == "failed"


def test_nobody_is_reminded_of_a_draft_of_it():
    round_ = scenes.round_(during="applications", applies_before_decision=True)
    scenes.call(round_)
    scenes.application(round_, status="draft")
    fails(round_)

    assert reminding_applicants.remind(now=clock.now() + timedelta(days=19)) == 0


# What its pages say


def page(user, address):
    return running.client_of(user).get(address).content.decode()


def test_the_writer_of_an_application_sees_that_nothing_is_decided_of_it():
    round_ = scenes.selection()
    one = scenes.application(round_)
    fails(round_)

    shown = page(one.user, one.get_absolute_url())
    listed = page(one.user, "/applications/")

    for words in (shown, listed):
        assert "Round did not come about" in words
        assert "nothing is decided of it" in words
    assert "You hear from us by" not in shown
    assert "<h2>Steps</h2>" not in shown


def test_who_was_chosen_is_not_told_that_nothing_was_decided():
    place = scenes.offered()
    round_ = place.round
    fails(round_)

    application = Application.objects.get(pk=place.application_id)
    shown = page(place.user, application.get_absolute_url())
    assert "You were chosen, but the round did not come about" in shown
    assert "not there any more" in page(place.user, f"/places/{place.pk}/answer/")


def test_the_page_of_a_place_says_why_it_ended_and_not_that_organisers_wrote_it():
    place = running.place()
    fails(place.round)

    shown = page(place.user, place.get_absolute_url())
    assert "because the round does not come about" in shown
    assert "The organisers wrote" not in shown
    assert "Round did not come about" in page(place.user, "/places/")


def test_a_round_that_failed_is_announced_no_more_and_purged_in_its_time():
    round_ = scenes.selection(purge_months=6)
    scenes.application(round_, outcome="selected")
    failed = fails(round_)

    assert announcing.in_the_way(failed, now=clock.now())
    assert purging.due_at(failed) is not None
    assert Deed.objects.filter(round=round_, words__startswith="failed").count() == 1


def test_a_place_of_a_round_that_failed_is_counted_as_before():
    place = running.place()
    fails(place.round)

    live = Place.objects.live().filter(round=place.round).count()
    assert Round.objects.get(pk=place.round_id).places_taken == live == 1


def test_somebody_who_is_nothing_in_it_is_not_told():
    stranger = factories.user()
    fails(running.place().round)

    assert not is_told(stranger)
