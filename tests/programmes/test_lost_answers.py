"""Answers of Stripe's that never came while a call was carried out: found by looking, never done twice."""

import pytest

from funding.office import clock
from sponsors.billing import closing, giving_back
from sponsors.billing.models import Asked, Payment, Refund
from tests.programmes import scenes
from tests.programmes.money import (
    DECLINED,
    GOOD,
    again,
    all_promised,
    closed,
    held,
    insist_books_agree,
    promised,
    run,
    statuses,
)

pytestmark = pytest.mark.database

KINDS = ["timeout_after", "error_after", "reset_before", "error_before", "rate_limit"]
CHARGING = [
    "POST /v1/invoices",
    "POST /v1/invoiceitems",
    "POST /v1/invoices/{invoice}/finalize",
    "POST /v1/invoices/{invoice}/pay",
    "GET /v1/invoices/{invoice}",
]


def at_stripe(engine, kind):
    return [one for one in engine.account.store.kinds[kind].values() if "_deleted" not in one]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", CHARGING)
def test_a_seat_is_billed_and_charged_once(engine, operation, kind):
    call, _ = all_promised(engine)
    engine.faults.add(operation, kind, times=4)

    for _ in range(3):
        run(engine)

    assert statuses(call) == ["paid"] * 3
    assert [one["status"] for one in at_stripe(engine, "invoice")] == ["paid"] * 3
    assert [one["amount"] for one in at_stripe(engine, "invoiceitem")] == [200000] * 3
    assert len(at_stripe(engine, "charge")) == Payment.objects.count() == 3
    insist_books_agree(engine)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "operation", ["POST /v1/invoices/{invoice}/void", "GET /v1/invoices/{invoice}"]
)
def test_a_seat_that_was_not_paid_is_given_up_once(engine, operation, kind):
    call, _ = all_promised(engine, cards=[DECLINED, GOOD, GOOD])
    run(engine, days=6)
    engine.advance_by(2 * 86400)
    engine.faults.add(operation, kind, times=4)

    for _ in range(3):
        run(engine)

    assert statuses(call) == ["failed", "paid", "paid"]
    assert again(call.shares.get()).taken == 2
    insist_books_agree(engine)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_paid_goes_back_once(engine, kind):
    call, _ = all_promised(engine, cards=[GOOD, GOOD, DECLINED])
    run(engine, days=8)
    engine.faults.add("POST /v1/credit_notes", kind, times=4)

    closed(engine, call)
    for _ in range(5):
        giving_back.sweep(now=clock.now())
        run(engine)

    assert statuses(call) == ["refunded", "refunded", "failed"]
    assert Refund.objects.count() == len(at_stripe(engine, "refund")) == 2
    assert held(call) == 0
    insist_books_agree(engine)


def test_a_commitment_that_was_billed_and_not_charged_is_charged_by_who_comes_next(
    engine, monkeypatch
):
    call, _ = all_promised(engine)
    with monkeypatch.context() as patch:
        patch.setattr("sponsors.billing.charging._pay", dies)
        closing.run(now=clock.now())
    assert [one["status"] for one in at_stripe(engine, "invoice")] == ["open"] * 3

    run(engine)

    assert statuses(call) == ["paid"] * 3
    insist_books_agree(engine)


def dies(*args, **kwargs):
    raise RuntimeError("killed")


def test_nobody_loses_a_seat_for_a_void_that_nobody_wrote_down(engine, monkeypatch):
    call, _ = all_promised(engine, cards=[DECLINED, GOOD, GOOD])
    run(engine, days=6)
    engine.advance_by(2 * 86400)
    with monkeypatch.context() as patch:
        patch.setattr("sponsors.sponsorships.commitments.fail", dies)
        closing.run(now=clock.now())

    run(engine)

    assert statuses(call) == ["failed", "paid", "paid"]
    insist_books_agree(engine)


def test_a_remainder_that_was_half_written_is_carried_out_whole(engine, monkeypatch):
    call = scenes.call(seats=3, places_least=1)
    promised(engine, call), promised(engine, call)
    run(engine)
    with monkeypatch.context() as patch:
        patch.setattr("sponsors.billing.giving_back.carry_out", dies)
        closed(engine, call)
    assert Refund.objects.count() == 0
    assert again(call).settled_at is not None

    giving_back.sweep(now=clock.now())
    engine.advance_by(600)

    assert [one.amount for one in Refund.objects.order_by("pk")] == [50000, 50000]
    assert Asked.objects.filter(status=Asked.Status.DONE).count() == 2
    insist_books_agree(engine)
