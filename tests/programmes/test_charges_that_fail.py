"""Charges of seats that fail: told once, mended, waited for, and given up after a grace."""

from datetime import timedelta

import pytest

from funding.ledger.models import Entry
from funding.office import clock
from sandbox.cards import FAILS_AT_SETTLEMENT
from sponsors.billing import closing, gateway
from sponsors.billing.models import Invoice, Payment
from sponsors.sponsorships import commitments
from tests.programmes import scenes
from tests.programmes.charges import mail, words
from tests.programmes.money import (
    ASKS,
    DECLINED,
    GOOD,
    again,
    all_promised,
    insist_books_agree,
    promised,
    run,
    save_card,
    statuses,
)

pytestmark = pytest.mark.database


DAY = 86400


def test_one_that_is_late_has_seven_days_from_then(engine):
    _, (commitment, *_) = all_promised(engine, cards=[None, GOOD, GOOD])
    run(engine, days=31)

    late = again(commitment)
    assert late.grace_until - clock.now() == timedelta(days=7)
    assert "was not paid by its due date" in words(mail("seat-not-paid")[0])


def test_a_card_that_is_declined_is_asked_once_and_its_company_told_once(engine):
    call, (_, commitment, _) = all_promised(engine, cards=[GOOD, DECLINED, GOOD])

    run(engine, days=3)
    run(engine)

    assert statuses(call) == ["paid", "due", "paid"]
    invoice = Invoice.objects.get(commitment=commitment)
    assert (invoice.status, invoice.attempts) == ("open", 1)
    (told,) = mail("seat-not-paid")
    assert "The bank declined the card" in words(told)
    assert invoice.hosted_url in told.body
    assert closing.open_invoice(commitment) == invoice
    insist_books_agree(engine)


def test_a_bank_that_wants_to_see_somebody_is_satisfied_on_the_page(engine):
    call, (commitment, *_) = all_promised(engine, cards=[ASKS, GOOD, GOOD])
    run(engine)
    assert "wants somebody to confirm the payment" in words(mail("seat-not-paid")[0])
    intent = Payment.objects.get(invoice__commitment=commitment).payment_intent

    assert engine.authenticate(intent).ok
    run(engine)

    assert statuses(call) == ["paid"] * 3
    assert again(commitment).grace_until is None
    insist_books_agree(engine)


def test_another_card_on_the_page_mends_it(engine):
    call, (commitment, *_) = all_promised(engine, cards=[DECLINED, GOOD, GOOD])
    run(engine)

    assert engine.pay_invoice(Invoice.objects.get(commitment=commitment).stripe_id, GOOD).ok
    run(engine)

    assert statuses(call) == ["paid"] * 3
    insist_books_agree(engine)


def test_a_debit_on_its_way_is_no_failure_until_its_bank_has_answered(engine):
    call = scenes.call()
    kept = scenes.reserved(call, share=call.shares.get())
    save_card(engine, kept, method="sepa_debit", iban=FAILS_AT_SETTLEMENT)
    commitments.commit(commitment_id=kept.pk, now=clock.now())
    promised(engine, call), promised(engine, call)

    run(engine)
    assert statuses(call) == ["due", "paid", "paid"]
    assert again(kept).grace_until is None
    run(engine, days=5)

    assert again(kept).grace_until is not None
    assert "The bank refused the debit" in words(mail("seat-not-paid")[0])


def test_a_debit_that_began_within_its_grace_is_waited_for(engine):
    call, (commitment, *_) = all_promised(engine, cards=[DECLINED, GOOD, GOOD])
    run(engine, days=6)
    engine.account.settings.settlement_after = 5 * DAY
    saved = save_card(engine, commitment, method="sepa_debit").payment_method
    name = Invoice.objects.get(commitment=commitment).stripe_id
    gateway.pay_invoice(name, method=saved, key="debit")
    engine.advance_by(2 * DAY)

    closing.run(now=clock.now())
    assert statuses(call) == ["due", "paid", "paid"]
    run(engine, days=4)

    assert statuses(call) == ["paid"] * 3
    insist_books_agree(engine)


def test_a_seat_with_no_card_at_all_is_told_of_as_one_that_failed(engine):
    call, (commitment, *_) = all_promised(engine, cards=[GOOD, GOOD, GOOD])
    commitment.setups.update(payment_method="")

    run(engine)
    run(engine)

    assert statuses(call) == ["due", "paid", "paid"]
    assert len(mail("seat-not-paid")) == 1


def test_after_its_grace_the_invoice_is_void_and_the_seat_is_free(engine):
    call, (commitment, *_) = all_promised(engine, cards=[DECLINED, GOOD, GOOD])
    run(engine, days=8)

    assert statuses(call) == ["failed", "paid", "paid"]
    assert Invoice.objects.get(commitment=commitment).status == "void"
    assert again(commitment.share).taken == 2
    assert len(mail("seat-lost")) == 1
    insist_books_agree(engine)


def test_another_sponsor_takes_the_place_of_one_that_did_not_pay(engine):
    call, _ = all_promised(engine, cards=[DECLINED, GOOD, GOOD])
    run(engine, days=8)

    promised(engine, call)
    run(engine)

    assert statuses(call) == ["failed", "paid", "paid", "paid"]
    assert again(call.round).places_funded == 2
    insist_books_agree(engine)


def test_what_was_paid_in_the_last_second_stays_paid(engine):
    call, (commitment, *_) = all_promised(engine, cards=[DECLINED, GOOD, GOOD])
    run(engine, days=6)
    engine.knobs.add("drop", times=50)
    engine.pay_invoice(Invoice.objects.get(commitment=commitment).stripe_id, GOOD)
    engine.advance_by(2 * DAY)

    closing.run(now=clock.now())

    assert statuses(call) == ["paid"] * 3


def test_a_dispute_that_is_lost_costs_the_seat(engine):
    call, (commitment, *_) = all_promised(engine)
    run(engine)
    payment = Payment.objects.get(invoice__commitment=commitment)

    dispute = engine.dispute(payment.charge)
    engine.deliver()
    assert statuses(call) == ["paid"] * 3
    engine.lose_dispute(dispute)
    engine.deliver()

    assert statuses(call) == ["disputed", "paid", "paid"]
    assert Entry.objects.filter(kind=Entry.Kind.DISPUTED).count() == 1
    insist_books_agree(engine)
