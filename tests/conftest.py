"""Fixtures for everybody. Stripe is the sandbox; the clock is the sandbox's."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from celery import current_app
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.test import Client

from funding.office import clock
from funding.projects import cards, directory, pagecache
from tests import emptying, factories, world
from tests.certainty import certain


@pytest.fixture(scope="session", autouse=True)
def _plain_settings(tmp_path_factory):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STRIPE_HTTP_CLIENT = "tests.world.client"
    settings.EMAIL_FILE_PATH = str(tmp_path_factory.mktemp("mail"))
    current_app.conf.task_always_eager = True


@pytest.fixture(autouse=True)
def _no_kept_pages():
    pagecache.clear()
    cards.clear()
    directory.clear()


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_the_books():
    """For the whole session, since a test's own patches are gone before its tables are emptied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", lambda self, **of: emptying.empty(of["database"]))
        yield


@pytest.fixture(scope="session")
def tables(tmp_path_factory, django_db_setup, django_db_blocker):
    """A file of SQLite with every table and no rows, to be copied for processes of their own."""
    made = tmp_path_factory.mktemp("tables") / "db"
    with django_db_blocker.unblock(), closing(sqlite3.connect(made)) as target:
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as source:
                source.backup(target)
        else:
            site = {**os.environ, "MAINSTAY_ENV": "test", "DATABASE_URL": f"sqlite:///{made}"}
            for command in ("migrate", "createcachetable"):
                words = [sys.executable, "manage.py", command, "--verbosity", "0"]
                subprocess.run(words, cwd=settings.BASE_DIR, env=site, check=True)
    return made


@pytest.fixture
def engine(db):
    """Stripe, made ready for this site. Every request it was sent fits the installed package's own
    types, or the test fails."""
    with world.engine() as made:
        yield made
        assert made.rejections == []


@pytest.fixture
def at_the_beginning():
    with clock.stopped_at(world.BEGINNING):
        yield world.BEGINNING


@pytest.fixture
def user(db):
    return factories.user("ada@example.org", name="Ada")


@pytest.fixture
def signed_in(user):
    client = Client()
    client.force_login(user)
    return certain(client)
