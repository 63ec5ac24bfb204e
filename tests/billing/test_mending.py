"""A payment that failed is mended: with a new card, on its page, or by itself."""

import pytest
from django.core.management import call_command

from sponsors.billing import failing, gateway, handlers, tasks
from sponsors.billing.models import Call, Event, Invoice, Payment
from sponsors.sponsorships.models import Status
from tests import factories, scenarios, world
from tests.billing.failures import (
    ASKS,
    CANNOT_BE_CHARGED,
    EMPTY,
    GOOD,
    customer,
    failed,
    mails,
    page,
    shown,
)


def test_a_new_card_given_in_the_portal_is_charged_at_once_and_all_is_well(engine):
    sponsorship = failed(engine)

    engine.replace_card(customer(sponsorship), GOOD)
    engine.deliver()

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert [mail.subject for mail in mails("all-is-well")] == [
        f"The payment for {sponsorship.project} has arrived"
    ]
    world.days(engine, 5)
    call_command("check_books")


def test_a_new_card_for_the_company_replaces_the_subscriptions_own_that_failed(engine):
    """Else Stripe would go on charging the old one: update the level that failed."""
    sponsorship = failed(engine)

    engine.replace_card(customer(sponsorship), GOOD, everywhere=False)
    engine.deliver()
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE

    world.days(engine, 31)
    assert set(sponsorship.invoices.values_list("status", flat=True)) == {"paid"}
    assert sponsorship.invoices.count() == 3


def test_a_card_that_failed_is_asked_again_by_stripes_plan_alone(engine):
    sponsorship = scenarios.settled(engine)
    engine.replace_card(customer(sponsorship), CANNOT_BE_CHARGED)
    world.days(engine, 33)
    handlers.refresh(customer(sponsorship))

    assert not Call.objects.filter(purpose="charge_new_card").exists()
    assert Invoice.objects.get(status="open").attempts == 1


def test_a_second_bad_card_is_asked_once_and_its_reason_takes_the_firsts_place(engine):
    sponsorship = failed(engine)

    engine.replace_card(customer(sponsorship), CANNOT_BE_CHARGED)
    engine.deliver()
    handlers.refresh(customer(sponsorship))

    assert Call.objects.filter(purpose="charge_new_card").count() == 1
    assert "did not say why" in shown(sponsorship)
    assert len(mails("payment-failed")) == 1


def test_a_new_card_that_wants_to_see_somebody_leads_to_the_invoice(engine):
    sponsorship = failed(engine)

    engine.replace_card(customer(sponsorship), ASKS)
    engine.deliver()

    assert page(sponsorship, "mend/").url == Invoice.objects.get(status="open").hosted_url


@pytest.mark.parametrize("kind", ["timeout_after", "error_after", "reset_after", "timeout_before"])
def test_an_answer_that_is_lost_while_the_new_card_is_charged_charges_once(engine, kind):
    sponsorship = failed(engine)
    engine.faults.add("POST /v1/invoices/{invoice}/pay", kind, times=3)

    engine.replace_card(customer(sponsorship), GOOD)
    engine.deliver()
    Event.objects.filter(status=Event.Status.NEW).update(next_attempt_at=None)
    handlers.refresh(customer(sponsorship))
    world.days(engine, 1)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    paid = Payment.objects.exclude(balance_transaction=None)
    assert paid.count() == 2
    assert len(mails("all-is-well")) == 1
    call_command("check_books")


def test_a_try_of_stripes_own_that_comes_through_says_that_all_is_well_too(engine):
    sponsorship = failed(engine)
    engine.turn_card(customer(sponsorship), GOOD)

    world.days(engine, 3)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert len(mails("all-is-well")) == 1
    assert "failed" not in shown(sponsorship).partition("Diary</h2>")[0]


def test_paid_on_the_invoices_page_after_the_banks_question_all_is_well_once(engine):
    sponsorship = failed(engine, card=ASKS)
    intent = Payment.objects.get(invoice__status="open").payment_intent

    assert engine.authenticate(intent).ok
    engine.knobs.add("duplicate", times=5)
    engine.deliver()
    handlers.refresh(sponsorship.subscription.stripe_id)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert len(mails("all-is-well")) == 1


def test_an_invoice_paid_later_of_which_no_webhook_tells_is_found_and_told(engine):
    sponsorship = failed(engine)
    engine.knobs.add("drop", times=1000)
    engine.pay_invoice(Invoice.objects.get(status="open").stripe_id, GOOD)

    engine.deliver()
    tasks.catch_up()

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert len(mails("all-is-well")) == 1


def test_nobody_is_asked_for_3d_secure_at_renewals_by_what_we_ask_of_stripe(engine):
    """Forcing it, or setting the card up anew, makes every renewal fail."""
    scenarios.settled(engine)
    asked = gateway.v1().subscriptions.list({"limit": 1}).data[0]
    card = asked.payment_settings.payment_method_options

    assert card is None
    intents = gateway.v1().payment_intents.list({"limit": 5}).data
    world.days(engine, 33)
    renewal = gateway.v1().payment_intents.list({"limit": 1}).data[0]
    assert renewal.id not in {one.id for one in intents}
    assert renewal.setup_future_usage is None


def test_a_failed_invoice_of_a_subscription_that_is_over_does_not_block_its_events(engine):
    sponsorship = failed(engine)
    gateway.v1().subscriptions.cancel(sponsorship.subscription.stripe_id)
    engine.deliver()

    invoice = Invoice.objects.get(status="open")
    event = Event.objects.filter(object_id=invoice.stripe_id).first()
    Event.objects.filter(pk=event.pk).update(status=Event.Status.NEW)
    handlers.refresh(event.root)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    assert not Event.objects.filter(status=Event.Status.NEW).exists()


def test_many_failures_are_read_in_as_many_questions_as_one(
    engine, user, signed_in, django_assert_max_num_queries
):
    company = factories.company(user)
    made = [scenarios.settled(engine, company) for _ in range(4)]
    engine.turn_card(customer(made[0]), EMPTY)
    world.days(engine, 33)
    signed_in.get("/home/")
    for one in made:
        one.refresh_from_db()

    with django_assert_max_num_queries(2):
        assert len(failing.of_all(made)) == 4
