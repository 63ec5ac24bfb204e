"""What a company's people find on its home: what it funds, what needs them, what comes next."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.test import Client

from funding.projects import worktime
from sponsors.billing import ending, gateway
from sponsors.billing.models import Customer, Invoice, Subscription
from sponsors.companies.models import Company, Membership
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world


@pytest.fixture
def company(user):
    return factories.company(user, display_name="Kestrel")


def home(company):
    return f"/companies/{company.slug}/home/"


def html(client, company):
    answer = client.get(home(company))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def tier(project=None, **values):
    return factories.tier(project or factories.project(day_rate=30000), **values)


def test_days_are_summed_at_each_projects_own_rate(engine, signed_in, company):
    scenarios.settled(engine, company, tier(monthly=130000))  # one day at £300
    cheap = factories.project(day_rate=10000)
    scenarios.settled(engine, company, tier(cheap, monthly=26000))  # 0.6 days at £100

    assert (
        "You fund <strong>1.6 days of open-source work a week</strong>, in two projects"
        in html(signed_in, company)
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (Fraction(14, 10), "1.4 days of work a week"),
        (Fraction(1), "1 day of work a week"),
        (Fraction(5, 100), "0.2 days of work a month"),
        (Fraction(1, 100), "a part of a day of work a month"),
    ],
)
def test_days_are_said_in_the_span_in_which_they_can_be_counted(days, said):
    assert worktime.said(days, "of work") == said


def test_what_was_cancelled_and_is_over_funds_nothing(engine, signed_in, company):
    ending.cancel(scenarios.settled(engine, company, tier(monthly=130000)))
    world.days(engine, 32)

    shown = html(signed_in, company)

    assert "days of open-source work" not in shown
    assert "Ended" in shown


def test_the_next_charges_within_a_month_are_told_each_with_its_day(engine, signed_in, company):
    scenarios.settled(engine, company, tier(monthly=130000))
    scenarios.settled(engine, company, tier(monthly=20000))
    euros = tier(factories.project(currency="EUR"), monthly=5000)
    scenarios.settled(engine, company, euros)
    scenarios.settled(engine, company, tier(yearly=990000), interval="year")

    shown = html(signed_in, company)

    shown = " ".join(shown.split())
    assert "£1,300, without tax as last time</strong> for" in shown
    assert "£200, without tax as last time</strong> for" in shown
    assert "€50, without tax as last time</strong> for" in shown
    assert shown.count("on 5 February 2026") >= 3
    assert "9,900" not in shown.partition("What needs you")[0].partition("Sponsorships")[0]


def test_a_failed_payment_says_why_and_leads_to_what_mends_it(engine, signed_in, company):
    sponsorship = scenarios.settled(engine, company, tier())
    customer = Subscription.objects.get(sponsorship=sponsorship).customer
    engine.turn_card(customer.stripe_id, "4000000000009995")
    world.days(engine, 33)

    shown = html(signed_in, company)

    assert f'href="/sponsorships/{sponsorship.pk}/mend/"' in shown
    assert "not enough money" in shown
    assert "Give another card" in shown


def test_what_was_chosen_and_not_paid_leads_on_to_the_payment(engine, signed_in, company):
    page = scenarios.chosen(company, tier())

    assert f"/sponsorships/{page.sponsorship_id}/left/" in html(signed_in, company)


def test_what_ends_soon_can_be_taken_back(engine, signed_in, company):
    sponsorship = ending.cancel(scenarios.settled(engine, company, tier()))
    assert f"/sponsorships/{sponsorship.pk}/undo/" in html(signed_in, company)

    signed_in.post(f"/sponsorships/{sponsorship.pk}/undo/")

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert "/undo/" not in html(signed_in, company)


def test_what_is_pressing_most_comes_first(engine, signed_in, company):
    ends = ending.cancel(scenarios.settled(engine, company, tier()))
    chosen = scenarios.chosen(company, tier()).sponsorship

    shown = html(signed_in, company)

    assert shown.index(f"/sponsorships/{chosen.pk}/left/") < shown.index(f"{ends.pk}/undo/")


def test_an_empty_home_leads_to_the_directory(signed_in, company, at_the_beginning):
    shown = html(signed_in, company)

    assert "Nothing is sponsored yet" in shown
    assert 'href="/projects/"' in shown


def many_sponsorships(company, count):
    person = company.memberships.get().user
    for number in range(count):
        one = tier(monthly=10000)
        row = Sponsorship.objects.create(
            company=company, project=one.project, tier=one, bought_by=person, interval="month",
            status=Status.ACTIVE if number % 2 else Status.CANCELLED, amount=10000, a_month=10000,
            currency="GBP", tier_name=one.name, created_at=world.BEGINNING,
            since=world.BEGINNING, paid_through=world.BEGINNING + timedelta(days=31),
            stands_until=world.BEGINNING + timedelta(days=45),
        )  # fmt: skip
        Invoice.objects.create(
            stripe_id=f"in_{row.pk}", sponsorship=row, company=company, fund=row.fund,
            status="paid", currency="GBP", net=10000, tax=0, created_at=world.BEGINNING, period_starts_at=world.BEGINNING,
            period_ends_at=world.BEGINNING,
        )  # fmt: skip


@pytest.mark.parametrize("count", [2, 50])
def test_a_home_takes_the_same_queries_whatever_is_sponsored(
    at_the_beginning, signed_in, company, django_assert_num_queries, count
):
    many_sponsorships(company, count)

    with django_assert_num_queries(13):  # session, person, company; then ten questions
        signed_in.get(home(company))


@pytest.mark.parametrize("count", [2, 60])
def test_the_invoices_take_the_same_queries_however_many_there_are(
    at_the_beginning, signed_in, company, django_assert_num_queries, count
):
    many_sponsorships(company, count)

    with django_assert_num_queries(9):  # two for the years, two for what went back
        answer = signed_in.get(f"/companies/{company.slug}/invoices/")

    assert answer.content.decode().count("GBP") + answer.content.decode().count("£100.00") >= 2


def test_twelve_invoices_are_shown_and_all_on_their_own_page(at_the_beginning, signed_in, company):
    many_sponsorships(company, 13)

    shown = html(signed_in, company)
    all_of_them = signed_in.get(f"/companies/{company.slug}/invoices/").content.decode()

    assert shown.count("<strong>£100.00") == 12
    assert f"/companies/{company.slug}/invoices/" in shown
    assert all_of_them.count("<strong>£100.00") == 13


def test_each_currency_has_its_own_way_to_stripes_portal(engine, signed_in, company):
    scenarios.settled(engine, company, tier())
    scenarios.settled(engine, company, tier(factories.project(currency="EUR")))

    shown = html(signed_in, company)
    answers = {
        currency: signed_in.post(f"/companies/{company.slug}/portal/{currency}/")
        for currency in ("GBP", "EUR", "USD", "nonsense")
    }

    assert 'invoices<span class="visually-hidden"> for GBP' in shown
    assert 'invoices<span class="visually-hidden"> for EUR' in shown
    assert answers["GBP"].url != answers["EUR"].url
    assert {answers["USD"].status_code, answers["nonsense"].status_code} == {404}


def test_a_customer_of_the_other_mode_has_no_way_to_the_portal(engine, signed_in, company):
    Customer.objects.create(company=company, currency="GBP", livemode=True, stripe_id="cus_live")

    assert "/portal/" not in html(signed_in, company)
    assert signed_in.post(f"/companies/{company.slug}/portal/GBP/").status_code == 404


def test_a_portal_that_does_not_answer_is_told_and_nothing_breaks(
    engine, signed_in, company, monkeypatch
):
    scenarios.settled(engine, company, tier())

    def silent(**_):
        raise gateway.Unknown("no answer")

    monkeypatch.setattr(gateway, "open_portal", silent)
    answer = signed_in.post(f"/companies/{company.slug}/portal/GBP/", follow=True)

    assert "does not answer just now" in answer.content.decode()


def test_nothing_of_another_company_is_on_a_home(engine, signed_in, company):
    other = scenarios.settled(engine, factories.company(display_name="Rival"), tier())

    assert "Rival" not in html(signed_in, company)
    assert signed_in.get(home(other.company)).status_code == 404
    assert Client().get(home(other.company)).status_code == 302


# /home/


def test_a_newcomer_sees_three_doors(signed_in):
    shown = signed_in.get("/home/").content.decode()

    assert "Your first minutes" in shown
    for door in ("/projects/", "/maintain/new/", "/companies/new/"):
        assert f'href="{door}"' in shown


def test_who_acts_for_one_company_is_at_home_there(signed_in, company):
    assert signed_in.get("/home/").url == home(company)


def test_who_maintains_one_project_is_at_home_at_its_desk(signed_in, user):
    project = factories.project(maintainer=user)

    assert signed_in.get("/home/").url == f"/maintain/{project.slug}/"


def test_who_has_several_places_is_asked_which(signed_in, user, company):
    project = factories.project(maintainer=user)

    shown = signed_in.get("/home/").content.decode()

    assert home(company) in shown
    assert f"/maintain/{project.slug}/" in shown


def test_nobody_elses_places_are_offered(signed_in, company):
    factories.project()
    factories.company()

    assert signed_in.get("/home/").status_code == 302


# Companies made without buying


def typed(**values):
    return {
        "sponsor": "organisation", "display_name": "Kestrel", "legal_name": "Kestrel plc",
        "country": "GB", "billing_email": "pay@kestrel.example", "website": "",
    } | values  # fmt: skip


def test_a_company_can_be_put_on_the_site_before_anything_is_bought(signed_in, user):
    answer = signed_in.post("/companies/new/", typed())

    made = Company.objects.get()
    assert answer.url == home(made)
    assert made.legal_name == "Kestrel plc"
    assert Membership.objects.get().user == user


def test_so_can_a_person(signed_in, user):
    signed_in.post("/companies/new/", typed(sponsor="individual", legal_name="ignored"))

    made = Company.objects.get()
    assert (made.is_individual, made.legal_name) == (True, "")


def test_the_same_form_sent_twice_makes_one_company(signed_in):
    for _ in range(2):
        signed_in.post("/companies/new/", typed())

    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": ""}, {"legal_name": ""}, {"country": "XX"}, {"sponsor": "staff"},
        {"billing_email": "nobody"}, {"website": "javascript:alert(1)"}, {"display_name": "\u202e"},
        {"display_name": "x" * 81}, {"billing_email": "a@b.example\x00"},
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_to_be_mended_and_makes_nothing(signed_in, wrong):
    answer = signed_in.post("/companies/new/", typed(**wrong))

    assert answer.status_code in (400, 422)
    assert Company.objects.count() == 0


def test_who_is_here_as_an_individual_is_not_asked_again(signed_in, user):
    factories.individual(user)

    assert "Myself" not in signed_in.get("/companies/new/").content.decode()
    assert signed_in.post("/companies/new/", typed(sponsor="individual")).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/companies/%00/home/", "/companies/../home/", "/sponsors/%00/", "/sponsors/nobody/",
     "/companies/nobody/portal/GBP/", "/companies/nobody/edit/", "/updates/off/%00/",
     "/companies/kestrel/invoices/?page=x", "/companies/kestrel/invoices/?page=-1"],
)  # fmt: skip
def test_nonsense_in_an_address_is_no_error_of_ours(signed_in, company, path):
    for ask in (signed_in.get, signed_in.post):
        assert ask(path).status_code in (200, 302, 400, 404, 405)
