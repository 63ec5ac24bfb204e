"""That nothing names who left: in no table, no log and no mail."""

import pytest
from django.apps import apps
from django.db.models import EmailField

from funding.accounts import leaving
from funding.accounts.models import User
from funding.office import clock, outbox
from funding.office.models import Message
from funding.projects import editing, team
from funding.projects.models import Activity, Invitation
from sponsors.billing import ending
from tests import factories, scenarios, world
from tests.accounts.leaving.leavers import archived, leave, told_by

pytestmark = pytest.mark.django_db


A_MAIL = "accounts/email/deleted.txt"


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
IS_A_PROGRAMMES = {"programmes.Programme.contact"}


def test_what_happens_with_every_column_that_can_name_a_person_is_decided():
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EmailField) or field.related_model is User
    }

    assert columns == GOES | NAMES_NOBODY | IS_A_COMPANYS | IS_A_PROGRAMMES


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
