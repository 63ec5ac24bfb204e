"""What was paid at Stripe a moment ago, and we have not heard of it: nothing that is paid for ends."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from sponsors.billing import ending, gateway, lapsing, writing_off
from sponsors.billing.models import Call, Invoice
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world

pytestmark = pytest.mark.database
GOOD, FAILS = "4242424242424242", "4000000000000341"


def past_due(engine):
    sponsorship = scenarios.settled(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, FAILS)
    engine.deliver()
    world.days(engine, 32)
    return again(sponsorship), sponsorship.invoices.first()


def again(sponsorship):
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def hear(engine):
    engine.deliver()
    engine.advance_by(120)


def meanwhile(monkeypatch, name, do):
    """Before Stripe is asked this, that happens."""
    real = getattr(gateway, name)

    def asked(*args, **kwargs):
        do()
        return real(*args, **kwargs)

    monkeypatch.setattr(gateway, name, asked)


def test_an_invoice_that_was_just_paid_is_not_written_off_and_its_sponsorship_goes_on(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 15)
    engine.pay_invoice(Invoice.objects.get().stripe_id, GOOD)

    with pytest.raises(writing_off.NotWrittenOff):
        writing_off.write_off(Invoice.objects.get())
    hear(engine)

    assert again(sponsorship).status == Status.ACTIVE
    call_command("check_books")


def test_an_invoice_paid_while_it_is_written_off_leaves_its_sponsorship_alone(engine, monkeypatch):
    sponsorship = scenarios.ordered(engine, net_days=14)
    invoice = Invoice.objects.get()
    pay = lambda: engine.pay_invoice(invoice.stripe_id, GOOD)  # noqa: E731
    meanwhile(monkeypatch, "write_off_invoice", pay)

    with pytest.raises(writing_off.NotWrittenOff):
        writing_off.write_off(invoice)
    hear(engine)

    assert again(sponsorship).status == Status.ACTIVE


def test_what_was_written_off_and_not_ended_in_a_crash_is_ended_by_who_looks_next(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    operation = "DELETE /v1/subscriptions/{subscription_exposed_id}"
    engine.faults.add(operation, "timeout_before", times=3)
    with pytest.raises(gateway.GatewayError):
        writing_off.write_off(Invoice.objects.get())

    engine.deliver()

    assert Invoice.objects.get().status == "uncollectible"
    assert again(sponsorship).has_ended
    assert Call.objects.get(purpose="write_off").status == Call.Status.DONE


def test_what_is_paid_while_it_lapses_is_either_not_paid_or_goes_on(engine, monkeypatch):
    sponsorship, invoice = past_due(engine)
    pay = lambda: engine.pay_invoice(invoice.stripe_id, GOOD)  # noqa: E731
    meanwhile(monkeypatch, "cancel_subscription", pay)

    lapsing.lapse_due(now=sponsorship.stands_until + timedelta(hours=1))
    hear(engine)

    invoice.refresh_from_db()
    assert (invoice.status, again(sponsorship).status) == ("void", Status.LAPSED)


def test_what_is_paid_before_its_invoice_is_taken_back_does_not_lapse(engine, monkeypatch):
    sponsorship, invoice = past_due(engine)
    pay = lambda: engine.pay_invoice(invoice.stripe_id, GOOD)  # noqa: E731
    meanwhile(monkeypatch, "void_invoice", pay)

    lapsing.lapse_due(now=sponsorship.stands_until + timedelta(hours=1))
    hear(engine)

    invoice.refresh_from_db()
    assert (invoice.status, again(sponsorship).status) == ("paid", Status.ACTIVE)


@pytest.mark.parametrize("moment", ["before", "while"])
def test_ending_what_was_just_paid_keeps_what_is_paid_for(engine, monkeypatch, moment):
    sponsorship, invoice = past_due(engine)
    pay = lambda: engine.pay_invoice(invoice.stripe_id, GOOD)  # noqa: E731
    if moment == "before":
        pay()
    else:
        meanwhile(monkeypatch, "void_invoice", pay)

    ending.cancel(sponsorship)
    hear(engine)

    invoice.refresh_from_db()
    after = again(sponsorship)
    assert (invoice.status, after.status) == ("paid", Status.CANCELLING)
    assert after.ends_at == after.paid_through == invoice.period_ends_at


def test_ending_an_order_whose_invoice_was_just_paid_keeps_what_is_paid_for(engine):
    sponsorship = scenarios.ordered(engine, factories.payer())
    engine.pay_invoice(Invoice.objects.get().stripe_id, GOOD)

    ending.cancel(again(sponsorship))
    hear(engine)

    assert again(sponsorship).status == Status.CANCELLING
