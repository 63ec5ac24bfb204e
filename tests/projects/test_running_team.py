"""Who runs a project: roles, who leaves, and that there is always an owner."""

import pytest
from django.core import mail
from django.test import Client

from funding.office import clock, outbox
from funding.office.models import Message
from funding.projects import team
from funding.projects.models import Invitation, Maintainer, Project
from funding.projects.refusals import Refused
from tests import factories
from tests.certainty import certain
from tests.projects.teams import desk, log, mailed, roles, somebody
from tests.racing import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
