"""Pages that everybody sees."""

from datetime import timedelta
from decimal import Decimal

from django.template.loader import render_to_string

from funding.office import clock
from funding.projects import recording
from funding.projects.models import Grant, PaymentOut, Project, Tier, Update
from tests import factories, scenarios
from tests.browser import pages
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown, shown_beside_others, shown_in
from tests.browser.states.accounts import signing_up


def a_full_project(site):
    """One with a sponsor, a grant, people, bills, long words and news."""
    project = factories.project(
        A_LONG_NAME, description=MARKDOWN, licence="BSD-3-Clause", languages=["Python"],
        website="https://example.org/", repository="https://example.org/code",
        logo=factories.picture(),
        goals=((Decimal("1.5"), "Maintenance"), (2, "Features"), (1, A_LONG_NAME)),
    )  # fmt: skip
    person = factories.person(project)
    today = clock.today()
    recording.record_grant(
        Grant(project=project, funder=A_LONG_NAME, amount=1_000_000, received_on=today,
              starts_on=today, ends_on=today + timedelta(days=180))
    )  # fmt: skip
    tier = factories.tier(project, name="Mast", seats=3, monthly=40000)
    factories.tier(project, name="Sold", seats=1, taken=1, description="For one.")
    factories.tier(project, name="By the year", monthly=None, audience=Tier.Audience.INDIVIDUALS)
    company = factories.company(display_name=A_LONG_NAME, website="https://example.com/")
    scenarios.settled(site.engine, company, tier)
    for paid_to in ({"person": person}, {"supplier": "A supplier of machines"}):
        recording.record_payment_out(
            PaymentOut(project=project, paid_on=today, amount=10_000, **paid_to)
        )
    an_update_of(project)
    return project


def an_update_of(project):
    return Update.objects.create(
        project=project, title=A_LONG_NAME, body=MARKDOWN, published_at=clock.now(),
        author=project.maintainers.get().user,
    )  # fmt: skip


# What everybody sees


@shown
def the_front_page_of_an_empty_site(site, come):
    return at(site, come, "/")


@shown_in(a_full_project)
def the_front_page(site, come, project):
    return at(site, come, "/")


@shown
def an_empty_directory(site, come):
    return at(site, come, "/projects/")


@shown
def a_directory_of_two_pages(site, come):
    a_full_project(site)
    for _ in range(50):
        factories.project()
    return at(site, come, "/projects/")


@shown_in(a_full_project)
def a_directory_that_is_searched_and_filtered(site, come, project):
    return at(site, come, f"/projects/?q={A_LONG_NAME[:40]}&language=Python&licence=BSD-3-Clause")


@shown_in(a_full_project)
def a_directory_in_which_nothing_fits(site, come, project):
    return at(site, come, f"/projects/?q={'long' * 20}&language={A_LONG_NAME}&funding=reached")


@shown_beside_others
def how_it_works(site, come):
    return at(site, come, "/help/")


@shown_beside_others
def a_project_that_is_new(site, come):
    return at(site, come, factories.project(goals=()).get_absolute_url())


@shown_in(a_full_project)
def a_project_with_everything(site, come, project):
    return at(site, come, project.get_absolute_url())


@shown_in(a_full_project)
def a_project_with_everything_opened(site, come, project):
    page = at(site, come, project.get_absolute_url())
    page.get_by_text("How this is computed").click()
    return page


@shown
def a_project_that_is_archived(site, come):
    project = a_full_project(site)
    Project.objects.filter(pk=project.pk).update(status=Project.Status.ARCHIVED)
    return at(site, come, project.get_absolute_url())


@shown_beside_others
def a_project_that_asks_for_twelve_days(site, come):
    return at(site, come, factories.project(goals=((12, "All of it"),)).get_absolute_url())


@shown_beside_others
def an_update(site, come):
    return at(site, come, an_update_of(factories.project()).get_absolute_url())


# What went wrong


@shown_beside_others
def nothing_is_here(site, come):
    return at(site, come, "/nowhere/")


@shown
def a_form_that_is_too_old(site, come):
    page = signing_up(site, come)
    page.context.clear_cookies()
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Make the account").click()
    pages.sees_title(page, "Nothing was sent")
    return page


@shown_beside_others
def a_request_that_is_refused(site, come):
    return template(site, come, "403.html")


@shown_beside_others
def a_request_that_makes_no_sense(site, come):
    return template(site, come, "400.html")


@shown_beside_others
def too_many_requests(site, come):
    return template(site, come, "429.html")


@shown_beside_others
def a_breakdown(site, come):
    return template(site, come, "500.html")


def template(site, come, name):
    """A page that cannot be asked for: put before the browser as the site would answer it."""
    page = come()
    page.route("**/shown", lambda route: route.fulfill(
        body=render_to_string(name), content_type="text/html; charset=utf-8"
    ))  # fmt: skip
    page.goto(site.at("/shown"))
    return page
