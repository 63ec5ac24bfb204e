"""A day on which 100,000 sponsorships renew: Stripe's events of each are kept, looked up with one call
to each of two endpoints, and booked. Stripe answers 25 calls a second an endpoint, so that the day
takes 4,000 seconds however fast we are; our own time for as many is held against that. And months of
yearly payments that fall due and are released."""

import time

from celery import current_app
from django.test import override_settings

from bench import results
from bench.season import Season
from sponsors.billing import renewals
from sponsors.billing.models import Deferral
from sponsors.sponsorships.models import Interval
from tests import scenarios, world

SPONSORSHIPS, YEARLY = 120, 60
STRIPE_ANSWERS = 25  # calls a second, of an endpoint


def run(*, rounds: int, folder: str, size: int = 100_000) -> None:
    own, limit = [], []
    with Season(sponsorships=SPONSORSHIPS) as season:
        for _ in range(rounds):
            seconds, _ = season.whole(season.next_month())
            own.append(SPONSORSHIPS / seconds)
            limit.append(float(STRIPE_ANSWERS))
    print(f"{size:,} renewals of a day, measured on {SPONSORSHIPS}, {rounds} rounds")
    results.show("limit: seconds at Stripe's rate", [size / rate for rate in limit], " s")
    results.show("ours: seconds of our own", [size / rate for rate in own], " s")
    results.ratio("limit in ours", own, limit, 5.0)
    _releases(rounds)


def _releases(rounds: int) -> None:
    """Nobody is asked for these: only the books are written."""
    current_app.conf.task_always_eager = True
    with (
        override_settings(STRIPE_HTTP_CLIENT="tests.world.client"),
        world.engine(seed="releases") as engine,
    ):
        for _ in range(YEARLY):
            scenarios.settled(engine, interval=Interval.YEAR)
        rates = []
        for _ in range(rounds):
            last = Deferral.objects.latest("next_at").next_at
            before = time.process_time()
            released = renewals.release_due(now=last)
            rates.append(released / (time.process_time() - before))
    results.show("ours: months released", rates)
