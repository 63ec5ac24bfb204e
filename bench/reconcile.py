"""Comparing 100,000 subscriptions with what Stripe lists, as once a week: every subscription, and of
invoices and money what two days brought. Stripe answers 25 calls a second and lists 100 a page, so
that 1,000 pages take 40 seconds however fast we are: our own time is held against that."""

import resource
import time

from celery import current_app
from django.core.management import call_command
from django.test import override_settings
from django.test.utils import setup_test_environment

from bench import results
from bench.lists import Listing, Many
from funding.office import clock
from sponsors.billing import gateway, reconciling
from tests import scenarios, world

A_MONTH, TWO_DAYS = 30 * 86_400, 2 * 86_400
STRIPE_ANSWERS = 25  # calls a second
MOST_CALLS, MOST_MEMORY = 1_200, 300
_client: list[Listing] = []


def client() -> Listing:
    """Named by `STRIPE_HTTP_CLIENT`."""
    return _client[0]


def run(*, rounds: int, folder: str, size: int = 100_000) -> None:
    setup_test_environment(debug=False)
    current_app.conf.task_always_eager = True
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with (
        override_settings(STRIPE_HTTP_CLIENT="tests.world.client"),
        world.engine(seed="bench") as engine,
    ):
        like = scenarios.settled(engine)
        many = Many(like, size=size, seconds=A_MONTH)
        before = time.process_time()
        many.write(books_since=many.newest - TWO_DAYS)
        print(f"{size:,} sponsorships written in {time.process_time() - before:.0f} s")
        _client.append(Listing(many, world.client()))
        # The one that all are like is not listed.
        _forget(like)
        with override_settings(STRIPE_HTTP_CLIENT="bench.reconcile.client"):
            gateway.forget_client()
            own, limit = [], []
            for _ in range(rounds):
                seconds, calls = _compare(many)
                own.append(1 / seconds)
                limit.append(STRIPE_ANSWERS / calls)
    results.show("limit: seconds at Stripe's rate", [1 / one for one in limit], " s")
    results.show("ours: seconds of our own", [1 / one for one in own], " s")
    results.ratio("limit in ours", own, limit, 5.0)


def _forget(like: object) -> None:
    like.subscription.delete()  # type: ignore[attr-defined]
    invoice = like.invoices.get()  # type: ignore[attr-defined]
    invoice.payments.all().delete()
    invoice.created_at = invoice.created_at.replace(year=2000)
    invoice.save()


def _compare(many: Many) -> tuple[float, int]:
    listing = client()
    listing.calls, listing.seconds = 0, 0.0
    memory = _megabytes()
    before = time.process_time()
    since = clock.now().fromtimestamp(many.newest - TWO_DAYS, tz=clock.now().tzinfo)
    row = reconciling.run(since=since, every_subscription=True, tell=lambda line: None)
    seconds = time.process_time() - before - listing.seconds
    left = row.findings.unexplained().count()
    verdict = "reached" if listing.calls <= MOST_CALLS and _megabytes() < MOST_MEMORY else "MISSED"
    print(
        f"  {row.status}, {sum(row.looked_at.values()):,} looked at, {left} left, "
        f"{listing.calls:,} calls, memory {memory} → {_megabytes()} MB: {verdict}"
    )
    return seconds, listing.calls


def _megabytes() -> int:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
