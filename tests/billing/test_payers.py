"""A company's customer at Stripe: its card, and that it may be deleted there."""

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from funding.office import clock
from sponsors.billing import attention, checkout, gateway, handlers, inbox, states, tasks
from sponsors.billing.models import Call, Customer, Event, Subscription
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world
from tests.certainty import certain

GOOD = "4242424242424242"


def buy(company, tier):
    by = company.memberships.get().user
    terms = Terms(interval="month", price=tier.price("month"))
    return checkout.start(company=company, tier=tier, terms=terms, by=by, now=clock.now())


# Its card


def test_the_card_given_at_the_payment_is_known_with_its_last_day(engine):
    page = scenarios.chosen()
    engine.pay_checkout(page.stripe_id, expiry=(2, 2028))
    engine.deliver()

    row = Subscription.objects.get()
    assert row.charged_to == ("Visa 4242", date(2028, 2, 29))


def test_a_card_given_in_the_portal_is_known_on_both_levels(engine):
    scenarios.settled(engine)
    name = Customer.objects.get().stripe_id

    engine.replace_card(name, "378282246310005", (4, 2027))
    engine.deliver()

    assert Customer.objects.get().card == "American Express 0005"
    assert Subscription.objects.get().charged_to == ("American Express 0005", date(2027, 4, 30))


def test_a_card_that_the_bank_prolonged_is_known_with_its_new_day(engine):
    page = scenarios.chosen()
    engine.pay_checkout(page.stripe_id, expiry=(2, 2026))
    engine.deliver()

    engine.renew_card(Customer.objects.get().stripe_id, (2, 2030))
    engine.deliver()

    assert Subscription.objects.get().card_good_until == date(2030, 2, 28)


def test_of_a_bank_debit_the_account_is_known_and_no_day(engine):
    tier = factories.tier(factories.project(currency="EUR"))
    page = scenarios.chosen(tier=tier)
    engine.pay_checkout(page.stripe_id, method="sepa_debit")
    engine.deliver()

    assert Subscription.objects.get().charged_to == ("bank account 3000", None)


def test_a_customer_that_is_none_of_ours_is_ignored(engine):
    gateway.v1().customers.create({"email": "somebody@else.example"})
    made = gateway.v1().customers.list().data[0]
    gateway.v1().customers.update(made.id, {"name": "Somebody"})
    engine.deliver()

    assert Event.objects.get(kind="customer.updated").status == Event.Status.IGNORED


# Deleted


def test_a_deleted_customers_sponsorships_are_cancelled(engine):
    sponsorship = scenarios.settled(engine)

    gateway.v1().customers.delete(Customer.objects.get().stripe_id)
    engine.deliver()
    world.days(engine, 40)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED
    assert Customer.objects.get().stripe_id is None
    assert sponsorship.invoices.count() == 1
    assert not Event.objects.filter(status=Event.Status.NEW).exists()
    call_command("check_books")


@pytest.mark.parametrize("told", [["customer.deleted"], ["customer.subscription.deleted"]])
def test_of_the_two_events_of_a_deletion_either_is_enough_for_the_end(engine, told):
    sponsorship = scenarios.settled(engine)
    all_kinds = ["customer.deleted", "customer.subscription.deleted", "payment_method.detached"]
    engine.knobs.add("drop", times=10, types=[kind for kind in all_kinds if kind not in told])

    gateway.v1().customers.delete(Customer.objects.get().stripe_id)
    engine.deliver()

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.CANCELLED


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "found out at the payment"])
def test_the_next_purchase_after_a_deletion_makes_a_new_customer(engine, is_told):
    sponsorship = scenarios.settled(engine)
    old = Customer.objects.get().stripe_id
    engine.knobs.add("drop", times=0 if is_told else 100)
    gateway.v1().customers.delete(old)
    engine.deliver()

    after = scenarios.settled(engine, sponsorship.company, factories.tier())

    new = Customer.objects.get().stripe_id
    assert new not in {None, old}
    if is_told:
        assert after.status == Status.ACTIVE
    assert Call.objects.filter(purpose="create_customer").count() == 2


