"""Places that are offered: accepted, declined, lapsed, and given to the next."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.office import clock
from funding.office.models import Message
from funding.programmes import places, stipends
from funding.programmes.models import Checkpoint, Instalment, Place, Round
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes
from tests.programmes.offered import accept, announce, chosen, mails_to, signed, taken
from tests.racing import together

pytestmark = pytest.mark.django_db


def decline(place, now=None):
    places.decline(place=place, by=place.user, words="", now=now or clock.now())


def test_accepting_signs_the_agreement_and_makes_the_instalments():
    place = accept(scenes.offered())

    assert (place.status, place.signed_name) == ("running", "Grace Example")
    assert (place.signed_text, place.public_name) == ("We work together.", "Grace")
    running = place.round.phases.get(kind="running")
    assert (place.starts_at, place.ends_at) == (running.starts_at, running.ends_at)
    assert sum(Instalment.objects.values_list("amount", flat=True)) == place.stipend == 240000


def test_said_twice_it_is_accepted_once():
    place = scenes.offered()
    accept(place)
    accept(place)

    assert Instalment.objects.count() == 2


def test_an_agreement_that_changed_is_read_again_first():
    place = scenes.offered()
    read = signed(place)
    Round.objects.update(agreement="Something else.")

    with pytest.raises(Refused, match="changed while you read"):
        places.accept(place=place, by=place.user, signed=read, now=clock.now())


def test_nobody_accepts_for_somebody_else():
    place = scenes.offered()

    with pytest.raises(Refused, match="not offered to you"):
        places.accept(place=place, by=factories.user(), signed=signed(place), now=clock.now())


def test_an_offer_that_has_run_out_is_not_accepted():
    place = scenes.offered()

    with pytest.raises(Refused, match="run out"):
        accept(place, now=place.accept_until)


def line(funded=1, waiting=2):
    """An announced round with all places offered and people who wait."""
    round_ = scenes.selection(funded=funded)
    made = chosen(round_, *["selected"] * funded, *["waiting"] * waiting)
    announce(round_)
    return round_, made


def test_who_declines_makes_room_for_the_next_on_the_waiting_list():
    round_, (first, second, third) = line()

    decline(first.place)

    second.refresh_from_db()
    assert (second.place.status, second.outcome) == ("offered", "selected")
    assert "A place became free" in mails_to(second).first().subject
    assert not Place.objects.filter(application=third).exists()
    assert taken(round_) == 1


def test_declined_twice_only_one_moves_up():
    round_, (first, _, third) = line()
    decline(first.place)
    decline(first.place)

    assert not Place.objects.filter(application=third).exists()
    assert taken(round_) == 1


def test_an_offer_without_an_answer_lapses_and_goes_to_the_next():
    round_, (first, second, _) = line()
    place = first.place

    assert places.lapse_all(now=place.accept_until) == 1
    assert places.lapse_all(now=place.accept_until) == 0

    place.refresh_from_db()
    assert place.status == "lapsed"
    assert second.place.offered_at == place.accept_until
    assert taken(round_) == 1


def test_who_has_a_place_elsewhere_is_passed_over():
    round_, (first, second, third) = line()
    elsewhere = scenes.selection(during="acceptance", announced_at=clock.now())
    scenes.offered(scenes.application(elsewhere, second.user))

    decline(first.place)

    assert not Place.objects.filter(application=second).exists()
    assert third.place.status == "offered"
    second.refresh_from_db()
    assert second.outcome == "waiting"


def test_a_place_that_is_funded_later_goes_to_who_waits():
    round_, (_, second, _) = line()
    Round.objects.filter(pk=round_.pk).update(places_funded=2)

    assert places.fill_all(now=clock.now()) == 1
    assert places.fill_all(now=clock.now()) == 0

    assert second.place.status == "offered"
    assert taken(round_) == 2


def test_once_the_first_checkpoint_is_due_nobody_moves_up_any_more():
    round_, (first, second, _) = line()
    due = Checkpoint.objects.first().due_at
    Place.objects.update(accept_until=due)

    places.lapse_all(now=due)

    assert not Place.objects.filter(application=second).exists()
    assert taken(round_) == 0


def test_who_has_two_days_left_is_reminded_once():
    place = scenes.offered()
    soon = place.accept_until - timedelta(days=1)

    for now in (clock.now(), soon, soon + timedelta(hours=1)):
        places.remind_all(now=now)

    assert Message.objects.get().recipients == [place.user.email]


@st.composite
def stipends_and_weights(draw):
    weights = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
    return draw(st.integers(len(weights), 10**8)), weights


@given(stipends_and_weights())
def test_instalments_are_positive_and_sum_to_the_stipend(said):
    stipend, weights = said

    made = stipends.parts(stipend, weights)

    assert sum(made) == stipend
    assert min(made) >= 1
    assert len(made) == len(weights)
    assert stipends.parts(sum(weights), weights) == weights


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_an_acceptance_and_a_lapse_at_the_same_instant_one_comes_first():
    for _ in range(3):
        round_, (first, *_others) = line(waiting=1)
        place = Place.objects.get(application=first)
        ends = place.accept_until
        deeds = [
            lambda place=place, ends=ends: accept(place, now=ends - timedelta(seconds=1)),
            lambda place=place, ends=ends: places.lapse(place_id=place.pk, now=ends),
        ] * 2

        answers = together(lambda deeds=deeds: deeds.pop()(), threads=4)

        accepted = Place.objects.get(pk=place.pk).status == "running"
        assert sum(answer is True for answer in answers) == (0 if accepted else 1)
        assert Place.objects.filter(round=round_).count() == (1 if accepted else 2)
        assert taken(round_) == 1
        assert Instalment.objects.filter(place=place).count() == (2 if accepted else 0)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_who_decline_at_once_move_two_different_people_up():
    round_, made = line(funded=2, waiting=3)
    offered = [one.place for one in made[:2]] * 2

    together(lambda: decline(offered.pop()), threads=4)

    moved = Place.objects.filter(round=round_, status="offered")
    assert set(moved.values_list("application", flat=True)) == {made[2].pk, made[3].pk}
    assert taken(round_) == 2
