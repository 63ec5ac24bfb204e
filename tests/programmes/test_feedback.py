"""What both sides say at a checkpoint, and the instalment that follows from it."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes import feedback, place_page, running_places, timing
from funding.programmes.models import Deed, Feedback, Instalment, Place
from tests.programmes import running_scenes as running
from tests.racing import together

pytestmark = pytest.mark.database
Status = Instalment.Status


def first(place):
    return place.instalments.get(checkpoint__number=1)


def test_an_instalment_is_released_once_both_sides_say_that_it_goes_on(db):
    place = running.place()

    running.say(place, "participant")
    waiting = first(place).status
    running.say(place, "mentor")

    assert (waiting, first(place).status) == (Status.PENDING, Status.RELEASED)


def test_doubts_of_one_side_keep_it_waiting_and_are_told_to_the_organisers(db):
    place = running.place()

    running.say(place, "participant", text="I am stuck, a canary sings")
    said = running.say(place, "mentor", well=False)

    assert first(place).status == Status.PENDING
    mail = Message.objects.get(key=f"doubted:{said.pk}")
    assert mail.recipients == [running.organiser(place.round).email]
    assert "canary" not in mail.body + "".join(Deed.objects.values_list("words", flat=True))


def test_a_draft_is_kept_and_releases_nothing(db):
    place = running.place()
    running.say(place, "participant")

    said = running.say(place, "mentor", text="Half", well=None, send=False)

    assert said.sent_at is None
    assert first(place).status == Status.PENDING


def test_what_was_sent_may_be_changed_until_the_other_side_has_sent(db):
    place = running.place()
    running.say(place, "participant", text="One")
    running.say(place, "participant", text="Two")
    running.say(place, "mentor")

    with pytest.raises(feedback.NotNow):
        running.say(place, "participant", text="Three")
    assert Feedback.objects.get(place=place, side="participant").text == "Two"


def test_what_was_sent_stands_from_the_instant_at_which_it_is_due(db):
    place = running.place()
    running.say(place, "participant")

    with pytest.raises(feedback.NotNow):
        running.say(place, "participant", now=running.step(place).due_at)


def test_late_is_possible_and_marked(db):
    place = running.place()
    due = running.step(place).due_at

    said = running.say(place, "participant", now=due + timedelta(days=1))

    assert running.step(place).was_late(said)


def test_nothing_is_said_before_a_checkpoint_opens(db):
    place = running.place()

    with pytest.raises(feedback.NotNow):
        running.say(place, "participant", number=2)


def test_nobody_says_anything_once_a_place_has_ended(db):
    place = running.place()
    by = running.organiser(place.round)
    running_places.end_early(place.pk, last_day=clock.today(), reason="Moved on", by=by)

    with pytest.raises(running_places.places_lock.NotRunning):
        running.say(place, "participant")


def test_a_side_reads_the_other_only_once_both_have_sent(db):
    place = running.place()
    running.say(place, "mentor", text="Canary", private="Secret canary")
    [before, _] = seen(place, "participant")
    running.say(place, "participant")
    [after, _] = seen(place, "participant")

    assert before.said == []
    assert {(one.feedback.side, one.private) for one in after.said} == {
        ("participant", ""), ("mentor", ""),
    }  # fmt: skip


def test_organisers_read_private_words_and_no_drafts(db):
    place = running.place()
    running.say(place, "mentor", private="Between us")
    running.say(place, "participant", send=False)

    [one, _] = seen(place, "")

    assert [(said.feedback.side, said.private) for said in one.said] == [("mentor", "Between us")]


@pytest.mark.django_db(transaction=True)
def test_of_two_sides_that_send_at_once_one_is_last_and_releases_it():
    place = running.place()
    sides = ["participant", "mentor"]

    said = together(lambda: running.say(place, sides.pop()), threads=2)

    assert all(isinstance(one, Feedback) for one in said), said
    assert first(place).status == Status.RELEASED


def test_a_place_is_completed_with_its_last_checkpoint(db):
    place = running.place(running.round_(checkpoints=1))

    running.heard(place)

    assert Place.objects.get(pk=place.pk).status == Place.Status.DONE
    assert Message.objects.filter(key=f"completed:{place.pk}").exists()


def seen(place, side):
    found = timing.with_steps(Place.objects.filter(pk=place.pk)).get()
    return place_page.seen(found, side=side, now=clock.now())
