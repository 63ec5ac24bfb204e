"""From the button to Stripe's page and back."""

import pytest
from django.urls import reverse

from funding.office import clock
from funding.projects.models import Project, Tier
from sponsors.billing import checkout, gateway
from sponsors.billing.models import Checkout, Customer
from sponsors.companies.models import Company
from sponsors.sponsorships import beginning, refusals
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Interval, Sponsorship, Status
from tests import factories, scenarios

NEW = {
    "sponsor": "organisation", "display_name": "Kestrel Bank", "legal_name": "Kestrel Bank plc",
    "country": "GB", "website": "https://kestrel.example", "billing_email": "pay@kestrel.example",
}  # fmt: skip


def form(tier, **values):
    prices = {"month_price": tier.monthly or "", "year_price": tier.yearly or ""}
    return {"interval": "month", "visibility": "public", **prices, **values}


def send(client, tier, **values):
    return client.post(f"/sponsor/{tier.pk}/", form(tier, **values))


def test_a_new_company_is_registered_and_sent_to_the_payment_page(engine, signed_in, user):
    tier = factories.tier()

    answer = send(signed_in, tier, **NEW)

    company = Company.objects.get()
    page = Checkout.objects.get()
    assert answer.status_code == 302
    assert answer.url == page.url
    assert company.memberships.get().user == user
    assert page.sponsorship.status == Status.PENDING


def test_the_payment_page_asks_for_what_the_tier_costs(engine, signed_in):
    tier = factories.tier(yearly=96000)

    send(signed_in, tier, **NEW, interval="year")

    session = gateway.checkout(Checkout.objects.get().stripe_id)
    assert session["amount_total"] == 96000
    assert session["currency"] == "gbp"


def test_an_individual_needs_no_legal_name(engine, signed_in):
    tier = factories.tier()

    send(signed_in, tier, **{**NEW, "sponsor": "individual", "legal_name": ""})

    assert Company.objects.get().is_individual


