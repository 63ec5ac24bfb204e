"""The announcement: who is told what, once, and of which offers."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes import assigning, places, reviewing, selecting
from funding.programmes.models import Application, Checkpoint, Place, Review, Round
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes
from tests.programmes.offered import accept, announce, chosen, mails_to, taken
from tests.racing import together

pytestmark = pytest.mark.django_db


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
