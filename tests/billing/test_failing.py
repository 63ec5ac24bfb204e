"""A payment that failed: why, said once and plainly; what mends it; and that it is well again."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from funding.office import clock, outbox
from funding.office.models import Message
from sponsors.billing import failing, gateway, handlers, reasons, tasks
from sponsors.billing.models import Call, Event, Invoice, Payment, Subscription
from sponsors.sponsorships.models import Status
from tests import factories, scenarios, world

EMPTY, LOST, STOLEN = "4000000000009995", "4000000000009987", "4000000000009979"
CANNOT_BE_CHARGED, ASKS, GOOD = "4000000000000341", "4000002760003184", "4242424242424242"


def customer(sponsorship):
    return sponsorship.subscription.customer.stripe_id


def failed(engine, sponsorship=None, card=EMPTY):
    """Past due: the renewal was refused two days ago, and is tried again tomorrow."""
    sponsorship = sponsorship or scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), card)
    world.days(engine, 33)
    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE
    return sponsorship


def mails(word):
    return list(Message.objects.filter(key__startswith=word).order_by("pk"))


def page(sponsorship, path=""):
    client = Client()
    client.force_login(sponsorship.bought_by)
    return client.get(sponsorship.get_absolute_url() + path)


def shown(sponsorship):
    return " ".join(page(sponsorship).content.decode().split())


# Why


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (EMPTY, "The bank says that there is not enough money for it."),
        ("4000000000000069", "The card has expired."),
        (LOST, "The bank declined the card."),
        (STOLEN, "The bank declined the card."),
        (ASKS, "The bank wants somebody to confirm the payment."),
        ("4000000000000119", "Something went wrong between the banks."),
        (CANNOT_BE_CHARGED, "The bank declined the card, and did not say why."),
    ],
)
def test_the_banks_reason_is_said_in_plain_words_on_the_page_and_in_the_mail(engine, card, said):
    sponsorship = failed(engine, card=card)

    mail = mails("payment-failed")[0]
    assert said in shown(sponsorship)
    assert said in " ".join(mail.body.split())
    for word in ("_card", "generic", "lost", "stolen", "insufficient_funds", "processing_error"):
        assert word not in shown(sponsorship) + mail.body


def test_a_code_that_is_new_to_us_says_no_more_than_that_it_was_declined():
    assert reasons.of("some_new_code") == reasons.DECLINED
    assert all("_" not in reason.words for reason in reasons.REASONS.values())


def test_with_no_card_at_all_that_is_said(engine):
    sponsorship = scenarios.settled(engine)
    method = Subscription.objects.get().payment_method
    gateway.v1().payment_methods.detach(method)

    world.days(engine, 33)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE
    assert "There is no card to charge." in shown(sponsorship)


# What happens next, and what mends it


def test_the_day_of_the_next_try_is_told_and_the_one_link_leads_to_another_card(engine):
    sponsorship = failed(engine)

    assert "tried again on 8 February 2026" in shown(sponsorship)
    assert "lapses" in shown(sponsorship)
    assert "/p/session/" in page(sponsorship, "mend/").url


def test_a_bank_that_wants_to_see_somebody_is_answered_on_the_invoices_page(engine):
    sponsorship = failed(engine, card=ASKS)

    assert page(sponsorship, "mend/").url == Invoice.objects.get(status="open").hosted_url
    assert "tried again on" not in shown(sponsorship)


def test_when_nothing_is_tried_any_more_the_link_leads_to_the_invoice(engine):
    engine.account.settings.retries_after_days = ()
    engine.account.settings.after_last_retry = "past_due"
    sponsorship = failed(engine)

    assert page(sponsorship, "mend/").url == Invoice.objects.get(status="open").hosted_url
    assert "It is not tried again by itself." in shown(sponsorship)


def test_a_lost_card_is_not_said_to_be_tried_again_though_stripe_counts_tries(engine):
    sponsorship = failed(engine, card=LOST)
    world.days(engine, 6)

    assert Invoice.objects.get(status="open").attempts > 1
    assert "The one we know is not tried again." in shown(sponsorship)
    assert len(mails("payment-failed")) == 1


def test_a_try_that_comes_after_the_lapse_is_not_promised(engine):
    sponsorship = failed(engine)
    world.days(engine, 8)

    sponsorship.refresh_from_db()
    assert Invoice.objects.get(status="open").next_attempt_at > sponsorship.stands_until
    assert "tried again on" not in shown(sponsorship)


def test_while_a_payment_is_on_its_way_nothing_is_called_failed_and_nobody_pays_twice(engine):
    sponsorship = failed(engine)
    Message.objects.all().delete()
    payment = Payment.objects.get(invoice__status="open")
    engine.account.store.by_id[payment.payment_intent]["status"] = "processing"
    engine.account.store.by_id[payment.invoice.stripe_id]["next_payment_attempt"] = None
    handlers.refresh(sponsorship.subscription.stripe_id)
    world.days(engine, 9)
    tasks.lapse()

    assert "A payment is on its way" in shown(sponsorship)
    assert "/mend/" not in shown(sponsorship)
    assert "Pay £" not in shown(sponsorship)
    client = Client()
    client.force_login(sponsorship.bought_by)
    home = client.get(f"/companies/{sponsorship.company.slug}/home/").content.decode()
    assert "/mend/" not in home
    assert "Pay £" not in home
    assert mails("last-word") == mails("payment-failed") == []


def test_there_is_one_link_and_no_other_button_that_pays(engine):
    sponsorship = failed(engine)

    assert len(re.findall(r'href="/sponsorships/\d+/mend/"', shown(sponsorship))) == 1
    assert "/invoice/" not in shown(sponsorship).partition("Invoices</h2>")[0]


def test_the_link_of_what_is_well_leads_to_the_card_and_of_what_has_ended_to_its_page(engine):
    sponsorship = scenarios.settled(engine)
    assert "/p/session/" in page(sponsorship, "mend/").url

    failed(engine, sponsorship)
    engine.account.settings.retries_after_days = ()
    world.days(engine, 30)
    assert page(sponsorship, "mend/").url == sponsorship.get_absolute_url()


def test_when_stripe_does_not_answer_the_link_says_so_and_nothing_breaks(engine):
    sponsorship = failed(engine)
    engine.faults.add("POST /v1/billing_portal/sessions", "timeout_before", times=3)

    client = Client()
    client.force_login(sponsorship.bought_by)
    answer = client.get(sponsorship.get_absolute_url() + "mend/", follow=True)
    assert "does not answer" in answer.content.decode()


# Mail


def test_an_invoice_that_fails_again_and_again_brings_one_mail_and_a_last_word(engine):
    sponsorship = failed(engine)
    told = mails("payment-failed")
    assert sorted(told[0].recipients) == sorted(
        {sponsorship.company.billing_email, sponsorship.bought_by.email}
    )

    for _ in range(11):
        world.days(engine, 1)
        tasks.lapse()
        tasks.lapse()

    assert len(mails("payment-failed")) == 1
    assert [mail.subject for mail in mails("last-word")] == [
        f"Your sponsorship of {sponsorship.project} lapses on 19 February 2026"
    ]


def test_the_last_word_is_made_up_after_missed_runs_but_never_said_when_it_is_paid(engine):
    first, second = failed(engine), scenarios.settled(engine)
    world.days(engine, 11.5)  # the run of three days before never came
    engine.pay_invoice(Invoice.objects.get(status="open").stripe_id, GOOD)
    engine.deliver()
    engine.turn_card(customer(second), EMPTY)
    world.days(engine, 29.5)  # its grace is over in a day

    tasks.lapse()

    assert [second.project.name in mail.subject for mail in mails("last-word")] == [True]
    first.refresh_from_db()
    assert first.status == Status.ACTIVE


def test_who_hears_of_it_for_the_first_time_gets_no_last_word_on_top(engine):
    sponsorship = failed(engine)
    sponsorship.moves.filter(after=Status.PAST_DUE).update(at=clock.now())
    world.days(engine, 10)
    sponsorship.moves.filter(after=Status.PAST_DUE).update(at=clock.now())

    tasks.lapse()

    assert mails("last-word") == []


def test_what_a_repair_finds_out_is_told_to_nobody(engine):
    sponsorship = scenarios.settled(engine)
    engine.turn_card(customer(sponsorship), EMPTY)
    engine.knobs.add("drop", times=1000)
    world.days(engine, 36)

    with outbox.withheld():
        handlers.refresh(sponsorship.subscription.stripe_id)

    assert [mail.status for mail in mails("payment-failed")] == [Message.Status.WITHHELD]


def test_the_mail_says_the_reason_whatever_comes_first(engine):
    """Stripe promises no order of its events."""
    engine.knobs.add("reorder", times=50)
    sponsorship = scenarios.settled(engine)

    failed(engine, sponsorship)

    assert "not enough money" in mails("payment-failed")[0].body


def test_maintainers_get_no_mail_of_a_payment_that_failed(engine):
    sponsorship = failed(engine)

    theirs = {one.user.email for one in sponsorship.project.maintainers.all()}
    assert not theirs & set(mails("payment-failed")[0].recipients)


# Well again


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
