"""Money that goes back by refunds and credit notes: what the books, the sponsorship and its people know
of it."""

import pytest
from django.core import mail

from funding.ledger import balances, posting
from funding.office import clock, outbox
from sponsors.billing import gateway, renewals
from sponsors.billing.models import (
    CreditNote,
    Deferral,
    Invoice,
    Movement,
    Payment,
    Refund,
)
from sponsors.sponsorships.models import GRACE, Status
from tests import factories, scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.went_back import Kind, again, charge, held, owed

pytestmark = pytest.mark.database


def tax():
    return balances.of(posting.Place(Kind.TAX), "GBP").amount


def with_tax(engine):
    """Stripe adds a fifth to what is billed for renewals: the customer sits in Great Britain."""
    engine.account.settings.country = "GB"
    subscription = next(engine.account.store.newest_first("subscription"))
    subscription["automatic_tax"] = {**subscription["automatic_tax"], "enabled": True}
    address = dict.fromkeys(("city", "line1", "line2", "state"))
    customer = engine.account.store.by_id[subscription["customer"]]
    customer["address"] = {**address, "country": "GB", "postal_code": "E1 6AN"}


def test_a_refund_made_in_the_dashboard_is_picked_up(engine):
    sponsorship = scenarios.settled(engine)
    before = held(sponsorship)

    engine.refund(charge(), 2500)
    engine.deliver()

    refund = Refund.objects.get()
    assert (refund.amount, refund.status, refund.asked) == (2500, "succeeded", None)
    assert held(sponsorship) == before - 2500
    assert Invoice.objects.get().returned == 2500
    assert again().paid_through == sponsorship.paid_through
    insist_books_agree(engine)


def test_a_payment_given_back_as_a_whole_pays_for_nothing(engine):
    sponsorship = scenarios.settled(engine)
    invoice = Invoice.objects.get()

    engine.refund(charge())
    engine.deliver()

    sponsorship = again()
    assert sponsorship.status == Status.ACTIVE
    assert sponsorship.paid_through == invoice.period_starts_at
    assert sponsorship.stands_until == invoice.period_starts_at + GRACE
    assert held(sponsorship) == -engine.account.settings.fee_fixed - 290
    insist_books_agree(engine)


def test_a_refund_that_is_pending_is_not_shown_as_failed(engine):
    sponsorship = scenarios.settled(engine, card="4000000000007726")
    engine.refund(charge())
    engine.deliver()
    assert Refund.objects.get().is_on_its_way
    assert held(sponsorship) < 0

    world.days(engine, 3)

    assert Refund.objects.get().status == "succeeded"
    assert Movement.objects.count() == 1
    insist_books_agree(engine)


def test_a_refund_that_fails_weeks_later_is_reversed_in_the_books(engine):
    staff = factories.user(is_staff=True)
    sponsorship = scenarios.settled(engine, card="4000000000005126")
    before, paid_through = held(sponsorship), sponsorship.paid_through
    engine.refund(charge())
    engine.deliver()
    assert again().paid_through < paid_through

    world.days(engine, 22)

    refund = Refund.objects.get()
    assert (refund.status, refund.failure) == ("failed", "expired_or_canceled_card")
    assert refund.failure_balance_transaction
    assert held(sponsorship) == before
    assert again().paid_through == paid_through
    assert Invoice.objects.get().returned == 0
    insist_books_agree(engine)
    outbox.send_waiting()
    failed = [one for one in mail.outbox if "could not be given back" in one.subject]
    assert sponsorship.company.billing_email in failed[0].to
    assert [one.to for one in mail.outbox if "failed" in one.subject] == [[staff.email]]


def test_a_refund_that_is_cancelled_comes_back(engine):
    sponsorship = scenarios.settled(engine)
    before = held(sponsorship)
    name = engine.refund(charge(), 1000, needs_action=True)
    engine.deliver()

    gateway.v1().refunds.cancel(name)
    engine.deliver()

    assert Refund.objects.get().status == "canceled"
    assert held(sponsorship) == before
    insist_books_agree(engine)


