"""Answers to an invitation: whose they may be, and once."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from funding.office import clock
from funding.projects import team
from funding.projects.models import Maintainer
from funding.projects.refusals import Refused
from tests import factories
from tests.projects.teams import log, mailed, roles, somebody
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_who_accepts_runs_the_project_and_the_owner_is_told(project):
    _, secret = factories.invitation(project, "grace@example.org", "treasurer")
    _, grace = somebody("Grace@Example.org")

    page = grace.get(f"/invitations/{secret}/").content.decode()
    answer = grace.post(f"/invitations/{secret}/", {"accept": "1"})

    assert "grants and payments out" in page
    assert answer.url == "/maintain/harbour/"
    assert roles(project) == {"Ada": "owner", "Grace": "treasurer"}
    assert mailed("ada@example.org") == ["Grace runs Harbour with you now"]
    assert "joined as a treasurer" in log(project)


def test_who_declines_does_not_and_the_owner_is_told(project):
    _, secret = factories.invitation(project, "grace@example.org")
    _, grace = somebody()

    grace.post(f"/invitations/{secret}/", {"decline": "1"})

    assert roles(project) == {"Ada": "owner"}
    assert grace.get(f"/invitations/{secret}/").status_code == 410
    assert mailed("ada@example.org") == ["Grace would rather not run Harbour"]


def test_who_is_not_signed_in_is_led_to_it_and_back(project, client):
    _, secret = factories.invitation(project, "grace@example.org")

    page = client.get(f"/invitations/{secret}/").content.decode()

    assert "g***@example.org" in page
    assert "grace@" not in page
    assert f"/accounts/login/?next=/invitations/{secret}/" in page
    assert f"/accounts/signup/?next=/invitations/{secret}/" in page


def test_who_signs_up_for_it_comes_back_to_it(project, client):
    _, secret = factories.invitation(project, "grace@example.org")
    form = {"name": "Grace", "email": "grace@example.org", "next": f"/invitations/{secret}/"}

    client.post("/accounts/signup/", form)
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.strip().isupper())
    answer = client.post("/accounts/confirm-email/", {"code": code.strip()})
    client.post(answer.url, {"accept": "1"})

    assert answer.url == f"/invitations/{secret}/"
    assert roles(project) == {"Ada": "owner", "Grace": "editor"}


def test_with_another_address_one_is_told_which_and_cannot_accept(project):
    _, secret = factories.invitation(project, "grace@example.org")
    _, other = somebody("other@example.org", "Other")

    page = other.get(f"/invitations/{secret}/").content.decode()
    answer = other.post(f"/invitations/{secret}/", {"accept": "1"})

    assert "g***@example.org" in page
    assert "grace@" not in page
    assert answer.status_code == 403
    assert roles(project) == {"Ada": "owner"}


def test_an_address_that_is_not_confirmed_accepts_nothing(project):
    _, secret = factories.invitation(project, "grace@example.org")
    person, client = somebody("other@example.org", "Other")
    EmailAddress.objects.create(user=person, email="grace@example.org", verified=False)

    assert client.post(f"/invitations/{secret}/", {"accept": "1"}).status_code == 403
    assert roles(project) == {"Ada": "owner"}


def test_an_invitation_works_once(project):
    _, secret = factories.invitation(project, "grace@example.org")
    person, grace = somebody()
    grace.post(f"/invitations/{secret}/", {"accept": "1"})
    Maintainer.objects.get(user=person).delete()

    assert grace.post(f"/invitations/{secret}/", {"accept": "1"}).status_code == 410
    assert roles(project) == {"Ada": "owner"}


def test_an_invitation_runs_out_after_seven_days(project):
    invitation, secret = factories.invitation(project, "grace@example.org")
    _, grace = somebody()

    with clock.stopped_at(invitation.expires_at):
        answer = grace.post(f"/invitations/{secret}/", {"accept": "1"})

    assert answer.status_code == 410
    assert "ran out" in answer.content.decode()
    assert roles(project) == {"Ada": "owner"}


@pytest.mark.parametrize("secret", ["x", "A" * 43, "0", "-" * 2000])
def test_a_link_that_leads_nowhere_says_what_to_do(client, secret):
    answer = client.get(f"/invitations/{secret}/")

    assert answer.status_code == 404
    assert "send it again" in answer.content.decode()


def test_who_runs_it_already_is_told_so(project):
    _, secret = factories.invitation(project, "grace@example.org")
    person, grace = somebody()
    factories.maintainer(project, by=person)

    page = grace.get(f"/invitations/{secret}/").content.decode()
    grace.post(f"/invitations/{secret}/", {"accept": "1"})

    assert "already" in page
    assert project.maintainers.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_that_accept_at_once_one_does(project):
    invitation, _ = factories.invitation(project, "grace@example.org")
    person, _ = somebody()

    answers = together(
        lambda: team.accept(invitation=invitation, by=person, now=clock.now()), threads=6
    )

    assert [type(answer) for answer in answers if answer] == [Refused] * 5
    assert project.maintainers.count() == 2


def test_who_signs_in_finds_what_waits_for_them(project):
    invitation, _ = factories.invitation(project, "grace@example.org")
    _, grace = somebody()

    page = grace.get("/maintain/").content.decode()
    grace.post(f"/maintain/invitations/{invitation.pk}/", {"accept": "1"})

    assert f"/maintain/invitations/{invitation.pk}/" in page
    assert roles(project) == {"Ada": "owner", "Grace": "editor"}
    assert "/maintain/invitations/" not in grace.get("/maintain/").content.decode()


def test_what_waits_for_somebody_else_is_nowhere(project):
    invitation, _ = factories.invitation(project, "grace@example.org")
    _, other = somebody("other@example.org", "Other")

    assert "invitations" not in other.get("/maintain/").content.decode()
    assert other.get(f"/maintain/invitations/{invitation.pk}/").status_code == 404


def test_who_left_answers_no_invitation(project):
    grace, _ = somebody()
    asked, _ = factories.invitation(project, grace.email)
    type(grace).objects.filter(pk=grace.pk).update(is_active=False)

    with pytest.raises(Refused, match="closed"):
        team.accept(invitation=asked, by=grace, now=clock.now())
