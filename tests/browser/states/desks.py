"""Pages of a project's desk: its home, and what its page says and offers."""

from playwright.sync_api import expect

from funding.office import clock
from funding.projects import archiving
from funding.projects.models import Project
from sponsors.billing import ending
from sponsors.sponsorships import fulfilling
from sponsors.sponsorships.models import Fulfilment, Sponsorship
from tests import factories, scenarios
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown, shown_beside_others


def of_a_tier(site, come, path):
    tier = factories.tier(name=A_LONG_NAME[:60], seats=3, taken=2, benefits=(A_LONG_NAME, "B"))
    factories.tier(tier.project, closed_at=clock.now(), name="Closed", yearly=None)
    address = f"/maintain/{tier.project.slug}/tiers/{path.format(tier.pk)}"
    return at(site, come, address, tier.project.maintainers.get().user)


@shown_beside_others
def beginning_a_project(site, come):
    return at(site, come, "/maintain/new/", factories.user())


@shown_beside_others
def beginning_a_project_with_everything_wrong(site, come):
    page = beginning_a_project(site, come)
    page.get_by_label("Day rate").fill("12,5")
    page.get_by_role("button", name="Begin the project").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def desk(site, come, path="", **values):
    """A page of the desk of a project with long words."""
    project = factories.project(A_LONG_NAME, description=MARKDOWN, **values)
    return at(site, come, f"/maintain/{project.slug}/{path}", project.maintainers.get().user)


def draft(site, come, path="", **values):
    return desk(site, come, path, status=Project.Status.DRAFT, **values)


@shown_beside_others
def the_desk_of_a_draft(site, come):
    return draft(site, come, licence="MIT")


@shown_beside_others
def the_preview_of_a_draft(site, come):
    return draft(site, come, "preview/", logo=factories.picture())


@shown_beside_others
def publishing_what_is_not_ready(site, come):
    return draft(site, come, "publish/")


@shown_beside_others
def publishing(site, come):
    project = factories.project(
        A_LONG_NAME, status=Project.Status.DRAFT, description="A", licence="MIT",
        website="https://example.org/",
    )  # fmt: skip
    factories.person(project)
    factories.tier(project)
    return at(site, come, f"/maintain/{project.slug}/publish/", project.maintainers.get().user)


@shown_beside_others
def the_texts_previewed_with_everything_wrong(site, come):
    page = draft(site, come, "texts/")
    page.get_by_label("Name").fill("")
    page.get_by_label("Website").fill("no website")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def the_texts_that_somebody_else_changed(site, come):
    page = desk(site, come, "texts/")
    Project.objects.update(description=MARKDOWN * 3, summary=A_LONG_NAME)
    page.get_by_label("What it is, in one sentence").fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else")
    return page


@shown_beside_others
def no_logo_yet_and_none_that_can_be_used(site, come):
    page = desk(site, come, "logo/")
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def a_logo(site, come):
    return desk(site, come, "logo/", logo=factories.picture(width=400, height=80))


@shown_beside_others
def no_people_yet(site, come):
    return desk(site, come, "people/")


@shown_beside_others
def people_with_more_days_than_goals(site, come):
    project = factories.project(goals=[(1, "A")])
    for name in ("Ada", A_LONG_NAME, "Grace"):
        factories.person(project, name)
    return at(site, come, f"/maintain/{project.slug}/people/", project.maintainers.get().user)


@shown_beside_others
def removing_somebody(site, come):
    person = factories.person(factories.project(), A_LONG_NAME)
    path = f"/maintain/{person.project.slug}/people/{person.pk}/remove/"
    return at(site, come, path, person.project.maintainers.get().user)


@shown_beside_others
def no_goals_yet(site, come):
    return desk(site, come, "goals/", goals=())


@shown_beside_others
def goals_and_what_another_rate_would_mean(site, come):
    page = desk(site, come, "goals/", goals=((1, A_LONG_NAME), (2, "B"), (3, "C")))
    page.get_by_label("Day rate").fill("999.50")
    page.get_by_role("button", name="See what it means").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    return page


@shown_beside_others
def a_goal_that_cannot_be(site, come):
    page = desk(site, come, "goals/add/")
    page.get_by_label("Days a week").fill("1,5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def removing_a_goal(site, come):
    project = factories.project(goals=[(1, A_LONG_NAME)])
    path = f"/maintain/{project.slug}/goals/{project.goals.get().pk}/remove/"
    return at(site, come, path, project.maintainers.get().user)


@shown_beside_others
def no_tiers_yet(site, come):
    return desk(site, come, "tiers/")


@shown_beside_others
def tiers(site, come):
    return of_a_tier(site, come, "")


@shown_beside_others
def a_tier_that_people_have_with_everything_wrong(site, come):
    page = of_a_tier(site, come, "{}/")
    for label in ("Price a month", "Price a year", "Places", "Hours"):
        page.get_by_label(label).fill("-1")
    page.get_by_label("Where in").fill("In the sidebar")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def closing_a_tier(site, come):
    return of_a_tier(site, come, "{}/close/")


@shown_beside_others
def removing_a_tier_that_stays(site, come):
    return of_a_tier(site, come, "{}/remove/")


@shown
def a_maintainers_home_with_everything(site, come):
    project = factories.project(A_LONG_NAME)
    tier = factories.tier(project, benefits=[A_LONG_NAME, "A call"])
    for name in ("Kestrel", A_LONG_NAME):
        scenarios.settled(site.engine, factories.company(display_name=name), tier)
    ending.cancel(Sponsorship.objects.first())
    fulfilling.due(today=clock.today())
    owner = project.maintainers.get().user
    fulfilling.mark_done(
        fulfilment_id=Fulfilment.objects.first().pk, by=owner, proof="https://example.org/" + "x" * 90,
        now=clock.now(),
    )  # fmt: skip
    return at(site, come, f"/maintain/{project.slug}/", owner)


@shown_beside_others
def a_maintainers_home_of_a_project_that_is_archived(site, come):
    project = factories.project()
    owner = project.maintainers.get().user
    archiving.archive(project=project, by=owner, now=clock.now())
    return at(site, come, f"/maintain/{project.slug}/", owner)


@shown_beside_others
def everything_that_somebody_runs(site, come):
    ada = factories.user()
    for status in Project.Status.values:
        factories.project(A_LONG_NAME, status=status, maintainer=ada)
    return at(site, come, "/maintain/", ada)
