"""What companies' people and everybody see of sponsorships."""

from datetime import timedelta

import pytest
from django.test import Client

from funding.projects import pagecache, recording
from funding.projects.models import Funding, Grant, PaymentOut, Project, Update
from sponsors.companies.models import Company, Membership
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world


def page(path):
    return Client().get(path)


def many_sponsors(tier, count, now=world.BEGINNING):
    """Rows as `lifecycle` leaves them, written at once."""
    companies = Company.objects.bulk_create(
        Company(kind="organisation", display_name=f"Company {n:05}", legal_name="L", country="GB",
                slug=f"company-{n:05}",
                billing_email="a@example.org")
        for n in range(count)
    )  # fmt: skip
    person = factories.user()
    Sponsorship.objects.bulk_create(
        Sponsorship(
            company=company, project=tier.project, tier=tier, bought_by=person,
            status=Status.ACTIVE, interval="month", amount=10000, currency="GBP", a_month=10000,
            tier_name=tier.name, created_at=now, since=now, counts=True,
            paid_through=now + timedelta(days=31), stands_until=now + timedelta(days=45),
        )
        for company in companies
    )  # fmt: skip


@pytest.mark.parametrize("count", [5, 5000])
def test_a_projects_page_takes_six_queries_whatever_its_sponsors(
    at_the_beginning, db, django_assert_num_queries, count
):
    tier = factories.tier()
    factories.person(tier.project)
    Update.objects.create(project=tier.project, title="T", body="B", author=factories.user(),
                          published_at=world.BEGINNING)  # fmt: skip
    today = world.BEGINNING.date()
    payment = PaymentOut(project=tier.project, supplier="Hosting", amount=100, paid_on=today)
    recording.record_grant(
        Grant(project=tier.project, funder="F", amount=100, received_on=today, starts_on=today,
              ends_on=today)
    )  # fmt: skip
    recording.record_payment_out(payment)
    many_sponsors(tier, count)
    page(tier.project.get_absolute_url())
    pagecache.clear()

    with django_assert_num_queries(1 + 6):  # one for the version of the kept page
        answer = page(tier.project.get_absolute_url())

    assert "Company 00000" in answer.content.decode()


@pytest.mark.parametrize("count", [5, 5000])
def test_the_directory_takes_the_same_queries_whatever_is_in_it(
    at_the_beginning, db, django_assert_num_queries, count
):
    for _ in range(3 if count == 5 else 30):
        tier = factories.tier()
    many_sponsors(tier, count)

    with django_assert_num_queries(8):
        answer = page("/projects/")

    assert answer.status_code == 200


def test_a_kept_page_takes_one_query_and_is_the_same(at_the_beginning, db,
                                                     django_assert_num_queries):  # fmt: skip
    project = factories.project()
    first = page(project.get_absolute_url())

    with django_assert_num_queries(1):
        second = page(project.get_absolute_url())

    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_kept_page_that_the_browser_has_is_not_sent_again(at_the_beginning, db):
    project = factories.project()
    etag = page(project.get_absolute_url())["ETag"]

    answer = Client().get(project.get_absolute_url(), HTTP_IF_NONE_MATCH=etag)

    assert answer.status_code == 304
    assert answer.content == b""


def test_a_payment_shows_on_the_next_request(engine):
    tier = factories.tier()
    before = page(tier.project.get_absolute_url()).content.decode()

    company = factories.company(display_name="Kestrel Bank")
    scenarios.paid(engine, company, tier)

    assert "Kestrel Bank" not in before
    assert "Kestrel Bank" in page(tier.project.get_absolute_url()).content.decode()


def test_a_page_is_not_kept_past_the_moment_at_which_somebody_leaves_the_wall(engine):
    company = factories.company(display_name="Kestrel Bank")
    sponsorship = scenarios.settled(engine, company)
    path = sponsorship.project.get_absolute_url()
    Sponsorship.objects.update(stands_until=world.BEGINNING + timedelta(hours=1))
    Funding.objects.update(version=99)
    assert "Kestrel Bank" in page(path).content.decode()

    engine.advance_by(3700)

    assert "Kestrel Bank" not in page(path).content.decode()


