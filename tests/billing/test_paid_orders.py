"""An invoice that was sent is paid: by card, by transfer, or at the bank."""

import pytest

from funding.ledger.models import Entry
from sponsors.billing import banking, gateway
from sponsors.billing.models import BankPayment
from sponsors.sponsorships.models import Status
from tests import scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.orders import (
    Kind,
    money,
    now_,
    of_project,
    owed,
    record,
    the_invoice,
)

pytestmark = pytest.mark.database


def test_paid_by_card_on_its_page_it_is_active_and_booked(engine):
    sponsorship = scenarios.ordered(engine)

    assert engine.pay_invoice(the_invoice().stripe_id, "4242424242424242").ok
    engine.advance_by(120)

    assert now_(sponsorship).status == Status.ACTIVE
    assert owed(sponsorship) == of_project(sponsorship, Kind.BILLED) == 0
    assert of_project(sponsorship, Kind.HELD) == 10000 - 320
    insist_books_agree(engine)


def test_paid_by_bank_transfer_it_is_active_when_that_arrives(engine):
    sponsorship = scenarios.ordered(engine)

    engine.order_transfer(the_invoice().stripe_id)
    world.days(engine, 4)

    assert now_(sponsorship).status == Status.ACTIVE
    insist_books_agree(engine)


def test_too_much_by_bank_transfer_breaks_nothing(engine):
    sponsorship = scenarios.ordered(engine)

    engine.transfer(the_invoice().stripe_id, 12345)
    engine.advance_by(120)

    assert now_(sponsorship).status == Status.ACTIVE
    assert of_project(sponsorship, Kind.HELD) == 10000 - 320
    insist_books_agree(engine)


def test_money_at_the_bank_is_booked_once_and_held_in_full(engine):
    sponsorship = scenarios.ordered(engine)

    record(the_invoice())
    world.days(engine, 1)

    assert now_(sponsorship).status == Status.ACTIVE
    assert money(Kind.BANK) == of_project(sponsorship, Kind.HELD) == 10000
    assert owed(sponsorship) == 0
    assert Entry.objects.filter(kind=Entry.Kind.PAID_OUTSIDE).count() == 1
    insist_books_agree(engine)


def test_a_year_paid_at_the_bank_is_released_month_by_month(engine):
    sponsorship = scenarios.ordered(engine, interval="year")

    record(the_invoice())

    assert of_project(sponsorship, Kind.DEFERRED) == 100000
    assert of_project(sponsorship, Kind.HELD) == 0
    insist_books_agree(engine)


@pytest.mark.parametrize("amount", [9999, 10001, 1])
def test_an_amount_that_differs_is_not_recorded(engine, amount):
    scenarios.ordered(engine)

    with pytest.raises(banking.NotRecorded):
        record(the_invoice(), amount=amount)

    assert not BankPayment.objects.exists()
    assert the_invoice().status == "open"


def test_money_is_recorded_once_and_not_for_what_a_card_paid(engine):
    scenarios.ordered(engine)
    engine.pay_invoice(the_invoice().stripe_id, "4242424242424242")

    with pytest.raises(banking.NotRecorded):  # Stripe has not told us yet, and refuses
        record(the_invoice())

    assert not BankPayment.objects.exists()
    assert the_invoice().status == "paid"
    with pytest.raises(banking.NotRecorded):
        record(the_invoice())


@pytest.mark.parametrize("kind", ["timeout_after", "error_before", "reset_before"])
def test_money_recorded_while_stripe_is_silent_is_booked_once_by_the_sweeper(engine, kind):
    sponsorship = scenarios.ordered(engine)
    engine.faults.add("POST /v1/invoices/{invoice}/pay", kind, times=3)
    record(the_invoice())

    for _ in range(4):
        banking.sweep()
    engine.deliver()

    assert now_(sponsorship).status == Status.ACTIVE
    assert money(Kind.BANK) == 10000
    insist_books_agree(engine)


def test_paid_outside_in_the_dashboard_waits_for_somebody_to_record_the_money(engine):
    sponsorship = scenarios.ordered(engine)

    gateway.pay_outside(the_invoice().stripe_id, key="dashboard")
    engine.deliver()
    assert now_(sponsorship).status == Status.ACTIVE
    assert banking.unrecorded().count() == 1
    assert owed(sponsorship) == 10000
    insist_books_agree(engine)

    record(the_invoice())

    assert owed(sponsorship) == 0
    assert not banking.unrecorded().exists()
    insist_books_agree(engine)
