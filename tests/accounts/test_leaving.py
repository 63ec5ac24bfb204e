"""What is held about a person, and leaving."""

import json
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db.models import EmailField
from django.test import Client

from funding.accounts import leaving
from funding.accounts.models import User
from funding.office import clock, outbox
from funding.office.models import Message
from funding.projects import editing, team
from funding.projects.models import Activity, Invitation, Maintainer, Project, Update
from sponsors.billing import ending
from sponsors.billing.models import Invoice
from sponsors.companies.models import Company, Membership
from sponsors.sponsorships.models import Sponsorship
from tests import factories, scenarios, world
from tests.certainty import certain
from tests.racing import together

pytestmark = pytest.mark.django_db

DELETE = "/accounts/delete/"
A_MAIL = "accounts/email/deleted.txt"


@pytest.fixture
def ada():
    user = factories.user("ada@example.org", name="Ada Lovelace", password="correct horse battery")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def adas(ada):
    client = Client()
    client.force_login(ada)
    return certain(client)


def leave(user):
    return leaving.leave(user=user, now=clock.now())


def told_by(project, author):
    return Update.objects.create(
        project=project, title="News", body="All is well.", author=author, published_at=clock.now()
    )


def archived(maintainer):
    return factories.project(maintainer=maintainer, status=Project.Status.ARCHIVED)


# What keeps somebody


def test_nothing_keeps_who_has_nothing(ada):
    assert leaving.hindrances(user=ada) == []


def test_the_only_owner_of_a_project_hands_it_over_first(ada):
    factories.project("Harbour REST", maintainer=ada)

    assert leaving.hindrances(user=ada) == [
        "You are the only owner of Harbour REST: hand it over or archive it first."
    ]


@pytest.mark.parametrize("status", [Project.Status.DRAFT, Project.Status.PUBLISHED])
def test_a_project_that_another_owns_too_keeps_nobody(ada, status):
    project = factories.project(maintainer=ada, status=status)
    Maintainer.objects.create(project=project, user=factories.user())

    assert leaving.hindrances(user=ada) == []


def test_an_editor_beside_them_is_no_owner(ada):
    project = factories.project("Harbour", maintainer=ada)
    Maintainer.objects.create(project=project, user=factories.user(), role=Maintainer.Role.EDITOR)

    assert len(leaving.hindrances(user=ada)) == 1


def test_an_archived_project_keeps_nobody(ada):
    archived(ada)

    assert leaving.hindrances(user=ada) == []


def test_an_archived_project_that_others_run_is_handed_over_first(ada):
    factories.maintainer(archived(ada), "editor")

    (said,) = leaving.hindrances(user=ada)

    assert said.endswith("and others run it too: hand it over first.")


def test_an_archived_project_with_money_is_handed_over_first(ada):
    factories.grant(archived(ada), 5000)

    (said,) = leaving.hindrances(user=ada)

    assert said.endswith("and £50.00 is held for it: hand it over first.")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_the_second_is_told_that_they_are_the_last(monkeypatch):
    project = factories.project()
    users = [project.maintainers.get().user, factories.maintainer(project, "owner").user]
    found = leaving.hindrances

    def slowly(*, user):
        answer = found(user=user)
        time.sleep(0.3)
        return answer

    monkeypatch.setattr(leaving, "hindrances", slowly)

    answers = together(lambda: leave(users.pop()), threads=2)

    assert sorted(map(len, answers)) == [0, 1]
    assert project.maintainers.get().role == "owner"


def test_invitations_that_they_sent_end_with_their_account(ada):
    project = factories.project(maintainer=ada)
    factories.maintainer(project, "owner")
    asked, _ = factories.invitation(project, by=ada)

    leave(ada)

    asked.refresh_from_db()
    assert asked.withdrawn_at is not None


def test_a_sponsorship_that_goes_on_is_ended_first(ada, engine):
    company = factories.company(ada, display_name="Kestrel")
    tier = factories.tier(factories.project("Harbour"))
    scenarios.paid(engine, company, tier)

    assert leaving.hindrances(user=ada) == [
        "Kestrel sponsors Harbour: end the sponsorship first, and come back when it has ended."
    ]


def test_a_payment_page_that_is_open_keeps_them_too(ada, engine):
    scenarios.chosen(factories.company(ada))

    assert len(leaving.hindrances(user=ada)) == 1


