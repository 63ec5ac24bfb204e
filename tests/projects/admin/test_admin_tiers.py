"""The admin: tiers, of which some are sold while they are edited."""

import pytest
from django.db.models.signals import pre_save

from funding.projects.models import Tier
from tests import factories
from tests.projects.admin.forms import no_inlines, version

pytestmark = pytest.mark.django_db


def tier_form(tier, **values):
    shown = {
        "project": tier.project_id, "name": tier.name, "description": tier.description,
        "position": tier.position, "monthly": tier.monthly, "yearly": tier.yearly,
        "audience": tier.audience, "seats": tier.seats or "", "closed_at_0": "",
        "closed_at_1": "",
    }  # fmt: skip
    return {**shown, **no_inlines("benefits"), **values}


def test_a_seat_that_is_taken_while_a_tier_is_edited_stays_taken(staff):
    tier = factories.tier(seats=3)

    def take_a_seat(**_):
        Tier.objects.filter(pk=tier.pk).update(taken=1)

    pre_save.connect(take_a_seat, sender=Tier)
    assert staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, name="Gold")) == {}
    pre_save.disconnect(take_a_seat, sender=Tier)

    tier.refresh_from_db()
    assert (tier.name, tier.taken) == ("Gold", 1)


def test_what_was_not_changed_in_a_tier_stays(staff):
    tier = factories.tier(monthly=10000)

    staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, monthly=12000))

    tier.refresh_from_db()
    assert (tier.monthly, tier.yearly) == (12000, 100000)


def test_fewer_seats_than_are_taken_are_refused(staff):
    tier = factories.tier(seats=3, taken=3)

    errors = staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, seats=2))

    assert errors == {"seats": ["More seats are taken than that."]}


def test_a_tier_without_a_price_is_refused(staff):
    tier = factories.tier()

    errors = staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, monthly="", yearly=""))

    assert errors == {"__all__": ["A tier has a monthly price, a yearly price, or both."]}


def test_a_tier_stays_with_its_project(staff):
    tier = factories.tier()
    other = factories.project(currency="USD")

    staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, project=other.pk))

    assert Tier.objects.get().project_id == tier.project_id


def test_a_change_of_a_tier_moves_the_version(staff):
    tier = factories.tier()
    before = version(tier.project)

    staff(f"projects/tier/{tier.pk}/change/", **tier_form(tier, name="Gold"))

    assert version(tier.project) > before


def test_a_tier_that_is_deleted_moves_the_version(staff):
    tier = factories.tier()
    before = version(tier.project)

    staff(f"projects/tier/{tier.pk}/delete/", post="yes")

    assert not Tier.objects.exists()
    assert version(tier.project) > before
