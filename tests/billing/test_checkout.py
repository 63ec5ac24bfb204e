"""From the button to Stripe's page, and what may be in the way."""

import pytest

from funding.office import clock
from funding.projects.models import Project, Tier
from sponsors.billing import checkout, gateway
from sponsors.billing.models import Checkout
from sponsors.companies.models import Company
from sponsors.sponsorships import beginning, refusals
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Interval, Sponsorship, Status
from tests import factories, scenarios
from tests.billing.choices import NEW, form, send


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


def test_an_unknown_tier_is_not_found(engine, signed_in):
    assert signed_in.get("/sponsor/99999999999999999999/").status_code == 404


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
