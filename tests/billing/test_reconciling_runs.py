"""How a comparison runs: patient, in pages, one at a time, and from where the last one ended."""

from datetime import UTC, datetime, timedelta

import pytest

from funding.office import clock, leases
from funding.office.models import Message
from sponsors.billing import combing, reconciling
from sponsors.billing.models import Invoice, Reconciliation
from tests import factories, scenarios, world
from tests.billing.comparisons import left, mended, reconcile

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("waits")]


def test_a_storm_of_429_is_waited_out(engine, waits):
    scenarios.settled(engine)
    engine.faults.add("GET /v1/invoices", "rate_limit", times=3)
    engine.faults.add("GET /v1/balance", "rate_limit", times=2)

    row = reconcile()

    assert row.status == "done"
    assert waits == [1, 2, 4, 1, 2]


def test_a_stripe_that_never_answers_breaks_it_off_in_words(engine):
    engine.faults.add("GET /v1/invoices", "rate_limit", times=100)

    row = reconcile()

    assert row.status == "broken_off"
    assert reconciling.verdict(row).startswith("It was broken off. Busy")


def test_since_a_day_looks_at_nothing_that_is_older(engine):
    scenarios.settled(engine)
    world.days(engine, 35)

    row = reconcile(since=world.BEGINNING + timedelta(days=20), every_subscription=False)

    assert row.looked_at["subscriptions"] == 0
    assert row.looked_at["invoices"] == row.looked_at["balance_transactions"] == 1
    assert left(row) == []


def test_pages_leave_nothing_out_and_find_nothing_twice(engine, monkeypatch):
    """Several were made in the same second, on both sides of a page's edge."""
    monkeypatch.setattr(combing, "A_PAGE", 2)
    tier = factories.tier()
    for _ in range(5):
        scenarios.paid(engine, tier=tier)
    engine.advance_by(120)

    row = reconcile()

    assert (left(row), mended(row)) == ([], [])
    assert row.looked_at["subscriptions"] == 5
    assert row.calls == 3 + 3 + 3 + 1 + 1


def test_of_a_hundred_only_what_differs_is_looked_up_by_itself(engine):
    tier = factories.tier()
    for _ in range(4):
        scenarios.paid(engine, tier=tier)
    engine.advance_by(120)
    asked = []
    request = engine.api.request
    engine.api.request = lambda method, path, *rest: (
        asked.append(path) or request(method, path, *rest)
    )

    reconcile()

    assert sorted(asked) == [
        "/v1/balance", "/v1/balance_transactions", "/v1/disputes", "/v1/invoices", "/v1/refunds",
        "/v1/subscriptions",
    ]  # fmt: skip


def test_two_do_not_run_at_once(engine):
    with leases.held(reconciling.LEASE), pytest.raises(leases.LeaseTaken):
        reconcile()


def test_one_that_died_is_marked_by_the_next(engine):
    died = Reconciliation.objects.create(
        status=Reconciliation.Status.RUNNING, started_at=clock.now()
    )

    assert reconcile().status == "done"

    died.refresh_from_db()
    assert died.status == Reconciliation.Status.BROKEN_OFF


def test_too_much_that_differs_ends_the_run(engine, monkeypatch):
    monkeypatch.setattr(combing, "MOST_FINDINGS", 2)
    scenarios.settled(engine)
    other = Invoice.objects.get()
    for number in range(3):
        other.pk, other.stripe_id = None, f"in_elsewhere{number}"
        other.save()

    row = reconcile()

    assert row.status == "broken_off"
    assert "is this the account of this database?" in row.trouble


def test_each_night_asks_once_and_each_week_for_every_subscription(engine):
    for day in range(8):
        for hour in (1, 2, 3):
            now = datetime(2026, 1, 5 + day, hour, tzinfo=UTC)
            reconciling.ask_as_timetabled(now=now)

    asked = Reconciliation.objects.order_by("id").values_list("every_subscription", flat=True)
    assert list(asked) == [True, *[False] * 6, True]


def test_what_was_asked_for_is_run_by_the_job_from_where_the_last_one_ended(engine):
    first = reconcile()
    world.days(engine, 5)
    reconciling.ask_as_timetabled(now=clock.now())

    row = reconciling.run_waiting()

    assert row.status == "done"
    assert row.since == first.started_at - timedelta(hours=48)
    assert reconciling.run_waiting() is None


def test_what_is_seen_before_its_event_is_told_as_always(engine):
    page = scenarios.chosen()
    engine.pay_checkout(page.stripe_id)

    reconcile()
    engine.deliver()
    engine.advance_by(120)

    assert not Message.objects.filter(status=Message.Status.WITHHELD).exists()
    assert Message.objects.filter(key__startswith="thanks").exists()


def test_an_invoice_that_was_made_while_we_were_away_reaches_its_company(engine, monkeypatch):
    scenarios.ordered(engine)
    engine.pay_invoice(Invoice.objects.get().stripe_id, "4242424242424242")
    engine.deliver()
    with monkeypatch.context() as away:
        away.setattr(engine, "post", lambda *one, **other: 500)
        world.days(engine, 31)
        world.days(engine, 0.2)
        reconcile()
    engine.deliver()
    world.days(engine, 2)

    sent = Message.objects.filter(key__startswith="invoice-sent")
    assert sent.exclude(status=Message.Status.WITHHELD).count() == 2
