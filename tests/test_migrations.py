"""A site that runs keeps what people agreed to when it is brought up to date: the rows of the first
release, written by its own models, as they are after every migration since."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from tests import tables

BEFORE = """
from datetime import UTC, datetime
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FIRST = [(app, "0001_initial") for app in ("projects", "companies", "sponsorships", "ledger")]
executor = MigrationExecutor(connection)
executor.migrate(FIRST)
old = MigrationExecutor(connection).loader.project_state(FIRST).apps
now = datetime(2026, 1, 5, tzinfo=UTC)
row = lambda model, **values: old.get_model(model).objects.create(**values)
user = row("accounts.User", email="ada@example.org")
project = row("projects.Project", slug="a", name="A", summary="S", currency="GBP", day_rate=30000,
              language="Python", status="published", created_at=now)
row("projects.Funding", project=project)
tier = row("projects.Tier", project=project, name="T", monthly=10000)
row("projects.Benefit", tier=tier, text="A call")
row("projects.Update", project=project, title="T", body="B", author=user, published_at=now)
for number, is_public in enumerate([True, False]):
    company = row("companies.Company", kind="individual", display_name="Ada & Co", country="GB",
                  billing_email="a@example.org")
    sponsorship = row("sponsorships.Sponsorship", company=company, project=project, tier=tier,
        bought_by=user, status="active", interval="month", amount=10000, currency="GBP",
        a_month=10000, tier_name="T", benefits=["A call"], is_public=is_public, created_at=now,
        since=now)
    row("sponsorships.Move", sponsorship=sponsorship, before="pending", after="active", at=now,
        cause="Paid")
"""
BROUGHT_UP_TO_DATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
AFTER = """
import json
from tests import tables
from funding.projects.models import *
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Sponsorship
values = lambda model, *names: [list(map(str, row)) for row in model.objects.order_by("pk").values_list(*names)]
print(json.dumps({
    "languages": values(Language, "name"),
    "published": values(Project, "published_at"),
    "mailed": Update.objects.to_be_mailed().count(),
    "addresses": values(Company, "slug"),
    "agreed": values(Sponsorship, "visibility", "wants_updates"),
    "promised": Sponsorship.objects.order_by("pk")[0].benefits,
    "first_paid": values(Sponsorship, "first_paid_at"),
    "funded": values(Funding, "funded_at"),
    "tables": tables.described(),
}))
"""
PAID = "2026-01-05 00:00:00+00:00"


pytestmark = pytest.mark.database


@pytest.fixture
def fresh(tmp_path, transactional_db):
    """The address of a database without tables, of the kind on which the tests run."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/db"
        return
    address = urlsplit(os.environ["TEST_DATABASE_URL"])
    name = f"{connection.settings_dict['NAME']}_migrated"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        yield address._replace(path=f"/{name}").geturl()
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def brought_up_to_date(database, folder):
    """What the site says then, of what was agreed before."""
    surroundings = {
        **os.environ,
        "MAINSTAY_ENV": "development",
        "DATABASE_URL": database,
        "BROKER_DIR": str(folder / "broker"),
    }
    script = BEFORE + BROUGHT_UP_TO_DATE + AFTER
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", script], cwd=settings.BASE_DIR,
        env=surroundings, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.splitlines()[-1])


def test_a_site_that_is_brought_up_to_date_keeps_what_was_agreed(fresh, tmp_path):
    """One test, since the way there is long; and the tables are those with which the tests run,
    which are made from the models."""
    after = brought_up_to_date(fresh, tmp_path)

    # The language of a project is the first of its languages.
    assert after["languages"] == [["Python"]]
    # What was published is published, and is not mailed now.
    assert after["published"] == [[PAID]]
    assert after["mailed"] == 0
    # Companies of one name have an address each.
    assert after["addresses"] == [["ada-co"], ["ada-co-2"]]
    # Nobody shows more than they agreed to, and nobody is mailed unasked.
    assert after["agreed"] == [["named", "False"], ["anonymous", "False"]]
    # Promises and first payments are kept.
    assert after["promised"] == [{"kind": "own", "text": "A call", "hours": None}]
    assert after["first_paid"] == [[PAID], [PAID]]
    assert after["funded"] == [[PAID]]
    assert after["tables"] == tables.described()
