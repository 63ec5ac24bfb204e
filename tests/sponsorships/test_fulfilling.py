"""What was promised becomes owed by a day, once, and is done when a maintainer says how."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funding.office import clock
from funding.projects.models import Activity, Benefit, Maintainer
from sponsors.billing import ending
from sponsors.sponsorships import desk, fulfilling, periods, tasks
from sponsors.sponsorships.models import Fulfilment, Sponsorship
from tests import factories, scenarios, world
from tests.racing import together

pytestmark = pytest.mark.database


def promising(*kinds, project=None, **values):
    tier = factories.tier(project, benefits=(), **values)
    for position, kind in enumerate(kinds):
        hours = 3 if kind == "hours" else None
        text = f"A promise of {kind}"
        Benefit.objects.create(tier=tier, kind=kind, text=text, hours=hours, position=position)
    return tier


def due(today=None):
    return fulfilling.due(today=today or clock.today())


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


# Done


@pytest.fixture
def owed(engine, user):
    project = factories.project(maintainer=user)
    company = factories.company(display_name="Kestrel")
    scenarios.paid(engine, company, promising("docs", project=project))
    due()
    return Fulfilment.objects.get()


def door(owed, deed="done"):
    return f"/maintain/{owed.sponsorship.project.slug}/owed/{owed.pk}/{deed}/"


def test_a_maintainer_says_it_is_done_and_the_sponsor_reads_how(owed, signed_in):
    signed_in.post(door(owed), {"proof": "https://docs.example/sponsors"})

    sponsor = Client()
    sponsor.force_login(owed.sponsorship.bought_by)
    page = sponsor.get(owed.sponsorship.get_absolute_url()).content.decode()
    assert 'href="https://docs.example/sponsors"' in page
    assert not Fulfilment.objects.owed(clock.now()).exists()


def test_the_log_does_not_say_for_whom_it_was_done(owed, signed_in):
    signed_in.post(door(owed), {"proof": "In the docs"})
    signed_in.post(door(owed, "undo"))

    assert [line.did for line in Activity.objects.all()] == [
        "took back that “A promise of docs” for a sponsor was done",
        "did “A promise of docs” for a sponsor",
    ]


def test_who_is_no_editor_any_more_says_nothing(owed):
    with pytest.raises(PermissionDenied):
        fulfilling.mark_done(
            fulfilment_id=owed.pk, by=factories.user(), proof="Done", now=clock.now()
        )

    assert Fulfilment.objects.owed(clock.now()).exists()


def test_it_can_be_taken_back(owed, signed_in):
    signed_in.post(door(owed), {"proof": "In the docs"})
    signed_in.post(door(owed, "undo"))

    assert Fulfilment.objects.owed(clock.now()).exists()
    owed.refresh_from_db()
    assert (owed.done_at, owed.done_by, owed.proof) == (None, None, "")


@pytest.mark.parametrize("proof", ["", " ", "x" * 301, "\u202e"])
def test_without_a_proof_it_is_not_done(owed, signed_in, proof):
    assert signed_in.post(door(owed), {"proof": proof}).status_code == 422

    assert Fulfilment.objects.owed(clock.now()).exists()


def test_a_proof_that_is_a_script_is_shown_as_text(owed, signed_in):
    signed_in.post(door(owed), {"proof": "javascript:alert(1)"})

    sponsor = Client()
    sponsor.force_login(owed.sponsorship.bought_by)
    page = sponsor.get(owed.sponsorship.get_absolute_url()).content.decode()
    assert 'href="javascript' not in page


def test_the_first_word_counts(owed, user):
    now = clock.now()
    fulfilling.mark_done(fulfilment_id=owed.pk, by=user, proof="First", now=now)

    with pytest.raises(fulfilling.AlreadyDone):
        fulfilling.mark_done(fulfilment_id=owed.pk, by=user, proof="Second", now=now)

    owed.refresh_from_db()
    assert owed.proof == "First"


def test_what_is_not_owed_any_more_is_told_so(engine, owed, signed_in):
    Sponsorship.objects.update(stands_until=clock.now() - timedelta(days=1))

    signed_in.post(door(owed), {"proof": "Too late"})

    owed.refresh_from_db()
    assert owed.done_at is None


def test_a_treasurer_may_not(owed):
    treasurer = factories.user()
    project = owed.sponsorship.project
    Maintainer.objects.create(project=project, user=treasurer, role="treasurer")
    client = Client()
    client.force_login(treasurer)

    assert client.post(door(owed), {"proof": "Done"}).status_code == 403
    owed.refresh_from_db()
    assert owed.done_at is None


def test_what_another_project_owes_is_not_found_under_ones_own(owed, signed_in, user):
    own = factories.project(maintainer=user)
    other = factories.project()
    owed.sponsorship.project = other
    Sponsorship.objects.update(project=other)

    path = f"/maintain/{own.slug}/owed/{owed.pk}/done/"
    assert signed_in.post(path, {"proof": "Done"}).status_code == 404


# The desk


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
