"""Who is told of a payment that failed, when, and how often."""

from funding.office import clock, outbox
from funding.office.models import Message
from sponsors.billing import handlers, tasks
from sponsors.billing.models import Invoice
from sponsors.sponsorships.models import Status
from tests import scenarios, world
from tests.billing.failures import EMPTY, GOOD, customer, failed, mails


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
