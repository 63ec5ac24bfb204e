"""Pages on which a company takes a seat of a programme, and sees what became of it."""

from django.test import Client
from playwright.sync_api import expect

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.office import clock
from funding.programmes import calls
from funding.programmes.models import Mentoring, Place, Post, Round
from sponsors.billing.models import Setup
from sponsors.sponsorships import commitments, waiting_list
from tests import factories
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown, shown_beside_others
from tests.programmes import scenes
from tests.programmes.buying import address, send

Kind = Account.Kind


def a_call(**values):
    programme = scenes.programme(name="Harbour mentorship")
    round_ = scenes.round_(programme, name="Spring 2027", zone="Europe/Berlin")
    return scenes.call(round_, policy=MARKDOWN, **values)


def a_company(**values):
    company = factories.payer(display_name=A_LONG_NAME, **values)
    company.logo = factories.picture()
    company.save()
    return company, company.memberships.get().user


def wait_page(call):
    return f"/programmes/{call.round.programme.slug}/{call.round.slug}/wait/"


@shown_beside_others
def taking_a_seat(site, come):
    call = a_call()
    scenes.committed(call, factories.payer(display_name="Kestrel Bank"))
    _, user = a_company()
    return at(site, come, address(call.shares.first()), user)


@shown_beside_others
def taking_a_seat_as_somebody_new(site, come):
    return at(site, come, address(a_call().shares.first()), factories.user())


@shown_beside_others
def taking_a_seat_with_everything_wrong(site, come):
    page = taking_a_seat_as_somebody_new(site, come)
    page.get_by_label("Website").fill("no website")
    page.get_by_role("button", name="Sign and take the seat").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def taking_a_seat_that_went_to_others_meanwhile(site, come):
    call = a_call(seats=1)
    _, user = a_company()
    page = at(site, come, address(call.shares.get()), user)
    scenes.reserved(call)
    page.get_by_label("Your name, as your signature").fill("Ada Example")
    page.get_by_role("button", name="Sign and take the seat").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def taking_a_seat_of_a_call_that_is_over(site, come):
    call = a_call(seats=1)
    commitments.close(call_id=call.pk, now=call.closes_at)
    return at(site, come, address(call.shares.get()), factories.user())


def card_page(site, *, pay):
    call = a_call()
    company, user = a_company()
    client = Client()
    client.force_login(user)
    send(client, call.shares.first(), company)
    page = Setup.objects.latest("pk")
    if pay:
        site.engine.pay_checkout(page.stripe_id)
    return page.commitment, user


@shown
def back_with_a_card_saved(site, come):
    commitment, user = card_page(site, pay=True)
    return at(site, come, f"/commitments/{commitment.pk}/saved/", user)


@shown
def back_and_no_card_is_known_yet(site, come):
    commitment, user = card_page(site, pay=False)
    return at(site, come, f"/commitments/{commitment.pk}/saved/", user)


@shown
def back_and_the_seat_was_kept_no_longer(site, come):
    commitment, user = card_page(site, pay=False)
    commitments.withdraw(commitment_id=commitment.pk, now=clock.now())
    return at(site, come, f"/commitments/{commitment.pk}/saved/", user)


@shown
def a_seat_that_is_kept_for_a_card(site, come):
    commitment, user = card_page(site, pay=False)
    return at(site, come, f"/commitments/{commitment.pk}/", user)


@shown_beside_others
def a_seat_that_waits_for_its_purchase_order(site, come):
    company, user = a_company()
    kept = scenes.reserved(a_call(), company, pays_by="invoice")
    return at(site, come, f"/commitments/{kept.pk}/", user)


@shown_beside_others
def a_seat_that_is_promised(site, come):
    company, user = a_company()
    call = a_call()
    mine = scenes.committed(call, company)
    scenes.reserved(call)
    return at(site, come, f"/commitments/{mine.pk}/", user)


@shown_beside_others
def a_seat_of_a_round_that_runs(site, come):
    mine, user = a_running_round()
    return at(site, come, f"/commitments/{mine.pk}/", user)


