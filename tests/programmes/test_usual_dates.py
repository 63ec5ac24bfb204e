"""Dates to begin with: an organiser who has none yet is spared typing seventeen of them."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from funding.office import clock
from funding.programmes import phases, usual_dates
from funding.programmes.models import Phase, Round
from tests.programmes import scenes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def draft():
    made = scenes.round_()
    made.phases.all().delete()
    Round.objects.filter(pk=made.pk).update(status="draft", opened_at=None, zone="Europe/Berlin")
    made.refresh_from_db()
    return made


@pytest.fixture
def look(draft):
    client = Client()
    client.force_login(draft.programme.parts.get(role="organiser").user)
    path = f"/organise/{draft.programme.slug}/{draft.slug}/dates/"
    return lambda query="": client.get(path + query).text


def test_each_phase_follows_the_one_before_at_the_same_hour_in_the_zone():
    times = usual_dates.of(NOW, "Europe/Berlin")

    phases.insist_order(times)
    assert list(times) == [
        "funding", "applications", "review", "selection", "acceptance", "running", "closing",
    ]  # fmt: skip
    assert times["funding"] == (
        datetime(2026, 3, 20, 15, tzinfo=UTC), datetime(2026, 5, 1, 14, tzinfo=UTC)
    )  # fmt: skip


def test_they_are_offered_where_there_are_none_and_nothing_is_kept(look, draft):
    assert "Fill in usual dates" in look()

    page = look("?usual=1")

    ends = usual_dates.of(clock.now(), "Europe/Berlin")["funding"][1]
    assert "Nothing is saved yet" in page
    assert f'value="{ends:%Y-%m-%d}T16:00"' in page
    assert not Phase.objects.filter(round=draft).exists()


def test_dates_that_stand_are_never_written_over(look, draft):
    times = {"starts_at": clock.now(), "ends_at": usual_dates.of(clock.now(), "")["funding"][1]}
    Phase.objects.create(round=draft, kind="funding", **times)

    assert "Fill in usual dates" not in look()
    assert "Nothing is saved yet" not in look("?usual=1")
