"""The whole life of a programme's round, by everybody who has a part in it, each in a browser of their
own and with what they may see; and what becomes of a round that companies do not pay for."""

from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import call_command

from funding.accounts.models import User
from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office.models import Message
from funding.programmes.models import Application, FundingCall, Place, Round
from sponsors.billing.models import Invoice, Setup
from sponsors.sponsorships.models import Commitment
from tests import factories
from tests.browser import programme_steps as steps
from tests.certainty import certain_page
from tests.programmes import scenes

pytestmark = pytest.mark.browser

SECRET, ABOUT = "I have a bad knee.", "The kingfisher nests below the seventh lock."
GRACE = {
    "Your name": "Grace Finch", "About you": ABOUT, "Hours a week": "30",
    "Use of AI tools": "None at all", "What should we know?": SECRET,
}  # fmt: skip
ALAN = {
    "Your name": "Alan Moss", "About you": "I restore clocks.", "Hours a week": "20",
    "Use of AI tools": "A spelling checker", "What should we know?": "Nothing much.",
}  # fmt: skip
WRITTEN = [*GRACE.values(), *ALAN.values()]
WORDS = [word for word in WRITTEN if not word.isdigit()]  # numbers stand on many pages
COMMENT = "Writes with care and asks well."
SAID = ("I have read all of the parser.", "We meet each Monday.")


@pytest.fixture
def cast(site, visitor):
    """Who takes part, each with a page of their own."""
    names = {
        "organiser": "Olive Oak", "mentor": "Mara Maple", "rita": "Rita Rowan",
        "remy": "Remy Reed", "grace": "Grace Finch", "alan": "Alan Moss", "petra": "Petra Pay",
        "sam": "Sam Sable", "dora": "Dora Dunlin", "wim": "Wim Wren", "stranger": "Sten Stone",
    }  # fmt: skip
    users = {part: steps.somebody(name) for part, name in names.items()}
    project = factories.project("Harbour REST", maintainer=users["organiser"])
    factories.maintainer(project, by=users["mentor"])
    factories.payer(users["petra"], display_name="Harbourline")
    factories.payer(users["wim"], display_name="Wren")
    on = {part: visitor(user) for part, user in users.items()}
    certain_page(on["organiser"])
    return SimpleNamespace(users=SimpleNamespace(**users), **on)


def seat(name):
    return Commitment.objects.filter(company__display_name=name).latest("pk")


def address(name):
    return seat(name).get_absolute_url()


def test_a_round_from_its_call_to_its_last_report(site, cast):
    a_round_is_made_ready_and_opened(site, cast)
    three_companies_promise_and_one_waits(site, cast)
    the_seats_are_charged_and_one_is_replaced(site, cast)
    two_people_apply(site, cast)
    two_reviewers_read_both(site, cast)
    one_is_chosen_and_nobody_knows_before_it_is_announced(site, cast)
    the_place_is_signed_for_and_gets_a_mentor(site, cast)
    both_sides_are_heard_twice_and_the_stipend_is_paid(site, cast)
    sponsors_read_what_is_released_to_them(site, cast)
    the_round_is_reported_and_ends(site, cast)
    every_cent_is_accounted_for(site, cast)


def a_round_is_made_ready_and_opened(site, cast):
    on = cast.organiser
    steps.begins_a_programme(on, site)
    steps.gives_a_part(on, site, cast.users.mentor, "Mentor")
    for reviewer in (cast.users.rita, cast.users.remy):
        steps.invites(on, site, reviewer, "Reviewer")
    for page in (cast.rita, cast.remy):
        steps.accepts_the_part(page, site)
    steps.begins_a_round(on, site)
    steps.sets_the_dates(on, site)
    steps.prices_the_call(on, site)
    steps.asks_a_question(on, site, "What should we know?")
    steps.plans_checkpoints(on, site)

    for page in (cast.stranger, cast.petra, cast.grace, cast.rita):
        steps.refused(page, site, steps.ROUND, steps.DESK)
    steps.opens_the_round(on, site)
    steps.not_read(cast.stranger, site, ["Apply"], steps.ROUND)


