"""Comparing everything with Stripe's lists: what was never told, what was forged, what nobody knows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from funding.ledger.models import Entry
from funding.office import clock, leases
from funding.office.models import Message
from sponsors.billing import attention, combing, gateway, reconciling, tasks
from sponsors.billing.models import Finding, Invoice, Payment, Reconciliation, Subscription
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world
from tests.certainty import certain

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _waits(monkeypatch):
    """Nobody sleeps here; how long they would have is kept."""
    waits = []
    monkeypatch.setattr(combing.time, "sleep", waits.append)
    return waits


def reconcile(since=None, **more):
    return reconciling.run(since=since, tell=lambda line: None, **more)


def left(row):
    return sorted((one.kind, one.stripe_id) for one in row.findings.unexplained())


def mended(row):
    return sorted(one.kind for one in row.findings.filter(is_mended=True))


def everything():
    """What a second run must not change."""
    return (
        list(Entry.objects.order_by("pk").values_list("reference", "posted_at")),
        list(Sponsorship.objects.order_by("pk").values()),
        list(Invoice.objects.order_by("pk").values()),
        list(Payment.objects.order_by("pk").values()),
    )


def waiting_mail():
    return Message.objects.filter(status=Message.Status.WAITING).count()


def test_where_all_was_told_nothing_differs(engine):
    scenarios.settled(engine)
    world.days(engine, 35)

    row = reconcile()

    assert (row.status, left(row), mended(row)) == ("done", [], [])
    assert row.looked_at == {
        "subscriptions": 1, "invoices": 2, "balance_transactions": 2, "refunds": 0, "disputes": 0,
    }  # fmt: skip
    assert reconciling.verdict(row) == "Stripe and the books agree to the cent."


def test_what_no_webhook_told_is_found_and_booked_without_mail(engine):
    engine.knobs.add("drop")
    page = scenarios.chosen()
    engine.pay_checkout(page.stripe_id)
    engine.advance_by(120)
    world.days(engine, 35)
    assert not Entry.objects.exists()
    before = waiting_mail()

    row = reconcile()

    assert left(row) == []
    assert mended(row) == ["invoice", "missing", "missing", "subscription"]
    assert Sponsorship.objects.get().status == Status.ACTIVE
    assert Entry.objects.filter(kind=Entry.Kind.CHARGE_SETTLED).count() == 2
    assert waiting_mail() == before
    assert row.balances["GBP"]["stripe"] == row.balances["GBP"]["books"] > 0


@pytest.mark.parametrize(
    "told", ["customer.subscription.*", "invoice.*", "payment_intent.*", "charge.*"]
)
def test_dropped_webhooks_of_any_kind_are_made_up_for(engine, told):
    scenarios.settled(engine)
    kinds = [kind for kind in KINDS if kind.startswith(told.removesuffix("*"))]
    engine.knobs.add("drop", types=kinds)
    world.days(engine, 35)

    reconcile()

    again = reconcile()
    assert (left(again), mended(again)) == ([], [])
    assert again.balances["GBP"]["stripe"] == again.balances["GBP"]["books"]


KINDS = [
    "customer.subscription.updated", "invoice.created", "invoice.finalized", "invoice.updated",
    "invoice.paid", "payment_intent.succeeded", "charge.succeeded", "charge.updated",
]  # fmt: skip


def test_an_end_that_nobody_told_is_found(engine):
    sponsorship = scenarios.settled(engine)
    engine.knobs.add("drop")
    engine.cancel_in_portal(sponsorship.subscription.stripe_id, wanted=True, at_once=True)

    row = reconcile()

    assert (left(row), mended(row)) == ([], ["subscription"])
    assert Sponsorship.objects.get().status == Status.CANCELLED


def test_a_second_run_changes_nothing(engine):
    engine.knobs.add("drop")
    page = scenarios.chosen()
    engine.pay_checkout(page.stripe_id)
    world.days(engine, 35)
    reconcile()
    before, mails = everything(), Message.objects.count()

    row = reconcile()

    assert (left(row), mended(row)) == ([], [])
    assert everything() == before
    assert Message.objects.count() == mails


def test_a_forged_status_is_put_right(engine):
    sponsorship = scenarios.settled(engine)
    Sponsorship.objects.update(status=Status.PAUSED)
    Invoice.objects.update(status="open", net=1)
    Subscription.objects.update(status="canceled")

    row = reconcile()

    assert left(row) == []
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert Invoice.objects.get().net == sponsorship.amount


def test_what_is_of_another_account_is_listed_and_left(engine):
    sponsorship = scenarios.settled(engine)
    real = sponsorship.subscription.stripe_id
    Subscription.objects.update(stripe_id="sub_elsewhere", item_id="si_elsewhere")
    other = Invoice.objects.get()
    other.pk, other.stripe_id = None, "in_elsewhere"
    other.save()

    row = reconcile()

    assert left(row) == [
        ("absent", "in_elsewhere"), ("absent", "sub_elsewhere"), ("second", real),
    ]  # fmt: skip
    assert Sponsorship.objects.get().status == sponsorship.status


def test_a_subscription_without_our_metadata_is_ignored_and_listed(engine):
    scenarios.settled(engine)
    customer = gateway.v1().customers.create({"name": "Somebody else"})
    price = gateway.v1().prices.create(
        {"currency": "gbp", "unit_amount": 500, "recurring": {"interval": "month"},
         "product_data": {"name": "Something else"}}
    )  # fmt: skip
    stranger = gateway.v1().subscriptions.create(
        {"customer": customer.id, "items": [{"price": price.id}],
         "payment_behavior": "default_incomplete"}
    )  # fmt: skip

    row = reconcile()

    assert left(row) == []
    strangers = row.findings.filter(kind=Finding.STRANGER).values_list("stripe_id", flat=True)
    assert stranger.id in strangers
    assert Sponsorship.objects.count() == 1


def test_a_second_live_subscription_for_a_sponsorship_is_for_somebody_to_end(engine):
    sponsorship = scenarios.settled(engine)
    mine = gateway.subscription(sponsorship.subscription.stripe_id)
    second = gateway.v1().subscriptions.create(
        {"customer": mine["customer"], "metadata": {"sponsorship": str(sponsorship.pk)},
         "items": [{"price": mine["items"]["data"][0]["price"]["id"]}],
         "default_payment_method": mine["default_payment_method"]}
    )  # fmt: skip
    engine.deliver()
    engine.advance_by(120)

    row = reconcile()

    assert left(row) == [("second", second.id)]
    assert row.balances["GBP"]["stripe"] == row.balances["GBP"]["books"]


def test_a_balance_transaction_that_the_books_do_not_know_is_unexplained_to_the_cent(engine):
    scenarios.settled(engine)
    engine.account.settings.fee_after = 0
    page = scenarios.chosen()
    engine.pay_checkout(page.stripe_id)  # of this site
    world.days(engine, 1)
    found = Entry.objects.filter(kind=Entry.Kind.CHARGE_SETTLED)
    assert found.count() == 2
    stranger = pay_as_a_stranger(engine, 700)
    world.days(engine, 1)

    row = reconcile()

    unexplained = {one.kind: one for one in row.findings.unexplained()}
    assert unexplained["missing"].amount == stranger
    assert (unexplained["balance"].amount, unexplained["balance"].currency) == (stranger, "GBP")
    assert reconciling.verdict(row).startswith("2 differences are left")


def pay_as_a_stranger(engine, amount):
    """Somebody pays something that is none of this site's; what of it reaches us."""
    v1 = gateway.v1()
    before = engine.truth()["currencies"]["gbp"]
    customer = v1.customers.create({"name": "Somebody else"})
    price = v1.prices.create(
        {"currency": "gbp", "unit_amount": amount, "recurring": {"interval": "month"},
         "product_data": {"name": "Something else"}}
    )  # fmt: skip
    session = v1.checkout.sessions.create(
        {"mode": "subscription", "customer": customer.id, "success_url": "https://else.test/",
         "line_items": [{"price": price.id, "quantity": 1}]}
    )  # fmt: skip
    engine.pay_checkout(session.id)
    world.days(engine, 1)
    return engine.truth()["currencies"]["gbp"] - before


