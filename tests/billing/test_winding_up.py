"""What an archived project means for its sponsorships, at Stripe and by mail."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.projects import archiving
from funding.projects.models import Funding, Tier
from sponsors.billing import checkout, ending, gateway, tasks, winding_up
from sponsors.billing.models import Checkout
from sponsors.sponsorships import refusals
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"


def owner(project):
    return project.maintainers.get().user


def archive(project):
    archiving.archive(project=project, by=owner(project), now=clock.now())


def again(sponsorship):
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def mails():
    return list(Message.objects.filter(key__startswith="archived:"))


def at_stripe(sponsorship):
    return gateway.subscription(sponsorship.subscription.stripe_id)


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


def test_a_project_that_is_opened_again_in_time_keeps_its_sponsors(engine):
    sponsorship = scenarios.settled(engine)
    archive(sponsorship.project)
    archiving.reopen(project=sponsorship.project, by=owner(sponsorship.project))

    assert winding_up.wind_up() == 0
    assert again(sponsorship).status == Status.ACTIVE


def test_opening_again_undoes_nothing_by_itself_and_who_wants_may_renew(engine):
    sponsorship = scenarios.settled(engine)
    archive(sponsorship.project)
    tasks.wind_up()

    archiving.reopen(project=sponsorship.project, by=owner(sponsorship.project))
    tasks.wind_up()
    assert again(sponsorship).status == Status.CANCELLING

    ending.undo(again(sponsorship))
    tasks.wind_up()
    assert again(sponsorship).status == Status.ACTIVE


def test_archiving_once_more_tells_once_more(engine):
    sponsorship = scenarios.settled(engine)
    archive(sponsorship.project)
    tasks.wind_up()
    archiving.reopen(project=sponsorship.project, by=owner(sponsorship.project))
    world.days(engine, 1)
    archive(sponsorship.project)

    tasks.wind_up()

    assert len(mails()) == 2


def test_what_ends_with_its_project_is_not_renewed(engine, user, signed_in):
    sponsorship = scenarios.settled(engine, factories.company(user))
    archive(sponsorship.project)
    tasks.wind_up()

    page = signed_in.get(sponsorship.get_absolute_url()).content.decode()
    answer = signed_in.post(f"/sponsorships/{sponsorship.pk}/undo/", follow=True)

    assert "Renew it after all" not in page
    assert "is archived" in answer.content.decode()
    assert again(sponsorship).status == Status.CANCELLING


def test_an_archived_project_is_not_bought(engine):
    tier = factories.tier()
    archive(tier.project)
    company = factories.company()

    with pytest.raises(refusals.ProjectNotOpen):
        scenarios.chosen(company, Tier.objects.get())

    assert checkout.Checkout.objects.count() == 0
    assert Client().get(tier.project.get_absolute_url()).status_code == 200


def test_what_was_paid_ahead_for_a_year_is_released_to_the_end(engine):
    sponsorship = scenarios.settled(engine, interval="year")
    archive(sponsorship.project)
    tasks.wind_up()

    world.days(engine, 370)
    tasks.release_deferred()

    assert again(sponsorship).status == Status.CANCELLED
    call_command("check_books")


def test_one_that_is_paused_does_not_go_on_and_is_asked_once(engine):
    sponsorship = scenarios.settled(engine)
    gateway.update_subscription(
        sponsorship.subscription.stripe_id,
        params={"pause_collection": {"behavior": "void"}},
        key="pause",
    )
    engine.deliver()
    assert again(sponsorship).status == Status.PAUSED
    archive(sponsorship.project)

    assert [winding_up.wind_up() for _ in range(2)] == [1, 0]
    assert at_stripe(sponsorship)["cancel_at_period_end"]
    world.days(engine, 33)
    assert again(sponsorship).status == Status.CANCELLED


def test_one_whose_first_invoice_is_not_paid_yet_ends_at_once(engine):
    sponsorship = scenarios.settled(engine)
    Sponsorship.objects.update(status=Status.AWAITING_INVOICE)
    archive(sponsorship.project)

    tasks.wind_up()

    assert again(sponsorship).status == Status.CANCELLED
    assert at_stripe(sponsorship)["status"] == "canceled"


def test_two_projects_of_one_name_are_told_apart(engine):
    company = factories.company()
    projects = [factories.project("Harbour") for _ in range(2)]
    for name in ("Mast", "Keel"):
        for project in projects:
            scenarios.settled(engine, company, factories.tier(project, name=name))
    for project in projects:
        archive(project)

    tasks.wind_up()

    assert len(mails()) == 2
    assert all("Mast" in mail.body and "Keel" in mail.body for mail in mails())
