"""Two beats and three workers: each due thing is done once. Real threads, each with a connection of
its own, that ask for everything at the same moment; and whoever asks later finds nothing to do."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from funding.ledger.models import Entry
from funding.office import clock, outbox, slots
from funding.office.models import Message
from sponsors.billing import tasks
from sponsors.billing.models import Call, Subscription
from sponsors.sponsorships.models import Move, Sponsorship, Status
from tests import factories, scenarios, world
from tests.racing import together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
EMPTY = "4000000000009995"
BEATS_TIMES_WORKERS = 6


@pytest.fixture
def engine(transactional_db):
    with world.engine() as made:
        yield made
        assert made.rejections == []


def all_at_once(*jobs):
    """Each job by each worker for each beat; none of them fails."""

    def run():
        for job in jobs:
            job()

    answers = together(run, threads=BEATS_TIMES_WORKERS)
    assert answers == [None] * BEATS_TIMES_WORKERS


def keys():
    return sorted(Message.objects.values_list("key", flat=True))


def test_of_all_who_ask_for_a_slot_one_gets_it(transactional_db):
    answers = together(lambda: slots.take("job", "2026-01-05"), threads=BEATS_TIMES_WORKERS)

    assert sorted(answers) == [False] * (BEATS_TIMES_WORKERS - 1) + [True]


def test_notices_are_written_and_sent_once(engine, mailoutbox):
    sponsorship = scenarios.settled(engine, interval="year")
    Subscription.objects.update(card_good_until="2026-12-31")
    with clock.stopped_at(sponsorship.paid_through - timedelta(days=6)):
        all_at_once(tasks.warn, outbox.send_waiting)
        all_at_once(tasks.warn, outbox.send_waiting)

    told = [key for key in keys() if key.startswith(("renewal:", "card-expires:"))]
    assert len(told) == 2
    assert len(mailoutbox) == Message.objects.filter(status=Message.Status.SENT).count()
    assert len(mailoutbox) == len(keys())


def test_months_are_released_once(engine):
    scenarios.settled(engine, interval="year")
    with clock.stopped_at(clock.now() + timedelta(days=100)):
        all_at_once(tasks.release_deferred)

    assert Entry.objects.filter(kind=Entry.Kind.MONTH_RELEASED).count() == 3
    call_command("check_books")


def test_what_is_past_its_grace_lapses_once_and_each_side_gets_one_mail(engine):
    company = factories.company()
    made = [scenarios.settled(engine, company) for _ in range(3)]
    engine.turn_card(made[0].subscription.customer.stripe_id, EMPTY)
    world.days(engine, 33)
    until = Sponsorship.objects.latest("stands_until").stands_until
    with clock.stopped_at(until - timedelta(days=2)):
        all_at_once(tasks.lapse)
    engine.advance(int((until + timedelta(minutes=5)).timestamp()))

    all_at_once(tasks.lapse)
    tasks.lapse()  # whatever one of them was kept from
    engine.deliver()

    assert set(Sponsorship.objects.values_list("status", flat=True)) == {Status.LAPSED}
    assert Move.objects.filter(after=Status.LAPSED).count() == 3
    for word in ("payment-failed", "last-word", "lapsed", "has-left"):
        assert len([key for key in keys() if key.startswith(word)]) == 3, word
    assert Call.objects.filter(purpose="lapse").count() == 3
    call_command("check_books")


def test_a_lapse_and_a_payment_at_once_leave_one_of_the_two(engine):
    sponsorship = scenarios.settled(engine)
    engine.turn_card(sponsorship.subscription.customer.stripe_id, EMPTY)
    world.days(engine, 33)
    sponsorship.refresh_from_db()
    engine.advance(int((sponsorship.stands_until + timedelta(minutes=5)).timestamp()))
    owed = sponsorship.invoices.get(status="open").stripe_id
    deeds = [tasks.lapse, lambda: engine.pay_invoice(owed, "4242424242424242")]

    together(lambda: deeds.pop()(), threads=2)
    engine.deliver()
    for _ in range(2):
        tasks.lapse()
    world.days(engine, 1)

    sponsorship.refresh_from_db()
    statuses = set(sponsorship.invoices.values_list("status", flat=True))
    assert (sponsorship.status, statuses) in [
        (Status.ACTIVE, {"paid"}),
        (Status.LAPSED, {"paid", "void"}),
        (Status.LAPSED, {"paid"}),  # paid between the look and the end: it stands for what it paid
    ]
    call_command("check_books")
