"""What is shown once a round does not come about after all, and while it still may not."""

from datetime import timedelta

from playwright.sync_api import expect

from funding.office import clock
from funding.programmes import calls
from funding.programmes.models import FundingCall
from sponsors.sponsorships.models import PaysBy
from tests import factories
from tests.browser.looking import A_LONG_NAME, at, shown
from tests.browser.states.programmes_money import staff
from tests.browser.states.programmes_running import desk
from tests.programmes import running_scenes as running
from tests.programmes import scenes
from tests.programmes.money import save_card


def failed(place):
    FundingCall.objects.update(secured_at=None)
    call = calls.lock(place.round.call.pk)
    calls.decide(call, firm=call.least, now=clock.now())
    call.decisions.get_or_create(
        place=0, defaults={"is_success": True, "firm": 1, "decided_at": clock.now()}
    )
    calls.undo(call, firm=call.money(0), now=clock.now())
    return place


@shown
def a_round_that_failed_after_its_decision(site, come):
    place = failed(running.place())
    page = at(site, come, place.round.get_absolute_url())
    expect(page.get_by_text("What was paid goes back whole")).to_be_visible()
    return page


@shown
def a_place_whose_round_failed(site, come):
    place = failed(running.place())
    return at(site, come, place.get_absolute_url(), place.user)


@shown
def places_whose_round_failed(site, come):
    place = failed(running.place())
    return at(site, come, "/places/", place.user)


@shown
def an_offer_whose_round_failed(site, come):
    place = failed(scenes.offered())
    return at(site, come, f"/places/{place.pk}/answer/", place.user)


@shown
def an_application_whose_round_failed(site, come):
    place = running.place()
    application = scenes.application(place.round)
    failed(place)
    return at(site, come, application.get_absolute_url(), application.user)


@shown
def applications_whose_rounds_failed(site, come):
    place = running.place()
    application = scenes.application(place.round)
    failed(place)
    return at(site, come, "/applications/", application.user)


@shown
def money_that_cannot_be_paid_out_yet(site, come):
    place = running.place()
    running.released(place)
    running.funded(place.round)
    FundingCall.objects.update(secured_at=None)
    page = desk(site, come, place, "money/")
    expect(page.get_by_text("Nothing can be paid out yet")).to_be_visible()
    return page


@shown
def calls_that_do_not_move_on(site, come):
    programme = scenes.programme(name=A_LONG_NAME)
    stuck = scenes.call(scenes.round_(programme))
    spent = scenes.call(state="failed", closed_at=clock.now() - timedelta(days=9))
    running.funded(spent.round, 120_000)
    FundingCall.objects.filter(pk=stuck.pk).update(closes_at=clock.now() - timedelta(days=2))
    page = staff(site, come, "/staff/calls/")
    expect(page.get_by_text("£1,200.00 is left")).to_be_visible()
    return page


@shown
def no_calls_that_do_not_move_on(site, come):
    return staff(site, come, "/staff/calls/")


@shown
def a_card_that_was_saved_after_a_colleague_chose_otherwise(site, come):
    user = factories.user()
    kept = scenes.reserved(scenes.call(), factories.payer(user), pays_by=PaysBy.INVOICE)
    save_card(site.engine, kept)
    return at(site, come, f"/commitments/{kept.pk}/saved/", user)
