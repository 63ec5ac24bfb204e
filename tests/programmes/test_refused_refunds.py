"""A part that Stripe refuses to give back is tried again each day and shown to staff; nothing goes back
twice."""

import pytest

from funding.office import clock
from sponsors.billing import attention, closing, gateway, giving_back, looking, remainders
from sponsors.billing.models import Asked, Refund
from tests import factories
from tests.programmes import scenes
from tests.programmes.money import again, closed, held, insist_books_agree, promised, run
from tests.programmes.remains import done
from tests.programmes.test_remainders import fees

pytestmark = pytest.mark.database

TITLE = "Refunds that Stripe refuses"


@pytest.fixture
def refusing(monkeypatch):
    """Stripe refuses the next so many credit notes."""
    real, left = gateway.create_credit_note, [0]

    def create(**asked):
        if left[0]:
            left[0] -= 1
            raise gateway.Refused("no balance", code="balance_insufficient")
        return real(**asked)

    monkeypatch.setattr(gateway, "create_credit_note", create)
    return left


@pytest.fixture
def call(engine, refusing):
    """£1,000 is left over of £4,000; one of two parts is refused."""
    made = scenes.call(seats=3, places_least=1)
    promised(engine, made), promised(engine, made)
    run(engine)
    refusing[0] = 1
    closed(engine, made)
    assert again(made).settled_at
    return again(made)


def shown():
    return next(one.count for one in attention.tasks(now=clock.now()) if one.title == TITLE)


def test_a_refused_part_is_shown_to_staff(call):
    assert shown() == 1
    assert looking.payments("refused").count() == 1
    assert Refund.objects.count() == 1


def test_it_is_tried_again_after_a_day_and_not_before(engine, call):
    for _ in range(3):
        run(engine, minutes=60)
    assert Refund.objects.count() == 1

    run(engine, days=1)

    assert [one.amount for one in Refund.objects.all()] == [50000, 50000]
    assert shown() == 0
    insist_books_agree(engine)


def test_while_it_is_refused_it_is_shown_once(engine, call, refusing):
    refusing[0] = 3
    for _ in range(2):
        run(engine, days=1, minutes=10)

    assert shown() == 1
    assert Asked.objects.filter(status="refused").count() > 1


def test_what_staff_gave_back_meanwhile_is_not_given_again(engine, call):
    payment = giving_back.refused().get().payment
    wish = giving_back.Wish(amount=50000, why="By hand", ends=False, seen_left=payment.amount)
    giving_back.ask(payment, wish, by=factories.user(), now=clock.now())
    for _ in range(2):
        run(engine, days=2)

    assert Refund.objects.count() == 2
    assert shown() == 0


def test_what_was_given_back_at_stripe_itself_is_not_given_again(engine, call):
    payment = giving_back.refused().get().payment
    engine.advance_by(60)
    gateway.create_refund(
        params={"payment_intent": payment.payment_intent, "amount": 50000}, key="by-hand"
    )
    engine.deliver()
    for _ in range(2):
        run(engine, days=2)

    assert Refund.objects.count() == 2
    assert shown() == 0


def test_two_who_try_again_at_once_give_it_back_once(engine, call):
    engine.advance_by(2 * 86400)
    asked = giving_back.refused().get()
    remainders.try_again(now=clock.now())

    assert remainders._promised_again(asked, clock.now()) is None
    assert Refund.objects.count() == 2


def test_what_a_bank_took_meanwhile_is_not_given_back_as_well(engine, call):
    payment = giving_back.refused().get().payment
    dispute = engine.dispute(payment.charge)
    for _ in range(3):
        run(engine, days=1)
    assert Refund.objects.filter(payment=payment).count() == 0

    engine.win_dispute(dispute)
    for _ in range(3):
        run(engine, days=1)

    assert Refund.objects.get(payment=payment).amount == 50000
    insist_books_agree(engine)


def test_the_last_settlement_waits_until_it_is_given_back(engine, call):
    done(call)
    closing.run(now=clock.now())
    assert again(call).cleared_at is None

    for _ in range(3):
        run(engine, days=1)

    assert again(call).cleared_at
    assert held(call) == 0
    assert sum(Refund.objects.values_list("amount", flat=True)) == 400000 - fees(call)
    insist_books_agree(engine)


def test_a_part_of_a_seat_that_went_back_as_a_whole_is_not_shown(engine, call):
    payment = giving_back.refused().get().payment
    wish = giving_back.Wish(
        amount=payment.amount, why="All of it", ends=False, seen_left=payment.amount
    )
    giving_back.ask(payment, wish, by=factories.user(), now=clock.now())

    assert shown() == 0
