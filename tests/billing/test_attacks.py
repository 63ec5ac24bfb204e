"""What was once broken by those who tried: each of these charged somebody twice, charged for
nothing, or lost what somebody asked for."""

import pytest
from django.test import Client

from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import checkout, gateway, tasks
from sponsors.billing.models import Call, Checkout, Event
from sponsors.companies.models import Company
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Interval, Sponsorship, Status
from tests import factories, scenarios, world
from tests.racing import together

pytestmark = pytest.mark.database


def live(engine, kind="subscription"):
    things = engine.account.store.kinds[kind].values()
    return [one for one in things if one["status"] in ("active", "open", "past_due")]


def start(company, tier, interval="month"):
    terms = Terms(interval=Interval(interval), price=tier.price(interval))
    by = company.memberships.get().user
    return checkout.start(company=company, tier=tier, terms=terms, by=by, now=clock.now())


def test_a_bank_debit_on_its_way_lets_nobody_pay_a_second_time(engine, user, signed_in):
    tier = factories.tier(factories.project(currency="EUR"), seats=1)
    company = factories.company(user)
    page = scenarios.chosen(company, tier)
    engine.pay_checkout(page.stripe_id, method="sepa_debit")
    engine.deliver()

    form = {
        "interval": "month",
        "visibility": "public",
        "sponsor": str(company.pk),
        "month_price": tier.monthly,
    }
    answer = signed_in.post(f"/sponsor/{tier.pk}/", form)
    letting_go = signed_in.post(f"/sponsorships/{page.sponsorship_id}/let-go/", follow=True)
    world.days(engine, 6)

    assert answer.status_code == 409
    assert "on its way already" in answer.content.decode()
    assert "on its way already" in letting_go.content.decode()
    assert len(live(engine)) == 1
    assert Sponsorship.objects.get().status == Status.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_lead_to_one_page(settings):
    with world.engine() as engine:
        company, tier = factories.company(), factories.tier()

        urls = together(lambda: start(company, tier), threads=8)

        assert set(urls) == {Checkout.objects.get().url}
        assert len(live(engine, "checkout.session")) == 1


@pytest.mark.django_db(transaction=True)
def test_month_and_year_at_once_leave_one_page_that_asks_for_what_was_agreed():
    with world.engine() as engine:
        company, tier = factories.company(), factories.tier(monthly=10000, yearly=100000)
        intervals = ["month", "year"] * 3

        together(lambda: start(company, tier, intervals.pop()), threads=6)

        (session,) = live(engine, "checkout.session")
        page = Checkout.objects.live().get()
        assert session["id"] == page.stripe_id
        assert session["amount_total"] == page.amount == page.sponsorship.amount


def test_a_crash_between_stripes_answer_and_our_note_of_it_makes_nothing_twice(engine):
    company, tier = factories.company(), factories.tier()
    url = start(company, tier)
    Checkout.objects.update(stripe_id=None, url="")

    again = start(company, tier)

    assert again == url
    assert len(live(engine, "checkout.session")) == 1


def test_cancelling_anew_after_a_lost_answer_and_an_undo_comes_about(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user))
    operation = "POST /v1/subscriptions/{subscription_exposed_id}"
    engine.faults.add(operation, "timeout_after", times=3)
    address = f"/sponsorships/{sponsorship.pk}"
    signed_in.post(f"{address}/cancel/")
    engine.deliver()
    signed_in.post(f"{address}/undo/")

    signed_in.post(f"{address}/cancel/")

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLING
    world.days(engine, 40)
    assert sponsorship.invoices.count() == 1