def a_running_round():
    """With places, posts and money."""
    company, user = a_company()
    call = a_call()
    mine = scenes.committed(call, company)
    for name, is_anonymous in (("Kestrel Bank", False), ("Hidden", True)):
        share = call.shares.exclude(taken__gte=1).first() or call.shares.first()
        other = factories.payer(display_name=name)
        scenes.committed(call, other, share=share, is_anonymous=is_anonymous)
    commitments.note_paid(commitment_id=mine.pk, now=clock.now())
    Round.objects.filter(pk=call.round_id).update(announced_at=clock.now())
    place = a_place(call.round)
    Post.objects.create(
        place=place, author=place.user, title=A_LONG_NAME, body=MARKDOWN, at=clock.now(),
        released_at=clock.now(),
    )  # fmt: skip
    calls.note(call, "The first checkpoint is done.", at=clock.now())
    owner = f"round:{call.round_id}"
    held, billed = posting.Place(Kind.HELD, owner), posting.Place(Kind.BILLED, owner)
    posting.post(
        reference=f"shown:{owner}", kind=Entry.Kind.CHARGE_SETTLED, occurred_at=clock.now(),
        legs=[
            posting.Leg(billed, held, Money(600000, "GBP")),
            posting.Leg(held, posting.Place(Kind.FEES), Money(9050, "GBP")),
        ],
    )  # fmt: skip
    return mine, user


def a_place(round_):
    now = clock.now()
    application = scenes.application(round_)
    place = Place.objects.create(
        round=round_, application=application, user=application.user, public_name=A_LONG_NAME,
        status="running", stipend=240000, currency="GBP", offered_at=now, accept_until=now,
    )  # fmt: skip
    Mentoring.objects.create(place=place, user=factories.user(name="Linus Mentor"), number=1)
    return place


@shown_beside_others
def a_seat_that_was_offered(site, come):
    call = a_call(seats=1)
    kept = scenes.reserved(call)
    company, user = a_company()
    waiting_list.join(call_id=call.pk, company=company, by=user, now=clock.now())
    commitments.withdraw(commitment_id=kept.pk, now=clock.now())
    (offered,) = waiting_list.offer_next(call.pk, clock.now())
    return at(site, come, f"/commitments/{offered.pk}/", user)


@shown_beside_others
def a_seat_that_was_given_back(site, come):
    company, user = a_company()
    mine = scenes.committed(a_call(), company)
    commitments.withdraw(commitment_id=mine.pk, now=clock.now())
    return at(site, come, f"/commitments/{mine.pk}/", user)


@shown_beside_others
def giving_a_seat_back(site, come):
    company, user = a_company()
    mine = scenes.committed(a_call(), company)
    return at(site, come, f"/commitments/{mine.pk}/withdraw/", user)


@shown_beside_others
def waiting_for_a_seat(site, come):
    call = a_call(seats=1)
    scenes.reserved(call)
    company, user = a_company()
    waiting_list.join(call_id=call.pk, company=company, by=user, now=clock.now())
    return at(site, come, wait_page(call), user)


@shown_beside_others
def waiting_for_a_seat_that_is_free(site, come):
    call = a_call()
    _, user = a_company()
    page = at(site, come, wait_page(call), user)
    page.get_by_role("button", name="Join the list").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown_beside_others
def waiting_without_a_company(site, come):
    call = a_call(seats=1)
    scenes.reserved(call)
    return at(site, come, wait_page(call), factories.user())


@shown_beside_others
def a_home_with_programmes(site, come):
    company, user = a_company()
    scenes.committed(a_call(), company)
    gone = scenes.committed(a_call(), company)
    commitments.withdraw(commitment_id=gone.pk, now=clock.now())
    return at(site, come, f"/companies/{company.slug}/home/", user)


@shown_beside_others
def a_public_page_with_programmes(site, come):
    company, _ = a_company()
    scenes.committed(a_call(), company)
    return at(site, come, f"/sponsors/{company.slug}/")