def test_payouts_fees_and_corrections_of_stripes_own_are_booked(engine):
    scenarios.settled(engine)
    world.days(engine, 3)
    engine.knobs.add("drop")
    payout = engine.pay_out("gbp", 500)
    engine.fail_payout(payout["id"])
    engine.pay_out("gbp", 300)
    engine.charge_fee("gbp", 40)
    engine.adjust("gbp", 5)

    row = reconcile()

    assert left(row) == []
    kinds = Entry.objects.values_list("kind", flat=True)
    assert sorted(kind for kind in kinds if kind in OWN) == [
        "adjusted", "payout", "payout", "payout", "stripe_fee",
    ]  # fmt: skip
    assert row.balances["GBP"]["stripe"] == row.balances["GBP"]["books"]
    call_command("check_books")


OWN = {"adjusted", "payout", "stripe_fee"}


def test_a_payout_is_booked_when_stripe_tells_of_it(engine):
    scenarios.settled(engine)
    world.days(engine, 3)

    payout = engine.pay_out("gbp", 500)
    engine.deliver()
    engine.fail_payout(payout["id"])
    engine.deliver()

    assert Entry.objects.filter(kind=Entry.Kind.PAYOUT).count() == 2


def test_a_storm_of_429_is_waited_out(engine, _waits):
    scenarios.settled(engine)
    engine.faults.add("GET /v1/invoices", "rate_limit", times=3)
    engine.faults.add("GET /v1/balance", "rate_limit", times=2)

    row = reconcile()

    assert row.status == "done"
    assert _waits == [1, 2, 4, 1, 2]


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


