"""Money paid out of a round's account, and what check_books finds."""

import pytest
from django.db import IntegrityError, transaction

from funding.ledger.models import Entry
from funding.office import clock
from funding.programmes import checks, outlays, purse
from funding.programmes.models import Instalment, Outlay, Place, Round
from tests.programmes import running_scenes as running
from tests.racing import together

pytestmark = pytest.mark.database
Status = Instalment.Status


def pay(one, by, **values):
    details = {"paid_by": "The foundation", "paid_on": clock.today(), "reference": "B-1"}
    return outlays.pay(one.pk, by=by, **{**details, **values})


def spend(round_, by, amount):
    return outlays.spend(
        round_, what="Travel", amount=amount, paid_by="The operator", paid_on=clock.today(),
        reference="T-1", by=by,
    )  # fmt: skip


@pytest.fixture
def round_(db):
    made = running.round_()
    running.funded(made)
    return made


@pytest.fixture
def by(round_):
    return running.organiser(round_)


def test_a_released_instalment_is_paid_out_of_the_rounds_account(round_, by):
    one = running.released(running.place(round_))

    outlay = pay(one, by)

    one.refresh_from_db()
    assert (one.status, outlay.amount) == (Status.PAID, one.amount)
    assert outlay.entry.kind == Entry.Kind.STIPEND_PAID
    assert outlays.held(round_).amount == running.STIPEND - one.amount


def test_what_waits_for_its_checkpoint_is_not_paid(round_, by):
    one = running.place(round_).instalments.first()

    with pytest.raises(outlays.NotToBePaid):
        pay(one, by)


def test_more_than_is_held_is_refused_in_words(round_, by):
    with pytest.raises(outlays.NotHeld, match="£2,400.00 is left"):
        spend(round_, by, running.STIPEND + 1)
    assert spend(round_, by, running.STIPEND).entry.kind == Entry.Kind.COST_PAID


@pytest.mark.django_db(transaction=True)
def test_an_instalment_that_several_pay_at_once_is_paid_once():
    made = running.round_()
    running.funded(made, running.STIPEND * 3)
    one, by = running.released(running.place(made)), running.organiser(made)

    together(lambda: pay(one, by), threads=8)

    assert Outlay.objects.count() == 1
    assert outlays.held(made).amount == running.STIPEND * 3 - one.amount


@pytest.mark.django_db(transaction=True)
def test_several_who_spend_at_once_never_spend_more_than_is_held():
    made = running.round_()
    running.funded(made, 1000)
    by = running.organiser(made)

    together(lambda: spend(made, by, 400), threads=8)

    assert outlays.held(made).amount == 200


def test_the_database_refuses_a_second_outlay_of_an_instalment(round_, by):
    outlay = pay(running.released(running.place(round_)), by)
    outlay.pk, outlay.entry = None, running_entry(round_, by)

    with pytest.raises(IntegrityError), transaction.atomic():
        outlay.save(force_insert=True)


def running_entry(round_, by):
    return spend(round_, by, 1).entry


def test_what_was_recorded_wrongly_is_taken_back_and_may_be_paid_anew(round_, by):
    one = running.released(running.place(round_))
    wrong = pay(one, by)

    outlays.take_back(wrong, because="Another bank", by=by)
    back = outlays.held(round_).amount
    pay(one, by, reference="B-2")

    assert back == running.STIPEND
    assert purse.of(round_).stipends.amount == one.amount
    assert list(checks.breaches()) == []


def test_it_is_taken_back_once(round_, by):
    wrong = spend(round_, by, 100)
    outlays.take_back(wrong, because="Twice", by=by)

    with pytest.raises(outlays.TakenBackAlready):
        outlays.take_back(wrong, because="Twice", by=by)


# check_books


def test_the_books_of_a_round_are_clean(round_, by):
    place = running.place(round_)
    pay(running.released(place), by)

    assert list(checks.breaches()) == []


def planted(round_, by):
    place = running.place(round_)
    return place, pay(running.released(place), by)


def test_a_place_whose_instalments_do_not_sum_is_found(round_, by):
    place, _ = planted(round_, by)
    Place.objects.filter(pk=place.pk).update(stipend=1)

    assert "not its stipend" in " ".join(checks.breaches())


def test_a_release_without_both_sides_is_found(round_, by):
    place, _ = planted(round_, by)
    place.feedback.filter(side="mentor").delete()

    assert "without both sides" in " ".join(checks.breaches())


def test_a_payment_that_the_books_do_not_know_is_found(round_, by):
    _, outlay = planted(round_, by)
    Outlay.objects.filter(pk=outlay.pk).update(amount=5)

    found = " ".join(checks.breaches())
    assert "its entry differ" in found and "recorded as paid for it differ" in found


def test_a_wrong_count_of_places_is_found(round_, by):
    planted(round_, by)
    Round.objects.filter(pk=round_.pk).update(places_taken=0)

    assert "counts 0 places taken, but 1 are" in " ".join(checks.breaches())
