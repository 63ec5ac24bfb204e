"""The admin: grants and payments out, by which staff record them for the time being."""

from datetime import date

import pytest

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.projects import recording
from funding.projects.models import Grant, PaymentOut
from tests import factories
from tests.projects.admin.forms import version

pytestmark = pytest.mark.django_db


def held(project):
    return balances.of(posting.project(project.pk, Account.Kind.HELD), project.currency)


def grant(project, /, **values):
    days = {"received_on": "2026-03-04", "starts_on": "2026-03-04", "ends_on": "2026-12-31"}
    return {"project": project.pk, "funder": "F", "amount": 500000, **days, **values}


def payment(project, /, **values):
    if not held(project):
        funds = Grant(project=project, funder="F", amount=500000, received_on=date(2026, 1, 1),
                      starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))  # fmt: skip
        recording.record_grant(funds)
    what = {"kind": "work", "paid_on": "2026-03-04", "amount": 3000, "supplier": "A host"}
    return {"project": project.pk, "person": "", "reference": "", **what, **values}


def test_a_grant_that_staff_record_is_in_the_books(staff, project):
    before = version(project)

    assert staff("projects/grant/add/", **grant(project)) == {}

    assert held(project) == Money(500000, "GBP")
    assert Grant.objects.get().entry.kind == Entry.Kind.GRANT
    assert version(project) > before


def test_a_payment_out_that_staff_record_is_in_the_books(staff, project):
    before = version(project)

    assert staff("projects/paymentout/add/", **payment(project)) == {}

    assert held(project) == Money(497000, "GBP")
    assert PaymentOut.objects.get().entry.kind == Entry.Kind.PAYMENT_OUT
    assert version(project) > before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 0), ("amount", -5), ("amount", 10**8), ("amount", "5.50"), ("amount", "ten"),
        ("funder", ""), ("funder", "x" * 121), ("project", 0), ("received_on", "2026-02-30"),
        ("ends_on", "2026-03-03"), ("starts_on", ""),
    ],
)  # fmt: skip
def test_a_bad_value_of_a_grant_names_its_field_and_books_nothing(staff, project, field, value):
    errors = staff("projects/grant/add/", **grant(project, **{field: value}))

    assert list(errors) == [field]
    assert not Entry.objects.filter(kind=Entry.Kind.PAYMENT_OUT).exists()


@pytest.mark.parametrize(
    ("field", "value"), [("amount", 0), ("amount", 10**8), ("kind", "gift"), ("paid_on", "soon")]
)
def test_a_bad_value_of_a_payment_names_its_field_and_books_nothing(staff, project, field, value):
    errors = staff("projects/paymentout/add/", **payment(project, **{field: value}))

    assert list(errors) == [field]
    assert not Entry.objects.filter(kind=Entry.Kind.PAYMENT_OUT).exists()


def test_a_payment_to_nobody_says_what_to_do(staff, project):
    errors = staff("projects/paymentout/add/", **payment(project, supplier=""))

    assert errors == {"__all__": ["Name either a funded person or a supplier, not both."]}


def test_a_project_pays_its_own_people_only(staff, project):
    stranger = factories.person(factories.project())

    errors = staff("projects/paymentout/add/", **payment(project, supplier="", person=stranger.pk))

    assert list(errors) == ["person"]
    assert not Entry.objects.filter(kind=Entry.Kind.PAYMENT_OUT).exists()


@pytest.mark.parametrize("kind", ["grant", "paymentout"])
def test_money_that_was_recorded_is_changed_and_deleted_by_nobody(
    staff, admin_client, project, kind
):
    staff("projects/grant/add/", **grant(project))
    staff("projects/paymentout/add/", **payment(project))
    row = {"grant": Grant, "paymentout": PaymentOut}[kind].objects.get()

    assert admin_client.get(f"/admin/projects/{kind}/").status_code == 200
    assert admin_client.get(f"/admin/projects/{kind}/{row.pk}/change/").status_code == 200
    for door in ("change", "delete"):
        answer = admin_client.post(f"/admin/projects/{kind}/{row.pk}/{door}/", {"amount": 1})
        assert answer.status_code == 403


def test_the_day_a_grant_came_is_kept(staff, project):
    staff("projects/grant/add/", **grant(project))

    assert Grant.objects.get().received_on == date(2026, 3, 4)
