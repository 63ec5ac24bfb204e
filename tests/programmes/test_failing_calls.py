"""Calls that fail after their decision: until it is certain that they do not, nothing is paid out; what the
cards cost and nothing else is borne for them; sponsors are told what is true of each."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from funding.ledger.models import Entry, Transfer
from funding.office import clock
from funding.office.models import Message
from funding.programmes import calls, checks, outlays, purse
from funding.programmes.models import FundingCall, Round
from sponsors.billing import attention, closing, remainders, stalling
from sponsors.billing.models import Invoice, Payment
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment, Waiting
from tests import factories
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.programmes.money import (
    DECLINED,
    GOOD,
    again,
    all_promised,
    closed,
    general,
    held,
    insist_books_agree,
    run,
    statuses,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def round_of(call):
    return Round.objects.select_related("call", "programme").get(pk=call.round_id)


def spend(call, amount=100_000):
    round_ = round_of(call)
    return outlays.spend(
        round_, what="Travel", amount=amount, paid_by="F", paid_on=clock.today(), reference="R",
        by=running.organiser(round_),
    )  # fmt: skip


def fails_later(engine):
    """Two cards are paid, and the purchase order never is."""
    call, made = all_promised(engine, cards=[GOOD, GOOD, None])
    closed(engine, call)
    return call, made


def fail(engine):
    run(engine, days=31)
    run(engine, days=8)
    for _ in range(4):
        run(engine)


def spent_before_there_was_a_rule(call, amount=100_000):
    """As a row of then is: recorded while the call could still fail."""
    rows = FundingCall.objects.filter(pk=call.pk)
    rows.update(secured_at=clock.now())
    spend(call, amount)
    rows.update(secured_at=None)


# Nothing is paid out before


def test_nothing_is_paid_out_while_the_call_may_fail(engine):
    call, _ = fails_later(engine)

    with pytest.raises(outlays.NotYet, match="paid £6,000.00, the least that the round needs"):
        spend(call)

    assert held(call) > 100_000
    assert "Nothing can be paid out yet" in purse.of(round_of(call)).not_yet


def test_no_instalment_is_paid_out_either():
    place = running.place()
    running.funded(place.round)
    FundingCall.objects.update(secured_at=None)
    one = running.released(place)

    with pytest.raises(outlays.NotYet):
        outlays.pay(
            one.pk, paid_by="F", paid_on=clock.today(), reference="R",
            by=running.organiser(place.round),
        )  # fmt: skip

    assert again(one).status == "released"


def test_the_page_of_money_says_until_when_and_asks_for_nothing(engine):
    call, _ = fails_later(engine)
    round_ = round_of(call)
    client = running.client_of(running.organiser(round_))

    page = client.get(f"/organise/{round_.programme.slug}/{round_.slug}/money/").content.decode()

    assert "Nothing can be paid out yet" in page
    assert "Record programme cost" not in page


def test_once_the_least_is_paid_money_is_paid_out_though_others_owe(engine):
    call, _ = all_promised(engine, cards=[GOOD, GOOD, None], places_least=1)
    run(engine)

    assert again(call).secured_at
    assert statuses(call) == ["paid", "paid", "due"]
    assert spend(call).entry.kind == Entry.Kind.COST_PAID


def test_once_nobody_owes_money_is_paid_out_too(engine):
    call, _ = all_promised(engine)
    FundingCall.objects.update(secured_at=None)
    closed(engine, call)
    FundingCall.objects.update(
        secured_at=None
    )  # as one that was settled before there was the rule

    assert again(call).settled_at
    assert spend(call).entry.kind == Entry.Kind.COST_PAID


def test_what_is_secure_is_not_undone_whatever_is_lost_after_that():
    call = scenes.call(seats=2, places_least=1)
    made = [scenes.committed(call, share=share) for share in [*call.shares.all()] * 2]
    commitments.note_paid(commitment_id=made[0].pk, now=clock.now())
    commitments.close(call_id=call.pk, now=call.closes_at)
    commitments.fail(commitment_id=made[1].pk, now=call.closes_at)
    commitments.refund(commitment_id=made[0].pk, cause="Given back", now=call.closes_at)

    assert not commitments.undo(call_id=call.pk, now=call.closes_at)
    assert again(call).state == "succeeded"


def test_what_lacks_money_is_not_settled_before_it_is_undone():
    call = scenes.decided(places_least=1)
    rows = Commitment.objects.filter(call=call)
    commitments.close(call_id=call.pk, now=call.closes_at)
    for one in rows:
        commitments.fail(commitment_id=one.pk, now=call.closes_at)

    assert not remainders.settle(again(call), now=call.closes_at)
    assert commitments.undo(call_id=call.pk, now=call.closes_at)


def test_the_database_refuses_a_secure_call_that_fails():
    call = scenes.call(state="succeeded", secured_at=clock.now())

    with pytest.raises(IntegrityError, match="call_secured_never_fails"), transaction.atomic():
        FundingCall.objects.filter(pk=call.pk).update(state="failed")


# What is borne


def test_the_general_fund_bears_card_fees_and_nothing_else(engine):
    call, _ = fails_later(engine)
    spent_before_there_was_a_rule(call)
    fail(engine)

    fees = sum(one.fee for one in Payment.objects.all())
    borne = Transfer.objects.filter(entry__kind=Entry.Kind.CALL_FEES)
    assert [one.amount for one in borne] == [fees]
    assert general() == -fees
    assert (again(call).state, held(call), again(call).settled_at) == ("failed", -100_000, None)
    insist_books_agree(engine)


def test_what_was_spent_of_a_failed_call_is_shown_to_staff_with_its_amount(engine):
    call, _ = fails_later(engine)
    spent_before_there_was_a_rule(call)
    fail(engine)
    run(engine, days=2)

    (one,) = stalling.stalled(clock.now())
    titles = [task.title for task in attention.tasks(now=clock.now()) if task.count]
    assert "Calls that do not move on" in titles
    assert one.waits_for[0].startswith("£1,000.00 was paid out before it failed")


def test_once_it_is_taken_back_the_failed_call_is_settled(engine):
    call, _ = fails_later(engine)
    spent_before_there_was_a_rule(call)
    fail(engine)

    round_ = round_of(call)
    outlays.take_back(round_.outlays.get(), because="Not paid", by=running.organiser(round_))
    run(engine)

    assert held(call) == 0
    assert again(call).settled_at
    assert stalling.calls(clock.now() + timedelta(days=3)) == []
    insist_books_agree(engine)


# Staff see what does not move on


def test_a_call_that_waits_rightly_is_no_task(engine):
    call, _ = fails_later(engine)
    engine.advance_by(5 * 86_400)

    assert again(call).settled_at is None
    assert stalling.calls(clock.now()) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "open"}, "Its time is over, and it was not closed."),
        ({"state": "succeeded", "closed": True}, ""),
    ],
)
def test_a_call_with_which_nothing_happens_for_a_day_is_shown_to_staff(values, words, rf):
    is_closed = values.pop("closed", False)
    call = scenes.call(**values)
    closes_at = clock.now() - timedelta(days=2)
    FundingCall.objects.update(closes_at=closes_at, closed_at=closes_at if is_closed else None)

    (one,) = stalling.stalled(clock.now())

    assert one.call == call
    assert (one.waits_for or [""])[0] == words
    assert stalling.calls(clock.now() - timedelta(days=1, minutes=1)) == []


def test_the_page_of_staff_names_the_call_and_what_it_waits_for():
    call = scenes.call()
    FundingCall.objects.update(closes_at=clock.now() - timedelta(days=2))
    client = Client()
    client.force_login(factories.user(is_staff=True))

    page = client.get("/staff/calls/").content.decode()

    assert str(call.round) in page
    assert "was not closed" in page


# Sponsors are told what is true


def mail_to(commitment):
    call = commitment.call_id
    return Message.objects.get(key=f"call-failed:{call}:{commitment.company_id}").body


def test_who_has_withdrawn_is_not_told_that_the_call_fails():
    call = scenes.call()
    left = scenes.committed(call)
    commitments.withdraw(commitment_id=left.pk, now=clock.now())
    Message.objects.all().delete()

    closing.close(call.pk, now=call.closes_at)

    assert not Message.objects.filter(key__startswith="call-failed:").exists()


def test_who_came_back_is_told_of_what_stood_then():
    call = scenes.call()
    left = scenes.committed(call)
    commitments.withdraw(commitment_id=left.pk, now=clock.now())
    scenes.committed(call, left.company)

    closing.close(call.pk, now=call.closes_at)

    assert "the promise of" in mail_to(left)


def test_who_waits_for_a_seat_is_told_and_waits_no_longer():
    call = scenes.call()
    waits = factories.payer()
    user = waits.memberships.get().user
    Waiting.objects.create(call=call, company=waits, user=user, since=clock.now())

    closing.close(call.pk, now=call.closes_at)

    (mail,) = Message.objects.filter(key__startswith="call-failed:")
    assert "You waited for a seat" in mail.body
    assert not Waiting.objects.waiting().exists()


def test_when_it_is_undone_each_is_told_what_becomes_of_its_own_money(engine):
    call, made = all_promised(engine, cards=[GOOD, DECLINED, None])
    run(engine, days=8)
    assert statuses(call) == ["paid", "failed", "due"]
    closed(engine, call)

    assert "goes back whole" in mail_to(made[0])
    assert "has not paid for its seat yet, and owes nothing" in " ".join(mail_to(made[2]).split())
    assert Message.objects.filter(key__startswith="call-failed:").count() == 2


def test_the_page_of_a_round_says_that_nobody_was_charged_only_if_nobody_was(client):
    never, after_all = scenes.call(), scenes.call(state="succeeded", closed_at=clock.now())
    after_all.decisions.create(place=0, is_success=True, firm=1, decided_at=clock.now())
    commitments.close(call_id=never.pk, now=never.closes_at)
    calls.undo(calls.lock(after_all.pk), firm=after_all.money(0), now=clock.now())

    pages = [client.get(again(one.round).get_absolute_url()) for one in (never, after_all)]
    said = ["Nobody was charged" in page.content.decode() for page in pages]

    assert said == [True, False]
    assert "What was paid goes back whole" in pages[1].content.decode()


def test_the_seat_of_a_call_that_failed_says_that_its_money_goes_back(engine):
    call, made = all_promised(engine, cards=[GOOD, DECLINED, GOOD])
    run(engine, days=8)
    calls_row = calls.lock(call.pk)
    calls.undo(calls_row, firm=call.money(0), now=clock.now())
    client = running.client_of(made[0].accepted_by)

    page = client.get(f"/commitments/{made[0].pk}/").content.decode()

    assert "What was paid for the seat goes back whole" in page
    assert Invoice.objects.get(commitment=made[0]).status == "paid"
    assert list(checks.breaches()) == []
