"""A payment that failed: why, said once and plainly, and the one link that mends it."""

import re

import pytest
from django.test import Client

from funding.office.models import Message
from sponsors.billing import gateway, handlers, reasons, tasks
from sponsors.billing.models import Invoice, Payment, Subscription
from sponsors.sponsorships.models import Status
from tests import scenarios, world
from tests.billing.failures import (
    ASKS,
    CANNOT_BE_CHARGED,
    EMPTY,
    LOST,
    STOLEN,
    failed,
    mails,
    page,
    shown,
)

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
