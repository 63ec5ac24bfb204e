"""Pages of payments that failed, of what lapsed, and of events that could not be handled."""

from playwright.sync_api import expect

from sponsors.billing import inbox, tasks
from sponsors.billing.models import Event, Subscription
from tests import factories, scenarios, world
from tests.browser.looking import A_LONG_NAME, at, shown, shown_in
from tests.certainty import certain_page


def behind(site, card):
    company = factories.company(display_name=A_LONG_NAME)
    sponsorship = scenarios.settled(site.engine, company, factories.tier(name="Mast"))
    customer = Subscription.objects.get(sponsorship=sponsorship).customer
    site.engine.turn_card(customer.stripe_id, card)
    world.days(site.engine, 33)
    return sponsorship


def detail(site, come, sponsorship):
    return at(site, come, sponsorship.get_absolute_url(), sponsorship.bought_by)


def without_money(site):
    return behind(site, "4000000000009995")


@shown_in(without_money)
def a_payment_that_failed_for_lack_of_money(site, come, sponsorship):
    page = detail(site, come, sponsorship)
    expect(page.get_by_role("link", name="Give another card")).to_be_visible()
    return page


@shown
def a_payment_for_which_the_bank_wants_to_see_somebody(site, come):
    page = detail(site, come, behind(site, "4000002760003184"))
    expect(page.get_by_role("link", name="Pay £100.00 now")).to_be_visible()
    return page


@shown
def a_home_of_a_company_whose_payment_failed(site, come):
    sponsorship = behind(site, "4000000000009987")
    path = f"/companies/{sponsorship.company.slug}/home/"
    return at(site, come, path, sponsorship.bought_by)


@shown_in(without_money)
def a_desk_with_a_sponsor_at_risk(site, come, sponsorship):
    project = sponsorship.project
    page = at(site, come, f"/maintain/{project.slug}/", project.maintainers.get().user)
    expect(page.get_by_text("May leave on").first).to_be_visible()
    return page


@shown
def a_sponsorship_that_has_lapsed(site, come):
    sponsorship = behind(site, "4000000000009995")
    world.days(site.engine, 12.5)
    tasks.lapse()
    page = detail(site, come, sponsorship)
    expect(page.get_by_role("link", name="Sponsor it again")).to_be_visible()
    return page


@shown
def no_events_that_could_not_be_handled(site, come):
    page = certain_page(at(site, come, "/", factories.user(is_staff=True)))
    page.goto(site.at("/staff/events/"))
    expect(page.get_by_text("Nothing.")).to_be_visible()
    return page


@shown
def events_that_could_not_be_handled(site, come):
    scenarios.settled(site.engine)
    events = Event.objects.filter(status=Event.Status.HANDLED)[:3]
    Event.objects.filter(pk__in=[one.pk for one in events]).update(status=Event.Status.NEW)
    for _ in range(len(inbox.BACK_OFF) + 1):
        trouble = ValueError(f"no such thing as a_{'very_' * 30}long_name")
        inbox.note_failure([one.pk for one in events], trouble)
    page = certain_page(at(site, come, "/", factories.user(is_staff=True)))
    page.goto(site.at("/staff/events/"))
    expect(page.get_by_role("button", name="Try all 3 again")).to_be_visible()
    return page
