"""Who runs a project: invitations, roles, and that there is always an owner."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from funding.office import clock, outbox
from funding.office.models import Message
from funding.projects import team
from funding.projects.models import Activity, Invitation, Maintainer, Project
from funding.projects.refusals import Refused
from tests import factories, world
from tests.certainty import certain
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def desk(path=""):
    return f"/maintain/harbour/team/{path}"


def somebody(email="grace@example.org", name="Grace"):
    """Who has shown that the address is theirs, and the browser they sit before."""
    person = factories.user(email, name=name)
    EmailAddress.objects.create(user=person, email=email.lower(), verified=True, primary=True)
    client = Client()
    client.force_login(person)
    return person, client


def roles(project):
    return {one.user.name or one.user.email: one.role for one in project.maintainers.all()}


def log(project):
    return [line.told for line in Activity.objects.filter(project=project)]


def mailed(to):
    """Subjects of the mails to an address, the newest first."""
    return [one.subject for one in Message.objects.all() if to in one.recipients]


# Inviting


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


# Answering


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


# Parts in it


@pytest.fixture
def grace(project):
    """Editor of the project."""
    person, client = somebody()
    return factories.maintainer(project, "editor", by=person), client


def test_an_owner_changes_a_role_and_whose_it_is_is_told(project, signed_in, grace):
    signed_in.post(desk(f"{grace[0].pk}/"), {"role": "owner"})

    assert roles(project) == {"Ada": "owner", "Grace": "owner"}
    assert mailed("grace@example.org") == ["Your role in Harbour has changed"]
    assert log(project) == ["made Grace an owner; before, an editor"]


def test_the_same_role_again_tells_nobody(project, signed_in, grace):
    signed_in.post(desk(f"{grace[0].pk}/"), {"role": "editor"})

    assert not Message.objects.exists()
    assert log(project) == []


def test_an_owner_removes_somebody_who_is_told(project, signed_in, grace):
    signed_in.post(desk(f"{grace[0].pk}/remove/"))

    assert roles(project) == {"Ada": "owner"}
    assert mailed("grace@example.org") == ["You do not run Harbour any more"]
    assert grace[1].get("/maintain/harbour/").status_code == 404


def test_somebody_leaves_and_the_owners_are_told(project, grace):
    grace[1].post(desk("leave/"))

    assert roles(project) == {"Ada": "owner"}
    assert mailed("ada@example.org") == ["Grace has left Harbour"]


@pytest.mark.parametrize("deed", ["leave/", "{me}/remove/", "{me}/"])
def test_the_only_owner_stays_one(project, user, signed_in, grace, deed):
    me = project.maintainers.get(user=user).pk

    answer = signed_in.post(desk(deed.format(me=me)), {"role": "editor"}, follow=True)

    assert "needs an owner" in answer.content.decode()
    assert roles(project) == {"Ada": "owner", "Grace": "editor"}


def test_an_owner_hands_over_and_becomes_an_editor(project, signed_in, grace):
    signed_in.post(desk("hand-over/"), {"to": grace[0].pk, "then": "editor"})

    assert roles(project) == {"Ada": "editor", "Grace": "owner"}
    assert mailed("grace@example.org") == ["Harbour is handed over to you"]
    assert log(project) == ["handed the project over to Grace and became an editor"]


def test_an_owner_hands_over_and_leaves(project, signed_in, grace):
    answer = signed_in.post(desk("hand-over/"), {"to": grace[0].pk, "then": "leave"})

    assert answer.url == "/maintain/"
    assert roles(project) == {"Grace": "owner"}


@pytest.mark.parametrize("to", ["other", "self", "0", "x"])
def test_nobody_hands_over_to_who_does_not_run_it(project, user, signed_in, to):
    others = {
        "other": factories.project().maintainers.get().pk,
        "self": project.maintainers.get(user=user).pk,
    }

    answer = signed_in.post(desk("hand-over/"), {"to": others.get(to, to), "then": "leave"})

    assert answer.status_code == 422
    assert roles(project) == {"Ada": "owner"}


def test_a_member_of_another_project_is_not_here(project, signed_in):
    other = factories.maintainer(factories.project())

    for path in ("", "remove/"):
        assert signed_in.get(desk(f"{other.pk}/{path}")).status_code == 404
        assert signed_in.post(desk(f"{other.pk}/{path}"), {"role": "owner"}).status_code == 404


def test_who_is_no_owner_any_more_changes_nothing(project, user, grace):
    mine = project.maintainers.get(user=user)
    Maintainer.objects.filter(pk=mine.pk).update(role="editor")

    with pytest.raises(Refused, match="no owner"):
        team.remove(maintainer=grace[0], by=user)


def two_owners():
    first, second = factories.user(name="First"), factories.user(name="Second")
    project = factories.project(maintainer=first)
    return project, project.maintainers.get(), factories.maintainer(project, "owner", by=second)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", range(3))
@pytest.mark.parametrize(
    "deed",
    [
        lambda one, other: team.remove(maintainer=other, by=one.user),
        lambda one, other: team.leave(maintainer=one),
        lambda one, other: team.change_role(maintainer=other, role="editor", by=one.user),
        lambda one, other: team.hand_over(owner=one, to=other, then=None),
    ],
    ids=["remove", "leave", "change role", "hand over"],
)
def test_two_owners_that_do_it_to_each_other_at_once_leave_one(deed, times):
    project, first, second = two_owners()
    pairs = [(first, second), (second, first)]

    together(lambda: deed(*pairs.pop()), threads=2)

    assert project.maintainers.filter(role="owner").count() == 1


ENDS = {
    "remove": lambda one, other: team.remove(maintainer=one, by=other.user),
    "change role": lambda one, other: team.change_role(
        maintainer=one, role="editor", by=other.user
    ),
    "leave": lambda one, other: team.leave(maintainer=one),
    "hand over": lambda one, other: team.hand_over(owner=one, to=other, then="treasurer"),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_an_owner_asked_holds_no_longer_than_they_are_one(end):
    project, first, second = two_owners()
    grace, _ = somebody()
    asked, _ = factories.invitation(project, grace.email, "owner", by=first.user)
    others, _ = factories.invitation(project, by=second.user)

    ENDS[end](first, second)

    with pytest.raises(Refused, match="cannot be answered any more"):
        team.accept(invitation=asked, by=grace, now=clock.now())
    assert Invitation.objects.waiting(clock.now()).get() == others
    assert not [one for one in mailed(first.user.email) if "Grace" in one]


@pytest.mark.parametrize("path", ["leave/", "hand-over/", "{other}/", "{other}/remove/"])
def test_what_becomes_of_an_owners_invitations_is_said_before(path):
    project, first, second = two_owners()
    client = Client()
    client.force_login(first.user)
    certain(client)

    page = client.get(f"/maintain/{project.slug}/team/{path.format(other=second.pk)}")

    assert "are withdrawn" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_a_persons_invitations_for_many_projects_at_once_only_twenty_a_day_are_sent():
    owner = factories.user()
    projects = [factories.project(maintainer=owner) for _ in range(6)]
    for _ in range(team.MOST_A_DAY - 2):
        factories.invitation(projects[0], by=owner)

    together(lambda: factories.invitation(projects.pop(), by=owner), threads=6)

    assert Invitation.objects.filter(invited_by=owner).count() == team.MOST_A_DAY


def test_who_left_answers_no_invitation(project):
    grace, _ = somebody()
    asked, _ = factories.invitation(project, grace.email)
    type(grace).objects.filter(pk=grace.pk).update(is_active=False)

    with pytest.raises(Refused, match="closed"):
        team.accept(invitation=asked, by=grace, now=clock.now())


@pytest.mark.parametrize("count", [1, 12])
def test_the_team_takes_the_same_few_queries(project, signed_in, count, django_assert_num_queries):
    for _ in range(count):
        factories.maintainer(project)
        factories.invitation(project)
    signed_in.get(desk())

    with django_assert_num_queries(5):
        signed_in.get(desk())


def test_the_mails_go_out(project, signed_in, grace):
    signed_in.post(desk("hand-over/"), {"to": grace[0].pk, "then": "leave"})
    factories.invitation(project, "new@example.org", by=grace[0].user)

    outbox.send_waiting()

    assert len(mail.outbox) == Message.objects.count() == 3
    assert all(max(map(len, one.body.splitlines())) < 130 for one in mail.outbox)


@pytest.mark.parametrize("path", ["team/invite/", "team/hand-over/", "archive/"])
def test_who_signed_in_long_ago_is_asked_once_more_before_what_matters(path):
    project = factories.project()
    client = Client()
    client.force_login(project.maintainers.get().user)

    answers = [
        client.get(f"/maintain/{project.slug}/{path}"),
        client.post(f"/maintain/{project.slug}/{path}"),
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert all(answer.url.startswith("/accounts/") for answer in answers)
    assert Project.objects.get().is_open
