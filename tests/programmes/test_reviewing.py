"""What a reviewer does: read what is theirs, score it while that is possible, or hand it back."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes import assigning, reading, reviewing
from funding.programmes.models import Answer, Contact, Question, Review
from funding.programmes.refusals import Refused
from tests import factories
from tests.programmes import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(db):
    return scenes.review(scenes.application(scenes.round_(during="review")))


def write(review, score=4, now=None, **values):
    written = reviewing.Written(score, **values)
    return reviewing.write(
        review=review, by=review.reviewer, written=written, now=now or clock.now()
    )


def test_a_score_counts_with_its_flags_and_words(review):
    row = write(review, 4, flags=["ai", "no such"], comment="Clear.")

    assert (row.status, row.score, row.flags, row.comment) == ("done", 4, ["ai"], "Clear.")


def test_without_a_score_it_is_a_draft(review):
    row = write(review, None, comment="So far")

    assert (row.status, row.score, row.comment) == ("assigned", None, "So far")


def test_a_score_is_changed_until_the_phase_ends(review):
    write(review, 4)

    assert write(review, 2).score == 2


def test_after_the_phase_a_score_stays_as_it_is(review):
    write(review, 4)
    ends = review.application.round.phases.get(kind="review").ends_at

    with pytest.raises(Refused, match="over"):
        write(review, 1, now=ends)

    review.refresh_from_db()
    assert review.score == 4


def test_before_the_phase_nothing_is_scored(review):
    begins = review.application.round.phases.get(kind="review").starts_at

    with pytest.raises(Refused, match="not begun"):
        write(review, 1, now=begins - timedelta(seconds=1))


def test_who_would_mentor_the_applicant_does_not_score_them(review):
    application = review.application
    mentor = scenes.part(application.round.programme, "mentor", review.reviewer)
    application.idea = scenes.idea(application.round, mentors=[mentor])
    application.save()

    with pytest.raises(Refused, match="you would mentor"):
        write(review)

    review.refresh_from_db()
    assert review.status == "assigned"


def test_nobody_scores_their_own(review):
    review.application.user = review.reviewer
    review.application.save()

    with pytest.raises(Refused, match="your own"):
        write(review)


def test_what_was_taken_back_is_not_scored(review):
    by = factories.user()
    assigning.take_back(review=Review.objects.get(), by=by, now=clock.now())

    with pytest.raises(Refused, match="taken back"):
        write(review)


def test_who_reviews_no_longer_scores_nothing(review):
    review.application.round.programme.parts.filter(user=review.reviewer).delete()

    with pytest.raises(Refused, match="no longer"):
        write(review)


def test_what_is_handed_back_goes_to_who_has_least_and_never_comes_back(review):
    round_ = review.application.round
    other = scenes.part(round_.programme, "reviewer")
    write(review, 5, comment="Mine")

    reviewing.declare_conflict(
        review=review, by=review.reviewer, reason="We work together", now=clock.now()
    )

    review.refresh_from_db()
    assert (review.status, review.score, review.comment) == ("conflict", None, "")
    assert review.application.reviews.get(status="assigned").reviewer == other.user
    assigning.assign(round_id=round_.pk, by=other.user, now=clock.now())
    assert review.application.reviews.filter(reviewer=review.reviewer).count() == 1


def test_organisers_are_told_when_nobody_is_left_to_read_it(review):
    reviewing.declare_conflict(
        review=review, by=review.reviewer, reason="We work together", now=clock.now()
    )

    mail = Message.objects.get()
    assert "needs a reviewer" in mail.subject
    assert "We work together" not in mail.body


def said(application, *, blind):
    return "\n".join(line.text for line in reading.lines(application, blind=blind))


def test_blind_nothing_of_it_says_whose_it_is():
    application = scenes.application(scenes.round_(), links="https://grace.example")
    question = {"round": application.round, "kind": "short"}
    secret = Question.objects.create(text="Where?", is_sensitive=True, **question)
    open_ = Question.objects.create(text="Why?", **question)
    Answer.objects.create(application=application, question=secret, text="In Arlington")
    Answer.objects.create(application=application, question=open_, text="To learn")
    Contact.objects.create(
        application=application, url="https://git.example/grace", words="My patch",
        at=clock.now(),
    )  # fmt: skip

    blind, open_ = (said(application, blind=one) for one in (True, False))

    for words in ("grace", "Arlington", "My patch"):
        assert words not in blind
        assert words in open_
    assert "To learn" in blind
    assert reading.hidden(application) == ["Name", "Links", "Where?"]
