"""Pages on which a sponsorship that goes on becomes something else, or pauses."""

from funding.office import clock
from funding.projects.models import Benefit
from sponsors.billing import ending, pausing, quoting, switching
from sponsors.billing.models import Subscription
from sponsors.sponsorships import changing
from sponsors.sponsorships.changing import Wish
from sponsors.sponsorships.models import Interval
from tests import factories, scenarios, world
from tests.browser.looking import A_LONG_NAME, at, shown, shown_in

ASKS, FAILS = "4000002760003184", "4000000000000341"


def active(site, **how):
    project = factories.project(A_LONG_NAME)
    tier = factories.tier(project, name="Bronze")
    sponsorship = scenarios.settled(site.engine, tier=tier, **how)
    world.days(site.engine, 10)
    gold = factories.tier(project, name="Gold", monthly=30000, yearly=300000)
    Benefit.objects.create(tier=gold, kind="call", text="A call each quarter")
    factories.tier(project, name="Small", monthly=4000, yearly=None)
    factories.tier(project, name="Rare", monthly=50000, yearly=None, seats=1, taken=1)
    return sponsorship


def tiers(sponsorship):
    return {tier.name: tier for tier in sponsorship.project.tiers.select_related("project")}


def change(sponsorship, name):
    """As the page does it."""
    now, tier = clock.now(), tiers(sponsorship)[name]
    wish = Wish(tier, Interval.MONTH, tier.price("month"))
    quote = None
    if changing.comes_at_once(sponsorship, wish):
        cost = quoting.cost(sponsorship, wish, now=now)
        quote = changing.Quote(cost.due.amount, cost.at)
    by = sponsorship.bought_by
    switching.change(sponsorship=sponsorship, wish=wish, quote=quote, by=by, now=now)


def card(site, sponsorship, number):
    customer = Subscription.objects.get(sponsorship=sponsorship).customer
    site.engine.replace_card(customer.stripe_id, number)


def look(site, come, sponsorship, path=""):
    return at(site, come, f"/sponsorships/{sponsorship.pk}/{path}", sponsorship.bought_by)


@shown_in(active)
def choosing_what_it_becomes(site, come, sponsorship):
    return look(site, come, sponsorship, "change/")


@shown
def choosing_what_it_becomes_while_past_due(site, come):
    sponsorship = active(site)
    card(site, sponsorship, FAILS)
    world.days(site.engine, 23)
    return look(site, come, sponsorship, "change/")


@shown_in(active)
def the_cost_of_an_upgrade(site, come, sponsorship):
    return look(site, come, sponsorship, f"change/{tiers(sponsorship)['Gold'].pk}/month/")


@shown
def an_upgrade_that_the_bank_refused(site, come):
    sponsorship = active(site)
    page = look(site, come, sponsorship, f"change/{tiers(sponsorship)['Gold'].pk}/month/")
    card(site, sponsorship, FAILS)
    page.get_by_role("button", name="and change").click()
    page.get_by_role("alert").wait_for()
    return page


@shown_in(active)
def what_a_downgrade_means(site, come, sponsorship):
    return look(site, come, sponsorship, f"change/{tiers(sponsorship)['Small'].pk}/month/")


@shown
def a_sponsorship_with_a_change_that_waits_for_the_bank(site, come):
    sponsorship = active(site)
    card(site, sponsorship, ASKS)
    change(sponsorship, "Gold")
    return look(site, come, sponsorship)


@shown
def a_sponsorship_that_becomes_less(site, come):
    sponsorship = active(site)
    change(sponsorship, "Small")
    return look(site, come, sponsorship)


@shown
def a_sponsorship_on_another_tier(site, come):
    sponsorship = active(site)
    change(sponsorship, "Gold")
    return look(site, come, sponsorship)


@shown_in(active)
def pausing_a_sponsorship(site, come, sponsorship):
    return look(site, come, sponsorship, "pause/")


@shown
def a_sponsorship_that_is_paused(site, come):
    return look(site, come, pausing.pause(active(site), months=2))


@shown
def ending_a_paused_sponsorship(site, come):
    sponsorship = pausing.pause(active(site), months=3)
    world.days(site.engine, 40)
    return look(site, come, sponsorship, "cancel/")


@shown
def a_desk_that_is_told_why_somebody_leaves(site, come):
    sponsorship = active(site)
    ending.cancel(sponsorship, reason="shown", words="We could not tell what came of it.")
    owner = sponsorship.project.maintainers.get().user
    return at(site, come, f"/maintain/{sponsorship.project.slug}/", owner)