def test_the_end_of_a_second_subscription_says_nothing_about_the_first(engine):
    sponsorship = scenarios.settled(engine)
    subscription = gateway.subscription(sponsorship.subscription.stripe_id)
    headers = {"Authorization": "Bearer sk_test_x"}
    price = subscription["items"]["data"][0]["price"]["id"]
    method = subscription["default_payment_method"] or ""
    body = (
        f"customer={subscription['customer']}&items[0][price]={price}"
        f"&metadata[sponsorship]={sponsorship.pk}"
        + (f"&default_payment_method={method}" if method else "")
    )
    made = engine.request("POST", "/v1/subscriptions", headers=headers, body=body.encode())
    assert made.status == 200, made.body
    engine.advance_by(120)
    (second,) = [one for one in live(engine) if one["id"] != subscription["id"]]

    engine.request("DELETE", f"/v1/subscriptions/{second['id']}", headers=headers)
    engine.deliver()

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert sponsorship.subscription.stripe_id == subscription["id"]


def test_events_about_our_own_are_not_ignored_because_the_key_was_wrong_for_a_minute(engine):
    sponsorship = scenarios.settled(engine)
    root = sponsorship.subscription.stripe_id
    Event.objects.filter(root=root).update(status=Event.Status.NEW)

    with world.engine(seed="another account"):
        tasks.handle_roots([root])

    assert not Event.objects.filter(root=root, status=Event.Status.IGNORED).exists()
    Event.objects.update(next_attempt_at=None)
    tasks.handle_roots([root])
    assert not Event.objects.filter(root=root).exclude(status=Event.Status.HANDLED).exists()


def test_a_wrong_billing_address_can_be_typed_anew(engine, signed_in):
    tier = factories.tier()
    form = {
        "interval": "month", "visibility": "public", "sponsor": "organisation", "month_price": tier.monthly,
        "display_name": "Kestrel", "legal_name": "Kestrel plc", "country": "GB",
    }  # fmt: skip
    signed_in.post(f"/sponsor/{tier.pk}/", {**form, "billing_email": "wrnog@kestrel.example"})

    signed_in.post(f"/sponsor/{tier.pk}/", {**form, "billing_email": "right@kestrel.example"})

    assert Company.objects.get().billing_email == "right@kestrel.example"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("month_price", "9" * 30), ("month_price", "-1"), ("year_price", "x"),
        ("display_name", "\u202eevil"), ("legal_name", "\u200b"), ("display_name", "   "),
        ("website", "ftp://u:p@x.example/"), ("website", "https://user:pw@x.example/"),
        ("website", "javascript:alert(1)"), ("billing_email", "x@" + "ö" * 60 + ".example"),
        ("country", "XX"), ("interval", "week"), ("sponsor", "9" * 40),
    ],
)  # fmt: skip
def test_nonsense_in_a_field_is_refused_and_nothing_is_made(engine, signed_in, field, value):
    tier = factories.tier()
    form = {
        "interval": "month", "visibility": "public", "sponsor": "organisation", "month_price": tier.monthly,
        "display_name": "Kestrel", "legal_name": "Kestrel plc", "country": "GB",
        "billing_email": "pay@kestrel.example", "website": "https://kestrel.example",
    }  # fmt: skip

    answer = signed_in.post(f"/sponsor/{tier.pk}/", {**form, field: value})

    assert answer.status_code in (409, 422)
    assert not Sponsorship.objects.exists()
    assert not Company.objects.exists()
    assert Tier.objects.get().taken == 0


@pytest.mark.parametrize(
    "path", ["/projects/?page=%00", "/sponsorships/1/paid/?session_id=%00", "/?%00=1"]
)
def test_a_nul_in_an_address_gets_a_clear_no(db, signed_in, path):
    assert signed_in.get(path).status_code == 400


def test_a_nul_in_a_cookie_gets_a_clear_no(db):
    client = Client()
    client.cookies["session"] = "aaaa\x00bbb"

    assert client.get("/projects/").status_code == 400


def test_a_call_that_was_answered_is_not_asked_again_under_a_new_key(engine):
    start(factories.company(), factories.tier())

    assert set(Call.objects.values_list("attempt", flat=True)) == {1}
