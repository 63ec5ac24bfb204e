"""A project's page as somebody who is not signed in gets it: kept (a hit, always fresh by one small
query), not sent again (304), and rendered for the first time, beside what Django's own cache
middleware and a stock page of five queries do on the same server."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection

from bench import load, results
from bench.load import Server
from funding.office import clock
from funding.projects import recording
from funding.projects.models import Grant, PaymentOut, Update
from sponsors.sponsorships.models import Sponsorship
from tests import factories

REQUESTS = {"hit": 1500, "cold": 100}


def run(*, rounds: int, folder: str) -> None:
    path = _fill()
    with load.server() as ours, load.server("cached") as cached, load.server("bare") as bare:
        _warm(ours, cached, bare, path)
        _measure(ours, cached, bare, path, rounds)


def _measure(ours: Server, cached: Server, bare: Server, path: str, rounds: int) -> None:
    etag = load.header(ours.ask(load.get(path)), "ETag")
    again = f"If-None-Match: {etag}\r\n"
    size = len(ours.ask(load.get(path)))
    stock_size = len(bare.ask(load.get("/stock/")))
    rows: dict[str, list[float]] = {name: [] for name in ("bare", "cached", "hit", "304", "cold",
                                                          "stock")}  # fmt: skip
    hits, colds = REQUESTS["hit"], REQUESTS["cold"]
    for _ in range(rounds):
        rows["bare"].append(bare.rate("/bare/", requests=hits))
        rows["cached"].append(cached.rate("/cached/", requests=hits))
        rows["hit"].append(ours.rate(path, requests=hits))
        rows["304"].append(ours.rate(path, requests=hits, headers=again, status=304))
        rows["cold"].append(ours.rate(f"{path}?fresh", requests=colds) * size / 1024)
        rows["stock"].append(bare.rate("/stock/", requests=colds) * stock_size / 1024)
    print(
        f"Page of {size / 1024:.0f} KB, stock page of {stock_size / 1024:.0f} KB, {rounds} rounds"
    )
    results.show("limit: a bare view of 15 KB", rows["bare"])
    results.show("limit: Django's cache middleware, a hit", rows["cached"])
    results.show("ours: a kept page, always fresh", rows["hit"])
    results.show("ours: not sent again (304)", rows["304"])
    results.show("limit: a stock page with five queries", rows["stock"], " KB/s")
    results.show("ours: rendered", rows["cold"], " KB/s")
    sqlite = _is_sqlite()
    results.ratio("hit", rows["hit"], rows["cached"], 1.5 if sqlite else 0.65)
    results.ratio("304 beside 200", rows["304"], rows["hit"], 1.0)
    results.ratio("rendered, per KB", rows["cold"], rows["stock"], 3.0)


def _warm(ours: Server, cached: Server, bare: Server, path: str) -> None:
    served = ((ours, path), (cached, "/cached/"), (bare, "/stock/"), (bare, "/bare/"))
    for server, address in served:
        server.rate(address, requests=20)


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _fill() -> str:
    """A project of ordinary size: 40 sponsors, a year of payments out, updates."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now, person = clock.now(), factories.user()
    project = factories.project(
        name="Bench", slug="bench", maintainer=person, description="Why. " * 60
    )
    tier = factories.tier(project)
    factories.tier(project), factories.tier(project), factories.person(project)
    for number in range(20):
        factories.project()
        Update.objects.create(project=project, title=f"Update {number}", body="What we did. " * 40,
                              author=person, published_at=now)  # fmt: skip
    long_ago = (now - timedelta(days=500)).date()
    grant = Grant(project=project, funder="A foundation", amount=1_000_000, received_on=long_ago,
                  starts_on=long_ago, ends_on=long_ago)  # fmt: skip
    recording.record_grant(grant)
    for number in range(12):
        payment = PaymentOut(project=project, supplier=f"Supplier {number % 4}", amount=10_000,
                             paid_on=(now - timedelta(days=30 * number)).date())  # fmt: skip
        recording.record_payment_out(payment)
    for _ in range(40):
        Sponsorship.objects.create(
            company=factories.company(), project=project, tier=tier, bought_by=person,
            status="active", interval="month", amount=10_000, currency="GBP", a_month=10_000,
            tier_name=tier.name, created_at=now, since=now, counts=True,
            paid_through=now + timedelta(days=20), stands_until=now + timedelta(days=34),
        )  # fmt: skip
    return project.get_absolute_url()
