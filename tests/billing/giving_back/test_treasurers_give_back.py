"""What a project's own people see of payments, and which of them they may give back."""

from datetime import timedelta

import pytest

from funding.office import clock
from sponsors.billing import weighing
from sponsors.billing.giving_back import CannotGiveBack
from sponsors.billing.models import Payment, Refund
from tests import factories, scenarios, world
from tests.billing.agreeing import insist_books_agree
from tests.billing.giving_back.wishes import give, owner_of, signed_in
from tests.billing.went_back import held

pytestmark = pytest.mark.database


def test_a_treasurer_gives_back_what_the_project_holds(engine, sponsorship, payment):
    with pytest.raises(CannotGiveBack, match="Ask the people who run this site"):
        give(payment, by=owner_of(sponsorship), within=True)  # the fee is gone

    give(payment, 9000, by=owner_of(sponsorship), within=True)

    assert held(sponsorship) == 680
    insist_books_agree(engine)


def test_what_stripe_has_made_and_not_booked_yet_is_held_no_more(payment):
    before = weighing.meaning(payment, 1000).held_now
    made = {"payment": payment, "amount": 3000, "created_at": clock.now()}
    Refund.objects.create(stripe_id="re_1", status="pending", **made)
    Refund.objects.create(stripe_id="re_2", status="failed", **made)

    assert (before - weighing.meaning(payment, 1000).held_now).amount == 3000


def test_a_treasurer_gives_nothing_back_of_long_ago(engine, sponsorship, payment):
    now = clock.now() + timedelta(days=61)

    assert "older than 60 days" in weighing.why_not(payment, now=now, within=True)
    assert not weighing.why_not(payment, now=now)


def test_a_treasurer_sees_and_gives_back_nothing_of_who_shows_no_amount(engine):
    sponsorship = scenarios.settled(engine, visibility="anonymous")
    payment, client = Payment.objects.get(), signed_in(owner_of(sponsorship))
    assert "does not show" in weighing.why_not(payment, now=clock.now(), within=True)

    page = client.get(f"/maintain/{sponsorship.project.slug}/received/").content.decode()

    assert sponsorship.company.display_name not in page
    assert "Not shown" in page
    assert "£100" not in page


def test_a_maintainer_sees_that_a_payment_was_taken_back_and_not_whose(
    engine, sponsorship, payment
):
    engine.dispute(payment.charge)
    engine.deliver()

    client = signed_in(owner_of(sponsorship))
    page = client.get(f"/maintain/{sponsorship.project.slug}/received/").content.decode()

    assert "Disputed" in page
    assert sponsorship.company.display_name not in page


def test_the_payment_of_another_project_is_not_there(engine, sponsorship, payment):
    other = factories.project()
    client = signed_in(other.maintainers.get().user)

    answer = client.post(f"/maintain/{other.slug}/received/{payment.pk}/refund/")

    assert answer.status_code == 404


def test_a_payment_that_a_bank_asked_for_is_for_staff(engine, sponsorship, payment, staff):
    engine.win_dispute(engine.dispute(payment.charge))
    engine.deliver()

    with pytest.raises(CannotGiveBack, match="A bank asked"):
        give(payment, 1000, by=owner_of(sponsorship), within=True)

    give(payment, 1000, by=staff)


def test_a_company_whose_payment_went_back_is_told_of_the_next_charge(
    engine, sponsorship, payment
):
    renews = sponsorship.paid_through
    engine.refund(payment.charge)
    world.days(engine, 3)

    client = signed_in(sponsorship.bought_by)
    page = client.get(f"/companies/{sponsorship.company.slug}/home/").content.decode()

    assert f"on {renews.day} {renews:%B %Y}" in page
    assert "It goes on, and is charged when its next period begins." in page
