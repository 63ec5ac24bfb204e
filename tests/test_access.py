"""Every address, method and kind of visitor answers as tests/access.py says, and what is refused
changes nothing."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import URLPattern, get_resolver, resolve

from funding.projects.models import Tier
from tests import access, desk_access, world
from tests.one_of_everything import Site

TABLES = ((access.TABLE, access.VISITORS), (desk_access.DESK, desk_access.PARTS))
ALLOWED = {"member", "owner", "editor", "treasurer"}  # whose deeds may change something
NO = {access.SIGN_IN, access.HIDDEN, 403, 405, 400}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """For all of these, since it takes longer than they do. Whatever a test does is taken back."""
    with (
        django_db_blocker.unblock(),
        as_in_a_test(transaction.atomic()),
        world.engine() as engine,
    ):
        yield Site(engine)
        transaction.set_rollback(True)


def as_in_a_test(atomic):
    """What insists on a transaction of its own may open one inside."""
    atomic._from_testcase = True
    return atomic


@pytest.fixture
def site(built, db):
    with built.as_it_was():
        yield built
    assert built.engine.rejections == []


def rows():
    """How much there is of everything that a refused request must leave alone."""
    wanted = [m for m in apps.get_models() if m._meta.app_label not in ("sessions", "admin")]
    counts = ", ".join(f"(SELECT count(*) FROM {model._meta.db_table})" for model in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        found = dict(zip((model._meta.label for model in wanted), cursor.fetchone(), strict=True))
    sponsorships = apps.get_model("sponsorships.Sponsorship").objects.order_by("pk")
    return found, list(sponsorships.values_list("pk", "status", "ends_at"))


def said(response):
    if response.status_code != 302:
        return response.status_code
    return access.SIGN_IN if response.url.startswith("/accounts/login/") else access.ON


def test_every_visitor_sees_what_the_table_says(site):
    names, clients = site.names, site.clients()
    before = rows()

    wrong = [
        difference
        for table, visitors in TABLES
        for url in table
        for visitor in visitors
        if (difference := differs(names, clients, url, "GET", visitor))
    ]

    assert wrong == []
    assert rows() == before


@pytest.mark.parametrize("url", [url for url, row in desk_access.ALL.items() if "POST" in row])
def test_every_visitor_may_do_what_the_table_says(site, url):
    names, clients = site.names, site.clients()
    before = rows()
    expected = answers(url, "POST")

    refused = [
        visitor for visitor in expected if visitor not in ALLOWED or expected[visitor] in NO
    ]
    for visitor in refused:
        assert not differs(names, clients, url, "POST", visitor)
        assert rows() == before, f"{visitor} POST {url}"
    for visitor in expected.keys() - set(refused):
        with site.as_it_was():
            assert not differs(names, clients, url, "POST", visitor)


def test_methods_that_are_not_in_the_table_do_nothing(site):
    names, clients = site.names, site.clients()
    before = rows()

    wrong = []
    for url, row in desk_access.ALL.items():
        for method in set(METHODS) - row.keys():
            for visitor, client in clients.items():
                status = client.generic(method, url.format(**names)).status_code
                if status >= 500 and url != "/readyz":
                    wrong.append(f"{visitor} {method} {url}: {status}")

    assert wrong == []
    assert rows() == before


def differs(names, clients, url, method, visitor):
    """A sentence when an answer is not the table's, for a method that the table has."""
    expected = answers(url, method)
    if not expected:
        return ""
    got = said(clients[visitor].generic(method, url.format(**names)))
    wanted = expected[visitor]
    return "" if got == wanted else f"{visitor} {method} {url}: {got}, not {wanted}"


def answers(url, method):
    """What each visitor gets there, by the table that the address stands in."""
    for table, visitors in TABLES:
        if url in table:
            return dict(zip(visitors, table[url].get(method, ()), strict=False))
    raise KeyError(url)


def test_every_address_of_the_site_is_in_the_table(site):
    names = site.names

    covered = {resolve(url.partition("?")[0].format(**names)).route for url in desk_access.ALL}

    theirs = {route for route in routes() if route.startswith(access.IN_PROGRAMMES)}
    assert routes() - covered - theirs == set()


def routes(resolver=None, prefix=""):
    found = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")  # as `resolve` joins them
        if isinstance(pattern, URLPattern):
            found.add(route)
        elif f"/{route}" != access.STAFF_ONLY_BELOW:
            found |= routes(pattern, route)
    return found


def test_the_admin_is_for_staff_alone(site):
    clients = site.clients()
    addresses = [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in apps.get_models()
        if clients["staff"].get(
            f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        ).status_code == 200
    ]  # fmt: skip

    assert len(addresses) > 20
    for address in ["/admin/", *addresses]:
        for visitor in ("anybody", "stranger", "member"):
            response = clients[visitor].get(address)
            assert response.status_code == 302
            assert response.url.startswith("/admin/login/")


def test_a_tier_of_a_draft_is_nowhere_to_be_found_by_its_number(site):
    names, clients = site.names, site.clients()

    assert Tier.objects.filter(pk=names["draft_tier_id"]).exists()
    assert clients["member"].get(f"/sponsor/{names['draft_tier_id']}/").status_code == 404
