"""A switch in the hour in which the renewal is a draft, and one behind which a renewal fails."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from sponsors.sponsorships import refusals
from sponsors.sponsorships.models import Change, Sponsorship, Status
from tests.billing.switching.wishes import FAILS, GOOD, asked, new_card


def in_the_hour_of_the_draft(engine, sponsorship):
    sponsorship.refresh_from_db()
    engine.advance(int((sponsorship.paid_through + timedelta(minutes=10)).timestamp()))
    sponsorship.refresh_from_db()


def test_nothing_is_changed_in_the_hour_in_which_the_renewal_is_a_draft(
    engine, sponsorship, gold, signed_in
):
    in_the_hour_of_the_draft(engine, sponsorship)

    with pytest.raises(refusals.NotPaidYet):
        asked(sponsorship, gold)
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/change/").content.decode()

    assert "Come back when it is paid" in page
    engine.advance_by(7200)
    assert asked(Sponsorship.objects.get(), gold).status == Change.Status.DONE


def test_a_renewal_that_fails_behind_an_upgrade_of_its_first_hour_is_told_and_mended(
    engine, sponsorship, gold, monkeypatch
):
    """As one that is made in the dashboard is."""
    in_the_hour_of_the_draft(engine, sponsorship)
    monkeypatch.setattr(refusals, "insist_paid_for", lambda sponsorship, *, now: None)
    assert asked(sponsorship, gold).status == Change.Status.DONE
    new_card(engine, sponsorship, FAILS)
    engine.advance_by(7200)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.PAST_DUE
    assert Message.objects.filter(key__startswith="payment-failed").count() == 1

    new_card(engine, sponsorship, GOOD)
    engine.advance_by(7200)

    sponsorship.refresh_from_db()
    assert sponsorship.status == Status.ACTIVE
    assert not sponsorship.invoices.filter(status="open").exists()


def test_an_upgrade_in_the_hour_of_the_draft_does_not_count_as_the_renewal_paid(
    engine, sponsorship, gold, monkeypatch
):
    """As one that is made in the dashboard is."""
    through = sponsorship.paid_through
    in_the_hour_of_the_draft(engine, sponsorship)
    with monkeypatch.context() as patch:
        patch.setattr(refusals, "insist_paid_for", lambda sponsorship, *, now: None)
        asked(sponsorship, gold)
    engine.deliver()

    sponsorship.refresh_from_db()
    assert (sponsorship.tier, sponsorship.paid_through) == (gold, through)
    with pytest.raises(refusals.NotPaidYet):
        refusals.insist_paid_for(sponsorship, now=clock.now())

    engine.advance_by(7200)

    renewal = sponsorship.invoices.get(net=10000, period_starts_at=through)
    sponsorship.refresh_from_db()
    assert sponsorship.paid_through == renewal.period_ends_at
