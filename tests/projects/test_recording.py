"""Editing: grants and payments out are in the books once, and the page's version moves."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.ledger.posting import Place
from funding.projects import editing, recording
from funding.projects.models import Funding, Goal, Grant, PaymentOut, Project
from tests import factories
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Kind = Account.Kind
DAY = date(2026, 3, 4)


def version(project):
    return Funding.objects.get(pk=project.pk).version


def filled(project):
    return Funding.objects.get(pk=project.pk).filled


def held(project):
    return balances.of(posting.project(project.pk, Kind.HELD), project.currency)


def grant(project, **values):
    defaults = {"funder": "A foundation", "amount": 500000, "received_on": DAY}
    dates = {"starts_on": DAY, "ends_on": date(2026, 12, 31)}
    return Grant(project=project, **{**defaults, **dates, **values})


def funded(**values):
    """A project that holds enough to pay from."""
    project = factories.project(**values)
    recording.record_grant(grant(project))
    return project


def payment(project, **values):
    defaults = {"supplier": "A host", "amount": 3000, "paid_on": DAY}
    return PaymentOut(project=project, **{**defaults, **values})


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


# Taking back


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


# The version and how full the week is


def test_touching_moves_the_version():
    project = factories.project()
    before = version(project)

    editing.touch(project.pk)

    assert version(project) == before + 1


def test_touching_a_project_without_totals_gives_it_some():
    project = Project.objects.create(name="New", slug="new", currency="GBP", day_rate=1)

    editing.touch(project.pk)

    assert version(project) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_touches_at_once_are_twenty_versions():
    project = factories.project()
    before = version(project)

    together(lambda: editing.touch(project.pk))

    assert version(project) == before + 20


def test_a_week_is_counted_anew_when_a_goal_changes():
    project = factories.project(goals=[(3, "Maintenance")])
    Funding.objects.filter(pk=project.pk).update(committed=195000)
    editing.recount(project)
    assert filled(project) == 5000

    Goal.objects.create(project=project, position=1, title="More", days=2)
    editing.recount(project)

    assert filled(project) == 3000


def test_a_week_is_counted_anew_when_the_day_rate_changes():
    project = factories.project(goals=[(3, "Maintenance")])
    Funding.objects.filter(pk=project.pk).update(committed=195000)

    Project.objects.update(day_rate=15000)
    editing.recount(project)

    assert filled(project) == 10000


def test_a_project_without_goals_is_full():
    assert filled(factories.project(goals=[])) == 10000


def test_recounting_moves_the_version():
    project = factories.project()
    before = version(project)

    editing.recount(project)

    assert version(project) == before + 1


def test_what_was_rolled_back_moves_no_version():
    project = factories.project()
    before = version(project)

    with pytest.raises(RuntimeError), transaction.atomic():
        editing.touch(project.pk)
        raise RuntimeError

    assert version(project) == before
