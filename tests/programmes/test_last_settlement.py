"""What is left when a round is done goes the way that its call announced: once, to the last unit, and only
when nothing of it waits."""

import pytest
from django.db import transaction

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.office import clock
from funding.programmes import outlays
from funding.programmes.models import Outlay, Round
from sponsors.billing import checks, closing, remainders, repaying, stalling, unsettled
from sponsors.billing.models import Asked, BankReturn, CreditNote, Invoice, Payment, Refund
from sponsors.sponsorships import sponsor_page
from tests.programmes import remains as bank
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.programmes.money import (
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
from tests.programmes.remains import done
from tests.programmes.test_remainders import fees, over

pytestmark = pytest.mark.database


def settled(engine, **values):
    """A call of £6,000 for two places that nobody takes: all is paid, nothing is above their cost."""
    call, _ = all_promised(engine, **values)
    closed(engine, call)
    assert again(call).settled_at
    return again(call)


def spend(call, amount):
    by = running.organiser(call.round)
    outlays.spend(
        call.round, what="Travel", amount=amount, paid_by="Us", paid_on=clock.today(),
        reference="B 1", by=by,
    )  # fmt: skip


def put_in(call, amount):
    """From an earlier round."""
    kept = remainders.programme(call.round.programme_id, Account.Kind.HELD)
    for debit, credit, reference in (
        (posting.Place(Account.Kind.STRIPE), kept, "in"),
        (kept, posting.round(call.round_id, Account.Kind.HELD), "over"),
    ):
        posting.post(
            reference=f"test:{reference}", kind=Entry.Kind.CARRIED, occurred_at=clock.now(),
            legs=[posting.Leg(debit, credit, Money(amount, "GBP"))],
        )  # fmt: skip


def notes(call):
    return [one.words for one in call.notes.all()]


def test_what_is_left_goes_to_the_general_fund(engine):
    call = settled(engine, remainder="general")
    left = held(call)
    done(call)
    run(engine)

    assert held(call) == 0
    assert general() == left == 600000 - fees(call)
    assert Entry.objects.get(reference=f"call:{call.pk}:left").kind == Entry.Kind.REMAINDER
    assert any("left at the end" in one and "general fund" in one for one in notes(call))
    insist_books_agree(engine)


def test_what_is_left_is_kept_for_the_next_round(engine):
    call = settled(engine, remainder="next_round")
    done(call)
    run(engine)

    assert (held(call), programme_holds(call)) == (0, 600000 - fees(call))
    insist_books_agree(engine)


def test_what_is_left_goes_back_to_its_sponsors_to_the_last_unit(engine):
    call = settled(engine)
    spend(call, 123457)
    left = held(call)
    done(call)
    run(engine)

    parts = [one.net for one in CreditNote.objects.order_by("pk")]
    assert sum(parts) == left and max(parts) - min(parts) <= 1
    assert held(call) == 0
    assert statuses(call) == ["paid"] * 3
    insist_books_agree(engine)


def test_after_a_first_part_the_last_one_gives_all_of_the_tax_back_too(engine, settings):
    settings.STRIPE_AUTOMATIC_TAX = True
    call = scenes.call(seats=7, places_least=1)
    for _ in range(4):
        promised(engine, call)
    closed(engine, call)
    spend(call, 100003)
    left = held(call)
    done(call)
    run(engine)

    assert again(call).cleared_at
    assert sum(one.net for one in CreditNote.objects.order_by("pk")[4:]) == left
    assert held(call) == 0
    insist_books_agree(engine)


def test_nobody_gets_more_than_they_have_paid_and_the_rest_is_kept_for_the_next_round(engine):
    call = settled(engine)
    put_in(call, 50000)
    done(call)
    for _ in range(2):
        run(engine)

    assert [one.amount for one in Refund.objects.all()] == [200000] * 3
    assert programme_holds(call) == 50000 - fees(call)
    assert held(call) == 0
    assert list(checks.breaches()) == []


def test_it_is_carried_out_once_however_often_the_worker_comes(engine):
    call = over(engine, remainder="general")
    first = general()
    done(call)
    for _ in range(3):
        run(engine)

    assert first == 100000 and held(call) == 0
    assert Entry.objects.filter(kind=Entry.Kind.REMAINDER).count() == 2
    assert not remainders.clear(call, now=clock.now())


def test_what_was_written_down_with_it_is_undone_when_it_is(engine):
    call = settled(engine, remainder="general")
    done(call)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        remainders.clear(call, now=clock.now())
        1 / 0  # noqa: B018 - the worker dies

    assert held(call) > 0 and again(call).cleared_at is None


def test_nothing_is_carried_out_while_the_round_is_under_way(engine):
    call = settled(engine, remainder="general")

    assert not remainders.clear(call, now=clock.now())
    assert held(call) > 0


def test_nothing_is_carried_out_before_the_first_settlement(engine):
    call, _ = all_promised(engine, remainder="general")
    run(engine)
    done(call)
    closing.run(now=clock.now())

    assert (again(call).settled_at, again(call).cleared_at) == (None, None)
    assert unsettled.waiting(again(call))


def test_an_instalment_that_is_not_paid_is_waited_for(engine):
    call = settled(engine, remainder="general")
    running.checkpoint(call.round, 1, running.STIPEND)
    place = running.place(call.round, status="done", ended_at=clock.now())
    place.instalments.update(status="released")
    done(call)
    run(engine)
    assert again(call).cleared_at is None

    place.instalments.update(status="paid")
    run(engine)

    assert again(call).cleared_at


def test_a_dispute_under_way_is_waited_for(engine):
    call = settled(engine)
    dispute = engine.dispute(Payment.objects.first().charge)
    run(engine)
    done(call)
    run(engine)
    assert again(call).cleared_at is None

    engine.win_dispute(dispute)
    for _ in range(3):
        run(engine)

    assert again(call).cleared_at
    insist_books_agree(engine)


def test_its_treasurer_reads_what_it_waits_for_and_then_where_it_went(engine):
    call = settled(engine, remainder="general")
    page = f"/organise/{call.round.programme.slug}/{call.round.slug}/money/"
    treasurer = running.client_of(running.treasurer(call.round))
    dispute = engine.dispute(Payment.objects.first().charge)
    run(engine)
    done(call)
    waits = treasurer.get(page).content.decode()
    engine.win_dispute(dispute)
    for _ in range(3):
        run(engine)
    after = treasurer.get(page).content.decode()

    assert "it is not decided yet" in waits and "Record programme cost" in waits
    assert "What was left at the end" in after and "Record programme cost" not in after


def test_its_sponsors_read_where_what_was_left_went(engine):
    call = settled(engine, remainder="next_round")
    done(call)
    run(engine)
    purse = sponsor_page.purse(call.round, "GBP")
    seat = Invoice.objects.first().commitment
    page = running.client_of(seat.accepted_by).get(f"/commitments/{seat.pk}/").content.decode()

    assert (purse.left.amount, purse.other.amount) == (0, 0)
    assert purse.passed_on.amount == programme_holds(call)
    assert "Kept for the next round" in page and "is kept for the next round" in page


def test_once_it_is_carried_out_nothing_is_paid_or_taken_back(engine):
    call = settled(engine, remainder="general")
    spend(call, 1000)
    outlay = Outlay.objects.get()
    done(call)
    run(engine)

    with pytest.raises(outlays.Cleared):
        spend(call, 1)
    with pytest.raises(outlays.Cleared):
        outlays.take_back(outlay, because="Wrong", by=running.organiser(call.round))


def test_what_is_put_into_a_cleared_round_is_found(engine):
    call = settled(engine, remainder="general")
    done(call)
    run(engine)
    assert list(checks.breaches()) == []

    put_in(call, 700)

    assert any("done and cleared, and holds" in one for one in checks.breaches())


def test_while_refunds_are_on_their_way_no_breach_is_seen(engine):
    call = settled(engine)
    done(call)
    remainders.clear(again(call), now=clock.now())  # nobody was told of the refunds yet

    assert Asked.objects.filter(by=None).count() == 3
    assert [one for one in checks.breaches() if "cleared" in one] == []


def test_a_call_that_failed_is_never_cleared(engine):
    call = scenes.call()
    promised(engine, call)
    closed(engine, call)

    assert not remainders.clear(again(call), now=clock.now())
    assert repaying.wind_up(again(call), now=clock.now()) is False


def test_who_has_lost_some_of_it_to_a_bank_keeps_nobody_waiting(engine):
    call = settled(engine)
    dispute = engine.dispute(Payment.objects.first().charge, 50000)
    run(engine)
    engine.lose_dispute(dispute)
    run(engine)
    done(call)
    for _ in range(3):
        run(engine)

    assert again(call).cleared_at and held(call) == 0
    assert Refund.objects.count() == 2
    insist_books_agree(engine)


def test_whoever_ends_a_round_reads_first_what_is_left_and_where_it_goes(engine):
    call = settled(engine, remainder="next_round")
    now = clock.now()
    Round.objects.filter(pk=call.round_id).update(
        announced_at=now, report="Done.", reported_at=now
    )
    organiser = running.client_of(running.organiser(call.round))
    address = f"/organise/{call.round.programme.slug}/{call.round.slug}/end/"
    page = organiser.get(address).content.decode()

    assert Money(held(call), "GBP").exact in page
    assert "kept for the next round of the programme" in page


@pytest.mark.parametrize("remainder", ["next_round", "general", "refund"])
def test_what_no_place_needs_is_not_paid_out_before_it_goes_where_it_was_announced(
    engine, remainder
):
    call = scenes.call(seats=3, places_least=1, remainder=remainder)
    promised(engine, call), promised(engine, call)
    run(engine)
    own = 300000 - fees(call)
    with pytest.raises(outlays.NotHeld, match="need no more than"):
        spend(call, own + 1)
    spend(call, own)
    closed(engine, call)

    assert again(call).settled_at and held(call) == 0
    assert list(checks.breaches()) == []


def test_what_goes_back_by_bank_and_was_not_sent_is_not_paid_out(engine):
    call = bank.over(engine)
    own = 300000 - fees(call)
    with pytest.raises(outlays.NotHeld):
        spend(call, own + 1)
    spend(call, own)
    for row in BankReturn.objects.all():
        bank.send(row)

    assert held(call) == 0
    assert list(checks.breaches()) == []


def test_what_an_earlier_round_left_may_be_paid_out_too(engine):
    call = settled(engine)
    put_in(call, 50000)

    spend(call, held(call))

    assert held(call) == 0


@pytest.mark.parametrize("remainder", ["next_round", "general", "refund"])
def test_what_is_not_there_any_more_goes_nowhere(engine, remainder):
    """Two places were paid for and their money spent; then a bank takes a third of it back."""
    call = scenes.call(seats=3, places_least=1, remainder=remainder)
    for _ in range(3):
        promised(engine, call)
    run(engine)
    spend(call, 600000 - fees(call))
    dispute = engine.dispute(Payment.objects.first().charge)
    run(engine)
    engine.lose_dispute(dispute)
    closed(engine, call)

    assert again(call).settled_at and held(call) < 0
    assert (programme_holds(call), general(), Refund.objects.count()) == (0, 0, 0)
    assert list(checks.breaches()) == []


def test_a_treasurer_reads_how_much_of_what_is_there_can_be_paid_out(engine):
    call = bank.over(engine)
    own = Money(300000 - fees(call), "GBP")
    address = f"/organise/{call.round.programme.slug}/{call.round.slug}/money/cost/"
    page = running.client_of(running.treasurer(call.round)).get(address).content.decode()

    assert f"need no more than {own.exact}" in page


def test_staff_see_a_round_that_is_done_and_keeps_its_money(engine):
    call = settled(engine)
    running.checkpoint(call.round, 1, running.STIPEND)
    running.place(call.round, status="done").instalments.update(status="released")
    done(call)
    run(engine)

    assert stalling.calls(clock.now()) == []
    engine.advance_by(2 * 86400)
    (one,) = stalling.stalled(clock.now())
    assert one.call == call
    assert one.waits_for == ["An instalment of a stipend is not paid. Record that it was."]
