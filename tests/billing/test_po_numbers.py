"""Numbers of purchase orders: asked for again before each renewal."""

import pytest

from funding.office import clock
from funding.office.models import Message
from sponsors.billing import overview, purchase_orders
from sponsors.billing.models import Invoice, Order
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world

pytestmark = pytest.mark.database


def yearly(engine, **papers):
    sponsorship = scenarios.ordered(
        engine, factories.payer(papers=papers), interval="year", po_number="PO-1"
    )
    engine.pay_invoice(Invoice.objects.get().stripe_id, "4242424242424242")
    engine.deliver()
    world.days(engine, 365 - 20)
    return Sponsorship.objects.get(pk=sponsorship.pk)


def run_jobs():
    for _ in range(2):
        purchase_orders.ask(now=clock.now())
        purchase_orders.drop_unconfirmed(now=clock.now())
        purchase_orders.tell_all()


def keys(start):
    return Message.objects.filter(key__startswith=start).count()


def test_the_number_is_asked_for_again_once_before_a_renewal(engine):
    sponsorship = yearly(engine)
    run_jobs()

    assert keys("po-asked") == 1
    asked = overview.Overview(sponsorship.company, now=clock.now()).asked_for_numbers
    assert asked == [sponsorship]


def test_the_new_number_stands_on_the_next_invoice_and_not_on_the_old_one(engine):
    sponsorship = yearly(engine)
    purchase_orders.confirm(sponsorship.order, number="PO-2")
    assert not overview.Overview(sponsorship.company, now=clock.now()).asked_for_numbers
    world.days(engine, 21)
    run_jobs()

    assert list(Invoice.objects.order_by("created_at").values_list("po_number", flat=True)) == [
        "PO-1", "PO-2",
    ]  # fmt: skip
    assert keys("po-") == 0


def test_a_number_given_while_stripe_was_silent_is_told_before_the_renewal(engine):
    sponsorship = yearly(engine)
    engine.faults.add("POST /v1/subscriptions/{subscription}", "error_before", times=1)
    purchase_orders.confirm(sponsorship.order, number="PO-2")
    assert not Order.objects.get().is_told

    purchase_orders.tell_all()
    world.days(engine, 21)

    assert Invoice.objects.order_by("created_at").last().po_number == "PO-2"


def test_without_an_answer_the_next_invoice_carries_the_old_number(engine):
    yearly(engine)
    world.days(engine, 19.5)
    run_jobs()
    world.days(engine, 2)

    assert Invoice.objects.order_by("created_at").last().po_number == "PO-1"


def test_a_company_that_insists_on_a_number_gets_none_without_an_answer_and_is_told(engine):
    yearly(engine, po_required=True)
    world.days(engine, 19.5)
    run_jobs()
    world.days(engine, 2)

    assert Invoice.objects.order_by("created_at").last().po_number == ""
    assert keys("po-missing") == 1
