"""Money is given back: what is said first, what may not be, and that nothing goes back twice."""

import pytest

from funding.office import clock
from sponsors.billing import ending, gateway, giving_back, tasks, weighing
from sponsors.billing.giving_back import CannotGiveBack
from sponsors.billing.models import Asked, CreditNote, Dispute, Invoice, Payment, Refund
from sponsors.sponsorships.models import Sponsorship, Status
from tests import scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.giving_back.wishes import give, wish
from tests.billing.went_back import held, pay_once_more

pytestmark = pytest.mark.database


def test_staff_give_a_part_back_by_a_credit_note(engine, payment, staff):
    give(payment, 2500, by=staff)

    asked, note, refund = Asked.objects.get(), CreditNote.objects.get(), Refund.objects.get()
    assert (asked.status, refund.asked, refund.credit_note) == ("done", asked, note)
    assert (note.total.amount, note.reason) == (2500, "Agreed")
    engine.deliver()
    insist_books_agree(engine)


def test_what_is_said_first_is_what_happens(engine, sponsorship, payment, staff):
    meant = weighing.meaning(payment, payment.amount)

    give(payment, by=staff)

    sponsorship.refresh_from_db()
    assert meant.held_after.amount == held(sponsorship)
    assert (meant.paid_through, meant.stands_until) == (
        sponsorship.paid_through, sponsorship.stands_until,
    )  # fmt: skip


def test_what_is_said_of_a_year_counts_the_months_to_come(engine, staff):
    sponsorship = scenarios.settled(engine, interval="year")
    payment = Payment.objects.get()
    meant = weighing.meaning(payment, payment.amount)

    give(payment, by=staff)

    assert meant.held_after.amount == held(sponsorship)


def test_a_refund_above_the_charge_is_refused(payment, staff):
    for amount in (0, -1, payment.amount + 1):
        with pytest.raises(CannotGiveBack, match="At most £100.00"):
            give(payment, amount, by=staff)

    assert not Asked.objects.exists()


def test_the_same_form_sent_twice_gives_back_once(payment, staff):
    asked_for = wish(payment, 1000)
    giving_back.ask(payment, asked_for, by=staff, now=clock.now())

    with pytest.raises(CannotGiveBack, match="since you looked"):
        giving_back.ask(payment, asked_for, by=staff, now=clock.now())

    assert Refund.objects.count() == 1


def test_while_one_is_on_its_way_another_is_refused(engine, staff):
    scenarios.settled(engine, card="4000000000007726")
    payment = Payment.objects.get()
    give(payment, 1000, by=staff)

    with pytest.raises(CannotGiveBack, match="on its way back already"):
        give(payment, 1000, by=staff)


def test_of_a_disputed_charge_nothing_is_given_back(engine, payment, staff):
    engine.dispute(payment.charge)
    engine.deliver()

    with pytest.raises(CannotGiveBack, match="answer the dispute"):
        give(payment, 1000, by=staff)


def test_during_an_inquiry_money_may_be_given_back(engine, payment, staff):
    engine.dispute(payment.charge, inquiry=True)
    engine.deliver()

    give(payment, by=staff)

    assert Refund.objects.get().amount == payment.amount


def test_a_dispute_of_which_we_have_not_heard_stops_a_refund_at_stripe(engine, payment, staff):
    engine.knobs.add("drop")
    engine.dispute(payment.charge)
    engine.deliver()

    with pytest.raises(CannotGiveBack, match="just now"):
        give(payment, 1000, by=staff)

    assert Asked.objects.get().status == "refused"
    assert Dispute.objects.get().status == "needs_response"
    insist_books_agree(engine)


def test_a_refund_and_the_end_of_the_sponsorship_at_once(engine, sponsorship, payment, staff):
    give(payment, by=staff, ends=True)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    assert Asked.objects.get().ended_at == clock.now()


def test_a_part_and_the_end_leave_what_is_paid_for(engine, sponsorship, payment, staff):
    give(payment, 1000, by=staff, ends=True)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLING


def test_what_its_company_has_ended_already_is_not_ended_again(
    engine, sponsorship, payment, staff
):
    ending.cancel(sponsorship)

    give(payment, 1000, by=staff, ends=True)

    assert Sponsorship.objects.get().status == Status.CANCELLING


@pytest.mark.parametrize("kind", ["timeout_after", "reset_after", "error_after", "timeout_before"])
def test_a_lost_answer_leaves_one_refund_and_the_job_finishes_it(engine, payment, staff, kind):
    engine.faults.add("POST /v1/credit_notes", kind, 3)
    with pytest.raises(gateway.GatewayError):
        give(payment, 1000, by=staff, ends=True)
    engine.faults.clear()
    engine.deliver()

    for _ in range(2):
        world.days(engine, 0.01)
        tasks.sweep_asked()

    assert [refund.amount for refund in Refund.objects.all()] == [1000]
    assert len(gateway.refunds(payment.payment_intent)) == 1
    assert Asked.objects.get().status == "done"
    assert Sponsorship.objects.get().status == Status.CANCELLING
    insist_books_agree(engine)


def test_what_was_paid_twice_goes_back_first_and_by_itself(engine, sponsorship, staff):
    second = pay_once_more(engine, Invoice.objects.get())
    other = Payment.objects.exclude(pk=second.pk).get()
    assert not weighing.too_much(other)

    give(second, by=staff)

    assert not CreditNote.objects.exists()
    assert Refund.objects.get().asked == Asked.objects.get()
    sponsorship.refresh_from_db()
    assert sponsorship.paid_through == Invoice.objects.get().period_ends_at
    insist_books_agree(engine)
