"""The waiting list: who is asked next when a seat comes free."""

from datetime import timedelta

import pytest
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.programmes.models import FundingCall, Share
from sponsors.billing.models import Setup
from sponsors.sponsorships import commitments, seat_refusals, signing, tasks, waiting_list
from sponsors.sponsorships.models import OFFER_HOLDS, Commitment, Waiting
from tests import factories
from tests.programmes import scenes
from tests.programmes.buying import send

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def full_call(**values):
    """One seat, and that is kept."""
    call = scenes.call(seats=1, **values)
    return call, scenes.reserved(call)


def waits(call, company=None, **values):
    company = company or factories.payer(**values)
    by = company.memberships.get().user
    return waiting_list.join(call_id=call.pk, company=company, by=by, now=clock.now())


def free(kept):
    commitments.withdraw(commitment_id=kept.pk, now=clock.now())


def test_who_comes_first_is_asked_first():
    call, kept = full_call()
    first, second = waits(call), waits(call)
    free(kept)

    (offered,) = waiting_list.offer_next(call.pk, clock.now())

    assert (waiting_list.rank(second), offered.company) == (1, first.company)
    assert offered.was_offered
    assert not offered.is_signed


def test_an_offer_holds_for_three_days_and_is_told_once():
    call, kept = full_call()
    waits(call)
    free(kept)

    (offered,) = waiting_list.offer_next(call.pk, clock.now())
    assert waiting_list.offer_next(call.pk, clock.now()) == []

    assert offered.reserved_until - offered.accepted_at == OFFER_HOLDS
    assert Message.objects.filter(key=f"seat_offered:{offered.pk}").count() == 1


def test_who_does_not_sign_in_time_makes_way_for_the_next():
    call, kept = full_call()
    waits(call)
    second = waits(call)
    free(kept)
    waiting_list.offer_next(call.pk, clock.now())

    waiting_list.offer_all(now=clock.now() + OFFER_HOLDS)

    assert Commitment.objects.live().get().company == second.company
    assert Share.objects.get().taken == 1


def test_while_somebody_waits_a_free_seat_is_not_for_who_passes_by():
    call, kept = full_call()
    waiting = waits(call)
    free(kept)

    with pytest.raises(seat_refusals.NoSeat, match="waiting list"):
        scenes.reserved(call)
    assert scenes.reserved(call, waiting.company).company == waiting.company
    assert not Waiting.objects.waiting().exists()


def test_nobody_waits_where_a_seat_is_free():
    with pytest.raises(waiting_list.NothingToWaitFor):
        waits(scenes.call())


def test_nobody_waits_for_a_call_that_is_over():
    call, _ = full_call()
    FundingCall.objects.update(closes_at=clock.now())

    with pytest.raises(waiting_list.NothingToWaitFor):
        waits(call)


def test_joining_twice_is_one_place_on_the_list():
    call, _ = full_call()
    first = waits(call)

    assert waits(call, first.company) == first


def test_who_has_a_seat_does_not_wait():
    call, kept = full_call()

    with pytest.raises(seat_refusals.SeatTaken):
        waits(call, kept.company)


def test_who_left_the_list_is_not_asked():
    call, kept = full_call()
    waiting = waits(call)
    waiting_list.leave(call_id=call.pk, company=waiting.company, now=clock.now())
    free(kept)

    assert waiting_list.offer_next(call.pk, clock.now()) == []


def test_an_offer_is_promised_only_once_it_is_signed():
    call, kept = full_call()
    waits(call)
    free(kept)
    (offered,) = waiting_list.offer_next(call.pk, clock.now())

    with pytest.raises(seat_refusals.NotSigned):
        commitments.commit(commitment_id=offered.pk, now=clock.now())


def test_who_is_offered_a_seat_signs_on_the_page_of_that_seat(engine, signed_in, user):
    call, kept = full_call()
    company = factories.payer(user)
    waits(call, company)
    free(kept)
    waiting_list.offer_next(call.pk, clock.now())

    answer = send(signed_in, call.shares.get(), company)

    offered = Commitment.objects.live().get()
    assert answer.url == Setup.objects.get().url
    assert (
        offered.is_signed,
        offered.reserved_until - offered.accepted_at > timedelta(days=2),
    ) == (
        True,
        True,
    )


