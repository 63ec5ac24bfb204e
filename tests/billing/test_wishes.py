"""Wishes that money goes back, while others that were written down are not carried out yet."""

from datetime import timedelta

import pytest

from funding.office import clock, leases
from funding.projects import recording
from sponsors.billing import gateway, giving_back, weighing
from sponsors.billing.giving_back import CannotGiveBack, Wish
from sponsors.billing.models import Asked, Payment, Refund
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios

pytestmark = pytest.mark.database


def give(payment, by, amount=3000, *, ends=False, within=False):
    wish = Wish(amount, "Agreed", ends, weighing.left(payment).amount)
    return giving_back.ask(payment, wish, by=by, now=clock.now(), within=within)


def test_a_refund_is_not_made_twice_while_its_payment_is_looked_at_by_another(engine, user):
    scenarios.settled(engine)
    lease = f"stripe:{Payment.objects.get().payment_intent}"
    token = leases.take(lease)
    give(Payment.objects.get(), user)

    with pytest.raises(CannotGiveBack, match="on its way"):
        give(Payment.objects.get(), user)
    leases.give_back(lease, token)
    engine.deliver()
    engine.advance_by(600)

    assert [refund.amount for refund in Refund.objects.all()] == [3000]
    assert Asked.objects.get().status == Asked.Status.DONE


def test_the_end_that_was_asked_with_it_comes_when_the_job_has_seen_it(engine, user):
    sponsorship = scenarios.settled(engine)
    lease = f"stripe:{Payment.objects.get().payment_intent}"
    token = leases.take(lease)
    give(Payment.objects.get(), user, 10000, ends=True)
    assert Asked.objects.get().ended_at is None
    leases.give_back(lease, token)

    giving_back.sweep(now=clock.now() + timedelta(minutes=5))

    assert Asked.objects.get().status == Asked.Status.DONE
    assert Sponsorship.objects.get(pk=sponsorship.pk).status == Status.CANCELLED
    assert Refund.objects.count() == 1


def test_treasurers_do_not_give_back_by_two_wishes_more_than_is_held(engine):
    project = factories.project()
    tier = factories.tier(project)
    scenarios.settled(engine, None, tier)
    scenarios.settled(engine, None, tier)
    owner = project.maintainers.get().user
    factories.payment(project, recording.held(project).amount - 12000)
    one, two = Payment.objects.order_by("id")
    engine.faults.add("POST /v1/credit_notes", "error_before", times=9)
    with pytest.raises(gateway.GatewayError):
        give(one, owner, 10000, within=True)  # written down, and asked again by itself
    engine.faults.clear()

    with pytest.raises(CannotGiveBack, match="holds £20"):
        give(two, owner, 10000, within=True)
