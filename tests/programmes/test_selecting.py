"""Who is chosen: by the ranking, within the places that are paid for, and nobody twice."""

import pytest

from funding.office import clock
from funding.programmes import ranking, selecting
from funding.programmes.models import Application, Round
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes
from tests.racing import together

pytestmark = pytest.mark.django_db


def decide(application, outcome="selected", by=None):
    return selecting.decide(
        application=application, outcome=outcome, by=by or factories.user(), now=clock.now()
    )


def test_the_ranking_goes_by_the_mean_and_says_ties_and_spread():
    round_ = scenes.selection()
    third = scenes.reviewed(round_, 2, 2)
    first = scenes.reviewed(round_, 4, 5, 5)
    tied = [scenes.reviewed(round_, 3, 4), scenes.reviewed(round_, 5, 2)]
    few = scenes.reviewed(round_, 5)

    rows = {one.pk: one for one in ranking.ranked(round_)}

    assert list(rows) == [first.pk, tied[0].pk, tied[1].pk, third.pk]
    assert [row.position for row in rows.values()] == [1, 2, 2, 4]
    assert [row.share for row in rows.values()] == [1, 2, 2, 1]
    assert [row.spread for row in rows.values()] == [1, 1, 3, 0]
    assert rows[first.pk].mean == 4666
    assert [one.pk for one in ranking.too_few(round_)] == [few.pk]


def test_thirds_of_different_numbers_of_reviews_tie():
    round_ = scenes.selection()
    scenes.reviewed(round_, 3, 3, 4)
    scenes.reviewed(round_, 3, 3, 4, 3, 3, 4)

    assert {row.position for row in ranking.ranked(round_)} == {1}


def test_no_more_are_chosen_than_places_are_funded():
    round_ = scenes.selection(funded=1)
    decide(scenes.reviewed(round_, 4, 4))
    one_more = scenes.reviewed(round_, 5, 5)

    with pytest.raises(Refused, match="1 place is funded"):
        decide(one_more)

    one_more.refresh_from_db()
    assert one_more.outcome == ""


def test_whoever_is_taken_off_the_list_makes_room():
    round_ = scenes.selection(funded=1)
    first, second = scenes.reviewed(round_, 4, 4), scenes.reviewed(round_, 5, 5)
    decide(first)
    decide(first, "")

    assert decide(second).outcome == "selected"


def test_nobody_is_chosen_with_fewer_than_two_reviews():
    with pytest.raises(Refused, match="fewer than two reviews"):
        decide(scenes.reviewed(scenes.selection(), 5))


def test_who_has_an_active_place_elsewhere_is_not_chosen_here():
    place = scenes.offered()
    application = scenes.reviewed(scenes.selection(), 5, 5, user=place.user)

    with pytest.raises(Refused, match="another round"):
        decide(application)


def test_nobody_decides_about_their_own():
    application = scenes.reviewed(scenes.selection(), 5, 5)

    with pytest.raises(Refused, match="applied to this round yourself"):
        decide(application, by=application.user)


def test_the_log_says_who_decided_and_not_what():
    by = factories.user()
    application = decide(scenes.reviewed(scenes.selection(), 5, 5), by=by)

    deed = application.round.deeds.get()
    assert (deed.by, deed.words) == (by, f"decided about application {application.pk}")


def test_nothing_is_chosen_while_reviews_may_change():
    with pytest.raises(Refused, match="Reviews may still change"):
        decide(scenes.reviewed(scenes.selection(during="review"), 5, 5))


def test_the_waiting_list_keeps_its_numbers_without_a_gap():
    round_ = scenes.selection()
    first, second, third = (scenes.reviewed(round_, 4, 4) for _ in range(3))
    for one in (first, second, third):
        decide(one, "waiting")

    selecting.move(application=third, up=True, by=factories.user(), now=clock.now())
    decide(first, "not_chosen")

    ranks = {one.pk: one.rank for one in selecting.waiting(round_)}
    assert ranks == {third.pk: 1, second.pk: 2}


def test_the_best_are_chosen_by_the_ranking_up_to_a_tie_that_has_no_room():
    round_ = scenes.selection(funded=3)
    best = scenes.reviewed(round_, 5, 5)
    for _ in range(3):
        scenes.reviewed(round_, 4, 4)

    made = selecting.choose_best(round_id=round_.pk, by=factories.user(), now=clock.now())

    assert made == 1
    assert selecting.chosen(round_).get() == best


def test_nobody_knows_an_outcome_before_it_is_announced():
    application = decide(scenes.reviewed(scenes.selection(), 4, 4))

    assert selecting.told(application) == ""
    Round.objects.update(announced_at=clock.now())
    assert selecting.told(Application.objects.get()) == "selected"


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_organisers_together_choose_no_more_than_are_funded():
    round_ = scenes.selection(funded=2)
    waiting = [scenes.reviewed(round_, 4, 4) for _ in range(6)]
    by = factories.user()

    answers = together(lambda: decide(waiting.pop(), by=by), threads=6)

    assert sum(isinstance(answer, Refused) for answer in answers) == 4
    assert selecting.chosen(round_).count() == 2
