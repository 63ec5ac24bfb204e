"""What becomes of a call's money: all of it goes back, or what is left over goes where it was announced."""

import pytest

from funding.ledger.models import Entry
from funding.ledger.money import split
from funding.office import clock
from funding.office.models import Message
from funding.programmes.models import Round
from sponsors.billing import closing, giving_back, remainders
from sponsors.billing.models import Asked, CreditNote, Invoice, Payment, Refund
from sponsors.sponsorships.models import Waiting
from tests import factories
from tests.programmes import scenes
from tests.programmes.money import (
    ASKS,
    DECLINED,
    GOOD,
    again,
    all_promised,
    closed,
    general,
    held,
    insist_books_agree,
    programme_holds,
    promised,
    run,
    statuses,
)

pytestmark = pytest.mark.database


def fees(call):
    return sum(one.fee for one in Payment.objects.filter(invoice__commitment__call=call))


def over(engine, *, seats=3, **values):
    """A call that has raised more than its places cost: £4,000 of £6,000, at £3,000 a place."""
    call = scenes.call(seats=seats, places_least=1, **values)
    for _ in range(2):
        promised(engine, call)
    closed(engine, call)
    return again(call)


# A call that misses its least


def test_a_call_that_misses_its_least_charges_nobody_and_tells_everybody_once(engine):
    call = scenes.call()
    promised(engine, call), promised(engine, call, po_number="PO-1")
    waits = factories.payer()
    Waiting.objects.create(
        call=call, company=waits, user=waits.memberships.get().user, since=clock.now()
    )

    closed(engine, call)

    assert statuses(call) == ["released", "released"]
    assert engine.account.store.kinds["invoice"] == {}
    assert Message.objects.filter(key__startswith=f"call-failed:{call.pk}:").count() == 3
    assert again(call).settled_at is not None
    assert Entry.objects.count() == 0


def test_nobody_is_named_to_others_when_a_call_fails(engine):
    call = scenes.call()
    hidden = factories.payer(display_name="Hidden Company")
    promised(engine, call, hidden, is_anonymous=True), promised(engine, call)

    closed(engine, call)

    others = Message.objects.exclude(key__endswith=f":{hidden.pk}")
    assert not others.filter(body__contains="Hidden Company").exists()
    assert not call.notes.filter(words__contains="Hidden Company").exists()


# A call that fails after all


def test_a_call_that_falls_below_its_least_gives_everything_back(engine):
    call, _ = all_promised(engine, cards=[GOOD, GOOD, DECLINED])
    run(engine)
    assert statuses(call) == ["paid", "paid", "due"]

    closed(engine, call)

    call = again(call)
    assert statuses(call) == ["refunded", "refunded", "failed"]
    assert call.state == "failed"
    assert again(call.round).status == Round.Status.FAILED
    assert [one.amount for one in Refund.objects.all()] == [200000, 200000]
    assert CreditNote.objects.count() == 2
    insist_books_agree(engine)


def test_the_general_fund_bears_its_fees_so_that_nothing_is_left_in_its_account(engine):
    call, _ = all_promised(engine, cards=[GOOD, GOOD, DECLINED])
    run(engine)
    closed(engine, call)

    entry = Entry.objects.get(reference=f"call:{call.pk}:fees")
    assert held(call) == 0
    assert general() == -fees(call) < 0
    assert entry.kind == Entry.Kind.CALL_FEES
    assert again(call).settled_at is not None


def test_it_is_undone_once_and_each_is_told_once(engine):
    call, _ = all_promised(engine, cards=[GOOD, ASKS, GOOD])
    run(engine)
    closed(engine, call)
    run(engine)

    # the third, which did not pay, was told that its seat is lost
    assert Message.objects.filter(key__startswith=f"call-failed:{call.pk}:").count() == 2
    assert Message.objects.filter(key__startswith="seat-lost:").count() == 1
    assert again(call).decisions.get().undone_at is not None
    assert Asked.objects.count() == Refund.objects.count() == 2


def test_who_pays_when_the_call_has_failed_gets_it_back(engine):
    call, made = all_promised(engine, cards=[GOOD, DECLINED, None])
    run(engine, days=10)
    assert statuses(call) == ["paid", "failed", "due"]
    engine.advance(int(call.closes_at.timestamp()) + 60)
    invoice = Invoice.objects.get(commitment=made[2])
    engine.transfer(invoice.stripe_id, invoice.total.amount)
    closing.run(now=clock.now())  # before anybody has told us of it
    for _ in range(4):
        run(engine)

    assert statuses(call) == ["refunded", "failed", "refunded"]
    assert held(call) == 0
    insist_books_agree(engine)


