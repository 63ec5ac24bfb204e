"""Leases and slots: one worker on one thing, one run in one period, whatever crashes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from funding.office import clock, leases, slots, tasks
from funding.office.models import Heartbeat, Lease, Slot
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MINUTE = timedelta(minutes=1)


def run_out(name):
    past = clock.machine_now() - timedelta(seconds=1)
    Lease.objects.filter(name=name).update(expires_at=past)


def test_a_lease_has_one_holder():
    assert leases.take("invoice:1")
    assert leases.take("invoice:1") is None


def test_leases_on_two_things_do_not_meet():
    assert leases.take("invoice:1")
    assert leases.take("invoice:2")


def test_a_lease_that_was_given_back_can_be_taken():
    leases.give_back("invoice:1", leases.take("invoice:1"))

    assert leases.take("invoice:1")


def test_a_lease_that_ran_out_can_be_taken():
    first = leases.take("invoice:1")
    run_out("invoice:1")

    second = leases.take("invoice:1")

    assert second not in (None, first)


def test_a_lease_lasts_for_ninety_seconds_of_the_machines_time():
    with clock.stopped_at(clock.machine_now() - timedelta(days=900)):
        leases.take("invoice:1")

    left = Lease.objects.get().expires_at - clock.machine_now()
    assert MINUTE < left <= leases.LASTS


def test_the_holder_may_insist():
    token = leases.take("invoice:1")

    with transaction.atomic():
        leases.insist("invoice:1", token)

    assert Lease.objects.get().token == token


def test_who_lost_a_lease_to_another_cannot_insist():
    token = leases.take("invoice:1")
    run_out("invoice:1")
    leases.take("invoice:1")

    with pytest.raises(leases.LeaseLost):
        leases.insist("invoice:1", token)


def test_who_gave_a_lease_back_cannot_insist():
    token = leases.take("invoice:1")
    leases.give_back("invoice:1", token)

    with pytest.raises(leases.LeaseLost):
        leases.insist("invoice:1", token)


def test_a_lease_that_ran_out_and_that_nobody_took_still_holds():
    token = leases.take("invoice:1")
    run_out("invoice:1")

    leases.insist("invoice:1", token)

    assert Lease.objects.get().token == token


def test_who_lost_a_lease_cannot_give_back_anothers():
    token = leases.take("invoice:1")
    run_out("invoice:1")
    others = leases.take("invoice:1")

    leases.give_back("invoice:1", token)

    assert Lease.objects.get().token == others


def test_a_block_holds_a_lease_and_gives_it_back():
    with leases.held("invoice:1"):
        assert leases.take("invoice:1") is None

    assert leases.take("invoice:1")


def test_a_block_that_fails_gives_its_lease_back():
    with pytest.raises(RuntimeError), leases.held("invoice:1"):
        raise RuntimeError

    assert leases.take("invoice:1")


def test_a_block_does_not_begin_without_its_lease():
    leases.take("invoice:1")

    with pytest.raises(leases.LeaseTaken), leases.held("invoice:1"):
        raise AssertionError("It began.")


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_get_one_token():
    tokens = together(lambda: leases.take("invoice:1"))

    assert len([token for token in tokens if token]) == 1
    assert {type(token) for token in tokens} == {str, type(None)}


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_take_over_a_lease_once():
    leases.take("invoice:1")
    run_out("invoice:1")

    tokens = [token for token in together(lambda: leases.take("invoice:1")) if token]

    assert tokens == [Lease.objects.get().token]


@pytest.mark.django_db(transaction=True)
def test_nobody_takes_over_a_lease_between_insisting_and_the_commit():
    token = leases.take("invoice:1")
    run_out("invoice:1")

    def write():
        with transaction.atomic():
            leases.insist("invoice:1", token)
            return leases.LASTS

    def take_over():
        return leases.take("invoice:1")

    turns = iter([write, *[take_over] * 5])
    outcomes = together(lambda: next(turns)(), threads=6)

    taken = [outcome for outcome in outcomes if isinstance(outcome, str)]
    wrote = [outcome for outcome in outcomes if outcome == leases.LASTS]
    lost = [outcome for outcome in outcomes if isinstance(outcome, leases.LeaseLost)]
    assert (len(taken), len(wrote) + len(lost)) == (1, 1)


# Slots


def test_a_slot_is_taken_once():
    assert slots.take("digest", "2026-03-04")
    assert not slots.take("digest", "2026-03-04")


def test_each_job_and_period_has_a_slot_of_its_own():
    slots.take("digest", "2026-03-04")

    assert slots.take("digest", "2026-03-05")
    assert slots.take("renewal", "2026-03-04")


def test_a_slot_is_free_again_when_its_work_was_rolled_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        slots.take("digest", "2026-03-04")
        raise RuntimeError

    assert slots.take("digest", "2026-03-04")


def test_after_a_slot_was_refused_the_transaction_goes_on():
    slots.take("digest", "2026-03-04")

    with transaction.atomic():
        slots.take("digest", "2026-03-04")
        assert slots.take("digest", "2026-03-05")


def test_the_database_holds_a_slot_once():
    slots.take("digest", "2026-03-04")

    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(job="digest", period="2026-03-04", taken_at=clock.machine_now())


@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_who_want_a_slot_one_gets_it():
    outcomes = together(lambda: slots.take("digest", "2026-03-04"), threads=20, times=10)

    assert sorted(outcomes) == [False] * 199 + [True]


# Signs of life


def test_a_beat_is_a_sign_of_life():
    slots.beat("beat")

    assert slots.last_beat_within("beat", MINUTE)


def test_who_never_beat_shows_no_life():
    slots.beat("beat")

    assert not slots.last_beat_within("worker", MINUTE)


def test_an_old_beat_is_no_sign_of_life():
    slots.beat("beat")
    Heartbeat.objects.update(beat_at=clock.machine_now() - 2 * MINUTE)

    assert not slots.last_beat_within("beat", MINUTE)


def test_a_second_beat_renews_the_first():
    slots.beat("beat")
    Heartbeat.objects.update(beat_at=clock.machine_now() - 2 * MINUTE)

    tasks.beat()

    assert slots.last_beat_within("beat", MINUTE)
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_leave_one_row():
    outcomes = together(lambda: slots.beat("beat"), threads=10)

    assert outcomes == [None] * 10
    assert Heartbeat.objects.count() == 1


# Tidying


def test_tidying_forgets_what_ran_out_long_ago():
    now = clock.machine_now()
    Lease.objects.create(name="old", token="x", expires_at=now - timedelta(days=2))
    Slot.objects.create(job="old", period="x", taken_at=now - timedelta(days=401))

    tasks.tidy()

    assert not Lease.objects.exists()
    assert not Slot.objects.exists()


def test_tidying_leaves_what_still_counts():
    leases.take("invoice:1")
    slots.take("digest", "2026-03-04")

    tasks.tidy()

    assert (Lease.objects.count(), Slot.objects.count()) == (1, 1)
