"""What a bank has taken for good, and what nobody can give back any more, keeps no round that is done
from its last settlement."""

import pytest

from funding.office import clock
from sponsors.billing import attention, giving_back
from sponsors.billing.models import Payment, Refund
from tests.programmes.money import again, held, insist_books_agree, run
from tests.programmes.remains import done
from tests.programmes.test_refused_refunds import TITLE, call, refusing  # noqa: F401 - fixtures
from tests.programmes.test_remainders import over

pytestmark = pytest.mark.database


def lose(engine, payment, amount=None):
    dispute = engine.dispute(payment.charge, amount) if amount else engine.dispute(payment.charge)
    run(engine)
    engine.lose_dispute(dispute)
    run(engine)


def test_a_part_that_was_refused_is_owed_no_more_once_a_bank_took_some(engine, call):  # noqa: F811
    lose(engine, giving_back.refused().get().payment, 60000)
    done(call)
    for _ in range(3):
        run(engine, days=1)

    shown = {one.title: one.count for one in attention.tasks(now=clock.now())}
    assert again(call).cleared_at and held(call) == 0
    assert shown[TITLE] == 0
    insist_books_agree(engine)


@pytest.mark.parametrize("amount", [60000, None])
def test_a_refund_that_came_again_is_owed_no_more_once_a_bank_took_some(engine, amount):
    made = over(engine)
    run(engine)
    refund = Refund.objects.first()
    engine.fail_refund(refund.stripe_id)
    run(engine)
    lose(engine, Payment.objects.get(pk=refund.payment_id), amount)
    done(made)
    for _ in range(3):
        run(engine, days=1)

    assert again(made).cleared_at and held(made) == 0
    insist_books_agree(engine)