def test_whoever_stands_before_a_page_of_a_deleted_customer_can_begin_again(engine):
    page = scenarios.chosen()
    gateway.v1().customers.delete(Customer.objects.get().stripe_id)
    engine.deliver()

    sponsorship = scenarios.settled(engine, page.sponsorship.company, page.sponsorship.tier)

    assert sponsorship.status == Status.ACTIVE


def test_another_refusal_at_the_payment_forgets_nobody(engine, monkeypatch):
    company, tier = factories.company(), factories.tier()
    scenarios.settled(engine, company, factories.tier())
    known = Customer.objects.get().stripe_id

    def refuse(**asked):
        raise gateway.Refused("No.", "parameter_invalid")

    monkeypatch.setattr(gateway, "open_checkout", refuse)

    with pytest.raises(gateway.Refused):
        buy(company, tier)
    assert Customer.objects.get().stripe_id == known


def test_the_portal_of_who_was_deleted_is_said_not_to_open(engine):
    sponsorship = scenarios.settled(engine)
    Customer.objects.update(stripe_id=None)
    client = Client()
    client.force_login(sponsorship.bought_by)

    answer = client.post(f"/sponsorships/{sponsorship.pk}/portal/", follow=True)

    assert answer.status_code == 200


# States and events that we do not know


def test_a_status_that_is_new_to_us_does_not_read_active(engine, monkeypatch):
    sponsorship = scenarios.settled(engine)
    name = sponsorship.subscription.stripe_id
    engine.account.store.by_id[name]["status"] = "hibernating"

    handlers.refresh(name)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE  # as it was
    assert Subscription.objects.get().status == "hibernating"
    waiting = {task.title: task.count for task in attention.tasks(now=clock.now())}
    assert waiting["Subscriptions in a state that we do not know"] == 1


def test_what_is_past_due_stays_so_under_a_status_that_is_new_to_us(engine):
    sponsorship = scenarios.settled(engine)
    name = sponsorship.subscription.stripe_id
    Sponsorship.objects.update(status=Status.PAST_DUE)
    engine.account.store.by_id[name]["status"] = "hibernating"

    handlers.refresh(name)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE


@pytest.mark.parametrize("ever_paid", [True, False])
def test_reading_a_status_that_is_new_to_us_is_refused(ever_paid):
    with pytest.raises(states.UnknownStatus):
        states.status({"status": "hibernating"}, None, ever_paid=ever_paid, now=clock.now())


@pytest.fixture
def staff(db):
    client = Client()
    client.force_login(factories.user(is_staff=True))
    return certain(client)


def dead_event(engine):
    """Kept, tried for three days, and given up."""
    sponsorship = scenarios.settled(engine)
    event = Event.objects.filter(root=sponsorship.subscription.stripe_id).first()
    Event.objects.filter(pk=event.pk).update(status=Event.Status.NEW)
    for _ in range(len(inbox.BACK_OFF) + 1):
        inbox.note_failure([event.pk], ValueError("no such thing"))
    return event


def test_dead_events_wait_for_staff_with_their_reason_and_are_tried_again(engine, staff):
    event = dead_event(engine)
    assert "Events that could not be handled" in staff.get("/staff/").content.decode()
    assert "ValueError: no such thing" in staff.get("/staff/events/").content.decode()

    staff.post("/staff/events/again/", {"event": event.stripe_id})
    tasks.sweep_events()

    event.refresh_from_db()
    assert event.status == Event.Status.NEW  # within seconds, once the sweeper may
    inbox.stamp([], Event.Status.HANDLED)
    handlers.refresh(event.root)
    event.refresh_from_db()
    assert event.status == Event.Status.HANDLED
    assert "Nothing." in staff.get("/staff/events/").content.decode()


def test_all_dead_events_are_tried_again_at_once_and_nothing_else_is(engine, staff):
    dead_event(engine)
    handled = Event.objects.filter(status=Event.Status.HANDLED).count()

    staff.post("/staff/events/again/")
    staff.post("/staff/events/again/", {"event": "evt_of_nobody"})

    assert not inbox.dead().exists()
    assert Event.objects.filter(status=Event.Status.HANDLED).count() == handled


def test_what_fails_is_tried_for_three_days_like_stripe_does():
    assert 72 * 3600 <= sum(inbox.BACK_OFF) <= 96 * 3600
    assert list(inbox.BACK_OFF) == sorted(inbox.BACK_OFF)
