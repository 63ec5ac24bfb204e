"""Sponsorships whose payment failed, until they lapse."""

from datetime import timedelta

from sponsors.sponsorships.models import Sponsorship, Status
from tests import scenarios, world

EMPTY, GOOD = "4000000000009995", "4242424242424242"


def customer(sponsorship):
    return sponsorship.subscription.customer.stripe_id


def behind(engine, **how):
    """Past due, and its grace was over a moment ago; no job has run yet."""
    sponsorship = scenarios.settled(engine, **how)
    engine.turn_card(customer(sponsorship), EMPTY)
    world.days(engine, 33)
    sponsorship.refresh_from_db()
    engine.advance(int((sponsorship.stands_until + timedelta(minutes=5)).timestamp()))
    assert again(sponsorship).status == Status.PAST_DUE
    return sponsorship


def again(sponsorship):
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)
