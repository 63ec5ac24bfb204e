"""Ideas that applicants choose, and that only so many may have."""

import pytest

from funding.programmes import applying, ideas
from funding.programmes.models import Application, Idea
from tests.programmes import applicants
from tests.programmes.applicants import WORDS, data
from tests.programmes.applications import again
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_full_idea_is_refused_in_words():
    round_ = applicants.open_round(most_an_idea=1)
    idea = applicants.idea(round_)
    first, second = applicants.draft(round_), applicants.draft(round_)
    ideas.choose(application=first, idea=idea)

    with pytest.raises(ideas.Full, match="is full"):
        ideas.choose(application=second, idea=idea)

    assert again(idea).taken == 1


def test_who_chooses_another_gives_the_first_back():
    round_ = applicants.open_round(most_an_idea=1)
    one, other = applicants.idea(round_), applicants.idea(round_, "Another")
    made = applicants.draft(round_)

    for idea in (one, other, other):
        ideas.choose(application=made, idea=idea)

    assert (again(one).taken, again(other).taken) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_want_the_last_place_of_an_idea_one_gets_it():
    round_ = applicants.open_round(most_an_idea=1)
    idea = applicants.idea(round_)
    waiting = [applicants.draft(round_) for _ in range(20)]

    said = together(lambda: ideas.choose(application=waiting.pop(), idea=idea))

    assert sum(isinstance(one, ideas.Full) for one in said) == 19
    assert said.count(None) == 1
    assert again(idea).taken == Application.objects.filter(idea=idea).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_swap_two_ideas_at_once_do_not_stand_in_each_others_way():
    round_ = applicants.open_round()
    pair = [applicants.idea(round_), applicants.idea(round_, "Another")]
    made = [applicants.draft(round_) for _ in range(8)]
    for place, one in enumerate(made):
        ideas.choose(application=one, idea=pair[place % 2])
    swaps = [(one, pair[1 - place % 2]) for place, one in enumerate(made)]

    def swap():
        application, idea = swaps.pop()
        ideas.choose(application=application, idea=idea)

    assert together(swap, threads=8) == [None] * 8
    assert [again(idea).taken for idea in pair] == [4, 4]


def test_an_idea_of_another_round_cannot_be_chosen():
    made = applicants.draft()

    with pytest.raises(ideas.Stays):
        ideas.choose(application=made, idea=applicants.idea(applicants.open_round()))


def test_where_there_are_ideas_one_is_chosen_before_it_is_sent():
    made = applicants.draft()
    applicants.idea(made.round)

    with pytest.raises(applying.NotYet, match="idea"):
        applying.send(application=made, data=data(**WORDS))


def test_ideas_are_counted_as_they_are_held():
    round_ = applicants.open_round()
    idea = applicants.idea(round_)
    for _ in range(3):
        ideas.choose(application=applicants.draft(round_), idea=idea)

    assert Idea.objects.get().taken == Application.objects.filter(idea=idea).count() == 3
