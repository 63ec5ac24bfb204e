"""What a desk tells of its sponsors: who came and went, what is at risk, what is owed."""

import pytest
from django.test import Client

from funding.office import clock
from sponsors.billing import ending
from sponsors.sponsorships import desk, fulfilling
from tests import factories, scenarios, world
from tests.sponsorships.promises import due, promising

pytestmark = pytest.mark.database


def test_the_desk_says_who_came_and_who_went_and_why(engine):
    project = factories.project(day_rate=30000)
    goes = scenarios.paid(
        engine, factories.company(display_name="Goes"), factories.tier(project, monthly=65000)
    )
    ending.cancel(goes)
    world.days(engine, 31.5)
    scenarios.paid(
        engine, factories.company(display_name="Comes"), factories.tier(project, monthly=130000)
    )

    said = desk.of(project, now=clock.now())

    assert [(line.who, str(line.money)) for line in said.came.lines] == [("Comes", "£1,300")]
    assert (str(said.came.money), said.came.days) == ("£1,300", 1)
    assert [(line.who, line.why) for line in said.went.lines] == [
        ("Goes", "It came to its end as asked")
    ]
    assert said.went.days == 0.5


def test_what_is_older_than_a_month_is_told_no_more(engine):
    sponsorship = scenarios.paid(engine)

    world.days(engine, 31)

    assert desk.of(sponsorship.project, now=clock.now()).came.lines == []


def test_a_payment_that_failed_is_at_risk_with_its_day_but_not_whose_nor_why(engine):
    company = factories.company(display_name="Kestrel")
    sponsorship = scenarios.settled(engine, company)
    customer = sponsorship.subscription.customer
    engine.replace_card(customer.stripe_id, "4000000000000341")
    world.days(engine, 33)

    said = desk.of(sponsorship.project, now=clock.now())

    told = [(line.who, line.why, line.money) for line in said.at_risk.lines]
    assert told == [("A sponsor", "May leave on 19 February 2026", None)]
    page = Client()
    page.force_login(sponsorship.project.maintainers.get().user)
    shown = page.get(f"/maintain/{sponsorship.project.slug}/").content.decode()
    assert "May leave on 19 February 2026" in shown
    assert "declined" not in shown
    assert "failed" not in shown.partition('id="at-risk"')[2].partition("</section>")[0]


def test_an_end_that_was_asked_for_is_at_risk(engine):
    sponsorship = ending.cancel(scenarios.settled(engine))

    said = desk.of(sponsorship.project, now=clock.now())

    assert [line.why for line in said.at_risk.lines] == ["It ends on 5 February 2026"]


@pytest.mark.parametrize(
    ("visibility", "who", "money"),
    [
        ("public", "Shy", "£100"),
        ("named", "Shy", "None"),
        ("anonymous", "A sponsor who is not named", "None"),
    ],
)
def test_a_desk_tells_no_more_of_a_sponsor_than_may_be_seen(engine, visibility, who, money):
    project = factories.project()
    tier = promising("call", project=project)
    scenarios.paid(engine, factories.company(display_name="Shy"), tier, visibility=visibility)
    due()

    said = desk.of(project, now=clock.now())

    assert [(line.who, str(line.money)) for line in said.came.lines] == [(who, money)]
    assert [one.who for one in said.owed] == [who]
    assert str(said.came.money) == "£100"


def test_what_is_owed_and_late_is_marked(engine):
    project = factories.project()
    scenarios.paid(engine, tier=promising("docs", "call", project=project))
    world.days(engine, 20)
    due()

    said = desk.of(project, now=clock.now())

    assert [(one.fulfilment.kind, one.is_late) for one in said.owed] == [
        ("docs", True), ("call", False),
    ]  # fmt: skip


def test_what_was_done_lately_is_on_the_desk_to_be_taken_back(owed, user):
    fulfilling.mark_done(fulfilment_id=owed.pk, by=user, proof="Done", now=clock.now())

    said = desk.of(owed.sponsorship.project, now=clock.now())

    assert ([one.fulfilment for one in said.done], said.owed) == ([owed], [])


def test_a_desk_takes_four_queries(engine, django_assert_num_queries):
    project = factories.project()
    for _ in range(4):
        scenarios.paid(engine, tier=promising("docs", project=project))
    due()

    with django_assert_num_queries(4):
        said = desk.of(project, now=clock.now())
        assert [line.who for line in said.came.lines] != []
        assert len([one.who for one in said.owed]) == 4
