"""Every address of programmes, method and kind of visitor answers as `doors` says, and what is refused
changes nothing."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.urls import resolve

from tests import factories, one_of_everything, world
from tests.access import IN_PROGRAMMES
from tests.programmes import scenes
from tests.programmes.doors import (
    VISITORS,
    applying,
    desk,
    public,
    reviewing,
    running,
    sponsoring,
)
from tests.test_access import NO, as_in_a_test, routes, rows, said

TABLES = (public, desk, applying, reviewing, running, sponsoring)
TABLE = {url: line for table in TABLES for url, line in table.TABLE.items()}
MAY_CHANGE = set(VISITORS) - {"anybody", "stranger"}
FOR_STRANGERS = {url for table in TABLES for url in getattr(table, "FOR_STRANGERS", ())}


class Town:
    """A programme with everybody in it; `people` by the kind of visitor that they are."""

    def __init__(self, engine):
        self.engine = engine
        self.people = {kind: factories.user(password=kind) for kind in VISITORS[1:-1]}
        self.people |= {
            "anybody": None,
            "staff": factories.user(password="s", is_staff=True, is_superuser=True),
        }
        self.programme = scenes.programme(organiser=self.people["organiser"])
        for role in ("treasurer", "reviewer", "mentor"):
            scenes.part(self.programme, role, self.people[role])
        self.company = factories.payer(self.people["sponsor"])  # the sponsor's
        self.names = {key: value for table in TABLES for key, value in table.names(self).items()}
        self._sessions = {
            kind: one_of_everything.session_of(f"programme’s {kind}", person)
            for kind, person in self.people.items()
        }

    def clients(self):
        """One for each kind of visitor."""
        return {
            kind: one_of_everything.client_with(cookies)
            for kind, cookies in self._sessions.items()
        }


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """For all of these, since it takes longer than they do. Whatever a test does is taken back."""
    with (
        django_db_blocker.unblock(),
        as_in_a_test(transaction.atomic()),
        world.engine() as engine,
    ):
        yield Town(engine)
        transaction.set_rollback(True)


@pytest.fixture
def site(built, db):
    return built.names, built.clients()


def test_every_visitor_of_a_programme_sees_what_the_table_says(site):
    names, clients = site
    before = rows()

    wrong = [
        sentence
        for url, line in TABLE.items()
        if "GET" in line
        for sentence in differences(names, clients, url, "GET")
    ]

    assert wrong == []
    assert rows() == before


@pytest.mark.parametrize("url", [url for url, line in TABLE.items() if "POST" in line])
def test_every_visitor_of_a_programme_may_do_what_the_table_says(site, url):
    names, clients = site
    before, expected = rows(), dict(zip(VISITORS, TABLE[url]["POST"], strict=True))

    for visitor, wanted in expected.items():
        may = MAY_CHANGE | ({"stranger"} if url in FOR_STRANGERS else set())
        refused = visitor not in may or wanted in NO
        with taken_back():
            assert not differences(names, clients, url, "POST", [visitor])
            assert not refused or rows() == before, f"{visitor} POST {url}"


def test_methods_that_are_not_in_the_table_of_programmes_do_nothing(site):
    names, clients = site
    before = rows()

    wrong = [
        f"{visitor} {method} {url}"
        for url, line in TABLE.items()
        for method in {"GET", "POST", "PUT", "DELETE"} - line.keys()
        for visitor, client in clients.items()
        if client.generic(method, url.format(**names)).status_code >= 500
    ]

    assert wrong == []
    assert rows() == before


def test_every_address_of_programmes_is_in_the_table(site):
    names, _ = site

    covered = {resolve(url.partition("?")[0].format(**names)).route for url in TABLE}

    assert {route for route in routes() if route.startswith(IN_PROGRAMMES)} - covered == set()


@contextmanager
def taken_back():
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def differences(names, clients, url, method, visitors=VISITORS):
    """A sentence for each answer that is not the table's."""
    expected = dict(zip(VISITORS, TABLE[url][method], strict=True))
    got = {one: said(clients[one].generic(method, url.format(**names))) for one in visitors}
    return [
        f"{one} {method} {url}: {got[one]}, not {expected[one]}"
        for one in visitors
        if got[one] != expected[one]
    ]
