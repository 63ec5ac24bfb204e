"""Grace, and its end."""

import pytest
from django.core.management import call_command

from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Funding, Tier
from sponsors.billing import gateway, lapsing, states, tasks
from sponsors.billing.models import Invoice
from sponsors.sponsorships.models import Move, Status
from tests import factories, scenarios, world
from tests.billing.lapses import EMPTY, GOOD, again, behind, customer


def at_stripe(sponsorship):
    return gateway.subscription(sponsorship.subscription.stripe_id)


def mails(word):
    return list(Message.objects.filter(key__startswith=word))


def test_when_grace_is_over_it_lapses_is_ended_at_stripe_and_its_invoice_taken_back(engine):
    sponsorship = behind(engine, tier=factories.tier(seats=1))

    tasks.lapse()

    after = again(sponsorship)
    assert after.status == Status.LAPSED
    assert at_stripe(after)["status"] == "canceled"
    assert [one.status for one in after.invoices.all()] == ["void", "paid"]
    assert Tier.objects.get().taken == 0
    assert Funding.objects.get().committed == 0
    assert Move.objects.filter(sponsorship=after).last().cause == "It was not paid in time"
    call_command("check_books")


def test_until_grace_is_over_the_job_ends_nothing(engine):
    sponsorship = scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), EMPTY)
    world.days(engine, 44.9)

    tasks.lapse()

    assert again(sponsorship).status == Status.PAST_DUE


def test_after_its_lapse_nothing_is_charged_any_more_though_the_card_is_good_again(engine):
    sponsorship = behind(engine)
    tasks.lapse()
    charged = engine.truth()["currencies"]

    engine.replace_card(customer(sponsorship), GOOD)
    world.days(engine, 60)

    assert engine.truth()["currencies"] == charged
    assert again(sponsorship).status == Status.LAPSED


def test_both_sides_are_told_once_and_the_maintainers_not_why(engine):
    sponsorship = behind(engine, company=factories.company(display_name="Kestrel"))

    for _ in range(3):
        tasks.lapse()
        engine.deliver()

    company, maintainers = mails("lapsed")[0], mails("has-left")[0]
    assert len(mails("lapsed")) == len(mails("has-left")) == 1
    assert f"/sponsorships/{sponsorship.pk}/again/" in company.body
    assert maintainers.subject == f"Kestrel has left {sponsorship.project}"
    for word in ("paid in time", "card", "failed", "declined"):
        assert word not in maintainers.body


def test_who_is_not_named_leaves_unnamed(engine):
    behind(engine, company=factories.company(display_name="Kestrel"), visibility="anonymous")

    tasks.lapse()

    mail = mails("has-left")[0]
    assert "Kestrel" not in mail.subject + mail.body
    assert "less is paid for" not in mail.body


def test_after_stripes_last_try_the_open_invoice_is_taken_back_as_well(engine):
    sponsorship = scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), EMPTY)

    world.days(engine, 50)

    assert again(sponsorship).status == Status.LAPSED
    assert [one.status for one in sponsorship.invoices.all()] == ["void", "paid"]
    assert len(mails("lapsed")) == 1
    call_command("check_books")


def test_what_stripe_leaves_unpaid_after_its_last_try_is_ended_and_makes_no_more_invoices(engine):
    engine.account.settings.after_last_retry = "unpaid"
    sponsorship = scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), EMPTY)
    world.days(engine, 50)
    assert again(sponsorship).status == Status.LAPSED

    tasks.lapse()

    assert at_stripe(sponsorship)["status"] == "canceled"
    assert at_stripe(sponsorship)["latest_invoice"]["status"] == "void"
    world.days(engine, 60)
    assert sponsorship.invoices.count() == 2


def test_what_was_paid_a_moment_before_goes_on(engine):
    """Of which we have not heard yet: Stripe is looked at before anything is ended."""
    sponsorship = behind(engine)
    engine.knobs.add("drop", times=1000)
    engine.pay_invoice(Invoice.objects.get(status="open").stripe_id, GOOD)
    engine.deliver()

    tasks.lapse()

    assert again(sponsorship).status == Status.ACTIVE
    assert at_stripe(sponsorship)["status"] == "active"


def test_a_debit_that_is_on_its_way_is_waited_for(engine):
    project = factories.project(currency="EUR")
    sponsorship = behind(engine, tier=factories.tier(project))
    subscription = at_stripe(sponsorship)
    intent = subscription["latest_invoice"]["payments"]["data"][0]["payment"]["payment_intent"]
    engine.account.store.by_id[intent]["status"] = "processing"

    lapsing.lapse_due(now=clock.now())

    assert at_stripe(sponsorship)["status"] == "past_due"


@pytest.mark.parametrize("operation", [
    "DELETE /v1/subscriptions/{subscription_exposed_id}", "POST /v1/invoices/{invoice}/void",
])  # fmt: skip
@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "error_after"])
def test_a_lapse_that_is_cut_off_is_finished_later(engine, operation, kind):
    sponsorship = behind(engine)
    engine.faults.add(operation, kind, times=3)

    tasks.lapse()
    for _ in range(3):
        engine.advance_by(60)
        tasks.lapse()
        tasks.sweep_events()
    world.days(engine, 1)

    assert again(sponsorship).status == Status.LAPSED
    assert [one.status for one in sponsorship.invoices.all()] == ["void", "paid"]
    call_command("check_books")


def test_who_wanted_to_end_is_not_said_to_have_lapsed(engine):
    sponsorship = scenarios.settled(engine)
    gateway.v1().subscriptions.cancel(
        sponsorship.subscription.stripe_id, {"cancellation_details": {"comment": "Too dear"}}
    )
    engine.deliver()

    assert again(sponsorship).status == Status.CANCELLED
    assert mails("lapsed") == []


def test_an_invoice_that_was_sent_is_still_owed_after_the_lapse():
    """A function of what Stripe says: also of one of which nothing was ever paid."""
    said = {"status": "canceled", "cancellation_details": {"comment": states.NOT_PAID}}

    assert states.status(said, None, ever_paid=False, now=clock.now()) == Status.LAPSED
