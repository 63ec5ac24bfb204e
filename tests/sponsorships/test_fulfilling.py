"""What was promised becomes owed by a day, once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.office import clock
from funding.projects.models import Benefit
from sponsors.billing import ending
from sponsors.sponsorships import periods, tasks
from sponsors.sponsorships.models import Fulfilment, Sponsorship
from tests import factories, scenarios, world
from tests.racing import together
from tests.sponsorships.promises import due, promising

pytestmark = pytest.mark.database


def days(*, kind):
    return list(Fulfilment.objects.filter(kind=kind).values_list("period", "due_on"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("docs", [("", date(2026, 1, 19))]),
        ("releases", [("", date(2026, 2, 4))]),
        ("own", [("", date(2026, 1, 19))]),
        ("hours", [("2026-01-05", date(2026, 2, 5))]),
        ("call", [("2026-01-05", date(2026, 4, 5))]),
        ("logo", []),
        ("support", []),
    ],
)
def test_each_promise_is_due_by_its_day(engine, kind, expected):
    scenarios.paid(engine, tier=promising(kind))

    due()

    assert days(kind=kind) == expected


def test_the_site_itself_finds_what_is_due(engine):
    scenarios.paid(engine, tier=promising("docs"))

    tasks.note_what_is_due()

    assert Fulfilment.objects.count() == 1


def test_it_may_be_asked_any_number_of_times(engine):
    scenarios.paid(engine, tier=promising("docs", "hours", "call"))

    assert (due(), due(), due()) == (3, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_ten_who_ask_at_once_write_it_down_once():
    with world.engine() as engine:
        scenarios.paid(engine, tier=promising("docs", "hours"))

        together(due, threads=10)

    assert Fulfilment.objects.count() == 2


def test_hours_are_owed_for_each_month_that_is_paid_for(engine):
    scenarios.paid(engine, tier=promising("hours"))

    world.days(engine, 75)
    due()

    assert [period for period, _ in days(kind="hours")] == [
        "2026-01-05", "2026-02-05", "2026-03-05",
    ]  # fmt: skip


def test_a_month_that_is_not_paid_for_is_not_owed(engine):
    ending.cancel(scenarios.paid(engine, tier=promising("hours")))

    world.days(engine, 35)  # over since four days, and within its grace
    due()

    assert [period for period, _ in days(kind="hours")] == ["2026-01-05"]


def test_a_31st_is_the_last_day_of_shorter_months():
    found = list(periods.due("hours", first_paid=date(2026, 1, 31), until=date(2026, 4, 1)))

    assert [each.on for each in found] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_what_a_tier_promises_later_is_not_owed_to_who_bought_before(engine):
    tier = promising("docs")
    scenarios.paid(engine, tier=tier)
    Benefit.objects.create(tier=tier, kind="call", text="A call")

    due()

    assert set(Fulfilment.objects.values_list("kind", flat=True)) == {"docs"}


def test_who_stands_no_longer_is_owed_nothing_any_more(engine):
    ending.cancel(scenarios.paid(engine, tier=promising("docs")))
    due()
    assert Fulfilment.objects.owed(clock.now()).count() == 1

    world.days(engine, 50)

    assert due() == 0
    assert Fulfilment.objects.owed(clock.now()).count() == 0


def test_who_is_not_named_is_not_to_be_named_anywhere(engine):
    scenarios.paid(engine, tier=promising("docs", "releases", "call"), visibility="anonymous")

    due()

    owed = Fulfilment.objects.owed(clock.now())
    assert set(owed.values_list("kind", flat=True)) == {"call"}


@pytest.mark.parametrize("count", [2, 60])
def test_a_batch_takes_the_same_queries_however_many_it_holds(at_the_beginning, db, count):
    tier = promising("docs", "hours")
    person = factories.user()
    Sponsorship.objects.bulk_create(
        Sponsorship(
            company=factories.company(), project=tier.project, tier=tier, bought_by=person,
            interval="month", amount=100, currency="GBP", a_month=100, status="active",
            tier_name="T", benefits=list(tier.benefits.values("kind", "text", "hours")),
            created_at=world.BEGINNING, since=world.BEGINNING, first_paid_at=world.BEGINNING,
            paid_through=world.BEGINNING + timedelta(days=31),
            stands_until=world.BEGINNING + timedelta(days=45),
        )
        for _ in range(count)
    )  # fmt: skip

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert due() == 2 * count

    assert len(asked) <= 6  # two batches, one of them empty; what is there; what is written