def test_while_a_seat_is_on_offer_nothing_is_undone(engine):
    call, _ = all_promised(engine, cards=[GOOD, GOOD, DECLINED])
    run(engine, days=8)
    kept = scenes.reserved(call, share=call.shares.get(taken=2))
    kept.was_offered, kept.reserved_until = True, call.closes_at.replace(year=2030)
    kept.save()

    closed(engine, call)

    assert again(call).state == "succeeded"
    assert statuses(call) == ["paid", "paid", "failed", "reserved"]


# What is left over


def test_what_is_left_over_goes_back_to_each_by_its_share(engine):
    call = over(engine)

    assert again(call.round).places_funded == 1
    assert [one.amount for one in Refund.objects.order_by("pk")] == [50000, 50000]
    assert statuses(call) == ["paid", "paid"]
    assert held(call) == 300000 - fees(call)
    assert call.settled_at is not None
    insist_books_agree(engine)


def test_parts_of_what_is_left_over_sum_to_it_exactly_net_of_tax(engine, settings):
    settings.STRIPE_AUTOMATIC_TAX = True
    call = scenes.call(seats=7, places_least=1)
    for _ in range(4):
        promised(engine, call)
    closed(engine, call)

    paid = sum(one.net for one in Invoice.objects.all())
    assert sum(one.net for one in CreditNote.objects.all()) == paid - 300000
    assert all(one.tax for one in CreditNote.objects.all())
    assert held(call) == 300000 - fees(call)
    insist_books_agree(engine)


@pytest.mark.parametrize("net", [1, 3, 28571, 28572, 85715, 200000, 999999])
@pytest.mark.parametrize("tax", [0, 7, 19, 20, 25.5])
def test_a_credit_note_of_so_much_has_exactly_that_net(net, tax):

    taxed = round(net * tax / 100)
    for part in {1, net // 3, net // 2, net - 1, net} - {0}:
        assert split(remainders.gross(net, taxed, part), [net, taxed])[0] == part


def test_what_is_left_over_is_kept_for_the_next_round(engine):
    call = over(engine, remainder="next_round")

    assert programme_holds(call) == 100000
    assert held(call) == 300000 - fees(call)
    assert Entry.objects.get(reference=f"call:{call.pk}:remainder").kind == Entry.Kind.REMAINDER
    insist_books_agree(engine)


def test_the_next_round_gets_what_the_one_before_has_left(engine):
    first = over(engine, remainder="next_round")
    after = scenes.call(scenes.round_(first.round.programme), remainder="next_round")
    for _ in range(3):
        promised(engine, after)
    closed(engine, after)

    assert programme_holds(first) == 0
    assert held(after) == 600000 + 100000 - fees(after)
    insist_books_agree(engine)


def test_a_next_round_that_fails_leaves_it_where_it_is(engine):
    first = over(engine, remainder="next_round")
    after = scenes.call(scenes.round_(first.round.programme))
    promised(engine, after)
    closed(engine, after)

    assert programme_holds(first) == 100000


def test_what_is_left_over_goes_to_the_general_fund(engine):
    call = over(engine, remainder="general")

    assert general() == 100000
    assert held(call) == 300000 - fees(call)
    insist_books_agree(engine)


def test_it_is_carried_out_once_however_often_the_worker_comes(engine):
    call = over(engine)
    for _ in range(3):
        run(engine)

    assert Asked.objects.count() == 2
    assert call.notes.filter(words__contains="goes back to its sponsors").count() == 1
    assert not remainders.settle(call, now=clock.now())


def test_nothing_is_carried_out_while_somebody_still_owes(engine):
    call = scenes.call(seats=3, places_least=1)
    promised(engine, call), promised(engine, call, po_number="PO-1", net_days=60)
    closed(engine, call)
    assert again(call).settled_at is None

    invoice = Invoice.objects.get(is_sent=True)
    engine.transfer(invoice.stripe_id, invoice.total.amount)
    for _ in range(3):
        run(engine)

    assert again(call).settled_at is not None
    assert held(call) == 300000 - fees(call)


def test_a_dispute_is_waited_for(engine):
    call = scenes.call(seats=3, places_least=1)
    promised(engine, call), promised(engine, call)
    run(engine)
    engine.advance(int(call.closes_at.timestamp()) - 600)
    dispute = engine.dispute(Payment.objects.first().charge)
    closed(engine, call)
    assert again(call).settled_at is None

    engine.win_dispute(dispute)
    for _ in range(3):
        run(engine)

    assert again(call).settled_at is not None
    insist_books_agree(engine)


def test_what_stripe_does_not_answer_is_given_back_later(engine):
    call = scenes.call(seats=3, places_least=1)
    promised(engine, call), promised(engine, call)
    run(engine)
    engine.faults.add("POST /v1/credit_notes", "error_after", times=1)
    closed(engine, call)

    giving_back.sweep(now=clock.now())
    engine.advance_by(300)

    assert [one.amount for one in Refund.objects.order_by("pk")] == [50000, 50000]
    assert set(Asked.objects.values_list("status", flat=True)) == {"done"}
    insist_books_agree(engine)
