"""What a project's rows must never say: the database refuses it, under a name."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from funding.ledger.money import MOST
from funding.projects.models import (
    FundedPerson,
    Goal,
    Grant,
    Maintainer,
    PaymentOut,
    Project,
    Tier,
)
from tests import factories
from tests.ledger.books import entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = date(2026, 3, 4)


def refused_by(name, columns=""):
    """SQLite names a unique constraint by its columns, PostgreSQL every constraint by its name."""
    named_by_columns = columns and connection.vendor == "sqlite"
    return pytest.raises(IntegrityError, match=columns if named_by_columns else name)


OUR_APPS = ["office", "accounts", "ledger", "projects", "companies", "sponsorships", "billing"]


@pytest.mark.parametrize("label", OUR_APPS)
def test_every_constraint_of_a_model_is_in_the_database_by_its_name(label):
    for model in apps.get_app_config(label).get_models():
        with connection.cursor() as cursor:
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
        assert {constraint.name for constraint in model._meta.constraints} <= set(there)


@pytest.mark.parametrize("day_rate", [0, -1, MOST + 1])
def test_a_day_costs_something_that_can_be_charged(day_rate):
    with refused_by("project_day_rate_positive"), transaction.atomic():
        factories.project(day_rate=day_rate)


def test_a_maintainer_is_named_once_a_project():
    user = factories.user()
    project = factories.project(maintainer=user)

    with refused_by("maintainer_once_a_project", "project_id, projects_maintainer.user_id"):
        Maintainer.objects.create(project=project, user=user, role="editor")


def test_a_slug_belongs_to_one_project():
    factories.project(slug="x")

    with refused_by("slug"):
        factories.project(slug="x")


def test_two_rungs_do_not_stand_at_one_height():
    project = factories.project(goals=[(1, "A")])

    with refused_by("goal_position_once", "project_id, projects_goal.position"):
        Goal.objects.create(project=project, position=0, title="B", days=1)


@pytest.mark.parametrize("days", [0, -1])
def test_a_rung_adds_days(days):
    project = factories.project(goals=[])

    with refused_by("goal_days_positive"):
        Goal.objects.create(project=project, position=0, title="A", days=days)


def grant(**values):
    defaults = {"funder": "F", "amount": 1, "received_on": DAY, "starts_on": DAY, "ends_on": DAY}
    made = {"project": factories.project(), "entry": entry()}
    return Grant.objects.create(**{**defaults, **made, **values})


def test_a_grant_of_a_day_is_a_grant():
    assert grant().pays_on(DAY)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_grant_is_more_than_nothing(amount):
    with refused_by("grant_amount_positive"):
        grant(amount=amount)


def test_a_grant_ends_after_it_starts():
    with refused_by("grant_ends_after_it_starts"):
        grant(ends_on=date(2026, 3, 3))


def test_an_entry_belongs_to_one_grant():
    with refused_by("entry_id"):
        grant(entry=grant().entry)


def payment(**values):
    defaults = {"supplier": "S", "amount": 1, "paid_on": DAY, "entry": entry()}
    made = {"project": factories.project()}
    return PaymentOut.objects.create(**{**defaults, **made, **values})


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_out_is_more_than_nothing(amount):
    with refused_by("payment_out_positive"):
        payment(amount=amount)


def test_a_payment_out_goes_to_somebody():
    with refused_by("payment_out_to_somebody"):
        payment(supplier="")


def test_a_payment_out_goes_to_one_alone():
    person = factories.person(factories.project())

    with refused_by("payment_out_to_somebody"):
        payment(person=person, supplier="S")


def test_a_tiers_name_is_used_once_a_project():
    tier = factories.tier(name="Basic")

    with refused_by("tier_name_once_a_project", "project_id, projects_tier.name"):
        factories.tier(tier.project, name="Basic")


def test_two_projects_may_name_a_tier_alike():
    assert factories.tier(name="Basic") != factories.tier(name="Basic")


def test_a_tier_has_a_price():
    with refused_by("tier_has_a_price"):
        factories.tier(monthly=None, yearly=None)


@pytest.mark.parametrize(("monthly", "yearly"), [(100, None), (None, 100), (MOST, MOST)])
def test_one_price_is_enough(monthly, yearly):
    assert factories.tier(monthly=monthly, yearly=yearly).pk


@pytest.mark.parametrize("price", [0, -1, MOST + 1])
@pytest.mark.parametrize("interval", ["monthly", "yearly"])
def test_a_price_can_be_charged(interval, price):
    with refused_by("tier_price_chargeable"):
        factories.tier(**{interval: price})


def test_no_more_seats_are_taken_than_there_are():
    tier = factories.tier(seats=3)

    with refused_by("tier_seats_not_oversold"):
        Tier.objects.filter(pk=tier.pk).update(taken=4)


def test_seats_that_are_taken_cannot_be_taken_away():
    tier = factories.tier(seats=3, taken=3)

    with refused_by("tier_seats_not_oversold"):
        Tier.objects.filter(pk=tier.pk).update(seats=2)


def test_no_seat_is_given_back_twice():
    tier = factories.tier(seats=3)

    with refused_by("taken"):
        Tier.objects.filter(pk=tier.pk).update(taken=-1)


def test_without_a_limit_any_number_of_seats_is_taken():
    assert factories.tier(seats=None, taken=10_000).seats_left is None


# What hangs together stays together


def test_a_project_whose_tiers_are_sold_cannot_be_deleted():
    tier = factories.tier()

    with pytest.raises(IntegrityError):
        tier.project.delete()

    assert Project.objects.filter(pk=tier.project_id).exists()


def test_a_person_who_was_paid_cannot_be_deleted():
    project = factories.project()
    person = factories.person(project)
    payment(project=project, person=person, supplier="")

    with pytest.raises(IntegrityError):
        person.delete()

    assert FundedPerson.objects.filter(pk=person.pk).exists()


def test_constraints_that_are_unique_are_unique_in_the_database():
    for model in apps.get_app_config("projects").get_models():
        with connection.cursor() as cursor:
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                assert there[constraint.name]["unique"]
