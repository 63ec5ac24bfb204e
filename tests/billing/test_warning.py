"""What a company is told ahead: yearly renewals, and cards that will have expired."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from sponsors.billing import ending, tasks, warning
from sponsors.billing.models import Customer, Subscription
from sponsors.sponsorships.models import Change, Sponsorship, Status
from tests import factories, scenarios, world

YEAR = 365


def mails(word="renewal"):
    return list(Message.objects.filter(key__startswith=word).order_by("pk"))


def bodies(word="renewal"):
    return [" ".join(mail.body.split()) for mail in mails(word)]


@pytest.fixture
def yearly(engine):
    tier = factories.tier(monthly=40000, yearly=480000)
    return scenarios.settled(engine, tier=tier, interval="year")


def ahead(sponsorship, days):
    """So many days before it renews."""
    return clock.stopped_at(sponsorship.paid_through - timedelta(days=days))


def warn(sponsorship, days):
    with ahead(sponsorship, days):
        tasks.warn()


def test_thirty_and_seven_days_ahead_it_is_told_once_each(yearly):
    for days in range(40, 0, -1):
        warn(yearly, days)
        warn(yearly, days)

    assert [mail.key.rpartition(":")[2] for mail in mails()] == ["30", "7"]


def test_it_says_the_price_tax_apart_the_day_the_card_and_where_to_change_it(yearly):
    yearly.invoices.update(net=480000, tax=96000)
    warn(yearly, 30)

    mail, body = mails()[0], bodies()[0]
    assert mail.subject == f"{yearly.project} renews on 5 January 2027: £5,760.00, tax included"
    assert "£4,800 for a year, net" in body
    assert "last time it was £960" in body
    assert "Visa 4242" in body
    assert yearly.get_absolute_url() in body
    assert yearly.company.billing_email in mail.recipients


def test_a_run_that_was_missed_is_made_up(yearly):
    warn(yearly, 21.5)
    warn(yearly, 2.3)

    assert [mail.key.rpartition(":")[2] for mail in mails()] == ["30", "7"]


def test_of_two_that_are_due_only_the_later_goes_out(yearly):
    warn(yearly, 6)

    assert [mail.key.rpartition(":")[2] for mail in mails()] == ["7"]


def test_of_a_renewal_that_has_passed_nothing_is_said(yearly):
    warn(yearly, -0.01)

    assert mails() == []


def test_before_thirty_days_nothing_is_said(yearly):
    warn(yearly, 30.01)

    assert mails() == []


def test_monthly_renewals_are_not_told(engine):
    warn(scenarios.settled(engine), 7)

    assert mails() == []


def test_what_ends_or_is_paused_is_not_told_to_renew(engine, yearly):
    ending.cancel(yearly)
    warn(yearly, 30)
    Sponsorship.objects.update(status=Status.PAUSED)
    warn(yearly, 7)

    assert mails() == []


def test_what_was_changed_is_told_with_the_price_to_come(engine, yearly):
    change(yearly, interval="year", amount=240000)

    warn(yearly, 30)

    assert "£2,400 for a year" in bodies()[0]
    assert "It was changed to Keel, as asked" in bodies()[0]


def test_a_change_that_did_not_come_about_is_not_told(engine, yearly):
    change(yearly, interval="year", amount=240000, status=Change.Status.DROPPED)

    warn(yearly, 30)

    assert "£4,800 for a year" in bodies()[0]


def test_the_first_yearly_charge_of_what_is_monthly_now_is_told(engine):
    sponsorship = scenarios.settled(engine)
    change(sponsorship, interval="year", amount=100000)

    warn(sponsorship, 7)

    assert "£1,000 for a year" in bodies()[0]


def change(sponsorship, **values):
    return Change.objects.create(
        sponsorship=sponsorship, tier=sponsorship.tier, tier_name="Keel", at_once=False,
        asked_by=sponsorship.bought_by, asked_at=clock.now(),
        **{"status": Change.Status.SCHEDULED, **values},
    )  # fmt: skip


def test_the_next_years_renewal_is_told_again(engine, yearly):
    warn(yearly, 30)
    world.days(engine, YEAR + 1)
    yearly.refresh_from_db()

    warn(yearly, 30)

    assert len(mails()) == 2


def test_many_renewals_are_found_in_as_many_questions_as_one(
    engine, django_assert_max_num_queries
):
    for _ in range(3):
        scenarios.settled(engine, tier=factories.tier(), interval="year")
    one = Sponsorship.objects.first()
    warn(one, 20)

    with ahead(one, 20), django_assert_max_num_queries(5):
        tasks.warn()


# Cards


def with_card(engine, expiry, company=None, **choice):
    page = scenarios.chosen(company, factories.tier(), **choice)
    engine.pay_checkout(page.stripe_id, expiry=expiry)
    engine.deliver()
    return Sponsorship.objects.get(pk=page.sponsorship_id)


def test_a_card_that_will_have_expired_is_told_before_the_first_renewal_that_would_fail(engine):
    sponsorship = with_card(engine, (3, 2026))  # renews on the 5th of each month

    for _ in range(32 * 2):
        world.days(engine, 1)
        tasks.warn()
        tasks.warn()
    assert bodies("card-expires") == []

    world.days(engine, 15)
    tasks.warn()
    tasks.warn()
    assert [mail.subject for mail in mails("card-expires")] == [
        "Visa 4242 expires before your next renewal"
    ]
    assert "5 April 2026" in bodies("card-expires")[0]
    assert f"/sponsorships/{sponsorship.pk}/mend/" in bodies("card-expires")[0]


def test_a_card_good_to_the_last_day_of_the_renewals_month_is_not_told(engine):
    with_card(engine, (2, 2026))

    world.days(engine, 30)
    tasks.warn()

    assert mails("card-expires") == []


def test_after_a_new_card_nothing_is_told_and_the_renewal_comes_through(engine):
    sponsorship = with_card(engine, (1, 2026))
    engine.replace_card(Customer.objects.get().stripe_id, "5555555555554444", (1, 2030))
    engine.deliver()

    world.days(engine, 29)
    tasks.warn()
    world.days(engine, 5)

    sponsorship.refresh_from_db()
    assert mails("card-expires") == []
    assert sponsorship.invoices.filter(status="paid").count() == 2


def test_a_card_that_the_bank_prolonged_is_not_told(engine):
    with_card(engine, (1, 2026))
    engine.renew_card(Customer.objects.get().stripe_id, (1, 2030))
    engine.deliver()

    world.days(engine, 29)
    tasks.warn()

    assert mails("card-expires") == []


def test_a_customers_default_card_counts_where_the_subscription_has_none(engine):
    with_card(engine, (1, 2030))
    Subscription.objects.update(payment_method="", card="", card_good_until=None)
    Customer.objects.update(card="Visa 1111", card_good_until="2026-01-31")

    world.days(engine, 29)
    warning.warn_of_cards(now=clock.now())

    assert [mail.subject for mail in mails("card-expires")] == [
        "Visa 1111 expires before your next renewal"
    ]


def test_one_card_that_pays_for_several_is_told_in_one_mail(engine):
    company = factories.company()
    first = with_card(engine, (1, 2026), company)
    world.days(engine, 2)
    second = with_card(engine, (1, 2026), company)

    for _ in range(25):
        world.days(engine, 1)
        tasks.warn()

    body = bodies("card-expires")[0]
    assert len(mails("card-expires")) == 1
    assert first.project.name in body and second.project.name in body


def test_what_ends_before_the_card_does_is_not_told(engine):
    ending.cancel(with_card(engine, (1, 2026)))

    world.days(engine, 29)
    tasks.warn()

    assert mails("card-expires") == []


def test_a_card_that_expired_is_declined_at_the_renewal_and_that_is_the_reason(engine):
    sponsorship = with_card(engine, (1, 2026))

    world.days(engine, 33)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE
    assert "The card has expired." in bodies("payment-failed")[0]