def run_command(*given):
    try:
        call_command("reconcile", *given)
    except SystemExit as end:
        return end.code
    return 0


def test_the_command_tells_how_far_it_is_and_ends_with_nothing_left(engine, capsys):
    scenarios.settled(engine)

    assert run_command("--since", "2026-01-01") == 0

    said = capsys.readouterr().out
    assert "balance transactions: 1" in said
    assert said.endswith("Stripe and the books agree to the cent.\n")


def test_the_command_ends_with_one_while_a_cent_is_unexplained(engine, capsys):
    scenarios.settled(engine)
    pay_as_a_stranger(engine, 700)

    assert run_command() == 1

    assert "LEFT GBP: Stripe has" in capsys.readouterr().out


@pytest.fixture
def staff(client):
    client.force_login(factories.user(is_staff=True))
    return certain(client)


def test_staff_ask_for_a_run_from_the_page_and_find_it_there(engine, staff):
    scenarios.settled(engine)

    for _ in range(2):  # an impatient hand
        assert staff.post("/staff/reconciliation/run/").status_code == 302
    tasks.reconcile()

    assert Reconciliation.objects.count() == 1
    page = staff.get("/staff/reconciliation/").content.decode()
    assert "Stripe and the books agree to the cent." in page


def test_an_earlier_run_is_shown_by_its_number_and_no_other_number_is(engine, staff):
    first = reconcile()
    Finding.objects.create(reconciliation=first, kind="missing", stripe_id="txn_1", words="Odd.")
    reconcile()

    assert b"Odd." not in staff.get("/staff/reconciliation/").content
    assert b"Odd." in staff.get(f"/staff/reconciliation/?run={first.pk}").content
    for nonsense in ("999", "x", "-1", "9" * 30, "\u0663"):
        answer = staff.get("/staff/reconciliation/", {"run": nonsense})
        assert answer.status_code == 404


def test_what_is_left_waits_for_staff(engine, staff):
    row = reconcile()
    Finding.objects.create(reconciliation=row, kind="missing", stripe_id="txn_1", words="Odd.")
    stranger = {"kind": Finding.STRANGER, "words": "Another’s."}
    Finding.objects.create(reconciliation=row, stripe_id="sub_1", **stranger)

    waits = {task.title: task.count for task in attention.tasks(now=clock.now())}

    assert waits["Differences from Stripe"] == 1


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


def test_the_page_says_that_the_nightly_run_is_missing(db):
    ended = clock.now() - timedelta(days=3)
    Reconciliation.objects.create(started_at=ended, status=Reconciliation.Status.DONE)
    client = Client()
    client.force_login(factories.user(is_staff=True))

    page = client.get("/staff/reconciliation/").content.decode()

    assert "the nightly one is missing" in page
    assert "note success" not in page
