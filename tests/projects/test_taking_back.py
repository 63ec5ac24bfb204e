"""What was recorded is taken back by an entry that names it."""

import pytest

from funding.ledger.models import Entry
from funding.ledger.money import Money
from funding.projects import recording
from tests import factories
from tests.projects.records import funded, grant, held, payment
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def owner(recorded):
    return recorded.project.maintainers.first().user


def test_what_is_taken_back_is_undone_by_an_entry_that_names_it():
    project = funded()
    wrong = recording.record_payment_out(payment(project))

    recording.correct(wrong, because="Typed twice", by=owner(wrong))

    wrong.refresh_from_db()
    entry = wrong.taken_back
    assert (entry.kind, entry.corrects_id) == (Entry.Kind.CORRECTION, wrong.entry_id)
    assert entry.occurred_at == wrong.entry.occurred_at
    assert entry.posted_at > wrong.entry.occurred_at
    assert wrong.taken_back_because == "Typed twice"
    assert held(project) == Money(500000, "GBP")


def test_a_grant_that_was_spent_can_be_taken_back_and_held_falls_below_nothing():
    project = factories.project()
    wrong = recording.record_grant(grant(project))
    recording.record_payment_out(payment(project))

    recording.correct(wrong, because="It never came", by=owner(wrong))

    assert held(project) == Money(-3000, "GBP")


def test_what_was_taken_back_is_not_taken_back_again():
    project = funded()
    wrong = recording.record_payment_out(payment(project))
    recording.correct(wrong, because="Typed twice", by=owner(wrong))

    with pytest.raises(recording.TakenBackAlready):
        recording.correct(wrong, because="Typed twice", by=owner(wrong))

    assert held(project) == Money(500000, "GBP")


@pytest.mark.django_db(transaction=True)
def test_of_many_that_take_the_same_back_at_once_one_does():
    project = funded()
    wrong, person = (
        recording.record_payment_out(payment(project)),
        project.maintainers.first().user,
    )

    answers = together(lambda: recording.correct(wrong, because="Wrong", by=person), threads=6)

    assert answers.count(True) == 1
    assert held(project) == Money(500000, "GBP")


def test_what_was_taken_back_can_be_recorded_anew():
    project = funded()
    wrong = recording.record_payment_out(payment(project))
    recording.correct(wrong, because="The wrong day, I thought", by=owner(wrong))

    recording.record_payment_out(payment(project))

    assert held(project) == Money(497000, "GBP")
