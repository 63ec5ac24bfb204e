"""A site that runs keeps what people agreed to when it is brought up to date: the rows of the first
release, written by its own models, as they are after every migration since."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

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
AFTER = """
import json
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
}))
"""
PAID = "2026-01-05 00:00:00+00:00"


@pytest.fixture(scope="module")
def after(tmp_path_factory):
    """What the rows say when all is brought up to date."""
    folder = tmp_path_factory.mktemp("migrations")
    surroundings = {
        **os.environ,
        "MAINSTAY_ENV": "development",
        "DATABASE_URL": f"sqlite:///{folder}/db",
        "BROKER_DIR": str(folder / "broker"),
    }

    def manage(*words):
        run = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, env=surroundings,
            capture_output=True, text=True,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr[-2000:]
        return run.stdout

    manage("shell", "-v", "0", "-c", BEFORE)
    manage("migrate", "-v", "0")
    return json.loads(manage("shell", "-v", "0", "-c", AFTER).splitlines()[-1])


def test_the_language_of_a_project_is_the_first_of_its_languages(after):
    assert after["languages"] == [["Python"]]


def test_what_was_published_is_published_and_is_not_mailed_now(after):
    assert after["published"] == [[PAID]]
    assert after["mailed"] == 0


def test_companies_of_one_name_have_an_address_each(after):
    assert after["addresses"] == [["ada-co"], ["ada-co-2"]]


def test_nobody_shows_more_than_they_agreed_to_and_nobody_is_mailed_unasked(after):
    assert after["agreed"] == [["named", "False"], ["anonymous", "False"]]


def test_promises_and_first_payments_are_kept(after):
    assert after["promised"] == [{"kind": "own", "text": "A call", "hours": None}]
    assert after["first_paid"] == [[PAID], [PAID]]
    assert after["funded"] == [[PAID]]
