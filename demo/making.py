"""Making what the demo shows: the tables, the year, and the tie between the site and Stripe. What
was made before is kept, and only tied anew where the site's address has changed."""

from datetime import UTC, datetime
from time import monotonic, time
from urllib.parse import urljoin, urlsplit

from django.core.management import call_command
from django.db import connection

from demo import bridge, cast, founding, history, insisting, rounds
from demo.bridge import Bridge
from demo.folder import Folder, site, stripe
from demo.projects import PROJECTS
from sandbox.engine import Engine
from sponsors.billing.models import Invoice

SEED = "demo"
HURRY = {"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit=off"}


def make(folder: Folder, port: int) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if folder.is_complete:
        engine = Engine(seed=SEED, state=folder.stripe, flowing=True)
    else:
        beginning = history.first_day(datetime.now(UTC))
        engine = Engine(seed=SEED, state=folder.stripe, now=int(beginning.timestamp()))
    engine.address = stripe(port)
    with bridge.opened(engine) as opened:
        settings = {"SITE_URL": site(port), **bridge.connect()}
        if not folder.is_complete:
            _live_a_year(opened)
    engine.close()
    _lead_to(stripe(port))
    folder.write_settings(settings)


def _lead_to(address: str) -> None:
    """Invoices lead to where Stripe answers this time."""
    for invoice in Invoice.objects.exclude(hosted_url="").exclude(hosted_url__startswith=address):
        invoice.hosted_url = urljoin(address, urlsplit(invoice.hosted_url).path)
        invoice.save(update_fields=["hosted_url"])


def _live_a_year(opened: Bridge) -> None:
    """Without waiting for the disk: a year that is lost half-way is made again from its start."""
    with connection.cursor() as cursor:
        cursor.execute(HURRY[connection.vendor])
    began = monotonic()
    year = history.Year(opened, cast.SPONSORS, seed=SEED)
    founding.staff(year.beginning)
    for funded in PROJECTS:
        year.project(funded)
    for pledge in cast.PLEDGES:
        year.pledge(pledge)
    rounds.plan(year)
    year.walk(datetime.now(UTC), _tell)
    year.finish(datetime.fromtimestamp(time(), UTC))
    history.leave_newest_mails()
    insisting.right(opened)
    insisting.complete()
    call_command("check_books")
    print(f"That took {monotonic() - began:.0f} seconds.", flush=True)


def _tell(at: datetime) -> None:
    print(f"  … as far as {at:%B %Y}", flush=True)
