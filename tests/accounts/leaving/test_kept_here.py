"""What keeps somebody from deleting their account."""

import time

import pytest
from allauth.account.models import EmailAddress

from funding.accounts import leaving
from funding.accounts.models import User
from funding.projects.models import Maintainer, Project
from sponsors.companies.models import Membership
from tests import factories, scenarios
from tests.accounts.leaving.leavers import DELETE, archived, leave
from tests.racing import together

pytestmark = pytest.mark.django_db


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


def test_a_draft_that_nobody_else_runs_keeps_nobody_here(user):
    draft = factories.project(status=Project.Status.DRAFT, maintainer=user)
    alone = leaving.hindrances(user=user)

    factories.maintainer(draft)

    assert alone == []
    assert "hand it over first" in leaving.hindrances(user=user)[0]
