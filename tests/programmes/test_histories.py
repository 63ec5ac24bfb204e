"""Random histories of calls, and workers that race: nobody is charged before the decision, nobody twice,
and every cent is in the books."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from funding.office import clock
from funding.programmes.models import FundingCall, Share
from sponsors.billing import checks, closing
from sponsors.billing.models import Invoice
from sponsors.sponsorships import checks as of_seats
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment
from tests import racing
from tests.programmes import scenes
from tests.programmes.money import (
    ASKS,
    DECLINED,
    GOOD,
    all_promised,
    closed,
    held,
    insist_books_agree,
    promised,
    run,
    statuses,
)

CARDS = {"good": GOOD, "declined": DECLINED, "asks": ASKS}
STEPS = [*CARDS, "good", "good", "order", "withdraw", "work", "mend", "days"]


def of_call(engine, call):
    """What Stripe has charged for its seats: by commitment."""
    ours = {str(pk) for pk in Commitment.objects.filter(call=call).values_list("pk", flat=True)}
    found = engine.account.store.kinds["invoice"].values()
    return [one for one in found if one["metadata"].get("commitment") in ours]


def step(engine, call, name):
    is_free = any(one.free for one in Share.objects.filter(call=call))
    is_open = FundingCall.objects.get(pk=call.pk).is_open(clock.now())
    if name in CARDS and is_free and is_open:
        promised(engine, call, card=CARDS[name])
    elif name == "order" and is_free and is_open:
        promised(engine, call, po_number="PO-1", net_days=14)
    elif name == "withdraw":
        withdraw(call)
    elif name == "mend":
        mend(engine, call)
    elif name == "work":
        run(engine)
    elif name == "days":
        engine.advance_by(3 * 86400)


def withdraw(call):
    if seat := Commitment.objects.filter(call=call, status="committed").first():
        commitments.withdraw(commitment_id=seat.pk, now=clock.now())


def mend(engine, call):
    if invoice := Invoice.objects.awaited().filter(commitment__call=call).first():
        engine.pay_invoice(invoice.stripe_id, GOOD)
        engine.deliver()


def insist(engine, call):
    """Whatever happened so far."""
    decided = FundingCall.objects.get(pk=call.pk).decided_at
    billed = of_call(engine, call)
    assert not billed or decided is not None
    assert all(one["created"] >= int(decided.timestamp()) for one in billed)
    names = [one["metadata"]["commitment"] for one in billed if one["status"] != "void"]
    assert len(names) == len(set(names))
    assert list(of_seats.breaches()) == []


@pytest.mark.database
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=some.lists(some.sampled_from(STEPS), max_size=10),
    mode=some.sampled_from(["all_or_nothing", "per_place"]),
    least=some.integers(1, 2),
    rule=some.sampled_from(["refund", "next_round", "general"]),
)
def test_nobody_is_charged_before_the_decision_and_nobody_twice(engine, steps, mode, least, rule):
    call = scenes.call(seats=4, mode=mode, places_least=least, remainder=rule)
    for name in steps:
        step(engine, call, name)
        insist(engine, call)
    closed(engine, call)
    for _ in range(4):
        run(engine, days=8)
    insist(engine, call)

    call = FundingCall.objects.get(pk=call.pk)
    assert call.settled_at is not None
    assert set(statuses(call)) <= {
        "paid", "refunded", "failed", "released", "withdrawn", "expired",
    }  # fmt: skip
    if call.state == FundingCall.State.FAILED:
        assert held(call) == 0
        assert "paid" not in statuses(call)
    insist_books_agree(engine)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_workers_that_race_charge_each_seat_once(engine):
    call, _ = all_promised(engine)

    racing.together(lambda: closing.run(now=clock.now()), threads=4)
    run(engine)

    assert statuses(call) == ["paid"] * 3
    assert len(engine.account.store.kinds["charge"]) == 3
    insist_books_agree(engine)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_workers_that_race_carry_a_remainder_out_once(engine):
    call = scenes.call(seats=3, places_least=1)
    promised(engine, call), promised(engine, call)
    run(engine)
    engine.advance(int((call.closes_at + timedelta(minutes=1)).timestamp()))

    racing.together(lambda: closing.run(now=clock.now()), threads=4)
    for _ in range(3):
        run(engine)

    assert sorted(one["amount"] for one in engine.account.store.kinds["refund"].values()) == [
        50000, 50000,
    ]  # fmt: skip
    assert list(checks.breaches()) == []
    insist_books_agree(engine)
