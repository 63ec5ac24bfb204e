"""The announcement, and what becomes of the places that it offers."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.office import clock
from funding.office.models import Message
from funding.programmes import announcing, assigning, places, reviewing, selecting, stipends
from funding.programmes.models import Application, Checkpoint, Instalment, Place, Review, Round
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes
from tests.racing import together

pytestmark = pytest.mark.django_db


def announce(round_, reason="They wait", **values):
    return announcing.announce(
        round_id=round_.pk, by=factories.user(), reason=reason, now=clock.now(), **values
    )


def chosen(round_, *outcomes):
    """An application for each, decided so."""
    made = [scenes.reviewed(round_, 4, 4) for _ in outcomes]
    for one, outcome in zip(made, outcomes, strict=True):
        selecting.decide(application=one, outcome=outcome, by=factories.user(), now=clock.now())
    return made


def signed(place, name="Grace Example"):
    return places.Signature(name, places.digest(place.round.agreement), "Grace")


def accept(place, now=None):
    return places.accept(place=place, by=place.user, signed=signed(place), now=now or clock.now())


def decline(place, now=None):
    places.decline(place=place, by=place.user, words="", now=now or clock.now())


def taken(round_):
    round_.refresh_from_db()
    live = Place.objects.live().filter(round=round_).count()
    assert round_.places_taken == live <= round_.places_funded
    return live


def mails_to(application):
    return Message.objects.filter(recipients=[application.user.email])


def test_everybody_is_told_once_and_whoever_is_chosen_has_an_offer():
    round_ = scenes.selection()
    first, second, third = chosen(round_, "selected", "waiting", "")

    told = announce(round_)

    assert (told.chosen, told.waiting, told.not_chosen) == (1, 1, 1)
    third.refresh_from_db()
    assert third.outcome == "not_chosen"
    place = Place.objects.get()
    assert (place.user, place.stipend, place.status) == (first.user, 240000, "offered")
    assert place.accept_until - place.offered_at == timedelta(days=7)
    assert "You are chosen" in mails_to(first).get().subject
    assert "number 1 on the waiting list" in mails_to(second).get().body.replace("\n", " ")
    assert "not among those" in mails_to(third).get().body.replace("\n", " ")
    assert taken(round_) == 1


def test_it_is_announced_once():
    round_ = scenes.selection()
    chosen(round_, "selected", "")
    announce(round_)

    with pytest.raises(Refused, match="was announced"):
        announce(round_)

    assert Message.objects.count() == 2


def test_before_the_selection_is_over_it_takes_a_reason():
    round_ = scenes.selection()
    chosen(round_, "selected")

    with pytest.raises(Refused, match="Say why"):
        announce(round_, reason="")

    assert Round.objects.get().announced_at is None


def test_after_the_selection_it_takes_none():
    round_ = scenes.selection(during="acceptance")
    chosen(round_, "selected")

    announce(round_, reason="")

    assert Round.objects.get().announced_at


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: Checkpoint.objects.all().delete(), "no checkpoints"),
        (lambda r: Checkpoint.objects.filter(number=1).update(instalment=1), "less than"),
        (lambda r: Round.objects.update(agreement=" "), "agreement"),
        (lambda r: Round.objects.update(places_funded=0), "Take somebody off"),
    ],
)
def test_what_is_not_ready_is_not_announced(change, words):
    round_ = scenes.selection()
    chosen(round_, "selected")
    change(round_)

    with pytest.raises(Refused, match=words):
        announce(round_)

    assert not Place.objects.exists()
    assert Round.objects.get().announced_at is None


def test_who_got_a_place_elsewhere_meanwhile_stops_the_announcement():
    round_ = scenes.selection()
    application = chosen(round_, "selected")[0]
    elsewhere = scenes.selection(during="acceptance", announced_at=clock.now())
    scenes.offered(scenes.application(elsewhere, application.user))

    with pytest.raises(Refused, match="another round"):
        announce(round_)


def test_a_thousand_are_told_in_few_questions(django_assert_max_num_queries):
    round_ = scenes.selection()
    chosen(round_, "selected", "selected")
    now = clock.now()
    people = [factories.user(f"p{number}@example.org") for number in range(300)]
    Application.objects.bulk_create(
        Application(round=round_, user=one, status="submitted", begun_at=now, saved_at=now)
        for one in people
    )

    with django_assert_max_num_queries(50):
        announce(round_)

    assert Message.objects.count() == 302


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


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_announced_by_several_at_once_it_is_announced_once():
    round_ = scenes.selection()
    chosen(round_, "selected", "selected", "waiting")

    answers = together(lambda: announce(round_), threads=4)

    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert Message.objects.count() == 3
    assert taken(round_) == 2


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_rounds_that_choose_the_same_person_at_once_do_not_both_get_them():
    person = factories.user()
    rounds = [scenes.selection(), scenes.selection()]
    for round_ in rounds:
        one = scenes.reviewed(round_, 4, 4, user=person)
        by = factories.user()
        selecting.decide(application=one, outcome="selected", by=by, now=clock.now())

    answers = together(lambda: announce(rounds.pop()), threads=2)

    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Place.objects.filter(user=person).count() == 1


CANARY = "the canary sings at dawn"


def test_no_mail_no_log_and_no_name_of_a_row_carries_what_an_applicant_or_a_reviewer_wrote(caplog):
    round_ = scenes.selection(during="review")
    made = [scenes.reviewed(round_, 4, 4, about=CANARY, links=CANARY) for _ in range(3)]
    readers = [scenes.part(round_.programme, "reviewer").user for _ in range(3)]
    said = {"by": readers[0], "now": clock.now()}
    made[0].reviews.update(comment=CANARY)
    assigning.assign(round_id=round_.pk, **said)
    scenes.review(made[1], readers[0])
    for review in made[1].reviews.filter(reviewer=readers[0]):
        reviewing.declare_conflict(review=review, reason=CANARY, **said)
    round_.phases.filter(kind="review").update(ends_at=said["now"])
    for one, outcome in zip(made, ("selected", "waiting", "not_chosen"), strict=True):
        selecting.decide(application=one, outcome=outcome, **said)
    announce(round_)
    places.decline(place=made[0].place, by=made[0].user, words=CANARY, now=clock.now())
    accept(made[1].place)

    written = [f"{mail.subject} {mail.body}" for mail in Message.objects.all()]
    written += [deed.words for deed in round_.deeds.all()]
    written += [str(row) for row in (*made, *Review.objects.all(), *Place.objects.all())]
    assert len(written) > 20
    assert not any(CANARY in words for words in [*written, caplog.text])
