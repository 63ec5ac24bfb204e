"""Months, against an oracle that walks the calendar day by day: the 31st is the last day of shorter
months and comes back to the 31st, whatever zone the process and the reader are in."""

import os
import time
from calendar import timegm
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from django.template import Context, Template
from django.utils import timezone

from sandbox import periods as stripes
from sponsors.billing import periods as months_of_service
from sponsors.billing import warning
from sponsors.billing.models import Subscription
from sponsors.sponsorships import periods, words
from sponsors.sponsorships.models import Status
from tests import scenarios, world

MONTHS = 48
ZONES = [
    "UTC", "Europe/London", "Europe/Helsinki", "America/New_York", "America/St_Johns",
    "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago",
]  # fmt: skip
EVERY_DAY = [date(2027, 1, 1) + timedelta(days=number) for number in range(365 + 366)]
MONTHLY = {"interval": "month", "interval_count": 1}
YEARLY = {"interval": "year", "interval_count": 1}


@pytest.fixture(params=ZONES)
def zone(request):
    """The process is there, and whoever reads too."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    try:
        with timezone.override(request.param):
            yield request.param
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


@cache
def last_days():
    """(year, month) -> its days, counted by walking from one day to the next."""
    found, day = {}, date(2026, 1, 1)
    while day.year < 2034:
        found[day.year, day.month] = day.day
        day += timedelta(days=1)
    return found


def oracle(start, months):
    """No arithmetic on months: the so-many-th name after this one in the row of all months."""
    names = sorted(last_days())
    name = names[names.index((start.year, start.month)) + months]
    return date(*name, min(start.day, last_days()[name]))


@cache
def expected():
    return {day: [oracle(day, number) for number in range(1, MONTHS + 1)] for day in EVERY_DAY}


def noon(day, hour=23, minute=40):
    """Late enough that it is another day in half the world."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def test_the_oracle_is_right_where_anybody_can_see_it():
    thirty_first = [oracle(date(2027, 1, 31), number) for number in (1, 2, 3, 12, 13)]

    assert thirty_first == [
        date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2028, 1, 31),
        date(2028, 2, 29),
    ]  # fmt: skip


def test_months_of_money_paid_ahead_begin_on_their_days(zone):
    for day, dues in expected().items():
        made = [
            months_of_service.month_after(noon(day), number) for number in range(1, MONTHS + 1)
        ]
        assert made == [noon(due) for due in dues], day


def test_promises_fall_due_on_their_days(zone):
    for day, dues in expected().items():
        made = [periods.months_after(day, number) for number in range(1, MONTHS + 1)]
        assert made == dues, day


def test_stripes_anchors_come_round_on_their_days(zone):
    for day, dues in expected().items():
        anchor, made, moment = seconds(noon(day)), [], seconds(noon(day))
        for _ in range(MONTHS):
            moment = stripes.next_boundary(anchor, MONTHLY, moment)
            made.append(moment)
        assert made == [seconds(noon(due)) for due in dues], day


def test_stripes_years_come_round_on_their_days(zone):
    for day, dues in expected().items():
        anchor = seconds(noon(day))
        made = [stripes.boundary(anchor, YEARLY, number) for number in range(1, 5)]
        assert made == [seconds(noon(due)) for due in dues[11::12]], day


def seconds(instant):
    return timegm(instant.utctimetuple())


def test_the_day_that_is_shown_is_the_days_in_utc_for_every_reader(zone):
    page = Template("{% load projects %}{{ at|day }}")

    for day in EVERY_DAY[::7]:
        shown = page.render(Context({"at": noon(day)}))
        assert shown == words.day(noon(day)) == f"{day.day} {day:%B} {day.year}"


def test_notices_are_due_at_the_same_instants_everywhere(zone):
    for day in EVERY_DAY[::5]:
        row = Subscription(stripe_id="sub_1", period_ends_at=noon(day))
        told = [
            warning._notice_key(row, noon(day) - timedelta(days=ahead)).rpartition(":")[2]
            for ahead in (30, 20, 7.01, 7, 1)
        ]
        assert told == ["30", "30", "30", "7", "7"]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["America/St_Johns", "Pacific/Kiritimati"], indirect=True)
def test_bought_on_31_january_it_renews_on_the_last_days_for_48_months(zone):
    """Through Stripe's pages, webhooks and our books; not a day of drift."""
    bought = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)
    with world.engine(now=bought) as engine:
        sponsorship = scenarios.settled(engine)
        due = [oracle(bought.date(), number) for number in range(1, MONTHS + 2)]
        for day in due[:-1]:
            engine.advance(seconds(noon(day) + timedelta(hours=2)))

        sponsorship.refresh_from_db()
        starts = sponsorship.invoices.order_by("created_at").values_list(
            "period_starts_at", "period_ends_at"
        )
        assert [start.date() for start, _ in starts] == [bought.date(), *due[:-1]]
        assert [end.date() for _, end in starts] == due
        assert {start.strftime("%H:%M") for start, _ in starts} == {"23:30"}
        assert sponsorship.status == Status.ACTIVE
        assert sponsorship.paid_through == noon(due[-1], 23, 30)
        assert set(sponsorship.invoices.values_list("status", flat=True)) == {"paid"}