def test_who_is_signed_in_never_gets_or_leaves_a_kept_page(at_the_beginning, signed_in, user):
    project = factories.project()

    own = signed_in.get(project.get_absolute_url()).content.decode()
    shared = page(project.get_absolute_url()).content.decode()

    assert "Sign in" not in own
    assert user.email not in shared
    assert user.name not in shared


def test_a_draft_is_not_found_and_an_archived_project_takes_no_sponsors(at_the_beginning, db):
    tier = factories.tier()
    path = tier.project.get_absolute_url()

    Project.objects.update(status=Project.Status.DRAFT)
    assert page(path).status_code == 404
    Project.objects.update(status=Project.Status.ARCHIVED)
    archived = page(path)

    assert archived.status_code == 200
    assert f"/sponsor/{tier.pk}/" not in archived.content.decode()


def test_who_does_not_want_to_be_named_is_a_number_on_the_wall(engine):
    company = factories.company(display_name="Shy Ltd")
    sponsorship = scenarios.paid(engine, company, visibility="anonymous")

    html = page(sponsorship.project.get_absolute_url()).content.decode()

    assert "Shy Ltd" not in html
    assert Funding.objects.get().sponsors == 1


@pytest.mark.parametrize(
    "nasty",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}"],
)
def test_names_and_texts_with_script_are_shown_as_text(engine, nasty):
    company = factories.company(display_name=nasty, website="https://example.org")
    project = factories.project(name=nasty[:40], summary=nasty, description=nasty)
    tier = factories.tier(project, name=nasty[:40], benefits=[nasty])
    Update.objects.create(project=project, title=nasty, body=nasty, author=factories.user(),
                          published_at=world.BEGINNING)  # fmt: skip
    scenarios.paid(engine, company, tier)

    for path in (project.get_absolute_url(), "/projects/", "/"):
        html = page(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert ">14<" not in html


def test_every_page_forbids_inline_code_and_strange_frames(at_the_beginning, db, signed_in):
    project = factories.project()

    for client in (Client(), signed_in):
        for path in (project.get_absolute_url(), "/", "/accounts/login/", "/nowhere/"):
            policy = client.get(path)["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy


def test_the_list_shows_ones_own_and_nothing_of_others(engine, user, signed_in):
    own = scenarios.paid(engine, factories.company(user))
    other = scenarios.paid(engine)

    html = signed_in.get("/sponsorships/").content.decode()

    assert f"/sponsorships/{own.pk}/" in html
    assert f"/sponsorships/{other.pk}/" not in html


def test_the_list_and_the_page_take_the_same_queries_for_one_and_for_many(
    engine, user, signed_in, django_assert_max_num_queries
):
    company = factories.company(user)
    tier = factories.tier()
    scenarios.settled(engine, company, tier)
    many_sponsors(tier, 60)
    Membership.objects.bulk_create(
        Membership(company=other, user=user) for other in Company.objects.exclude(pk=company.pk)
    )
    world.days(engine, 200)

    with django_assert_max_num_queries(8):
        signed_in.get("/sponsorships/")
    with django_assert_max_num_queries(18):
        signed_in.get(f"/sponsorships/{Sponsorship.objects.get(company=company).pk}/")


def test_an_empty_list_leads_to_the_directory(signed_in):
    assert 'href="/projects/"' in signed_in.get("/sponsorships/").content.decode()


@pytest.mark.parametrize("path", ["/projects/?page=x", "/projects/?page=-1", "/projects/?page=9999",
                                  "/?%00=1", "/projects/a%00b/", "/sponsor/0/"])  # fmt: skip
def test_nonsense_in_an_address_is_no_error_of_ours(db, signed_in, path):
    assert signed_in.get(path).status_code in (200, 400, 404)
