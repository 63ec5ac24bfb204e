"""What must never be false about projects' money is found when it is."""

from datetime import date

import pytest

from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.ledger.posting import Leg, Place
from funding.projects import checks, editing, recording
from funding.projects.models import Funding, Grant, PaymentOut, Project
from tests import factories
from tests.ledger import books
from tests.projects.records import grant, payment

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = date(2026, 3, 4)


@pytest.fixture
def project():
    return factories.project("Tidy")


def breaches():
    return list(checks.breaches())


def test_nothing_is_wrong_with_what_was_recorded(project):
    recording.record_grant(grant(project))
    recording.record_payment_out(payment(project))
    recording.record_payment_out(payment(project, person=factories.person(project), supplier=""))

    assert breaches() == []


@pytest.mark.parametrize("amount", [1, 500001])
def test_a_grant_that_says_another_amount_than_its_entry_is_named(project, amount):
    recording.record_grant(grant(project))

    Grant.objects.update(amount=amount)

    assert breaches() == [f"A foundation: {Money(amount, 'GBP')} of Tidy and its entry differ."]


def test_a_payment_that_says_another_amount_than_its_entry_is_named(project):
    recording.record_grant(grant(project))
    recording.record_payment_out(payment(project))

    PaymentOut.objects.update(amount=1)

    assert breaches() == ["A host: £0.01 of Tidy and its entry differ."]


def test_a_grant_that_was_moved_to_another_project_is_named(project):
    recording.record_grant(grant(factories.project()))

    Grant.objects.update(project=project)

    assert breaches() == ["A foundation: £5,000 of Tidy and its entry differ."]


def test_a_payment_that_came_in_as_a_grant_is_named(project):
    bank, held = Place(Account.Kind.BANK), Place(Account.Kind.HELD, f"project:{project.pk}")
    entry = books.entry(Leg(bank, held, books.gbp(3000)))

    payment(project, entry=entry).save()

    assert breaches() == ["A host: £30 of Tidy and its entry differ."]


@pytest.mark.parametrize("kind", [Entry.Kind.GRANT, Entry.Kind.PAYMENT_OUT])
def test_an_entry_that_nobody_recorded_is_named(kind):
    books.entry(kind=kind, reference="grant:lost")

    assert breaches() == ["Entry grant:lost belongs to no grant and no payment out."]


def taken_back(project):
    """A payment that was, beside a grant that holds."""
    recording.record_grant(grant(project))
    wrong = recording.record_payment_out(payment(project))
    recording.correct(wrong, because="Typed twice", by=project.maintainers.first().user)
    wrong.refresh_from_db()
    return wrong


def test_nothing_is_wrong_with_what_was_taken_back(project):
    wrong_grant = recording.record_grant(grant(project, funder="Another"))
    taken_back(project)
    owner = project.maintainers.first().user
    recording.correct(wrong_grant, because="Never came", by=owner)

    assert breaches() == []


def test_a_correction_that_no_row_knows_of_is_named(project):
    wrong = taken_back(project)

    PaymentOut.objects.update(taken_back=None)

    assert breaches() == [
        f"Entry correction:{wrong.entry.reference} takes back no grant and no payment out."
    ]


def test_a_row_that_is_taken_back_by_anything_else_is_named(project):
    wrong = taken_back(project)
    other = taken_back(factories.project("Other"))
    PaymentOut.objects.filter(pk=other.pk).update(taken_back=None)

    PaymentOut.objects.filter(pk=wrong.pk).update(taken_back=other.taken_back)

    assert breaches() == [
        "A host: £30 of Tidy and the entry that takes it back differ.",
        f"Entry correction:{wrong.entry.reference} takes back no grant and no payment out.",
    ]


def a_correction_of(row, *, legs, **values):
    entry = books.entry(
        *legs, kind=Entry.Kind.CORRECTION, corrects=row.entry, reference="correction:planted",
        **{"occurred_at": row.entry.occurred_at, **values},
    )  # fmt: skip
    type(row).objects.filter(pk=row.pk).update(taken_back=entry)


@pytest.mark.parametrize("fault", ["amount", "day", "direction"])
def test_a_correction_that_undoes_something_else_is_named(project, fault):
    recording.record_grant(grant(project))
    row = recording.record_payment_out(payment(project))
    bank, held = Place(Account.Kind.BANK), Place(Account.Kind.HELD, f"project:{project.pk}")
    debit, credit = (held, bank) if fault == "direction" else (bank, held)
    leg = Leg(debit, credit, books.gbp(2999 if fault == "amount" else 3000))

    a_correction_of(row, legs=[leg], **({"occurred_at": books.NOON} if fault == "day" else {}))

    assert breaches() == ["A host: £30 of Tidy and the entry that takes it back differ."]


def test_two_corrections_of_one_row_are_named(project):
    wrong = taken_back(project)
    bank, held = Place(Account.Kind.BANK), Place(Account.Kind.HELD, f"project:{project.pk}")

    books.entry(
        Leg(bank, held, books.gbp(3000)), kind=Entry.Kind.CORRECTION, corrects=wrong.entry,
        reference="correction:again",
    )  # fmt: skip

    assert breaches() == ["Entry correction:again takes back no grant and no payment out."]


def test_a_week_that_is_drawn_too_full_is_named(project):
    Funding.objects.update(filled=1)

    assert breaches() == ["Tidy is drawn as filled by 1, but it is 0."]


def test_a_goal_that_was_changed_without_recounting_is_named(project):
    Funding.objects.update(committed=650000)
    editing.recount(project)
    assert breaches() == []

    project.goals.filter(position=1).update(days=7)

    assert breaches() == ["Tidy is drawn as filled by 10000, but it is 5000."]


def test_a_project_without_totals_is_named():
    Project.objects.create(name="New", slug="new", currency="GBP", day_rate=1)

    assert breaches() == ["New has no row of totals, so its page cannot be drawn."]


@pytest.mark.parametrize("count", [1, 10])
def test_checking_takes_the_same_few_queries_however_many(django_assert_num_queries, count):
    for _ in range(count):
        project = factories.project()
        recording.record_grant(grant(project))
        recording.record_payment_out(payment(project))

    with django_assert_num_queries(5):
        breaches()
