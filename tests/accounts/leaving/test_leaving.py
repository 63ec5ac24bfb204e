"""Leaving: what goes with an account, and what stays without a name."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.test import Client

from funding.accounts.models import User
from funding.office import clock, outbox
from funding.office.models import Message
from funding.projects.models import Invitation, Maintainer
from sponsors.billing import ending
from sponsors.companies.models import Company, Membership
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world
from tests.accounts.leaving.leavers import DELETE, archived, leave, told_by

pytestmark = pytest.mark.django_db


def test_looking_at_the_page_deletes_nothing(adas, ada):
    assert adas.get(DELETE).status_code == 200
    assert User.objects.filter(email=ada.email).exists()


def test_the_button_deletes_the_account_and_signs_out(adas, ada):
    answer = adas.post(DELETE)

    assert answer.url == "/"
    assert not get_user(adas).is_authenticated
    assert not User.objects.filter(email=ada.email).exists()


def test_the_row_names_nobody(ada):
    leave(ada)

    ada.refresh_from_db()
    assert (ada.email, ada.name) == (f"deleted-{ada.pk}@deleted.invalid", "")
    assert str(ada) == ada.get_short_name() == "Somebody who left"
    assert not ada.has_usable_password()
    assert not (ada.is_active or ada.is_staff or ada.is_superuser)


def test_every_way_to_sign_in_goes(ada):
    TOTP.activate(ada, generate_totp_secret())
    RecoveryCodes.activate(ada)
    SocialAccount.objects.create(user=ada, provider="github", uid="1")

    leave(ada)

    for model in (EmailAddress, Authenticator, SocialAccount, UserSession):
        assert not model.objects.filter(user=ada).exists()


def test_other_browsers_are_out_at_once(ada):
    other = Client()
    other.force_login(ada)

    leave(ada)

    assert other.get("/accounts/").status_code == 302


def test_the_address_is_told_and_then_forgotten(ada):
    leave(ada)

    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]
    assert mail.outbox[0].subject == "Your account is deleted"
    assert not Message.objects.exists()


def test_the_same_address_may_come_again(ada, client):
    leave(ada)

    client.post("/accounts/signup/", {"name": "Ada", "email": "ada@example.org"})

    assert User.objects.filter(email="ada@example.org").exclude(pk=ada.pk).exists()


def test_nobody_takes_the_address_of_who_will_leave(ada, client):
    address = f"deleted-{ada.pk}@deleted.invalid"

    answer = client.post("/accounts/signup/", {"name": "Mallory", "email": address})

    assert "No mail can be sent to this address" in answer.content.decode()
    assert leave(ada) == []


def test_the_admins_own_diary_names_nobody_either(ada):
    LogEntry.objects.create(
        user=factories.user(), action_flag=2, object_id=ada.pk, object_repr="Ada Lovelace",
        content_type=ContentType.objects.get_for_model(User),
    )  # fmt: skip

    leave(ada)

    assert LogEntry.objects.get().object_repr == "Somebody who left"


def test_an_update_stays_and_its_page_says_so(ada, client):
    project = archived(ada)
    update = told_by(project, ada)

    leave(ada)

    page = client.get(update.get_absolute_url()).content.decode()
    assert "Somebody who left" in page
    assert "Ada Lovelace" not in page


def test_their_part_in_projects_goes(ada):
    project = factories.project()
    Maintainer.objects.create(project=project, user=ada, role=Maintainer.Role.EDITOR)

    leave(ada)

    assert not Maintainer.objects.filter(user=ada).exists()
    assert Maintainer.objects.filter(project=project).count() == 1


def test_invitations_to_them_go(ada):
    Invitation.objects.create(
        project=factories.project(), email="Ada@example.org", secret_digest="x",
        invited_by=factories.user(), created_at=clock.now(), expires_at=clock.now(),
    )  # fmt: skip

    leave(ada)

    assert not Invitation.objects.exists()


def test_a_company_that_never_sponsored_goes_along(ada):
    factories.company(ada)

    leave(ada)

    assert not Company.objects.exists()


def test_a_company_of_others_stays(ada):
    company = factories.company(ada)
    other = Membership.objects.create(company=company, user=factories.user())

    leave(ada)

    assert list(Membership.objects.all()) == [other]


def test_a_company_with_papers_stays_without_people(ada, engine):
    company = factories.company(ada)
    sponsorship = ending.cancel(scenarios.settled(engine, company))
    world.days(engine, 33)

    assert leave(ada) == []

    assert Company.objects.get() == company
    assert not company.memberships.exists()
    assert Sponsorship.objects.get(pk=sponsorship.pk).bought_by == ada


def test_the_name_of_an_individual_leaves_the_wall(ada, engine):
    company = factories.individual(ada, display_name="Ada herself", website="https://ada.example/")
    sponsorship = ending.cancel(scenarios.settled(engine, company))
    world.days(engine, 31)
    page = sponsorship.project.get_absolute_url()
    assert "Ada herself" in Client().get(page).content.decode()

    assert leave(ada) == []

    assert "Ada herself" not in Client().get(page).content.decode()
    assert Company.objects.get().website == ""


def test_mails_that_were_sent_are_emptied(ada):
    outbox.write(
        key="thanks:1", recipients=[ada.email], template="accounts/email/deleted.txt", context={}
    )
    outbox.send_waiting()

    leave(ada)

    kept = Message.objects.get()
    assert (kept.recipients, kept.subject, kept.body) == ([], "", "")


def test_a_mail_that_waits_goes_to_the_others_alone(ada):
    to = [ada.email, "bob@example.org"]
    outbox.write(key="x", recipients=to, template="accounts/email/deleted.txt", context={})

    leave(ada)
    outbox.send_waiting()

    assert mail.outbox[-1].to == ["bob@example.org"]


def test_nothing_is_forgotten_when_one_part_fails(ada, monkeypatch):
    factories.company(ada)
    monkeypatch.setattr("funding.accounts.personal.forget", lambda user: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        leave(ada)

    assert User.objects.get(pk=ada.pk).name == "Ada Lovelace"
    assert Membership.objects.filter(user=ada).exists()
    assert mail.outbox == []