def three_companies_promise_and_one_waits(site, cast):
    steps.promises_by_order(cast.petra, site, "PO-77")
    steps.promises_by_card(cast.sam, site, "Sable", steps.ASKS)
    assert FundingCall.objects.get().state == "open"
    assert not Invoice.objects.exists()
    steps.refused(cast.sam, site, address("Harbourline"))

    steps.promises_by_card(cast.dora, site, "Dunlin", steps.DECLINED)
    assert FundingCall.objects.get().state == "succeeded"
    steps.joins_the_list(cast.wim, site)

    steps.go(cast.stranger, site, steps.ROUND)
    steps.says(cast.stranger, "It comes about")
    for name in ("Harbourline", "Sable", "Dunlin"):
        steps.says(cast.stranger, name)
    steps.not_read(cast.stranger, site, ["Wren", "PO-77"], steps.ROUND)


def the_seats_are_charged_and_one_is_replaced(site, cast):
    steps.work(site)
    assert {seat(name).status for name in ("Harbourline", "Sable", "Dunlin")} == {"due"}
    steps.confirms_at_the_bank(cast.sam, site, seat("Sable"))
    bill = Invoice.objects.get(commitment=seat("Harbourline"))
    site.engine.transfer(bill.stripe_id, bill.total.amount)
    steps.go(cast.dora, site, address("Dunlin"))
    steps.says(cast.dora, "A payment failed")

    steps.until(site, "2026-01-13T12:00")
    assert [seat(one).status for one in ("Harbourline", "Sable", "Dunlin")] == [
        "paid",
        "paid",
        "failed",
    ]
    steps.takes_the_seat_on_offer(cast.wim, site, seat("Wren"))
    steps.until(site, "2026-02-01T12:00")

    assert seat("Wren").status == "paid"
    call = FundingCall.objects.get()
    assert (call.state, call.round.places_funded) == ("succeeded", 1)
    assert call.closed_at and call.settled_at
    steps.not_read(cast.stranger, site, ["Dunlin"], steps.ROUND)


def two_people_apply(site, cast):
    steps.applies(cast.grace, site, GRACE)
    steps.applies(cast.alan, site, ALAN)

    mine, other = (one.get_absolute_url() for one in Application.objects.order_by("pk"))
    for page in (cast.stranger, cast.petra, cast.mentor, cast.rita, cast.organiser, cast.alan):
        steps.refused(page, site, mine, mine + "form/")
    steps.refused(cast.grace, site, other, steps.DESK + "applications/")
    for page in (cast.petra, cast.sam, cast.wim, cast.stranger):
        steps.refused(page, site, steps.DESK + "applications/", steps.DESK + "ranking/")
    nothing_is_read_by_others(site, cast)


def nothing_is_read_by_others(site, cast):
    """What applicants wrote stands nowhere where sponsors and strangers look."""
    public = ("/", "/programmes/", "/programmes/harbour-mentorship/", steps.ROUND)
    steps.not_read(cast.stranger, site, WORDS, *public, "/reviews/", "/places/", "/organise/")
    for page, name in ((cast.petra, "Harbourline"), (cast.wim, "Wren")):
        steps.not_read(page, site, WORDS, address(name), steps.ROUND)
    steps.not_read(cast.mentor, site, WORDS, "/organise/", "/places/", steps.DESK + "ideas/")


def two_reviewers_read_both(site, cast):
    steps.until(site, "2026-02-20T12:00")
    steps.not_read(cast.rita, site, WORDS, "/reviews/")
    steps.gives_out_reviews(cast.organiser, site)
    for page, best in ((cast.rita, 5), (cast.remy, 4)):
        read = steps.scores(page, site, {"kingfisher": best, "restore clocks": 3}, COMMENT)
        assert ABOUT in read
        hidden = ("Grace Finch", "Alan Moss", SECRET, "grace@", "alan@")
        assert not [word for word in hidden if word in read]
        steps.refused(page, site, steps.DESK + "applications/", steps.DESK + "ranking/")

    first = Application.objects.order_by("pk").first().reviews.first()
    for page in (cast.grace, cast.petra, cast.mentor, cast.stranger):
        steps.refused(page, site, f"/reviews/{first.pk}/")
    steps.not_read(cast.grace, site, [COMMENT, "Rita", "Remy"], "/applications/")
    steps.go(cast.organiser, site, steps.DESK + f"applications/{first.application_id}/")
    for words in ("Grace Finch", SECRET, COMMENT):
        steps.says(cast.organiser, words)