def test_the_tax_in_three_refunds_sums_to_the_tax_that_was_paid(engine):
    scenarios.settled(engine, tier=factories.tier(monthly=3337))
    with_tax(engine)
    world.days(engine, 33)
    whole = Payment.objects.get(charge=charge())
    assert (whole.amount, whole.net, tax()) == (4004, 3337, 667)

    for part in (1001, 1, 3002):
        engine.refund(charge(), part)
        engine.deliver()

    assert tax() == 0
    assert sum(one.net for one in Movement.objects.all()) == 3337
    insist_books_agree(engine)


def test_a_refund_takes_its_tax_from_its_credit_note(engine):
    scenarios.settled(engine)
    with_tax(engine)
    world.days(engine, 33)
    invoice = Invoice.objects.get(tax=2000)

    gateway.create_credit_note(
        params={"invoice": invoice.stripe_id, "amount": 1201, "refund_amount": 1201}, key="one"
    )
    engine.deliver()

    note, refund = CreditNote.objects.get(), Refund.objects.get()
    assert (note.net, note.tax, note.before_payment) == (1001, 200, 0)
    assert (refund.credit_note, refund.tax) == (note, 200)
    insist_books_agree(engine)


def test_a_credit_note_before_payment_lowers_what_is_owed(engine):
    sponsorship = scenarios.settled(engine)
    with_tax(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    open_ = Invoice.objects.get(status="open")
    assert owed(sponsorship) == 12000

    note = gateway.create_credit_note(
        params={"invoice": open_.stripe_id, "amount": 6000}, key="one"
    )
    engine.deliver()

    open_.refresh_from_db()
    assert (open_.credited, owed(sponsorship)) == (6000, 6000)
    insist_books_agree(engine)
    gateway.v1().credit_notes.void_credit_note(note["id"])
    engine.deliver()
    assert owed(sponsorship) == 12000
    insist_books_agree(engine)
    gateway.create_credit_note(params={"invoice": open_.stripe_id, "amount": 6000}, key="two")
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4242424242424242")
    engine.pay_invoice(open_.stripe_id)
    engine.advance_by(120)
    assert (owed(sponsorship), again().status) == (0, Status.ACTIVE)
    insist_books_agree(engine)


def test_an_invoice_that_was_credited_as_a_whole_pays_for_nothing(engine):
    sponsorship = scenarios.settled(engine)
    paid_through = sponsorship.paid_through
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    open_ = Invoice.objects.get(status="open")

    gateway.create_credit_note(params={"invoice": open_.stripe_id, "amount": 10000}, key="one")
    engine.deliver()

    assert Invoice.objects.get(pk=open_.pk).status == "paid"
    assert again().paid_through == paid_through
    assert owed(sponsorship) == 0
    insist_books_agree(engine)


def test_what_was_credited_of_an_invoice_is_not_taken_back_twice_when_it_is_void(engine):
    sponsorship = scenarios.settled(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    open_ = Invoice.objects.get(status="open")
    gateway.create_credit_note(params={"invoice": open_.stripe_id, "amount": 4000}, key="one")
    engine.deliver()

    gateway.void_invoice(open_.stripe_id, key="two")
    engine.deliver()

    assert owed(sponsorship) == 0
    insist_books_agree(engine)


def test_a_year_given_back_as_a_whole_leaves_no_month_to_come(engine):
    sponsorship = scenarios.settled(engine, tier=factories.tier(yearly=100000), interval="year")
    world.days(engine, 40)
    renewals.release_due(now=clock.now())

    engine.refund(charge())
    engine.deliver()
    renewals.release_due(now=clock.now())

    deferred = posting.project(sponsorship.project_id, Kind.DEFERRED)
    assert not balances.of(deferred, "GBP")
    assert Deferral.objects.get().next_at is None
    assert held(sponsorship) == -2930
    insist_books_agree(engine)


def test_a_part_of_a_year_given_back_leaves_the_months_to_come(engine):
    sponsorship = scenarios.settled(engine, tier=factories.tier(yearly=100000), interval="year")

    engine.refund(charge(), 30000)
    engine.deliver()

    assert held(sponsorship) == -30000
    assert Deferral.objects.get().next_at is not None
    insist_books_agree(engine)