def test_who_is_not_the_only_one_of_a_company_may_go(ada, engine):
    company = factories.company(ada)
    scenarios.paid(engine, company)
    Membership.objects.create(company=company, user=factories.user())

    assert leaving.hindrances(user=ada) == []


def test_what_keeps_somebody_stops_the_deletion_whole(adas, ada):
    factories.project("Harbour", maintainer=ada)

    answer = adas.post(DELETE)

    assert answer.status_code == 422
    assert "You are the only owner of Harbour" in answer.content.decode()
    assert User.objects.get(email=ada.email).is_active
    assert EmailAddress.objects.filter(user=ada).exists()


# Leaving


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


def test_no_table_names_who_left(ada, engine):
    """Whatever holds an address or a name of theirs after leaving would show here."""
    company = factories.company(ada, display_name="Kestrel", billing_email="bills@example.com")
    ending.cancel(scenarios.settled(engine, company))
    world.days(engine, 33)
    told_by(archived(ada), ada)
    editing.touch_all()
    outbox.send_waiting()

    leave(ada)

    assert list(rows_with("ada@example.org", "Ada Lovelace")) == []


# Every column that can name a person, and what leaving does with it. A new one is to be decided, and
# done in the `personal.py` of its app.
GOES = {"projects.Maintainer.user", "projects.Invitation.email", "projects.Invitation.accepted_by", "companies.Membership.user",
        "programmes.Part.user", "programmes.PartInvitation.email", "programmes.PartInvitation.accepted_by",
        "programmes.Interest.user",
        "account.EmailAddress.user", "account.EmailAddress.email", "mfa.Authenticator.user",
        "usersessions.UserSession.user", "socialaccount.SocialAccount.user",
        "programmes.Application.user"}  # fmt: skip
NAMES_NOBODY = {"accounts.User.email", "projects.Invitation.invited_by", "projects.Update.author",
                "programmes.Hosting.asked_by", "programmes.PartInvitation.invited_by", "programmes.Deed.by",
                "projects.Activity.by", "projects.Activity.about", "sponsorships.Sponsorship.bought_by",
                "sponsorships.Fulfilment.done_by", "sponsorships.Change.asked_by",
                "billing.BankPayment.recorded_by", "billing.BankReturn.recorded_by", "billing.Asked.by", "admin.LogEntry.user",
                "billing.Dispute.decided_by", "programmes.Extension.by", "programmes.Feedback.by", "programmes.Idea.proposed_by", "programmes.Instalment.released_by",
                "programmes.Mentoring.user", "programmes.Outlay.recorded_by",
                "programmes.Place.user",
                "programmes.Post.author", "programmes.Post.released_by",
                "programmes.Review.reviewer", "sponsorships.Commitment.accepted_by",
                "sponsorships.Waiting.user"}  # fmt: skip
IS_A_COMPANYS = {"companies.Company.billing_email"}


def test_what_happens_with_every_column_that_can_name_a_person_is_decided():
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EmailField) or field.related_model is User
    }

    assert columns == GOES | NAMES_NOBODY | IS_A_COMPANYS


def test_a_projects_log_tells_no_longer_who_was_meant(ada):
    project = factories.project()
    owner = project.maintainers.get().user
    member = factories.maintainer(project, "editor", by=ada)
    team.change_role(maintainer=member, role="treasurer", by=owner)
    team.remove(maintainer=member, by=owner)

    leave(ada)

    assert [line.told for line in Activity.objects.all()] == [
        "removed Somebody who left, who was a treasurer",
        "made Somebody who left a treasurer; before, an editor",
    ]


def test_whoever_calls_themself_a_sum_rewrites_no_log():
    project = factories.project()
    member = factories.maintainer(project, "editor", by=factories.user(name="£5,000.00"))
    factories.grant(project, 500000)

    leave(member.user)

    assert Activity.objects.get().told == "recorded a grant of £5,000.00 by “A foundation”"


def test_an_address_that_they_were_invited_at_goes_though_they_have_another_now(ada):
    project = factories.project()
    asked, _ = factories.invitation(project, "ada@example.org")
    team.accept(invitation=asked, by=ada, now=clock.now())
    ada.emailaddress_set.update(email="new@example.org")
    User.objects.filter(pk=ada.pk).update(email="new@example.org")

    leave(User.objects.get(pk=ada.pk))

    assert not Invitation.objects.exists()
    assert not Activity.objects.filter(did__contains="ada@").exists()
    assert Message.objects.get(key=f"invitation:{asked.pk}").body == ""


