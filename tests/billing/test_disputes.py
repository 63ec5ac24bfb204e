"""Money that a bank takes back: what the books know of it, and what becomes of the sponsorship."""

import pytest
from django.core import mail
from django.test import Client

from funding.office import clock, outbox
from funding.office.models import Message
from sponsors.billing import disputing
from sponsors.billing.models import (
    Deferral,
    Dispute,
    Invoice,
    Payment,
)
from sponsors.sponsorships.models import GRACE, Status
from tests import factories, scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.went_back import again, charge, held
from tests.certainty import certain

pytestmark = pytest.mark.database


# Disputes


def test_a_dispute_takes_the_money_and_a_fee_and_standing_follows(engine):
    staff = factories.user(is_staff=True)
    sponsorship = scenarios.settled(engine, card="4000000000000259")

    engine.advance_by(2 * 3600)

    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.amount, dispute.reason) == (
        "needs_response", 10000, "fraudulent",
    )  # fmt: skip
    assert dispute.due_by > clock.now()
    assert held(sponsorship) == -320 - 1500
    assert again().stands_until == Invoice.objects.get().period_starts_at + GRACE
    insist_books_agree(engine)
    outbox.send_waiting()
    told = {one.to[0]: one for one in mail.outbox if "took back" in one.subject}
    assert set(told) == {staff.email}
    maintainer = sponsorship.project.maintainers.get().user.email
    taken = [one for one in mail.outbox if one.to == [maintainer] and "taken back" in one.subject]
    assert sponsorship.company.display_name not in taken[0].body


def test_a_dispute_that_is_won_brings_all_of_it_back_but_the_fee(engine):
    sponsorship = scenarios.settled(engine)
    before, paid_through = held(sponsorship), sponsorship.paid_through
    name = engine.dispute(charge())
    engine.deliver()

    engine.win_dispute(name)
    engine.deliver()

    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.closed_at) == ("won", clock.now())
    assert held(sponsorship) == before - 1500
    assert again().paid_through == paid_through
    insist_books_agree(engine)


def test_a_fee_that_comes_back_with_a_dispute_is_the_projects(engine):
    engine.account.settings.dispute_fee_returned = True
    sponsorship = scenarios.settled(engine)
    before = held(sponsorship)
    name = engine.dispute(charge())
    engine.win_dispute(name)
    engine.deliver()

    assert held(sponsorship) == before
    insist_books_agree(engine)


def test_a_lost_dispute_leaves_the_money_gone(engine):
    sponsorship = scenarios.settled(engine)
    name = engine.dispute(charge())
    engine.lose_dispute(name)
    engine.deliver()

    assert Dispute.objects.get().status == "lost"
    assert Invoice.objects.get().returned == 10000
    assert held(sponsorship) == -320 - 1500
    insist_books_agree(engine)


def test_a_year_is_waited_for_while_its_dispute_is_open_and_not_when_it_is_lost(engine):
    sponsorship = scenarios.settled(engine, tier=factories.tier(yearly=100000), interval="year")
    name = engine.dispute(charge())
    engine.deliver()
    assert Deferral.objects.get().next_at is not None

    engine.lose_dispute(name)
    engine.deliver()

    assert Deferral.objects.get().next_at is None
    assert held(sponsorship) == -2930 - 1500
    insist_books_agree(engine)


def test_an_inquiry_moves_no_money_and_changes_no_standing(engine):
    sponsorship = scenarios.settled(engine, card="4000000000001976")
    before = held(sponsorship)

    engine.advance_by(2 * 3600)

    assert Dispute.objects.get().is_inquiry
    assert held(sponsorship) == before
    assert again().paid_through == sponsorship.paid_through
    engine.escalate_dispute(Dispute.objects.get().stripe_id)
    engine.deliver()
    assert held(sponsorship) == before - 10000 - 1500
    insist_books_agree(engine)


def test_a_dispute_after_a_refund_takes_the_rest(engine):
    sponsorship = scenarios.settled(engine)
    engine.refund(charge(), 4000)
    engine.dispute(charge())
    engine.deliver()

    assert Dispute.objects.get().amount == 6000
    assert Invoice.objects.get().returned == 10000
    assert held(sponsorship) == -320 - 1500
    insist_books_agree(engine)


def test_a_warning_of_fraud_is_noted_on_the_payment(engine):
    scenarios.settled(engine)
    engine.warn_of_fraud(charge())
    engine.deliver()

    assert Payment.objects.get().warned_at == clock.now()


# Two payments for one invoice, and another currency


def test_a_disputed_sponsorship_is_charged_again_unless_staff_end_it(engine):
    staff = factories.user(is_staff=True)
    sponsorship = scenarios.settled(engine, card="4000000000000259")
    engine.advance_by(2 * 3600)
    dispute, client = Dispute.objects.get(), Client()
    client.force_login(staff)
    certain(client)
    address = f"/staff/disputes/{dispute.pk}/end/"
    assert disputing.going_on().count() == 1
    assert address in client.get(f"/staff/disputes/{dispute.pk}/").content.decode()
    assert "is not charged again" in client.get(address).content.decode()
    told = Message.objects.get(key__startswith=f"dispute:{dispute.stripe_id}")
    assert address in told.body

    client.post(address)

    assert again().status == Status.CANCELLED
    assert disputing.going_on().count() == 0
    paid = Invoice.objects.count()
    world.days(engine, 40)
    assert Invoice.objects.count() == paid
    assert address not in client.get(f"/staff/disputes/{dispute.pk}/").content.decode()
    assert client.get(address).status_code == 302
    assert sponsorship.pk == again().pk


def test_the_company_is_told_that_a_disputed_sponsorship_goes_on(engine):
    sponsorship = scenarios.settled(engine, card="4000000000000259")
    engine.advance_by(2 * 3600)
    client = Client()
    client.force_login(sponsorship.bought_by)

    page = client.get(sponsorship.get_absolute_url()).content.decode()

    assert "it is charged again on" in page


def test_a_dispute_that_is_lost_waits_for_somebody_to_decide(engine):
    scenarios.settled(engine)
    name = engine.dispute(charge(), reason="duplicate")
    engine.deliver()
    assert disputing.going_on().count() == 0

    engine.lose_dispute(name)
    engine.deliver()

    assert disputing.going_on().count() == 1


def test_staff_decide_that_a_disputed_sponsorship_goes_on_and_why_is_kept(engine):
    scenarios.settled(engine, card="4000000000000259")
    engine.advance_by(2 * 3600)
    dispute, client = Dispute.objects.get(), Client()
    client.force_login(factories.user(is_staff=True, name="Grace"))
    certain(client)
    address, page = (f"/staff/disputes/{dispute.pk}/{end}" for end in ("go-on/", ""))
    assert address in client.get(page).content.decode()
    assert "stays as it is" in client.get(address).content.decode()

    assert client.post(address, {"why": " "}).status_code == 422
    assert disputing.going_on().count() == 1
    client.post(address, {"why": "They asked their bank by mistake"})
    client.post(address, {"why": "Another reason"})

    said = client.get(page).content.decode()
    assert disputing.going_on().count() == 0
    assert "Grace decided that the sponsorship goes on: They asked their bank by mistake" in said
    assert address not in said
    assert f"/staff/disputes/{dispute.pk}/end/" in said
    assert again().status == Status.ACTIVE
