"""Comparing everything with Stripe's lists: what was never told, what was forged, what nobody knows."""

import pytest
from django.core.management import call_command

from funding.ledger.models import Entry
from funding.office.models import Message
from sponsors.billing import gateway, reconciling
from sponsors.billing.models import Finding, Invoice, Payment, Subscription
from sponsors.sponsorships.models import Sponsorship, Status
from tests import scenarios, world
from tests.billing.comparisons import left, mended, pay_as_a_stranger, reconcile

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("waits")]


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