def test_until_a_day_only_those_of_the_round_before_are_asked():
    call, kept = full_call()
    waits(call)
    FundingCall.objects.update(first_until=clock.now() + timedelta(days=2))
    free(kept)

    assert waiting_list.offer_next(call.pk, clock.now()) == []
    assert len(waiting_list.offer_next(call.pk, clock.now() + timedelta(days=2))) == 1


def test_a_seat_that_was_not_paid_for_is_offered_after_the_closing_too():
    call = scenes.call(seats=1)
    due = scenes.committed(call)
    waits(call)
    commitments.close(call_id=call.pk, now=call.closes_at)
    commitments.fail(commitment_id=due.pk, now=call.closes_at)

    (offered,) = waiting_list.offer_next(call.pk, call.closes_at)
    sign(offered)
    commitments.commit(commitment_id=offered.pk, now=call.closes_at)

    offered.refresh_from_db()
    assert offered.status == "due"


def test_a_call_that_failed_offers_nothing_and_takes_nobody_s_offer():
    call = scenes.call(seats=2)
    scenes.reserved(call)
    kept = scenes.reserved(call, share=call.shares.filter(taken=0).first() or call.shares.get())
    waits(call)
    free(kept)
    (offered,) = waiting_list.offer_next(call.pk, clock.now())
    sign(offered)

    assert commitments.close(call_id=call.pk, now=call.closes_at)

    offered.refresh_from_db()
    assert offered.status == "expired"
    assert waiting_list.offer_next(call.pk, call.closes_at) == []


def test_the_job_offers_what_came_free():
    call, kept = full_call()
    waits(call)
    free(kept)

    tasks.offer_seats()
    tasks.offer_seats()

    assert Commitment.objects.live().count() == 1


def test_an_hour_with_nobody_waiting_is_a_handful_of_queries(django_assert_max_num_queries):
    for _ in range(3):
        full_call()

    with django_assert_max_num_queries(4):
        tasks.offer_seats()


def test_giving_a_seat_back_offers_it_at_once(signed_in, user):
    call = scenes.call(seats=1)
    kept = scenes.reserved(call, factories.payer(user))
    waiting = waits(call)

    signed_in.post(f"/commitments/{kept.pk}/withdraw/")

    assert Commitment.objects.live().get().company == waiting.company


def test_a_company_joins_sees_its_rank_and_leaves(signed_in, user):
    call, _ = full_call()
    waits(call)
    company = factories.payer(user)
    address = f"/programmes/{call.round.programme.slug}/{call.round.slug}/wait/"

    joined = signed_in.post(address, {"company": company.pk}, follow=True)
    assert "number 2 on the list" in joined.content.decode()

    left = signed_in.post(address, {"company": company.pk, "leave": "1"}, follow=True)
    assert "on the list</small>" not in left.content.decode()


def test_joining_where_a_seat_is_free_is_said_in_words(signed_in, user):
    call, company = scenes.call(), factories.payer(user)
    address = f"/programmes/{call.round.programme.slug}/{call.round.slug}/wait/"

    answer = signed_in.post(address, {"company": company.pk})

    assert answer.status_code == 409
    assert "A seat is free" in answer.content.decode()


def sign(offered):
    signing.sign(
        commitment_id=offered.pk, accepted=scenes.accepted(offered.company), now=clock.now()
    )


def home_of(company):
    client = Client()
    client.force_login(company.memberships.get().user, "django.contrib.auth.backends.ModelBackend")
    return client.get(f"/companies/{company.slug}/home/").content.decode()


def test_the_home_of_who_waits_says_since_when_and_how_many_are_ahead():
    call, _ = full_call()
    first, second = waits(call).company, waits(call).company

    assert "You are asked next, on the list since" in home_of(first)
    assert "You are number 2, on the list since" in home_of(second)
    assert f"/programmes/{call.round.programme.slug}/{call.round.slug}/wait/" in home_of(second)


def test_a_home_says_nothing_of_a_list_that_ended_or_was_left():
    call, _ = full_call()
    gone, late = waits(call), waits(call)
    waiting_list.leave(call_id=call.pk, company=gone.company, now=clock.now())
    FundingCall.objects.filter(pk=call.pk).update(state="failed")

    assert "On the waiting list" not in home_of(gone.company)
    assert "On the waiting list" not in home_of(late.company)


def test_all_lists_on_which_a_company_waits_are_asked_for_at_once(django_assert_num_queries):
    company = factories.payer()
    for _ in range(3):
        waits(full_call()[0], company)

    with django_assert_num_queries(1):
        assert [one.rank for one in waiting_list.of_company(company)] == [1, 1, 1]
