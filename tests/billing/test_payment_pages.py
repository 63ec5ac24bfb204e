"""What becomes of a payment page: answers that are lost, pages that expire, and the way back."""

import pytest
from django.urls import reverse

from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import checkout, gateway
from sponsors.billing.models import Checkout, Customer
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Interval, Sponsorship, Status
from tests import factories, scenarios
from tests.billing.choices import NEW, send


def test_a_lost_answer_does_not_make_a_second_customer(engine):
    engine.faults.add("POST /v1/customers", "timeout_after", times=3)
    company, tier = factories.company(), factories.tier()

    with pytest.raises(gateway.Unknown):
        scenarios.chosen(company, tier)
    scenarios.chosen(company, tier)

    customer = Customer.objects.get()
    marks = {"company": str(company.pk), "currency": "GBP"}
    assert gateway.find_customer(email=company.billing_email, marks=marks) is not None
    assert engine.account.store.kinds["customer"].keys() == {customer.stripe_id}


def test_a_page_nobody_pays_on_expires_and_gives_the_seat_back(engine):
    page = scenarios.chosen(tier=factories.tier(seats=1))

    engine.advance_by(3700)

    sponsorship = Sponsorship.objects.get()
    assert sponsorship.status == Status.ABANDONED
    assert Tier.objects.get(pk=sponsorship.tier_id).taken == 0
    page.refresh_from_db()
    assert page.status == Checkout.Status.EXPIRED


def test_an_expired_page_that_nobody_told_us_of_is_swept(engine):
    scenarios.chosen()
    engine.knobs.add("drop", times=9)
    engine.advance_by(3600 + 360)

    checkout.sweep(now=clock.now())

    assert Sponsorship.objects.get().status == Status.ABANDONED


def test_a_page_whose_answer_was_lost_for_good_is_found_by_the_sweep(engine):
    company, tier = factories.company(), factories.tier()
    engine.faults.add("POST /v1/checkout/sessions", "timeout_after", times=3)
    with pytest.raises(gateway.Unknown):
        scenarios.chosen(company, tier)
    page = Checkout.objects.get()
    assert page.stripe_id is None

    checkout.settle(page)

    page.refresh_from_db()
    assert page.stripe_id.startswith("cs_test_")
    assert Sponsorship.objects.get().status == Status.PENDING


def test_letting_go_gives_the_seat_back_and_closes_the_page(engine, user, signed_in):
    page = scenarios.chosen(factories.company(user))

    answer = signed_in.post(f"/sponsorships/{page.sponsorship_id}/let-go/")

    assert answer.status_code == 302
    assert Sponsorship.objects.get().status == Status.ABANDONED
    assert gateway.checkout(page.stripe_id)["status"] == "expired"


def test_letting_go_of_what_was_paid_meanwhile_keeps_it(engine, user, signed_in):
    page = scenarios.chosen(factories.company(user))
    engine.knobs.add("drop", times=99)
    engine.pay_checkout(page.stripe_id)

    signed_in.post(f"/sponsorships/{page.sponsorship_id}/let-go/")

    assert Sponsorship.objects.get().status == Status.ACTIVE


def test_the_return_page_makes_it_active_before_any_webhook(engine, user, signed_in):
    engine.knobs.add("drop", times=99)
    page = scenarios.chosen(factories.company(user))
    engine.pay_checkout(page.stripe_id)

    answer = signed_in.get(
        reverse("billing:paid", args=[page.sponsorship_id]), {"session_id": page.stripe_id}
    )

    assert answer.status_code == 200
    assert Sponsorship.objects.get().status == Status.ACTIVE


def test_the_return_page_never_says_failed_while_stripe_does_not_answer(engine, user, signed_in):
    engine.knobs.add("drop", times=99)
    page = scenarios.chosen(factories.company(user))
    engine.pay_checkout(page.stripe_id)
    engine.faults.add("*", "timeout_before", times=9)

    answer = signed_in.get(
        reverse("billing:paid", args=[page.sponsorship_id]), {"session_id": page.stripe_id}
    )

    assert answer.status_code == 200
    assert "failed" not in answer.content.decode().lower()
    assert 'http-equiv="refresh"' in answer.content.decode()


def test_a_company_that_comes_back_gets_a_new_sponsorship_that_names_the_first(engine):
    first = scenarios.settled(engine)
    engine.request(
        "DELETE",
        f"/v1/subscriptions/{first.subscription.stripe_id}",
        headers={"Authorization": "Bearer sk_test_x"},
    )
    engine.deliver()

    second = scenarios.paid(engine, first.company, first.tier)

    first.refresh_from_db()
    assert first.status == Status.CANCELLED
    assert second.previous == first
    assert second.since == first.since


def test_word_of_a_closed_pages_end_gives_no_seat_back_while_another_page_is_open(
    engine, signed_in
):
    tier = factories.tier(seats=1)
    send(signed_in, tier, **NEW)
    company = str(Company.objects.get().pk)

    send(signed_in, tier, sponsor=company, interval="year")
    engine.deliver()

    sponsorship = Sponsorship.objects.get()
    assert sponsorship.status == Status.PENDING
    assert Tier.objects.get().taken == 1
    engine.pay_checkout(sponsorship.checkouts.live().get().stripe_id)
    engine.deliver()
    sponsorship.refresh_from_db()
    assert (sponsorship.status, sponsorship.interval) == (Status.ACTIVE, Interval.YEAR)


def test_a_crash_while_a_page_is_being_replaced_never_leaves_two_to_pay_on(engine, signed_in):
    tier = factories.tier()
    send(signed_in, tier, **NEW)
    company = str(Company.objects.get().pk)
    engine.faults.add("POST /v1/checkout/sessions/{session}/expire", "timeout_before", times=3)

    assert send(signed_in, tier, sponsor=company, interval="year").status_code == 503
    send(signed_in, tier, sponsor=company, interval="year")

    sessions = engine.account.store.kinds["checkout.session"].values()
    assert sorted(session["status"] for session in sessions) == ["expired", "open"]


def test_a_page_that_was_closed_for_one_that_never_came_gives_its_seat_back(engine, signed_in):
    send(signed_in, factories.tier(seats=1), **NEW)
    Checkout.objects.update(status=Checkout.Status.CLOSING)

    engine.advance_by(3600 + 360)
    checkout.sweep(now=clock.now())

    assert Sponsorship.objects.get().status == Status.ABANDONED
    assert Tier.objects.get().taken == 0


def test_paying_on_the_old_page_in_another_tab_sells_what_that_page_said(engine, signed_in):
    tier = factories.tier(monthly=10000, yearly=100000)
    send(signed_in, tier, **NEW)
    page = Checkout.objects.get()
    Sponsorship.objects.update(interval="year", amount=100000, a_month=8333)

    engine.pay_checkout(page.stripe_id)
    engine.deliver()

    sponsorship = Sponsorship.objects.get()
    assert (sponsorship.interval, sponsorship.amount, sponsorship.a_month) == (
        "month",
        10000,
        10000,
    )
