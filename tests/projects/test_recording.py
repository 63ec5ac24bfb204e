"""Grants and payments out are in the books once, within what is held."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from funding.ledger import balances
from funding.ledger.models import Entry
from funding.ledger.money import Money
from funding.ledger.posting import Place
from funding.projects import recording
from funding.projects.models import Grant, PaymentOut
from tests import factories
from tests.projects.records import Kind, funded, grant, held, payment, version
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_grant_is_held_for_its_project():
    project = factories.project()

    recording.record_grant(grant(project))

    assert held(project) == balances.of(Place(Kind.BANK), "GBP") == Money(500000, "GBP")


def test_a_grant_is_in_the_currency_of_its_project():
    project = factories.project(currency="USD")

    recording.record_grant(grant(project))

    assert held(project) == Money(500000, "USD")


def test_a_grant_is_booked_on_the_day_it_came():
    recorded = recording.record_grant(grant(factories.project()))

    assert recorded.entry.kind == Entry.Kind.GRANT
    assert recorded.entry.occurred_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert recorded.entry.memo == "Grant by A foundation"


def test_a_payment_out_leaves_what_is_held():
    project = funded()

    recording.record_payment_out(payment(project))

    assert held(project) == balances.of(Place(Kind.BANK), "GBP") == Money(497000, "GBP")


def test_a_payment_out_names_whom_it_paid():
    project = funded()
    person = factories.person(project, "T. Carter")

    recorded = recording.record_payment_out(payment(project, person=person, supplier=""))

    assert recorded.entry.kind == Entry.Kind.PAYMENT_OUT
    assert recorded.entry.memo == "Paid to T. Carter"


@pytest.mark.parametrize(
    "record", [lambda project: recording.record_grant(grant(project)),
               lambda project: recording.record_payment_out(payment(project))],
    ids=["grant", "payment out"],
)  # fmt: skip
def test_money_that_is_recorded_moves_the_version(record):
    project = funded() if "payment" in record.__code__.co_names else factories.project()
    before = version(project)

    record(project)

    assert version(project) == before + 1


def test_a_form_that_is_sent_twice_records_a_grant_once():
    project = factories.project()
    recording.record_grant(grant(project))

    with pytest.raises(IntegrityError, match="grant"), transaction.atomic():
        recording.record_grant(grant(project))

    assert held(project) == Money(500000, "GBP")


def test_a_form_that_is_sent_twice_records_a_payment_once_and_another_reference_is_another():
    project = funded()

    def pay(reference):
        payment = PaymentOut(project=project, supplier="Hosting", amount=100,
                             paid_on=date(2026, 1, 5), reference=reference)  # fmt: skip
        return recording.record_payment_out(payment)

    pay("1")
    with pytest.raises(IntegrityError, match="payment"), transaction.atomic():
        pay("1")
    pay("2")

    assert PaymentOut.objects.count() == 2


def test_a_grant_that_is_recorded_again_is_refused_and_not_booked_twice():
    project = factories.project()
    recorded = recording.record_grant(grant(project))

    with pytest.raises(IntegrityError):
        recording.record_grant(recorded)

    assert held(project) == Money(500000, "GBP")


def test_a_grant_that_the_database_refuses_is_not_in_the_books():
    project = factories.project()
    before = version(project)

    with pytest.raises(IntegrityError):
        recording.record_grant(grant(project, ends_on=date(2026, 1, 1)))

    assert not Entry.objects.exists()
    assert version(project) == before


def test_a_payment_that_the_database_refuses_is_not_in_the_books():
    project = funded()

    with pytest.raises(IntegrityError), transaction.atomic():
        recording.record_payment_out(payment(project, supplier=""))

    assert not Entry.objects.filter(kind=Entry.Kind.PAYMENT_OUT).exists()


@pytest.mark.parametrize("amount", [0, -1])
def test_money_that_is_recorded_is_more_than_nothing(amount):
    with pytest.raises(ValueError, match="positive"):
        recording.record_grant(grant(factories.project(), amount=amount))

    assert not Grant.objects.exists()


# No more than is held


def test_a_project_pays_out_its_last_penny_and_no_more():
    project = funded()
    recording.record_payment_out(payment(project, amount=500000))

    with pytest.raises(recording.NotHeld, match="holds £0.00, and this is £0.01"):
        recording.record_payment_out(payment(project, amount=1))

    assert held(project) == Money(0, "GBP")


@pytest.mark.django_db(transaction=True)
def test_of_many_payments_at_once_none_is_paid_out_of_what_another_took():
    project = funded()
    references = list("abcdefgh")

    def pay():
        row = payment(project, amount=200000, reference=references.pop())
        return recording.record_payment_out(row)

    answers = together(pay, threads=8)

    assert sum(isinstance(answer, recording.NotHeld) for answer in answers) == 6
    assert held(project) == Money(100000, "GBP")