def one_is_chosen_and_nobody_knows_before_it_is_announced(site, cast):
    steps.until(site, "2026-03-01T12:00")
    steps.chooses(cast.organiser, site)
    mine = Application.objects.order_by("pk").first().get_absolute_url()
    steps.go(cast.grace, site, mine)
    steps.says(cast.grace, "It is with the reviewers.")
    told = ["You are chosen", "is chosen", "not chosen"]
    steps.not_read(cast.grace, site, told, mine, "/applications/", "/places/")
    steps.not_read(cast.rita, site, [*told, *WORDS], "/reviews/")
    steps.not_read(cast.petra, site, [*told, *WORDS], address("Harbourline"), steps.ROUND)

    steps.until(site, "2026-03-08T12:00")
    steps.announces(cast.organiser, site)
    steps.go(cast.alan, site, "/applications/")
    steps.says(cast.alan, "You were not chosen this time.")
    steps.not_read(cast.petra, site, ["Grace Finch"], address("Harbourline"), steps.ROUND)


def the_place_is_signed_for_and_gets_a_mentor(site, cast):
    place = Place.objects.get()
    for page in (cast.alan, cast.mentor, cast.petra, cast.stranger):
        steps.refused(page, site, f"/places/{place.pk}/", f"/places/{place.pk}/answer/")
    steps.accepts(cast.grace, site, "Grace Finch")
    steps.gives_a_mentor(cast.organiser, site, "Grace Finch", "Mara Maple")

    steps.go(cast.petra, site, address("Harbourline"))
    for words in ("Grace Finch", "Mentored by Mara"):
        steps.says(cast.petra, words)
    steps.go(cast.mentor, site, f"/places/{place.pk}/")
    steps.not_read(cast.mentor, site, [ABOUT, SECRET, COMMENT], f"/places/{place.pk}/")


def both_sides_are_heard_twice_and_the_stipend_is_paid(site, cast):
    place = f"/places/{Place.objects.get().pk}/"
    for number, when in enumerate(("2026-04-11T12:00", "2026-05-09T12:00"), start=1):
        steps.until(site, when)
        steps.says_how_it_goes(cast.grace, site, SAID[0])
        if number == 1:
            steps.not_read(cast.mentor, site, SAID[:1], place)
            steps.refused(cast.petra, site, place, place + "checkpoints/1/")
            steps.not_read(cast.organiser, site, ["Record it as paid"], steps.DESK + "money/")
        steps.says_how_it_goes(cast.mentor, site, SAID[1])
        steps.pays_an_instalment(cast.organiser, site, f"BANK-{number}")
        for page in (cast.grace, cast.mentor):
            steps.go(page, site, place)
            steps.says(page, SAID[0])
            steps.says(page, SAID[1])
    steps.pays_a_cost(cast.organiser, site, "500.00")
    assert Place.objects.get().status == "done"


def sponsors_read_what_is_released_to_them(site, cast):
    steps.writes_a_post(cast.grace, site, "Dates are parsed", "All *green* now.")
    steps.not_read(cast.petra, site, ["Dates are parsed", *SAID], address("Harbourline"))

    steps.releases_the_post(cast.organiser, site, "Grace Finch")

    steps.go(cast.petra, site, address("Harbourline"))
    steps.says(cast.petra, "Dates are parsed")
    steps.not_read(cast.petra, site, [*SAID, ABOUT, SECRET, COMMENT], address("Harbourline"))
    steps.not_read(cast.stranger, site, ["Dates are parsed", *SAID, *WORDS], steps.ROUND)
    steps.not_read(cast.dora, site, ["Dates are parsed", "Grace Finch"], address("Dunlin"))


def the_round_is_reported_and_ends(site, cast):
    steps.until(site, "2026-05-18T12:00")
    steps.reports(cast.organiser, site, "We released *twice*.")
    steps.ends_the_round(cast.organiser, site)

    steps.go(cast.stranger, site, steps.ROUND)
    steps.says(cast.stranger, "We released twice.")
    steps.says(cast.stranger, "The round in numbers")
    steps.not_read(cast.stranger, site, [ABOUT, SECRET, COMMENT, *SAID, "Alan"], steps.ROUND)
    answer = cast.grace.request.get(site.at(f"/places/{Place.objects.get().pk}/certificate.pdf"))
    assert answer.body().startswith(b"%PDF")
    assert Round.objects.get().status == "done"


