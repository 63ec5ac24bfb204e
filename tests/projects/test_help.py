"""The help page: every figure in its examples, computed here by hand from what the page supposes."""

import re
from datetime import date, timedelta
from fractions import Fraction
from html import unescape
from math import ceil, floor

import pytest
from django.test import Client

from tests import factories

SECTIONS = (
    "week", "ladder", "committed", "money", "yearly", "standing", "visibility", "ending", "archive",
    "programmes", "applying", "organising",
)  # fmt: skip


@pytest.fixture
def html(db):
    return unescape(Client().get("/help/").content.decode())


@pytest.fixture
def facts(html):
    """What each section's example says: its names and their figures, without the markup."""
    return {
        name: {plain(dt): plain(dd) for dt, dd in re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", one)}
        for name, one in re.findall(r'(?s)<section [^>]*id="(\w+)"(.*?)</section>', html)
    }


def plain(markup):
    return re.sub("<[^>]+>", "", markup)


def pence(text):
    return int(round(Fraction(text.replace("£", "").replace(",", "")) * 100))


def pounds(amount):
    return f"£{amount / 100:,.2f}"


def tenths(days):
    """Days as the page writes them, rounded down."""
    return f"{floor(days * 10) / 10:g}"


DAY_RATE = 300_00
DAY_A_WEEK = Fraction(DAY_RATE * 52, 12)
COMMITTED = 12 * 100_00 + 4 * 400_00 + 4_800_00 // 12


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_has_its_place(html, section):
    assert html.count(f'id="{section}"') == 1
    assert f'href="#{section}"' in html


def test_the_seats_of_a_round_pay_for_its_places(facts):
    said = facts["programmes"]
    place = pence(said["Suppose a stipend of"]) + pence(said["and a mentor’s time of"])

    assert pence(said["A place costs"]) == place
    assert (
        pence(said["2 places together"]) == 2 * place == 3 * pence(said["Each of 3 equal seats"])
    )


def test_the_page_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get("/help/")


def test_what_is_supposed_of_the_week_is_written_there(facts):
    said = facts["week"]

    assert said["Suppose one working day costs"] == "£300"
    assert (
        "12 companies at £100, 4 at £400, and one at £4,800 a year, which is £400 a month" in said
    )
    assert "A grant of £7,800 for 26 weeks adds" in said


def test_a_day_a_week_costs_the_day_rate_by_52_twelfths(facts):
    assert pence(facts["week"]["One day a week, a month"]) == ceil(DAY_A_WEEK) == 1_300_00


def test_what_is_committed_is_the_sum_of_the_prices(facts):
    sums = [said for name, said in facts["week"].items() if "companies at" in name]

    assert [pence(said) for said in sums] == [COMMITTED] == [3_200_00]


def test_the_week_is_committed_money_by_the_cost_of_a_day_and_the_grant(facts):
    by_sponsors = COMMITTED / DAY_A_WEEK
    by_grant = Fraction(7_800_00) / 26 / DAY_RATE

    assert facts["week"]["Days that sponsors pay for"] == tenths(by_sponsors) == "2.4"
    assert facts["week"]["A grant of £7,800 for 26 weeks adds"] == tenths(by_grant) == "1"
    assert facts["week"]["The week"] == f"{tenths(by_sponsors + by_grant)} of 5 days"


def test_the_picture_is_filled_as_the_figures_say(html):
    said = re.search(r'aria-label="([^"]+ paid for[^"]*)"', html)[1]
    week = html.partition('class="legend"')[0]
    filled = sum(int(width) for width in re.findall(r'class="committed" width="(\d+)"', week))

    assert said == "3.4 of 5 days a week are paid for, 1 of them by grants"
    assert filled == floor(COMMITTED / DAY_A_WEEK * 1000)


def test_each_rung_costs_its_days_and_those_below(facts):
    assert pence(facts["ladder"]["Maintenance: 3 days a week"]) == 3 * DAY_A_WEEK
    assert pence(facts["ladder"]["Features: 5 days a week"]) == 5 * DAY_A_WEEK


def test_the_next_rung_is_missing_what_is_not_committed(facts):
    missing = 3 * DAY_A_WEEK - COMMITTED

    assert pence(facts["ladder"]["Missing for Maintenance"]) == missing == 700_00
    assert float(facts["ladder"]["In days a week"]) == ceil(missing / DAY_A_WEEK * 10) / 10


def test_what_is_held_pays_what_sponsors_leave_short_day_by_day(facts):
    short = 5 * DAY_A_WEEK - COMMITTED
    a_day = short * 12 / Fraction("365.25")
    days = floor(9_900_00 / a_day)
    last = date(2027, 3, 1) + timedelta(days=days - 1)

    assert pence(facts["ladder"]["Short of the whole ladder, a month"]) == short == 3_300_00
    assert facts["ladder"]["Suppose it holds, on 1 March 2027"] == "£9,900"
    assert last == date(2027, 5, 30)
    assert facts["ladder"]["The whole ladder is paid for until"] == "30 May 2027"


def test_the_project_has_a_payment_without_the_tax_and_the_fee(facts):
    said = facts["money"]
    price, tax, fee = (
        pence(said[name])
        for name in ("Suppose a price of", "and tax of", "Suppose the card costs")
    )

    assert (price, tax, fee) == (400_00, 80_00, 7_40)
    assert pence(said["The company pays"]) == price + tax
    assert said["The project has"] == pounds(price - fee) == "£392.60"


def test_a_yearly_payment_comes_in_twelfths_with_the_rest_in_the_last(facts):
    said = facts["yearly"]
    left = 4_800_00 - 83_70

    assert pence(said["Committed a month"]) == 4_800_00 // 12
    assert pence(said["The project has"]) == left
    assert pence(said["Received in each of eleven months"]) == left // 12 == 393_02
    assert pence(said["and in the last"]) == left - 11 * (left // 12) == 393_08


def test_a_name_stands_fourteen_days_after_what_is_paid_for(facts, html):
    until = date(2027, 3, 31) + timedelta(days=14)

    assert facts["standing"]["Suppose it is paid through"] == "31 March 2027"
    assert (
        facts["standing"]["The name stands until"] == f"{until.day} April 2027" == "14 April 2027"
    )
    assert "until 14 days after the end of what is paid for" in html


# Ways to it


@pytest.mark.parametrize("path", ["/", "/projects/", "/accounts/login/", "/help/"])
def test_the_foot_of_every_page_leads_there(db, path):
    footer = Client().get(path).content.decode().partition("<footer")[2]

    assert 'href="/help/"' in footer


def test_a_projects_page_leads_there_where_it_says_how_its_week_is_computed(db):
    html = Client().get(factories.project().get_absolute_url()).content.decode()

    assert 'href="/help/#week"' in html.partition("How this is computed")[2]
    assert 'href="/help/"' in html.partition("<footer")[2]


def test_a_ladder_without_rungs_leads_to_how_goals_work(db):
    html = Client().get(factories.project(goals=()).get_absolute_url()).content.decode()

    assert 'href="/help/#ladder"' in html


@pytest.mark.parametrize("path", ["/", "/projects/"])
def test_a_site_without_projects_leads_there(db, path):
    html = Client().get(path).content.decode()

    assert (
        'href="/help/"' in html.partition("No project is published yet")[2].partition("<footer")[0]
    )


# The front page


@pytest.mark.parametrize("address", ["/projects/", "/maintain/new/"])
def test_the_front_page_has_a_door_for_companies_and_one_for_maintainers(db, address):
    html = Client().get("/").content.decode()

    assert f'href="{address}"' in html.partition("<main")[2].partition("How it works")[0]


def test_the_front_page_shows_the_six_that_need_somebody_most(db):
    for number in range(8):
        factories.project(f"Project {number}", goals=((number + 1, "G"),) if number else ())

    html = Client().get("/").content.decode()

    assert len(re.findall('<li class="card project">', html)) == 6
    assert "Project 0" not in html


@pytest.mark.parametrize("count", [3, 30])
def test_the_front_page_takes_three_queries_however_many_projects_there_are(
    db, django_assert_num_queries, count
):
    for _ in range(count):
        factories.project()

    with django_assert_num_queries(3):
        Client().get("/")
