"""What an archive leaves alone, and a project that is opened again."""

import pytest
from django.core.management import call_command
from django.test import Client

from funding.projects import archiving
from funding.projects.models import Tier
from sponsors.billing import checkout, ending, gateway, tasks, winding_up
from sponsors.sponsorships import refusals
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world
from tests.billing.archives import again, archive, at_stripe, mails, owner


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
