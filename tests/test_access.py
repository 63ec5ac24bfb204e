"""Every address, method and kind of visitor answers as tests/access.py says, and what is refused
changes nothing."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from funding.office import clock
from funding.projects.models import Project, Tier, Update
from sponsors.billing import documents
from sponsors.sponsorships import telling_sponsors
from sponsors.sponsorships.models import Fulfilment
from tests import access, factories, scenarios
from tests.certainty import certain

TABLES = ((access.TABLE, access.VISITORS), (access.DESK, access.PARTS))
ALLOWED = {"member", "owner", "editor", "treasurer"}  # whose deeds may change something
NO = {access.SIGN_IN, access.HIDDEN, 403, 405, 400}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def site(engine):
    """One of everything, belonging to `member`; and a client for each kind of visitor."""
    member, stranger = factories.user(password="a"), factories.user(password="b")
    staff = factories.user(password="c", is_staff=True, is_superuser=True)
    project = factories.project(maintainer=member)
    draft = factories.project(status=Project.Status.DRAFT, maintainer=member)
    tier, draft_tier = factories.tier(project), factories.tier(draft)
    sponsorship = scenarios.paid(engine, factories.company(member), tier)
    engine.advance_by(120)
    settled = sponsorship.invoices.get().payments.get()
    hidden = factories.company(stranger)
    told, untold = (
        Update.objects.create(project=project, title="T", body="B", author=member, published_at=at)
        for at in (clock.now() - timedelta(days=1), None)
    )
    owed = Fulfilment.objects.create(
        sponsorship=sponsorship, kind="own", text="T", due_on=clock.today()
    )
    names = {
        "slug": project.slug, "draft_slug": draft.slug, "tier_id": tier.pk,
        "draft_tier_id": draft_tier.pk, "other_tier_id": factories.tier(project, monthly=20000).pk, "sponsorship_id": sponsorship.pk,
        "update_id": told.pk, "draft_update_id": untold.pk, "digest": factories.picture().pk,
        "fulfilment_id": owed.pk,
        "signed": telling_sponsors.stop_link(project_id=project.pk, user_id=member.pk),
        "document_id": sponsorship.invoices.get().stripe_id,
        "company": sponsorship.company.slug, "hidden_company": hidden.slug,
    }  # fmt: skip
    ordered = scenarios.ordered(engine, factories.payer(member))
    names |= {"ordered_id": ordered.pk, "invoice_id": ordered.invoices.get().pk}
    others = {role: factories.maintainer(project, role).user for role in ("editor", "treasurer")}
    others_project = factories.project(maintainer=stranger)
    names |= {
        "person_id": factories.person(project).pk, "goal_id": project.goals.all()[0].pk,
        "others_person_id": factories.person(others_project).pk,
        "others_goal_id": others_project.goals.all()[0].pk,
    }  # fmt: skip
    names["document_key"] = documents.signed_address(sponsorship.invoices.get()).partition("=")[2]
    asked, secret = factories.invitation(project)
    names |= {
        "member_id": factories.maintainer(project, "editor").pk,
        "invitation_id": asked.pk,
        "secret": secret,
        "grant_id": factories.grant(project).pk,
        "payment_id": factories.payment(project).pk,
        "settled_id": settled.pk,
        "dispute_id": factories.dispute(settled).pk,
    }
    people = {
        "anybody": None, "stranger": stranger, "member": member, "owner": member, "staff": staff,
        **others,
    }  # fmt: skip
    clients = {kind: client_for(person) for kind, person in people.items()}
    for kind in ("owner", "editor", "treasurer"):  # who signed in just now
        certain(clients[kind])
    return names, clients


def client_for(person):
    client = Client()
    if person:
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, verified=True, primary=True
        )
        client.force_login(person)
    return client


def rows():
    """How much there is of everything that a refused request must leave alone."""
    wanted = [m for m in apps.get_models() if m._meta.app_label not in ("sessions", "admin")]
    counts = {model._meta.label: model.objects.count() for model in wanted}
    sponsorships = apps.get_model("sponsorships.Sponsorship").objects.order_by("pk")
    return counts, list(sponsorships.values_list("pk", "status", "ends_at"))


def said(response):
    if response.status_code != 302:
        return response.status_code
    return access.SIGN_IN if response.url.startswith("/accounts/login/") else access.ON


def test_every_visitor_sees_what_the_table_says(site):
    names, clients = site
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


@pytest.mark.parametrize("url", [url for url, row in access.ALL.items() if "POST" in row])
def test_every_visitor_may_do_what_the_table_says(site, url):
    names, clients = site
    before = rows()
    expected = answers(url, "POST")

    refused = [
        visitor for visitor in expected if visitor not in ALLOWED or expected[visitor] in NO
    ]
    for visitor in refused:
        assert not differs(names, clients, url, "POST", visitor)
        assert rows() == before, f"{visitor} POST {url}"
    for visitor in expected.keys() - set(refused):
        with as_it_was():
            assert not differs(names, clients, url, "POST", visitor)


def test_methods_that_are_not_in_the_table_do_nothing(site):
    names, clients = site
    before = rows()

    wrong = []
    for url, row in access.ALL.items():
        for method in set(METHODS) - row.keys():
            for visitor, client in clients.items():
                status = client.generic(method, url.format(**names)).status_code
                if status >= 500 and url != "/readyz":
                    wrong.append(f"{visitor} {method} {url}: {status}")

    assert wrong == []
    assert rows() == before


@contextmanager
def as_it_was():
    """Each who may do something finds the site as the others did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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
    names, _ = site

    covered = {resolve(url.partition("?")[0].format(**names)).route for url in access.ALL}

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
    _, clients = site
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
    names, clients = site

    assert Tier.objects.filter(pk=names["draft_tier_id"]).exists()
    assert clients["member"].get(f"/sponsor/{names['draft_tier_id']}/").status_code == 404
