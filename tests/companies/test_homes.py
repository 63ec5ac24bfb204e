"""Where somebody is at home who has none, one or several places."""

import pytest

from sponsors.companies.models import Company, Membership
from tests import factories
from tests.companies.homes import home

# /home/


def test_a_newcomer_sees_three_doors(signed_in):
    shown = signed_in.get("/home/").content.decode()

    assert "Your first minutes" in shown
    for door in ("/projects/", "/maintain/new/", "/companies/new/"):
        assert f'href="{door}"' in shown


def test_who_acts_for_one_company_is_at_home_there(signed_in, company):
    assert signed_in.get("/home/").url == home(company)


def test_who_maintains_one_project_is_at_home_at_its_desk(signed_in, user):
    project = factories.project(maintainer=user)

    assert signed_in.get("/home/").url == f"/maintain/{project.slug}/"


def test_who_has_several_places_is_asked_which(signed_in, user, company):
    project = factories.project(maintainer=user)

    shown = signed_in.get("/home/").content.decode()

    assert home(company) in shown
    assert f"/maintain/{project.slug}/" in shown


def test_nobody_elses_places_are_offered(signed_in, company):
    factories.project()
    factories.company()

    assert signed_in.get("/home/").status_code == 302


def typed(**values):
    return {
        "sponsor": "organisation", "display_name": "Kestrel", "legal_name": "Kestrel plc",
        "country": "GB", "billing_email": "pay@kestrel.example", "website": "",
    } | values  # fmt: skip


# Companies made without buying


def test_a_company_can_be_put_on_the_site_before_anything_is_bought(signed_in, user):
    answer = signed_in.post("/companies/new/", typed())

    made = Company.objects.get()
    assert answer.url == home(made)
    assert made.legal_name == "Kestrel plc"
    assert Membership.objects.get().user == user


def test_so_can_a_person(signed_in, user):
    signed_in.post("/companies/new/", typed(sponsor="individual", legal_name="ignored"))

    made = Company.objects.get()
    assert (made.is_individual, made.legal_name) == (True, "")


def test_the_same_form_sent_twice_makes_one_company(signed_in):
    for _ in range(2):
        signed_in.post("/companies/new/", typed())

    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": ""}, {"legal_name": ""}, {"country": "XX"}, {"sponsor": "staff"},
        {"billing_email": "nobody"}, {"website": "javascript:alert(1)"}, {"display_name": "\u202e"},
        {"display_name": "x" * 81}, {"billing_email": "a@b.example\x00"},
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_to_be_mended_and_makes_nothing(signed_in, wrong):
    answer = signed_in.post("/companies/new/", typed(**wrong))

    assert answer.status_code in (400, 422)
    assert Company.objects.count() == 0


def test_who_is_here_as_an_individual_is_not_asked_again(signed_in, user):
    factories.individual(user)

    assert "Myself" not in signed_in.get("/companies/new/").content.decode()
    assert signed_in.post("/companies/new/", typed(sponsor="individual")).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/companies/%00/home/", "/companies/../home/", "/sponsors/%00/", "/sponsors/nobody/",
     "/companies/nobody/portal/GBP/", "/companies/nobody/edit/", "/updates/off/%00/",
     "/companies/kestrel/invoices/?page=x", "/companies/kestrel/invoices/?page=-1"],
)  # fmt: skip
def test_nonsense_in_an_address_is_no_error_of_ours(signed_in, company, path):
    for ask in (signed_in.get, signed_in.post):
        assert ask(path).status_code in (200, 302, 400, 404, 405)