def test_two_clicks_lead_to_one_company_one_seat_and_one_page(engine, signed_in):
    tier = factories.tier(seats=2)

    answers = [send(signed_in, tier, **NEW) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert Company.objects.count() == 1
    assert Sponsorship.objects.count() == 1
    assert Tier.objects.get(pk=tier.pk).taken == 1


def test_choosing_yearly_after_monthly_closes_the_first_page(engine, signed_in):
    tier = factories.tier()
    send(signed_in, tier, **NEW)
    company = str(Company.objects.get().pk)

    send(signed_in, tier, sponsor=company, interval="year")

    first, second = Checkout.objects.order_by("id")
    assert gateway.checkout(first.stripe_id)["status"] == "expired"
    assert second.sponsorship.interval == Interval.YEAR
    assert second.sponsorship.status == Status.PENDING


def test_missing_fields_are_named_and_what_was_typed_is_kept(engine, signed_in):
    tier = factories.tier()

    answer = send(signed_in, tier, **{**NEW, "legal_name": "", "billing_email": "nonsense"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Invoices of a company need its legal name." in html
    assert "Enter a valid email address." in html
    assert 'value="Kestrel Bank"' in html
    assert 'value="nonsense"' in html
    assert not Company.objects.exists()


def test_a_foreign_companys_number_is_refused(engine, signed_in):
    tier, foreign = factories.tier(), factories.company()

    answer = send(signed_in, tier, sponsor=str(foreign.pk))

    assert answer.status_code == 422
    assert not Sponsorship.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seats": 0}, "places of"),
        ({"monthly": 12000}, "has changed from £100 to £120"),
        ({"monthly": None}, "valid choice"),
        ({"audience": "individuals"}, "valid choice"),
    ],
    ids=["full", "dearer", "not monthly", "for others"],
)
def test_a_stale_page_is_answered_with_what_has_changed(engine, signed_in, change, words):
    tier = factories.tier()
    sent = {**form(tier), **NEW}
    Tier.objects.filter(pk=tier.pk).update(**change)

    answer = signed_in.post(f"/sponsor/{tier.pk}/", sent)

    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()
    assert "Kestrel Bank plc" in answer.content.decode()
    assert not Sponsorship.objects.exists()
    assert not Company.objects.exists()


def test_a_closed_tier_has_no_form_and_leads_to_the_others(engine, signed_in):
    tier = factories.tier()
    sent = {**form(tier), **NEW}
    Tier.objects.filter(pk=tier.pk).update(closed_at=clock.now())

    for answer in (
        signed_in.get(f"/sponsor/{tier.pk}/"),
        signed_in.post(f"/sponsor/{tier.pk}/", sent),
    ):
        page = answer.content.decode()
        assert f"{tier.name} is closed to new sponsors" in page
        assert f"{tier.project.get_absolute_url()}#tiers" in page
        assert "<form" not in page
    assert not Sponsorship.objects.exists()


def test_after_a_changed_price_sending_again_agrees_to_the_new_one(engine, signed_in):
    tier = factories.tier()
    sent = {**form(tier), **NEW}
    Tier.objects.filter(pk=tier.pk).update(monthly=12000)

    first = signed_in.post(f"/sponsor/{tier.pk}/", sent)
    prices = {"month_price": "12000", "year_price": sent["year_price"]}
    assert 'name="month_price" value="12000"' in first.content.decode()
    second = signed_in.post(f"/sponsor/{tier.pk}/", {**sent, **prices})

    assert second.status_code == 302
    assert Sponsorship.objects.get().amount == 12000


def test_an_archived_project_takes_no_new_sponsors(engine, signed_in):
    tier = factories.tier()
    Project.objects.update(status=Project.Status.ARCHIVED)

    answer = send(signed_in, tier, **NEW)

    assert answer.status_code == 409
    assert "takes no new sponsors" in answer.content.decode()


def test_a_second_sponsorship_of_the_same_tier_leads_to_the_first(engine, signed_in, user):
    company = factories.company(user)
    sponsorship = scenarios.paid(engine, company)

    answer = send(signed_in, sponsorship.tier, sponsor=str(company.pk))

    assert answer.status_code == 302
    assert answer.url == f"/sponsorships/{sponsorship.pk}/"
    assert Sponsorship.objects.count() == 1


@pytest.mark.parametrize("kind", ["error_before", "error_after", "timeout_after", "reset_after"])
def test_when_stripe_fails_the_form_is_kept_and_the_button_works_again(engine, signed_in, kind):
    tier = factories.tier(seats=1)
    # Stripe keeps its own failures under the key and repeats them; a lost answer is asked again.
    times = 1 if kind.startswith("error") else 3
    engine.faults.add("POST /v1/checkout/sessions", kind, times=times)

    failed = send(signed_in, tier, **NEW)
    again = send(signed_in, tier, **NEW)

    assert failed.status_code == 503
    assert "Nothing was charged" in failed.content.decode()
    assert "Kestrel Bank plc" in failed.content.decode()
    assert again.status_code == 302
    assert len(engine.account.store.kinds["checkout.session"]) == 1
    assert Sponsorship.objects.count() == 1


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


def test_an_unknown_tier_is_not_found(engine, signed_in):
    assert signed_in.get("/sponsor/99999999999999999999/").status_code == 404


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


def test_a_tier_that_is_removed_while_somebody_chooses_it_is_said_to_be_gone(
    engine, signed_in, monkeypatch
):
    tier = factories.tier()
    begin = beginning.begin

    def too_late(**asked):
        Tier.objects.filter(pk=tier.pk).delete()
        return begin(**asked)

    monkeypatch.setattr(beginning, "begin", too_late)

    answer = signed_in.post(f"/sponsor/{tier.pk}/", form(tier, **NEW), follow=True)

    assert answer.redirect_chain == [(tier.project.get_absolute_url(), 302)]
    assert "is offered no longer" in answer.content.decode()
    assert not Company.objects.exists()


def test_who_left_between_the_door_and_the_deed_leaves_nothing_behind(engine, user):
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    tier = factories.tier()
    new = Company(kind="individual", display_name="Ada", country="GB", billing_email="a@b.example")
    terms = Terms(interval=Interval.MONTH, price=tier.price(Interval.MONTH))

    with pytest.raises(refusals.AccountGone):
        checkout.start(company=new, tier=tier, terms=terms, by=user, now=clock.now())

    assert not Company.objects.exists()
    assert not Sponsorship.objects.exists()