def test_mails_to_an_earlier_address_stay_where_it_is_somebody_elses_now(ada):
    asked, _ = factories.invitation(factories.project(), "ada@example.org")
    team.accept(invitation=asked, by=ada, now=clock.now())
    ada.emailaddress_set.update(email="new@example.org")
    User.objects.filter(pk=ada.pk).update(email="new@example.org")
    factories.user("ada@example.org")
    outbox.write(key="k", recipients=["ada@example.org"], template=A_MAIL, context={})

    leave(User.objects.get(pk=ada.pk))

    assert Message.objects.get(key="k").recipients == ["ada@example.org"]


@pytest.mark.database
@pytest.mark.parametrize("address", ["ada@bücher.example", "Ada@example.org", "o'%_x@example.org"])
def test_mails_are_forgotten_however_the_address_is_written(address):
    user = factories.user(address)
    outbox.write(key="k", recipients=[address], template=A_MAIL, context={})
    outbox.write(key="other", recipients=["x@example.org", address], template=A_MAIL, context={})
    assert len(leaving.export(user=user)["mails"]) == 2

    leave(user)

    assert Message.objects.get(key="k").body == ""
    assert Message.objects.get(key="other").recipients == ["x@example.org"]


def rows_with(*texts):
    for model in apps.get_models():
        for row in model._default_manager.values():
            if any(text in str(row) for text in texts):
                yield f"{model._meta.label}: {row}"


# Export


def exported(client):
    answer = client.get("/accounts/export/file/")
    return answer, json.loads(answer.content)


def test_the_file_is_downloaded_under_a_name(adas):
    answer, _ = exported(adas)

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mainstay-')


def test_the_file_has_everything_from_every_part(adas, ada, engine):
    project = archived(ada)
    told_by(project, ada)
    scenarios.paid(engine, factories.company(ada, display_name="Kestrel"))
    SocialAccount.objects.create(user=ada, provider="github", uid="1")

    _, data = exported(adas)

    assert data["account"]["email"] == "ada@example.org"
    assert data["email_addresses"] == [
        {"email": "ada@example.org", "verified": True, "primary": True}
    ]
    assert data["sign_ins_elsewhere"][0]["provider"] == "github"
    assert data["projects"][0]["project__name"] == project.name
    assert data["updates"][0]["body"] == "All is well."
    assert data["companies"][0]["display_name"] == "Kestrel"
    assert data["sponsorships"][0]["company"] == "Kestrel"


def test_the_file_has_the_invoices_of_somebody_who_sponsors_as_themself(adas, ada, engine):
    scenarios.settled(engine, factories.individual(ada), factories.tier(monthly=12345))
    scenarios.settled(engine, factories.company(ada), factories.tier())
    invoice = Invoice.objects.get(sponsorship__company__kind="individual")

    _, data = exported(adas)

    assert [one["number"] for one in data["invoices"]] == [invoice.number]
    assert (data["invoices"][0]["currency"], data["invoices"][0]["status"]) == ("GBP", "paid")
    assert data["invoices"][0]["amount"] == str(invoice.total.major)


def test_what_others_did_with_them_is_in_the_file(adas, ada):
    project = factories.project("Harbour")
    member = factories.maintainer(project, "editor", by=ada)
    team.remove(maintainer=member, by=project.maintainers.first().user)

    _, data = exported(adas)

    assert [line["did"] for line in data["project_log"]] == [
        "removed Ada Lovelace, who was an editor"
    ]


def test_the_file_holds_no_secret(adas, ada):
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    codes = RecoveryCodes.activate(ada).get_unused_codes()

    text = exported(adas)[0].content.decode()

    assert secret not in text
    assert ada.password not in text
    assert not any(code in text for code in codes)


def test_the_file_holds_nothing_of_others(adas, engine):
    factories.user("bob@example.org", name="Bob")
    scenarios.paid(engine, factories.company(display_name="Other company"))

    text = exported(adas)[0].content.decode()

    assert "bob@example.org" not in text
    assert "Other company" not in text


def test_a_draft_that_nobody_else_runs_keeps_nobody_here(user):
    draft = factories.project(status=Project.Status.DRAFT, maintainer=user)
    alone = leaving.hindrances(user=user)

    factories.maintainer(draft)

    assert alone == []
    assert "hand it over first" in leaving.hindrances(user=user)[0]
