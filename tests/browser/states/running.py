"""Pages of a project's desk: updates, its team, its money, and its end."""

from datetime import timedelta

from playwright.sync_api import expect

from funding.office import clock
from funding.projects import recording
from funding.projects.models import Update
from tests import factories
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown_beside_others, shown_in
from tests.browser.states.accounts import somebody
from tests.browser.states.public import a_full_project, an_update_of
from tests.certainty import certain_page


def a_project():
    return factories.project(A_LONG_NAME)


def a_team():
    """An owner, an editor with a long name, and two who are asked, one of them for too long."""
    project = factories.project(A_LONG_NAME, maintainer=factories.user(name="Ada"))
    factories.maintainer(project, by=factories.user(name=A_LONG_NAME))
    factories.invitation(project, f"{'long' * 15}@example.org")
    factories.invitation(project, now=clock.now() - timedelta(days=8))
    return project


def a_project_that_spent():
    """A grant, payments to a person and a supplier, and one that was taken back."""
    project = factories.project(A_LONG_NAME)
    owner = project.maintainers.get().user
    factories.grant(project, funder=A_LONG_NAME)
    factories.payment(project, person=factories.person(project))
    factories.payment(project, 1000, reference="INV-2026-000000001")
    wrong = factories.payment(project, 2000, supplier=A_LONG_NAME)
    recording.correct(wrong, because=f"It was paid by {A_LONG_NAME}", by=owner)
    return project


def a_told_project():
    """With a draft, written first, and an update that everybody sees."""
    project = factories.project(A_LONG_NAME)
    author = project.maintainers.get().user
    Update.objects.create(project=project, title=A_LONG_NAME, body=MARKDOWN, author=author)
    an_update_of(project)
    return project


# Running a project: updates


@shown_in(a_project)
def updates_that_are_none_yet(site, come, project):
    return running(site, come, project, "updates/")


@shown_in(a_told_project)
def updates_of_a_desk(site, come, project):
    return running(site, come, project, "updates/")


@shown_in(a_project)
def writing_an_update_with_everything_wrong(site, come, project):
    page = running(site, come, project, "updates/new/")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_in(a_project)
def a_preview_of_an_update(site, come, project):
    page = running(site, come, project, "updates/new/")
    page.get_by_label("Title").fill(A_LONG_NAME)
    page.get_by_label("What you tell").fill(MARKDOWN)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("article", name="Preview")).to_be_visible()
    return page


@shown_in(a_told_project)
def publishing_an_update(site, come, project):
    return running(site, come, project, f"updates/{project.updates.last().pk}/publish/")


@shown_in(a_told_project)
def taking_an_update_down(site, come, project):
    return running(site, come, project, f"updates/{project.updates.first().pk}/take-down/")


@shown_in(a_told_project)
def deleting_a_draft_of_an_update(site, come, project):
    return running(site, come, project, f"updates/{project.updates.last().pk}/delete/")


@shown_in(a_told_project)
def all_updates_of_a_project(site, come, project):
    return at(site, come, f"/projects/{project.slug}/updates/")


# Running a project: the team


@shown_in(a_project)
def a_team_of_one(site, come, project):
    return running(site, come, project, "team/")


@shown_in(a_team)
def a_team_with_invitations(site, come, project):
    return running(site, come, project, "team/")


@shown_in(a_team)
def a_team_as_an_editor_sees_it(site, come, project):
    return at(site, come, f"/maintain/{project.slug}/team/", project.maintainers.last().user)


@shown_in(a_project)
def inviting_somebody_with_everything_wrong(site, come, project):
    page = running(site, come, project, "team/invite/")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_in(a_team)
def changing_a_role(site, come, project):
    return running(site, come, project, f"team/{project.maintainers.last().pk}/")


@shown_in(a_team)
def removing_a_maintainer(site, come, project):
    return running(site, come, project, f"team/{project.maintainers.last().pk}/remove/")


@shown_in(a_team)
def leaving_a_project_as_its_only_owner(site, come, project):
    return running(site, come, project, "team/leave/")


@shown_in(a_team)
def leaving_a_project(site, come, project):
    return at(site, come, f"/maintain/{project.slug}/team/leave/", project.maintainers.last().user)


@shown_in(a_team)
def handing_a_project_over(site, come, project):
    return running(site, come, project, "team/hand-over/")


@shown_in(a_project)
def handing_a_project_over_to_nobody(site, come, project):
    return running(site, come, project, "team/hand-over/")


@shown_beside_others
def an_invitation_for_a_stranger(site, come):
    _, secret = factories.invitation(factories.project(A_LONG_NAME))
    return at(site, come, f"/invitations/{secret}/")


@shown_beside_others
def an_invitation_to_another_address(site, come):
    _, secret = factories.invitation(factories.project(A_LONG_NAME))
    return at(site, come, f"/invitations/{secret}/", somebody())


@shown_beside_others
def an_invitation_to_oneself(site, come):
    user = somebody()
    _, secret = factories.invitation(factories.project(A_LONG_NAME), user.email)
    return at(site, come, f"/invitations/{secret}/", user)


@shown_beside_others
def an_invitation_that_waits_among_ones_projects(site, come):
    user = somebody()
    factories.invitation(factories.project(A_LONG_NAME), user.email)
    return at(site, come, "/maintain/", user)


@shown_beside_others
def an_invitation_that_is_there_no_more(site, come):
    return at(site, come, "/invitations/nothing/")


@shown_beside_others
def an_invitation_that_ran_out(site, come):
    long_ago = clock.now() - timedelta(days=8)
    _, secret = factories.invitation(factories.project(), now=long_ago)
    return at(site, come, f"/invitations/{secret}/")


@shown_in(a_project)
def a_log_in_which_nothing_is_yet(site, come, project):
    return running(site, come, project, "log/")


@shown_in(a_project_that_spent)
def a_log(site, come, project):
    return running(site, come, project, "log/")


@shown_in(a_full_project)
def archiving_a_project(site, come, project):
    return running(site, come, project, "archive/")


@shown_beside_others
def opening_a_project_again(site, come):
    project = factories.project(A_LONG_NAME, status="archived", archived_at=clock.now())
    return running(site, come, project, "reopen/")


# Running a project: its money


@shown_in(a_project)
def grants_that_are_none_yet(site, come, project):
    return running(site, come, project, "grants/")


@shown_in(a_project_that_spent)
def grants_of_a_desk(site, come, project):
    return running(site, come, project, "grants/")


@shown_in(a_project)
def payments_that_are_none_yet(site, come, project):
    return running(site, come, project, "payments/")


@shown_in(a_project_that_spent)
def payments_of_a_desk(site, come, project):
    return running(site, come, project, "payments/")


@shown_in(a_project)
def recording_a_grant(site, come, project):
    return running(site, come, project, "grants/new/")


@shown_in(a_project_that_spent)
def recording_a_payment_with_everything_wrong(site, come, project):
    page = running(site, come, project, "payments/new/")
    page.get_by_label("Amount in GBP").fill("£1e9")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_in(a_project_that_spent)
def correcting_a_payment(site, come, project):
    return running(site, come, project, f"payments/{project.payments_out.last().pk}/correct/")


@shown_in(a_project_that_spent)
def correcting_a_grant_with_everything_wrong(site, come, project):
    page = running(site, come, project, f"grants/{project.grants.last().pk}/correct/")
    page.get_by_label("Amount in GBP").fill("")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def running(site, come, project, path):
    """A page of the project's desk, for who owns it and signed in a moment ago."""
    page = certain_page(come(project.maintainers.first().user))
    page.goto(site.at(f"/maintain/{project.slug}/{path}"))
    return page
