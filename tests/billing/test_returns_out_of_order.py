"""Money that went back, told early, late, twice or never."""

import pytest
from django.core.management import call_command

from funding.ledger.models import Entry
from funding.office import outbox
from funding.projects.models import Funding
from sponsors.billing import ending, gateway, handlers
from sponsors.billing.models import (
    Dispute,
    Event,
    Payment,
    Refund,
)
from sponsors.sponsorships.models import Status
from tests import scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.went_back import again, charge, held

pytestmark = pytest.mark.database


def test_a_refund_that_arrives_before_its_payment_is_booked_after_it(engine):
    """Made in the dashboard within the minute in which the fee is not known."""
    engine.knobs.add("drop", types=["charge.updated", "charge.succeeded"])
    sponsorship = scenarios.paid(engine)
    intent = Payment.objects.get().payment_intent
    name = gateway.payment_intent(intent)["latest_charge"]["id"]

    engine.refund(name)
    engine.deliver()

    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["invoice_finalised", "charge_settled", "refunded"]
    assert held(sponsorship) == -320
    insist_books_agree(engine)


def test_of_a_refund_whose_subscription_was_never_told_of_everything_is_looked_up(engine):
    engine.knobs.add("drop", types=["customer.subscription.*", "invoice.*"])
    engine.knobs.clear()
    page = scenarios.chosen()
    engine.knobs.add("drop")
    engine.pay_checkout(page.stripe_id)
    engine.advance_by(120)
    engine.knobs.clear()
    assert not Payment.objects.exists()
    name = engine.account.store.newest_first("charge").__next__()["id"]

    engine.refund(name)
    engine.deliver()

    assert Refund.objects.get().amount == 10000
    insist_books_agree(engine)


def test_a_refund_by_a_dispute_prevention_service_arrives_before_the_dispute_row(engine):
    sponsorship = scenarios.settled(engine)
    engine.knobs.add("drop", types=["charge.dispute.created", "charge.dispute.funds_withdrawn"])
    engine.refund(charge(), 1000)
    engine.dispute(charge())
    engine.deliver()
    engine.knobs.clear()

    handlers.refresh(Payment.objects.get().payment_intent)

    assert Dispute.objects.get().amount == 9000
    assert held(sponsorship) == -320 - 1500
    insist_books_agree(engine)


def test_what_went_back_is_booked_once_however_often_it_is_told(engine):
    scenarios.settled(engine)
    engine.refund(charge(), 1000)
    engine.win_dispute(engine.dispute(charge()))
    engine.deliver()
    entries, version = Entry.objects.count(), Funding.objects.get().version
    mails = outbox.Message.objects.count()

    Event.objects.update(status="new")
    for root in set(Event.objects.values_list("root", flat=True)):
        handlers.refresh(root)

    assert Entry.objects.count() == entries
    assert outbox.Message.objects.count() == mails
    assert Funding.objects.get().version >= version
    insist_books_agree(engine)


def test_a_charge_that_nothing_went_back_of_costs_no_more_calls(engine, monkeypatch):
    asked = []
    for name in ("refunds", "disputes", "credit_notes"):
        monkeypatch.setattr(gateway, name, lambda *args, name=name: asked.append(name) or [])

    scenarios.settled(engine)
    world.days(engine, 32)

    assert asked == []


def test_a_cancelled_sponsorship_stands_no_longer_when_its_month_is_given_back(engine):
    sponsorship = ending.cancel(scenarios.settled(engine))
    world.days(engine, 32)
    assert again().status == Status.CANCELLED

    engine.refund(charge())
    engine.deliver()

    assert again().stands_until < sponsorship.stands_until
    assert again().status == Status.CANCELLED
    call_command("check_books")