def every_cent_is_accounted_for(site, cast):
    steps.work(site)
    steps.go(cast.petra, site, address("Harbourline"))
    shown = steps.purse_on(cast.petra)
    left = balances.of(posting.round(Round.objects.get().pk, Account.Kind.HELD), "GBP").amount

    assert shown["Received from sponsors, net"] == 300001
    assert shown["Paid as stipends"] == 240050
    assert shown["Paid for the programme"] == 50000
    assert shown["Card fees"] > 0
    assert shown["Given back to sponsors"] == 300001 - 240050 - 50000 - shown["Card fees"] > 0
    assert shown["Left"] == left == 0
    assert len(shown) == 6
    steps.says(cast.petra, "goes back to its sponsors")
    call_command("check_books")
    call_command("reconcile")
    the_mails_are_what_they_should_be()


def the_mails_are_what_they_should_be():
    """Who paid heard of the report, once; nobody was mailed what stands in applications."""
    mails = Message.objects.all()
    assert mails.filter(key__startswith="report_published:").count() == 3
    flat = [" ".join(one.body.split()) for one in mails]
    assert not [body for body in flat for words in (ABOUT, SECRET, COMMENT) if words in body]


# A call that misses its least


@pytest.fixture
def short_call(site):
    """It wants three companies."""
    programme = scenes.programme(slug="harbour-mentorship", name="Harbour mentorship")
    round_ = scenes.round_(programme, slug="spring-2026", name="Spring 2026")
    return scenes.call(round_)


def test_a_call_that_misses_its_least_charges_nobody_and_tells_everybody_once(
    site, visitor, short_call
):
    petra, sam = (visitor(steps.somebody(name)) for name in ("Petra Pay", "Sam Sable"))
    factories.payer(
        User.objects.get(email="petra@example.org"), display_name="Harbourline",
        billing_email="petra@example.org",
    )  # fmt: skip
    steps.promises_by_order(petra, site, "PO-77")
    steps.promises_by_card(sam, site, "Sable", steps.GOOD)
    at_stripe = site.engine.account.store.kinds
    (saved,) = at_stripe["payment_method"].values()
    assert saved["customer"] is not None

    steps.until(site, f"{short_call.closes_at:%Y-%m-%dT%H:%M}")
    for _ in range(3):
        steps.work(site)

    for page, name in ((petra, "Harbourline"), (sam, "Sable")):
        steps.go(page, site, address(name))
        steps.says(page, "your promise ended")
        steps.says(page, "Nothing was charged")
        assert seat(name).status == "released"
    nobody_was_charged(site, at_stripe)
    everybody_was_told_once(short_call)
    anybody = visitor()
    steps.go(anybody, site, steps.ROUND)
    steps.says(anybody, "It did not come about")


def nobody_was_charged(site, at_stripe):
    """And the card that was saved is forgotten, here and there."""
    for kind in ("invoice", "charge", "payment_intent", "subscription"):
        assert not at_stripe.get(kind), kind
    assert [one["status"] for one in at_stripe["setup_intent"].values()] == ["succeeded"]
    assert not any(site.engine.truth()["currencies"].values())
    assert [one["customer"] for one in at_stripe["payment_method"].values()] == [None]
    assert Setup.objects.get().payment_method == ""
    assert not Invoice.objects.exists()
    call_command("check_books")
    call_command("reconcile")


def everybody_was_told_once(call):
    call.refresh_from_db()
    assert (call.state, call.round.places_funded) == ("failed", 0)
    assert Round.objects.get().status == "failed"
    failed = Message.objects.filter(key__startswith="call-failed:")
    assert sorted(one.recipients[0] for one in failed) == ["petra@example.org", "sam@example.org"]
    sent = [one for one in mail.outbox if "does not come about" in one.subject]
    assert sorted(to for one in sent for to in one.to) == ["petra@example.org", "sam@example.org"]
