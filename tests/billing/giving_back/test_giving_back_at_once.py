"""Several deeds with one payment at the same moment."""

import pytest

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office import clock
from sponsors.billing import ending, giving_back, tasks
from sponsors.billing.giving_back import CannotGiveBack
from sponsors.billing.models import Movement, Payment, Refund
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, racing, scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.giving_back.wishes import give, wish
from tests.billing.went_back import held

pytestmark = pytest.mark.database


@pytest.mark.django_db(transaction=True)
def test_of_many_who_give_back_at_once_one_does(transactional_db):
    with world.engine() as engine:
        scenarios.settled(engine)
        payment, staff = Payment.objects.get(), factories.user(is_staff=True)
        asked_for = wish(payment, 6000)

        outcomes = racing.together(
            lambda: giving_back.ask(
                Payment.objects.select_related("invoice").get(), asked_for, by=staff,
                now=clock.now(),
            ),
            threads=6,
        )  # fmt: skip

        refused = [one for one in outcomes if isinstance(one, CannotGiveBack)]
        assert len(refused) == 5, outcomes
        assert [row.amount for row in Refund.objects.all()] == [6000]
        engine.deliver()
        insist_books_agree(engine)


@pytest.mark.django_db(transaction=True)
def test_a_refund_and_a_dispute_at_once_are_both_in_the_books(transactional_db):
    with world.engine() as engine:
        sponsorship = scenarios.settled(engine)
        payment = Payment.objects.get()
        engine.refund(payment.charge, 3000)
        engine.dispute(payment.charge)

        racing.together(lambda: tasks._refresh(payment.payment_intent), threads=4)
        engine.deliver()

        assert Movement.objects.count() == 2
        assert held(sponsorship) == -320 - 1500
        insist_books_agree(engine)


@pytest.mark.django_db(transaction=True)
def test_a_refund_and_the_companys_own_end_at_once_leave_one_ended_sponsorship(transactional_db):
    with world.engine() as engine:
        sponsorship = scenarios.settled(engine)
        payment, staff = Payment.objects.get(), factories.user(is_staff=True)
        deeds = iter(
            [
                lambda: give(payment, by=staff, ends=True),
                lambda: ending.cancel(Sponsorship.objects.with_parties().get()),
            ]
        )

        racing.together(lambda: next(deeds)(), threads=2)
        engine.deliver()
        tasks.sweep_asked()

        sponsorship.refresh_from_db()
        assert sponsorship.status in (Status.CANCELLED, Status.CANCELLING)
        assert Refund.objects.count() == 1
        assert (
            balances.of(posting.project(sponsorship.project_id, Account.Kind.HELD), "GBP").amount
            == -320
        )
        insist_books_agree(engine)
