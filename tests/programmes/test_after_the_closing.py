"""Seats that come free and money that goes after a call was decided: who is charged then gets a place for
it, who is not charged is told, and nobody waits for ever."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.programmes import calls, purging
from funding.programmes.models import Application, Round
from sponsors.billing import closing, knowing
from sponsors.sponsorships import commitments, signing, waiting_list
from sponsors.sponsorships.models import Commitment, PaysBy
from tests import factories
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.programmes.money import GOOD, again, all_promised, run

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def waits(call, company=None):
    company = company or factories.payer()
    by = company.memberships.get().user
    return waiting_list.join(call_id=call.pk, company=company, by=by, now=clock.now())


def sign(offered):
    signing.sign(
        commitment_id=offered.pk, accepted=scenes.accepted(offered.company), now=clock.now()
    )


def test_who_replaces_a_sponsor_after_the_closing_pays_for_a_place():
    call = scenes.call(seats=2, places_least=1)  # two seats, a place each
    scenes.committed(call)
    lost = scenes.committed(call, share=call.shares.last())
    assert Round.objects.get().places_funded == 2
    waits(call)
    commitments.close(call_id=call.pk, now=call.closes_at)
    commitments.fail(commitment_id=lost.pk, now=call.closes_at)
    assert Round.objects.get().places_funded == 1
    (offered,) = waiting_list.offer_next(call.pk, call.closes_at)
    sign(offered)
    made = commitments.commit(commitment_id=offered.pk, now=call.closes_at)

    assert made.status == "due"
    assert Round.objects.get().places_funded == 2


def test_place_by_place_who_is_offered_a_seat_after_the_closing_is_decided_of():
    call = scenes.call(mode="per_place", places_least=1, seats=6)  # £1,000 each, £3,000 a place
    share = call.shares.get()
    for _ in range(5):
        scenes.committed(call, share=share)
    scenes.reserved(call, share=share, pays_by=PaysBy.INVOICE)
    waits(call)
    commitments.close(call_id=call.pk, now=call.closes_at)
    (offered,) = waiting_list.offer_next(call.pk, call.closes_at)
    sign(offered)
    made = commitments.commit(commitment_id=offered.pk, now=call.closes_at)

    assert made.status == "released"


def by_180():
    return scenes.call(
        mode="per_place", places_least=1, places_wanted=3, cuts=[calls.Cut("Seat", 180000, 5)]
    )


def test_what_a_failed_seat_uncovers_is_covered_by_who_promised_already():
    call = by_180()
    share = call.shares.get()
    _, lost, third = [scenes.committed(call, share=share) for _ in range(3)]
    assert again(third).status == "committed"

    commitments.fail(commitment_id=lost.pk, now=clock.now())

    assert Round.objects.get().places_funded == 1
    assert again(third).status == "due"


def test_a_round_whose_failed_seat_is_covered_does_not_fail_at_the_closing():
    call = by_180()
    share = call.shares.get()
    _, lost, third = [scenes.committed(call, share=share) for _ in range(3)]
    commitments.fail(commitment_id=lost.pk, now=clock.now())

    commitments.close(call_id=call.pk, now=call.closes_at)

    assert again(third).status != "released"
    assert Round.objects.get().places_funded == 1
    assert not commitments.undo(call_id=call.pk, now=call.closes_at)


def test_nobody_is_due_for_a_place_that_is_not_covered():
    call = scenes.call(
        mode="per_place", places_least=1,
        cuts=[calls.Cut("Whole", 300000, 1), calls.Cut("Half", 150000, 2)],
    )  # fmt: skip
    whole, half = call.shares.order_by("position")
    scenes.committed(call, share=whole)
    halves = [scenes.committed(call, share=half) for _ in range(2)]
    for one in halves:
        commitments.fail(commitment_id=one.pk, now=clock.now())

    late = scenes.committed(call, share=half)

    assert again(late).status == "committed"  # £1,500 of the £3,000 that the second place costs


def test_who_waits_and_may_not_have_a_seat_yet_keeps_no_earlier_sponsor_out():
    before = scenes.decided()
    sponsor = Commitment.objects.first()
    commitments.note_paid(commitment_id=sponsor.pk, now=clock.now())
    after = scenes.round_(before.round.programme, previous=before.round)
    call = scenes.call(after, first_until=clock.now() + timedelta(days=3))
    waits(call)  # a stranger, as the page itself proposes

    assert scenes.reserved(call, sponsor.company).status == "reserved"


def test_drafts_are_purged_too():
    round_ = running.round_()
    draft = scenes.application(
        round_, status="draft", name="", about="", typed={"about": "Canary", "name": "Grace"}
    )
    ended = clock.now() - timedelta(days=900)
    Round.objects.filter(pk=round_.pk).update(status="done", ended_at=ended)

    purging.purge(now=clock.now())

    assert Application.objects.get(pk=draft.pk).typed == {}


def test_another_card_of_the_company_is_not_charged(engine):
    call, (commitment, *_) = all_promised(engine, cards=[GOOD, GOOD, GOOD])
    setup = commitment.setups.get()
    customer = knowing.customer(commitment.company, "GBP").stripe_id
    # the seat's own card was taken away; the customer's default is for its subscriptions
    engine.account.store.by_id[customer]["invoice_settings"]["default_payment_method"] = (
        setup.payment_method
    )
    commitment.setups.update(payment_method="")
    run(engine)

    assert again(commitment).status == "due"


def test_who_is_released_at_the_closing_is_told():
    call = scenes.call(mode="per_place", places_least=1, seats=6)
    share = call.shares.get()
    made = [scenes.committed(call, share=share) for _ in range(4)]
    kept = scenes.reserved(call, share=share, pays_by=PaysBy.INVOICE)
    Message.objects.all().delete()
    closing.close(call.pk, now=call.closes_at)

    assert (again(made[3]).status, again(kept).status) == ("released", "expired")
    assert Message.objects.count() == 2
