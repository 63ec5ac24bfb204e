"""An invoice that was sent and is late, and one that is written off."""

from contextlib import suppress

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Funding
from sponsors.billing import gateway, overdue, writing_off
from sponsors.billing.models import Call, Invoice
from sponsors.sponsorships.models import Status
from tests import scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.orders import (
    Kind,
    now_,
    of_project,
    owed,
    record,
    the_invoice,
)

pytestmark = pytest.mark.database


# Late


def test_a_late_invoice_is_past_due_with_one_mail_and_one_reminder_before(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 10)
    for _ in range(2):
        overdue.remind(now=clock.now())
    world.days(engine, 5)
    for _ in range(2):
        overdue.note(now=clock.now())

    assert now_(sponsorship).status == Status.PAST_DUE
    keys = Message.objects.filter(key__startswith="invoice-").values_list("key", flat=True)
    assert sorted(key.split(":")[0] for key in keys) == [
        "invoice-due-soon", "invoice-overdue", "invoice-sent",
    ]  # fmt: skip
    assert Funding.objects.get().committed == 10000  # within grace


def test_we_see_that_it_is_late_though_stripe_says_nothing(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    engine.knobs.add("drop", times=99)
    world.days(engine, 15)
    assert now_(sponsorship).status == Status.AWAITING_INVOICE

    overdue.note(now=clock.now())

    assert now_(sponsorship).status == Status.PAST_DUE


def test_paid_late_it_is_active_again_and_booked_once(engine):
    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 16)

    engine.pay_invoice(the_invoice().stripe_id, "4242424242424242")
    engine.advance_by(120)

    assert now_(sponsorship).status == Status.ACTIVE
    assert of_project(sponsorship, Kind.HELD) == 10000 - 320
    insist_books_agree(engine)


def test_newer_invoices_do_not_hide_that_an_older_one_is_late(engine):
    sponsorship = scenarios.ordered(engine, net_days=60)
    world.days(engine, 62)
    overdue.note(now=clock.now())

    first = Invoice.objects.order_by("created_at").first()
    assert Invoice.objects.count() > 1
    assert now_(sponsorship).status == Status.PAST_DUE
    assert now_(sponsorship).due_at == first.due_at


def written_off(engine, **how):
    sponsorship = scenarios.ordered(engine, net_days=14, **how)
    world.days(engine, 20)
    writing_off.write_off(the_invoice())
    engine.deliver()
    return now_(sponsorship)


# Written off


def test_writing_off_ends_the_standing_and_takes_the_debt_out_of_the_books(engine):
    sponsorship = written_off(engine)

    assert sponsorship.status == Status.LAPSED
    assert not sponsorship.stands(clock.now())
    assert the_invoice().status == "uncollectible"
    assert owed(sponsorship) == of_project(sponsorship, Kind.BILLED) == 0
    insist_books_agree(engine)
    world.days(engine, 60)
    assert Invoice.objects.count() == 1  # nothing is made for it any more


@pytest.mark.parametrize("way", ["card", "bank"])
def test_what_was_written_off_and_is_paid_after_all_is_booked_once(engine, way):
    sponsorship = written_off(engine)

    if way == "card":
        assert engine.pay_invoice(the_invoice().stripe_id, "4242424242424242").ok
        engine.advance_by(120)
    else:
        record(the_invoice())
    world.days(engine, 1)

    assert the_invoice().revision == 3
    assert of_project(sponsorship, Kind.HELD) == (10000 - 320 if way == "card" else 10000)
    assert owed(sponsorship) == 0
    assert now_(sponsorship).has_ended
    insist_books_agree(engine)


def test_what_is_paid_cannot_be_written_off(engine):
    scenarios.ordered(engine)
    record(the_invoice())

    with pytest.raises(writing_off.NotWrittenOff):
        writing_off.write_off(the_invoice())


@pytest.mark.parametrize("kind", ["timeout_after", "error_after"])
def test_writing_off_may_be_asked_again_after_silence(engine, kind):

    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 20)
    engine.faults.add("POST /v1/invoices/{invoice}/mark_uncollectible", kind, times=3)
    with pytest.raises(gateway.GatewayError):
        writing_off.write_off(the_invoice())

    with suppress(writing_off.NotWrittenOff):  # a webhook was faster
        writing_off.write_off(the_invoice())
    engine.deliver()

    assert the_invoice().status == "uncollectible"
    assert Call.objects.filter(purpose="write_off", status="done").count() == 1
    assert now_(sponsorship).has_ended
    insist_books_agree(engine)


def test_the_diary_calls_a_late_invoice_overdue_and_no_payment_failed(engine, client):
    sponsorship = scenarios.ordered(engine, net_days=14)
    world.days(engine, 16)
    overdue.note(now=clock.now())
    client.force_login(sponsorship.bought_by)

    page = client.get(sponsorship.get_absolute_url()).content.decode()

    assert "<strong>Invoice overdue</strong>" in page
    assert "Payment failed" not in page
