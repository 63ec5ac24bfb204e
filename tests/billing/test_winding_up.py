"""What an archived project means for its sponsorships, at Stripe and by mail."""

from datetime import timedelta

from django.core.management import call_command

from funding.projects.models import Funding, Tier
from sponsors.billing import ending, gateway, tasks, winding_up
from sponsors.billing.models import Checkout
from sponsors.sponsorships.models import Status
from tests import factories, scenarios, world
from tests.billing.archives import again, archive, at_stripe, mails

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"


def test_each_ends_with_what_is_paid_for(engine):
    sponsorship = scenarios.settled(engine)
    archive(sponsorship.project)

    tasks.wind_up()

    now = again(sponsorship)
    assert now.status == Status.CANCELLING
    assert now.ends_at == now.paid_through
    assert at_stripe(now)["cancel_at_period_end"]
    assert Funding.objects.get().committed == now.a_month

    engine.advance(int((now.paid_through + timedelta(days=1)).timestamp()))

    assert again(sponsorship).status == Status.CANCELLED
    assert again(sponsorship).invoices.count() == 1
    assert Funding.objects.get().committed == 0
    call_command("check_books")


def test_its_company_is_told_once_what_becomes_of_it(engine):
    company = factories.company(display_name="Kestrel Bank")
    sponsorship = scenarios.settled(engine, company)
    archive(sponsorship.project)

    for _ in range(3):
        tasks.wind_up()

    mail = mails()[0]
    assert len(mails()) == 1
    assert mail.recipients == sorted({company.billing_email, sponsorship.bought_by.email})
    assert "is archived" in mail.subject
    assert "it ends on 5 February 2026" in mail.body


def test_a_company_on_two_tiers_gets_one_mail_about_both(engine):
    company, project = factories.company(), factories.project()
    for name in ("Mast", "Keel"):
        scenarios.settled(engine, company, factories.tier(project, name=name))
    archive(project)

    tasks.wind_up()

    assert len(mails()) == 1
    assert "Mast" in mails()[0].body
    assert "Keel" in mails()[0].body


def test_doing_it_again_asks_stripe_for_nothing(engine):
    archive(scenarios.settled(engine).project)

    assert [winding_up.wind_up() for _ in range(3)] == [1, 0, 0]


def test_projects_that_are_open_are_left_alone(engine):
    sponsorship = scenarios.settled(engine)

    assert winding_up.wind_up() == 0
    assert again(sponsorship).status == Status.ACTIVE
    assert mails() == []


def test_one_whose_payment_failed_ends_at_once_and_its_invoice_is_taken_back(engine):
    sponsorship = scenarios.settled(engine)
    engine.replace_card(sponsorship.subscription.customer.stripe_id, "4000000000000341")
    world.days(engine, 33)
    assert again(sponsorship).status == Status.PAST_DUE
    archive(sponsorship.project)

    tasks.wind_up()

    now = again(sponsorship)
    assert now.status == Status.CANCELLED
    assert sorted(invoice.status for invoice in now.invoices.all()) == ["paid", "void"]
    assert "the open invoice is taken back" in mails()[0].body.replace("\n", " ")
    call_command("check_books")


def test_an_open_payment_page_is_closed_and_nobody_is_written_to(engine):
    page = scenarios.chosen()
    archive(page.sponsorship.project)

    tasks.wind_up()

    assert again(page.sponsorship).status == Status.ABANDONED
    assert Checkout.objects.get().status == Checkout.Status.EXPIRED
    assert gateway.checkout(page.stripe_id)["status"] == "expired"
    assert Tier.objects.get().taken == 0
    assert mails() == []


def test_a_page_that_was_paid_on_in_the_last_moment_ends_with_its_period(engine):
    page = scenarios.chosen()
    archive(page.sponsorship.project)
    engine.pay_checkout(page.stripe_id)

    tasks.wind_up()
    engine.deliver()
    tasks.wind_up()

    assert again(page.sponsorship).status == Status.CANCELLING
    assert len(mails()) == 1


def test_a_bank_debit_that_is_on_its_way_ends_when_it_has_arrived(engine):
    tier = factories.tier(factories.project(currency="EUR"))
    page = scenarios.chosen(tier=tier)
    engine.pay_checkout(page.stripe_id, method="sepa_debit")
    engine.deliver()
    archive(tier.project)

    assert winding_up.wind_up() == 0
    world.days(engine, 10)
    tasks.wind_up()

    assert again(page.sponsorship).status == Status.CANCELLING


def test_one_that_ends_already_is_told_and_left_alone(engine):
    sponsorship = ending.cancel(scenarios.settled(engine))
    archive(sponsorship.project)

    assert winding_up.wind_up() == 0
    assert len(mails()) == 1


def test_one_that_has_ended_is_not_told(engine):
    sponsorship = ending.cancel(scenarios.settled(engine))
    world.days(engine, 33)
    archive(sponsorship.project)

    winding_up.wind_up()

    assert mails() == []


def test_one_that_stripe_does_not_answer_for_stops_no_other_and_is_asked_again(engine):
    project = factories.project()
    first, second = (scenarios.settled(engine, tier=factories.tier(project)) for _ in range(2))
    archive(project)
    engine.faults.add(UPDATE, "timeout_before", times=3)

    assert winding_up.wind_up() == 1
    assert {again(first).status, again(second).status} == {Status.ACTIVE, Status.CANCELLING}

    assert winding_up.wind_up() == 1
    assert {again(first).status, again(second).status} == {Status.CANCELLING}
    assert len(mails()) == 2
