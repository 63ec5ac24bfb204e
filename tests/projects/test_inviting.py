"""Who is invited to run a project, how often, and by which link."""

from datetime import timedelta

import pytest

from funding.office import clock
from funding.office.models import Message
from funding.projects import team
from funding.projects.models import Invitation
from tests import factories, world
from tests.projects.teams import desk, log, mailed, roles, somebody
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_who_is_invited_gets_a_mail_that_says_who_to_what_and_until_when(project, signed_in):
    with clock.stopped_at(world.BEGINNING):
        signed_in.post(desk("invite/"), {"email": "Grace@Example.org", "role": "treasurer"})

    invitation = Invitation.objects.get()
    message = Message.objects.get()
    assert message.recipients == ["grace@example.org"]
    assert message.subject == "Ada asks you to run Harbour"
    assert "as treasurer" in message.body
    assert "until 12 January 2026" in message.body
    assert invitation.expires_at - world.BEGINNING == timedelta(days=7)
    assert log(project) == ["invited g***@example.org as a treasurer"]


def test_only_a_digest_of_the_secret_is_kept(project):
    invitation, secret = factories.invitation(project)

    kept = [str(value) for value in Invitation.objects.values().get().values()]

    assert len(secret) == 43
    assert secret not in kept
    assert team.by_secret(secret) == invitation


@pytest.mark.parametrize(
    "values",
    [{"email": ""}, {"email": "nobody"}, {"email": "a@" + "x" * 64 + ".org"}, {"role": "king"},
     {"role": ""}, {"email": "a@example.org\nBcc: b@example.org"},
     {"email": "a@" + ".".join(["İ" * 9] * 22) + ".com"}],
)  # fmt: skip
def test_a_bad_invitation_is_refused_and_mails_nobody(project, signed_in, values):
    answer = signed_in.post(
        desk("invite/"), {"email": "grace@example.org", "role": "editor", **values}
    )

    assert answer.status_code == 422
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


def test_who_runs_it_already_is_not_invited(project, signed_in):
    answer = signed_in.post(desk("invite/"), {"email": "ADA@example.org", "role": "editor"})

    assert answer.status_code == 422
    assert "runs Harbour already" in answer.content.decode()


def test_who_is_invited_already_is_not_invited_twice(project, signed_in):
    factories.invitation(project, "grace@example.org")

    answer = signed_in.post(desk("invite/"), {"email": "grace@example.org", "role": "owner"})

    assert answer.status_code == 422
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_invitations_at_once_one_is_sent(project, user):
    ask = {"project": project, "email": "grace@example.org", "role": "editor", "by": user}

    together(lambda: team.invite(**ask, now=world.BEGINNING), threads=8)

    assert Invitation.objects.count() == 1
    assert Message.objects.count() == 1


def test_who_did_not_answer_in_time_can_be_invited_again(project, signed_in):
    factories.invitation(project, "grace@example.org", now=clock.now() - timedelta(days=8))

    signed_in.post(desk("invite/"), {"email": "grace@example.org", "role": "editor"})

    assert Invitation.objects.waiting(clock.now()).count() == 1


def test_nobody_sends_more_than_twenty_invitations_a_day(project, signed_in):
    for _ in range(20):
        factories.invitation(project)

    answer = signed_in.post(desk("invite/"), {"email": "grace@example.org", "role": "editor"})

    assert answer.status_code == 422
    assert "tomorrow" in answer.content.decode()
    assert Message.objects.count() == 20


def test_sending_again_makes_a_new_link_and_kills_the_old(project, signed_in):
    invitation, old = factories.invitation(project, "grace@example.org")
    _, grace = somebody()

    signed_in.post(desk(f"invitations/{invitation.pk}/send-again/"))

    assert grace.get(f"/invitations/{old}/").status_code == 410
    assert Invitation.objects.waiting(clock.now()).get().pk != invitation.pk
    assert len(mailed("grace@example.org")) == 2


def test_a_withdrawn_invitation_cannot_be_accepted(project, signed_in):
    invitation, secret = factories.invitation(project, "grace@example.org")
    _, grace = somebody()

    signed_in.post(desk(f"invitations/{invitation.pk}/withdraw/"))
    answer = grace.post(f"/invitations/{secret}/", {"accept": "1"})

    assert answer.status_code == 410
    assert roles(project) == {"Ada": "owner"}


def test_an_invitation_of_another_project_is_not_here(project, signed_in):
    other, _ = factories.invitation(factories.project())

    for deed in ("send-again", "withdraw"):
        assert signed_in.post(desk(f"invitations/{other.pk}/{deed}/")).status_code == 404
    assert Invitation.objects.waiting(clock.now()).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_persons_invitations_for_many_projects_at_once_only_twenty_a_day_are_sent():
    owner = factories.user()
    projects = [factories.project(maintainer=owner) for _ in range(6)]
    for _ in range(team.MOST_A_DAY - 2):
        factories.invitation(projects[0], by=owner)

    together(lambda: factories.invitation(projects.pop(), by=owner), threads=6)

    assert Invitation.objects.filter(invited_by=owner).count() == team.MOST_A_DAY
