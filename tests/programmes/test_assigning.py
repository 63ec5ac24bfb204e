"""Who reads what: enough reviewers each, by load, and nobody where they have a stake."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.office import clock
from funding.office.models import Message
from funding.programmes import assigning
from funding.programmes.models import Part, Review
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes
from tests.racing import together


def assign(round_):
    by = round_.programme.parts.first().user
    return assigning.assign(round_id=round_.pk, by=by, now=clock.now())


def reading(application):
    return set(application.reviews.exclude(status="conflict").values_list("reviewer", flat=True))


def crowd(round_, number=3):
    return [scenes.part(round_.programme, "reviewer") for _ in range(number)]


@st.composite
def situations(draw):
    """Reviewers, what they have already, and who may not read what."""
    people = range(draw(st.integers(0, 7)))
    needs = {one: draw(st.integers(1, 3)) for one in range(draw(st.integers(0, 14)))}
    free = {one: {who for who in people if draw(st.integers(0, 4))} for one in needs}
    loads = Counter({who: draw(st.integers(0, 3)) for who in people})
    return assigning.Facts(needs, free, loads)


@given(situations())
def test_everybody_gets_what_is_needed_and_nothing_that_is_barred(facts):
    given_out, short = assigning.share_out(facts), facts.short()

    for one, need in facts.needs.items():
        assert given_out[one] <= facts.free[one]
        assert len(given_out[one]) == need - short.get(one, 0)
    assert assigning.share_out(facts) == given_out


@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 4))
def test_without_conflicts_loads_differ_by_one_at_most(people, applications, need):
    everybody = set(range(people))
    facts = assigning.Facts(
        dict.fromkeys(range(applications), need),
        dict.fromkeys(range(applications), everybody),
        Counter(dict.fromkeys(everybody, 0)),
    )

    loads = Counter(who for readers in assigning.share_out(facts).values() for who in readers)

    assert max(loads[who] for who in everybody) - min(loads[who] for who in everybody) <= 1


@given(situations())
def test_with_conflicts_no_application_could_be_passed_on_to_somebody_with_two_fewer(facts):
    given_out = assigning.share_out(facts)
    loads = Counter(facts.loads)
    for readers in given_out.values():
        loads.update(readers)

    for one, readers in given_out.items():
        for giver in readers:
            for taker in facts.free[one] - readers:
                assert loads[giver] - loads[taker] < 2


@pytest.mark.django_db
def test_every_application_that_was_sent_gets_its_reviewers():
    round_ = scenes.round_(during="review")
    crowd(round_)
    sent = [scenes.application(round_) for _ in range(6)]
    scenes.application(round_, status="withdrawn")

    made = assign(round_)

    assert (made.given, made.short) == (12, {})
    assert all(len(reading(one)) == 2 for one in sent)
    loads = Counter(Review.objects.values_list("reviewer", flat=True))
    assert set(loads.values()) == {4}


@pytest.mark.django_db
def test_pressing_again_fills_only_what_is_missing():
    round_ = scenes.round_(during="review")
    crowd(round_)
    scenes.application(round_)
    assign(round_)
    before = set(Review.objects.values_list("pk", flat=True))
    late = scenes.application(round_)

    made = assign(round_)

    assert made.given == 2
    assert len(reading(late)) == 2
    assert before <= set(Review.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_nobody_reads_their_own_nor_that_of_their_mentee():
    round_ = scenes.round_(during="review")
    applicant, mentor, other = crowd(round_)
    mentors = [scenes.part(round_.programme, "mentor", mentor.user)]
    idea = scenes.idea(round_, mentors=mentors)
    application = scenes.application(round_, applicant.user, idea=idea)

    made = assign(round_)

    assert reading(application) == {other.user_id}
    assert made.short == {application.pk: 1}


@pytest.mark.django_db
def test_what_is_in_the_hands_of_who_left_is_given_to_others():
    round_ = scenes.round_(during="review")
    people = crowd(round_, 2)
    application = scenes.application(round_)
    assign(round_)
    Part.objects.filter(pk=people[0].pk).delete()
    new = crowd(round_, 1)[0]

    assign(round_)

    assert reading(application) == {people[1].user_id, new.user_id}


@pytest.mark.django_db
def test_each_reviewer_is_told_once_how_much_there_is_to_read():
    round_ = scenes.round_(during="review")
    people = crowd(round_, 2)
    scenes.application(round_)
    scenes.application(round_)

    assign(round_)

    mails = Message.objects.all()
    assert {one for mail in mails for one in mail.recipients} == {p.user.email for p in people}
    assert {mail.subject.partition(":")[0] for mail in mails} == {"2 applications to read"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("during", "words"),
    [("applications", "may still change"), ("selection", "phase is over")],
)
def test_out_of_its_time_nothing_is_given_out(during, words):
    round_ = scenes.round_(during=during)
    crowd(round_)
    scenes.application(round_)

    with pytest.raises(Refused, match=words):
        assign(round_)

    assert not Review.objects.exists()


@pytest.mark.django_db
def test_one_application_is_given_by_hand_and_taken_back_while_it_is_not_begun():
    round_ = scenes.round_(during="review")
    organiser = round_.programme.parts.first().user
    application = scenes.application(round_)
    said = {"by": organiser, "now": clock.now()}

    assigning.give(application=application, reviewer=organiser, **said)
    review = Review.objects.get()
    with pytest.raises(Refused, match="has it already"):
        assigning.give(application=application, reviewer=organiser, **said)
    assigning.take_back(review=review, **said)

    assert not Review.objects.exists()


@pytest.mark.django_db
def test_what_is_begun_is_not_taken_back():
    round_ = scenes.round_(during="review")
    review = scenes.review(scenes.application(round_), comment="So far")

    with pytest.raises(Refused, match="begun"):
        assigning.take_back(review=review, by=factories.user(), now=clock.now())


@pytest.mark.django_db
def test_by_hand_as_well_nobody_gets_their_own():
    round_ = scenes.round_(during="review")
    applicant = crowd(round_, 1)[0].user
    application = scenes.application(round_, applicant)

    with pytest.raises(Refused, match="their own"):
        assigning.give(
            application=application, reviewer=applicant, by=factories.user(), now=clock.now()
        )


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_press_at_once_give_nothing_out_twice():
    round_ = scenes.round_(during="review")
    crowd(round_, 4)
    sent = [scenes.application(round_) for _ in range(5)]

    answers = together(lambda: assign(round_), threads=4)

    assert sorted(answer.given for answer in answers) == [0, 0, 0, 10]
    assert all(len(reading(one)) == 2 for one in sent)


@pytest.mark.django_db
def test_a_thousand_applications_are_given_out_in_few_questions(django_assert_max_num_queries):
    round_ = scenes.round_(during="review")
    crowd(round_, 20)
    user = [factories.user(f"a{n}@example.org") for n in range(300)]
    for one in user:
        scenes.application(round_, one)

    with django_assert_max_num_queries(30):
        made = assign(round_)

    assert made.given == 600
    assert clock.now() - Review.objects.first().assigned_at < timedelta(minutes=1)
