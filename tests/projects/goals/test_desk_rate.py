"""The day rate: what a day costs, and what money pays for."""

import pytest

from funding.ledger.money import Money
from funding.projects import rungs
from funding.projects.forms import RateForm
from funding.projects.models import Funding, Project
from tests import factories
from tests.projects.goals.rungs import BASE, errors, typed

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def set_rate(client, rate, **more):
    form = RateForm(instance=Project.objects.get(slug="harbour"))
    return client.post(f"{BASE}/goals/", typed(form) | {"day_rate": rate, **more})


def test_a_rate_is_typed_and_shown_in_major_units(signed_in, project):
    set_rate(signed_in, "412.50")

    page = signed_in.get(f"{BASE}/goals/").content.decode()
    assert Project.objects.get().day_rate == 41250
    assert 'value="412.50"' in page


def test_a_rate_says_what_time_costs_and_what_money_pays_for(signed_in, project):
    page = signed_in.get(f"{BASE}/goals/").content.decode()

    for said in ("£1,300", "£6,500", "£100 a month", "days a month", "£1,000 a month", "0.7 day"):
        assert said in page


def test_in_yen_the_examples_are_sums_that_somebody_gives(user):
    yen = factories.project(currency="JPY", day_rate=40000)

    assert rungs.meaning(yen).amounts == [Money(10_000, "JPY"), Money(100_000, "JPY")]


def test_looking_at_what_a_rate_means_saves_nothing(signed_in, project):
    response = set_rate(signed_in, "600", preview="1")

    page = response.content.decode()
    assert response.status_code == 200
    assert "Not saved" in page
    assert "£2,600" in page
    assert 'value="600"' in page
    assert Project.objects.get().day_rate == 30000


def test_the_week_is_counted_anew_when_the_rate_changes(signed_in, project):
    Funding.objects.update(committed=390_000)

    set_rate(signed_in, "150")

    assert Funding.objects.get().filled == 10000


@pytest.mark.parametrize("rate", ["", "0", "-1", "£300", "1e3", "12,5", "1000000000000", "0.001"])
def test_a_rate_that_cannot_be_is_refused(signed_in, project, rate):
    for more in ({}, {"preview": "1"}):
        response = set_rate(signed_in, rate, **more)

        assert response.status_code == 422
        assert "day_rate" in errors(response)
        assert Project.objects.get().day_rate == 30000


def test_two_who_change_the_rate_are_told(signed_in, project):
    stale = typed(RateForm(instance=project))
    set_rate(signed_in, "400")

    response = signed_in.post(f"{BASE}/goals/", stale | {"day_rate": "500"})

    assert errors(response)["day_rate"] == ["Now stands: 400"]
    assert Project.objects.get().day_rate == 40000
