"""Seats that were paid by bank: each company's part is a row, staff send it and say when, and with that it
is in the books, on paper, and told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.urls import reverse

from funding.ledger.models import Entry
from funding.office import clock
from funding.office.models import Message
from sponsors.billing import attention, checks, closing, describing, reconciling, sending_back
from sponsors.billing.models import BankReturn, CreditNote, Invoice, Refund
from tests import factories
from tests.certainty import certain
from tests.programmes import running_scenes as running
from tests.programmes.money import (
    DECLINED,
    GOOD,
    again,
    all_promised,
    closed,
    held,
    insist_books_agree,
    run,
    statuses,
)
from tests.programmes.remains import at_the_bank, done, over, send

pytestmark = pytest.mark.database


def failed(engine):
    """A call that failed after one seat was paid by bank and one by card."""
    call, made = all_promised(engine, cards=[None, DECLINED, GOOD])
    run(engine)
    at_the_bank(Invoice.objects.get(commitment=made[0]))
    closed(engine, call)
    return again(call)


def to_do():
    return {task.title: task.count for task in attention.tasks(now=clock.now())}


def test_parts_by_card_and_by_bank_sum_to_the_remainder_exactly(engine, settings):
    settings.STRIPE_AUTOMATIC_TAX = True
    over(engine)

    raised = Invoice.objects.aggregate(sum=Sum("net"))["sum"]
    by_bank, by_card = BankReturn.objects.all().together(), CreditNote.objects.all()
    assert by_bank[0] + sum(one.net for one in by_card) == raised - 300000
    assert BankReturn.objects.count() == by_card.count() == 2
    assert by_bank[1] > 0
    insist_books_agree(engine)


def test_each_part_is_a_task_for_staff_until_it_is_sent(engine):
    over(engine)
    assert to_do()["Money to send back by bank"] == 2

    for row in BankReturn.objects.all():
        send(row)

    assert to_do()["Money to send back by bank"] == 0


def test_what_was_sent_is_in_the_books(engine, settings):
    settings.STRIPE_AUTOMATIC_TAX = True
    call = over(engine)
    before, row = held(call), BankReturn.objects.first()
    send(row)

    entry = Entry.objects.get(reference=f"sent-back:{row.pk}")
    legs = {(one.debit.kind, one.credit.kind): one.amount for one in entry.transfers.all()}
    assert legs == {("held", "bank"): row.net, ("tax", "bank"): row.tax}
    assert held(call) == before - row.net
    insist_books_agree(engine)


def test_its_company_is_told_once_and_has_a_credit_note(engine):
    over(engine)
    row = send(BankReturn.objects.first())
    sending_back.sweep(now=clock.now())
    run(engine)

    row.refresh_from_db()
    note, (mail,) = CreditNote.objects.get(bank_return=row), Message.objects.filter(
        key__startswith=f"seat-sent-back-{row.pk}:"
    )  # fmt: skip
    assert (note.net, note.tax, note.before_payment) == (row.net, row.tax, 0)
    assert "OUT 1" in mail.body and row.money.exact in mail.body
    said = describing.sheet(note, now=clock.now())
    assert any("by bank" in one for one in said["notes"])


def test_a_credit_note_that_stripe_did_not_answer_is_made_once(engine):
    over(engine)
    notes = CreditNote.objects.count()
    engine.faults.add("POST /v1/credit_notes", "error_after", times=1)
    row = send(BankReturn.objects.first())
    assert again(row).credit_note is None

    engine.advance_by(300)
    for _ in range(2):
        sending_back.sweep(now=clock.now())

    assert again(row).credit_note
    assert CreditNote.objects.count() == notes + 1


def test_it_is_recorded_once(engine):
    over(engine)
    row = send(BankReturn.objects.first())

    with pytest.raises(sending_back.NotSentBack):
        send(row, reference="OUT 2")
    assert again(row).reference == "OUT 1"


@pytest.mark.parametrize("days", [1, -400])
def test_a_day_to_come_or_before_the_money_came_is_refused(engine, days):
    over(engine)

    with pytest.raises(sending_back.NotSentBack):
        send(BankReturn.objects.first(), on=clock.today() + timedelta(days=days))
    assert not BankReturn.objects.sent().exists()


def test_a_return_is_of_something_and_sent_as_a_whole(engine):
    over(engine)
    row = BankReturn.objects.first()
    for values in ({"net": 0, "tax": 0}, {"sent_on": clock.today()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BankReturn.objects.filter(pk=row.pk).update(**values)

    assert again(row).sent_on is None


def test_a_failed_call_with_a_seat_paid_by_bank_settles_once_it_is_recorded(engine):
    call = failed(engine)
    row = BankReturn.objects.get()
    assert (row.net, call.settled_at) == (200000, None)
    assert statuses(call) == ["paid", "failed", "refunded"]

    send(row)
    for _ in range(2):
        run(engine)

    assert again(call).settled_at
    assert statuses(call) == ["refunded", "failed", "refunded"]
    assert held(call) == 0
    insist_books_agree(engine)


def test_it_is_promised_once_however_often_the_worker_comes(engine):
    failed(engine)
    for _ in range(3):
        closing.repay_all(now=clock.now())

    assert BankReturn.objects.count() == 1


def test_the_last_settlement_waits_for_it_and_gives_nothing_twice(engine):
    call = over(engine)
    done(call)
    run(engine)
    assert again(call).cleared_at is None

    for row in BankReturn.objects.to_send():
        send(row)
    run(engine)
    for row in BankReturn.objects.to_send():
        send(row)

    assert again(call).cleared_at and held(call) == 0
    by_bank = BankReturn.objects.all().together()[0]
    assert by_bank + sum(Refund.objects.values_list("amount", flat=True)) <= 4 * 85715
    insist_books_agree(engine)


def test_what_was_booked_and_not_sent_is_found(engine):
    over(engine)
    row = send(BankReturn.objects.first())
    BankReturn.objects.filter(pk=row.pk).update(sent_on=None, recorded_at=None)

    assert any(f"sent-back:{row.pk}" in one for one in checks.breaches())


def test_reconciling_finds_nothing_wrong_with_what_was_sent(engine):
    over(engine)
    send(BankReturn.objects.first())

    found = reconciling.run(since=None, tell=lambda line: None)

    assert found.findings.unexplained().count() == 0


def test_staff_see_each_part_and_record_it(engine):
    over(engine)
    row = BankReturn.objects.first()
    staff = certain(running.client_of(factories.user(is_staff=True)))
    listed = staff.get(reverse("billing:staff-by-bank")).content.decode()
    wrong = staff.post(reverse("billing:staff-sent", args=[row.pk]), {"on": "", "reference": ""})
    typed = {"on": clock.today().isoformat(), "reference": "OUT 9"}
    done = staff.post(reverse("billing:staff-sent", args=[row.pk]), typed, follow=True)

    assert row.money.exact in listed and row.bank_payment.reference in listed
    assert wrong.status_code == 422
    assert "OUT 9" in done.content.decode() and again(row).sent_on


def test_a_sponsor_reads_that_its_part_comes_by_bank(engine):
    over(engine)
    row = BankReturn.objects.first()
    seat = row.bank_payment.invoice.commitment
    page = running.client_of(seat.accepted_by).get(f"/commitments/{seat.pk}/").content.decode()

    assert f"{row.money.exact} goes back to you by bank" in page
