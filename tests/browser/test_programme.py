"""The whole life of a programme's round, by everybody who has a part in it, each in a browser of their
own and with what they may see."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.office.models import Message
from funding.programmes.models import Application, FundingCall, Place, Round
from sponsors.billing.models import Invoice
from tests import factories
from tests.browser.seats import address, seat
from tests.browser.steps import choosing, ordinary, organising, sponsoring, working
from tests.certainty import certain_page

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
ADDRESSES = ["grace@example.org", "mara@example.org"]
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
    users = {part: ordinary.somebody(name) for part, name in names.items()}
    project = factories.project("Harbour REST", maintainer=users["organiser"])
    factories.maintainer(project, by=users["mentor"])
    factories.payer(users["petra"], display_name="Harbourline")
    factories.payer(users["wim"], display_name="Wren")
    on = {part: visitor(user) for part, user in users.items()}
    certain_page(on["organiser"])
    return SimpleNamespace(users=SimpleNamespace(**users), **on)


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
    assert Round.objects.get().status == "done"


def a_round_is_made_ready_and_opened(site, cast):
    on = cast.organiser
    organising.begins_a_programme(on, site)
    organising.gives_a_part(on, site, cast.users.mentor, "Mentor")
    for reviewer in (cast.users.rita, cast.users.remy):
        organising.invites(on, site, reviewer, "Reviewer")
    for page in (cast.rita, cast.remy):
        organising.accepts_the_part(page, site)
    organising.begins_a_round(on, site)
    organising.sets_the_dates(on, site)
    organising.prices_the_call(on, site)
    organising.asks_a_question(on, site, "What should we know?")
    organising.plans_checkpoints(on, site)

    for page in (cast.stranger, cast.petra, cast.grace, cast.rita):
        ordinary.refused(page, site, ordinary.ROUND, ordinary.DESK)
    organising.opens_the_round(on, site)
    ordinary.not_read(cast.stranger, site, ["Apply"], ordinary.ROUND)


def three_companies_promise_and_one_waits(site, cast):
    sponsoring.promises_by_order(cast.petra, site, "PO-77")
    sponsoring.promises_by_card(cast.sam, site, "Sable", ordinary.ASKS)
    assert FundingCall.objects.get().state == "open"
    assert not Invoice.objects.exists()
    ordinary.refused(cast.sam, site, address("Harbourline"))

    sponsoring.promises_by_card(cast.dora, site, "Dunlin", ordinary.DECLINED)
    assert FundingCall.objects.get().state == "succeeded"
    sponsoring.joins_the_list(cast.wim, site)

    ordinary.go(cast.stranger, site, ordinary.ROUND)
    ordinary.says(cast.stranger, "It comes about")
    for name in ("Harbourline", "Sable", "Dunlin"):
        ordinary.says(cast.stranger, name)
    ordinary.not_read(cast.stranger, site, ["Wren", "PO-77"], ordinary.ROUND)


def the_seats_are_charged_and_one_is_replaced(site, cast):
    ordinary.work(site)
    assert {seat(name).status for name in ("Harbourline", "Sable", "Dunlin")} == {"due"}
    sponsoring.confirms_at_the_bank(cast.sam, site, seat("Sable"))
    bill = Invoice.objects.get(commitment=seat("Harbourline"))
    site.engine.transfer(bill.stripe_id, bill.total.amount)
    ordinary.go(cast.dora, site, address("Dunlin"))
    ordinary.says(cast.dora, "A payment failed")

    ordinary.until(site, "2026-01-13T12:00")
    assert [seat(one).status for one in ("Harbourline", "Sable", "Dunlin")] == [
        "paid",
        "paid",
        "failed",
    ]
    sponsoring.takes_the_seat_on_offer(cast.wim, site, seat("Wren"))
    ordinary.until(site, "2026-02-01T12:00")

    assert seat("Wren").status == "paid"
    call = FundingCall.objects.get()
    assert (call.state, call.round.places_funded) == ("succeeded", 1)
    assert call.closed_at and call.settled_at
    ordinary.not_read(cast.stranger, site, ["Dunlin"], ordinary.ROUND)


def two_people_apply(site, cast):
    choosing.applies(cast.grace, site, GRACE)
    choosing.applies(cast.alan, site, ALAN)

    mine, other = (one.get_absolute_url() for one in Application.objects.order_by("pk"))
    for page in (cast.stranger, cast.petra, cast.mentor, cast.rita, cast.organiser, cast.alan):
        ordinary.refused(page, site, mine, mine + "form/")
    ordinary.refused(cast.grace, site, other, ordinary.DESK + "applications/")
    for page in (cast.petra, cast.sam, cast.wim, cast.stranger):
        ordinary.refused(page, site, ordinary.DESK + "applications/", ordinary.DESK + "ranking/")
    nothing_is_read_by_others(site, cast)


def nothing_is_read_by_others(site, cast):
    """What applicants wrote stands nowhere where sponsors and strangers look."""
    public = ("/", "/programmes/", "/programmes/harbour-mentorship/", ordinary.ROUND)
    ordinary.not_read(cast.stranger, site, WORDS, *public, "/reviews/", "/places/", "/organise/")
    for page, name in ((cast.petra, "Harbourline"), (cast.wim, "Wren")):
        ordinary.not_read(page, site, WORDS, address(name), ordinary.ROUND)
    ordinary.not_read(cast.mentor, site, WORDS, "/organise/", "/places/", ordinary.DESK + "ideas/")


def two_reviewers_read_both(site, cast):
    ordinary.until(site, "2026-02-20T12:00")
    ordinary.not_read(cast.rita, site, WORDS, "/reviews/")
    choosing.gives_out_reviews(cast.organiser, site)
    for page, best in ((cast.rita, 5), (cast.remy, 4)):
        read = choosing.scores(page, site, {"kingfisher": best, "restore clocks": 3}, COMMENT)
        assert ABOUT in read
        hidden = ("Grace Finch", "Alan Moss", SECRET, "grace@", "alan@")
        assert not [word for word in hidden if word in read]
        ordinary.refused(page, site, ordinary.DESK + "applications/", ordinary.DESK + "ranking/")

    first = Application.objects.order_by("pk").first().reviews.first()
    for page in (cast.grace, cast.petra, cast.mentor, cast.stranger):
        ordinary.refused(page, site, f"/reviews/{first.pk}/")
    ordinary.not_read(cast.grace, site, [COMMENT, "Rita", "Remy"], "/applications/")
    ordinary.go(cast.organiser, site, ordinary.DESK + f"applications/{first.application_id}/")
    for words in ("Grace Finch", SECRET, COMMENT):
        ordinary.says(cast.organiser, words)


def one_is_chosen_and_nobody_knows_before_it_is_announced(site, cast):
    ordinary.until(site, "2026-03-01T12:00")
    choosing.chooses(cast.organiser, site)
    mine = Application.objects.order_by("pk").first().get_absolute_url()
    ordinary.go(cast.grace, site, mine)
    ordinary.says(cast.grace, "It is with the reviewers.")
    told = ["You are chosen", "is chosen", "not chosen"]
    ordinary.not_read(cast.grace, site, told, mine, "/applications/", "/places/")
    ordinary.not_read(cast.rita, site, [*told, *WORDS], "/reviews/")
    ordinary.not_read(cast.petra, site, [*told, *WORDS], address("Harbourline"), ordinary.ROUND)

    ordinary.until(site, "2026-03-08T12:00")
    choosing.announces(cast.organiser, site)
    ordinary.go(cast.alan, site, "/applications/")
    ordinary.says(cast.alan, "You were not chosen this time.")
    ordinary.not_read(cast.petra, site, ["Grace Finch"], address("Harbourline"), ordinary.ROUND)


def the_place_is_signed_for_and_gets_a_mentor(site, cast):
    place = Place.objects.get()
    for page in (cast.alan, cast.mentor, cast.petra, cast.stranger):
        ordinary.refused(page, site, f"/places/{place.pk}/", f"/places/{place.pk}/answer/")
    choosing.accepts(cast.grace, site, "Grace Finch")
    working.gives_a_mentor(cast.organiser, site, "Grace Finch", "Mara Maple")

    ordinary.go(cast.petra, site, address("Harbourline"))
    for words in ("Grace Finch", "Mentored by Mara"):
        ordinary.says(cast.petra, words)
    both_read_each_others_address(site, cast, f"/places/{place.pk}/")
    ordinary.not_read(cast.mentor, site, [ABOUT, SECRET, COMMENT], f"/places/{place.pk}/")


def both_read_each_others_address(site, cast, path):
    """And where questions go; nobody else reads an address of theirs."""
    for page, words in ((cast.mentor, ADDRESSES[0]), (cast.grace, ADDRESSES[1])):
        ordinary.go(page, site, path)
        ordinary.says(page, words)
        ordinary.says(page, "Questions: questions@harbour.example")
    for page, theirs in ((cast.petra, address("Harbourline")), (cast.dora, address("Dunlin"))):
        ordinary.not_read(page, site, ADDRESSES, theirs, ordinary.ROUND)
    for page in (cast.stranger, cast.alan, cast.rita):
        ordinary.not_read(page, site, ADDRESSES, ordinary.ROUND, "/places/", "/reviews/")


def both_sides_are_heard_twice_and_the_stipend_is_paid(site, cast):
    place = f"/places/{Place.objects.get().pk}/"
    for number, when in enumerate(("2026-04-11T12:00", "2026-05-09T12:00"), start=1):
        ordinary.until(site, when)
        working.says_how_it_goes(cast.grace, site, SAID[0])
        if number == 1:
            ordinary.not_read(cast.mentor, site, SAID[:1], place)
            ordinary.refused(cast.petra, site, place, place + "checkpoints/1/")
            ordinary.not_read(
                cast.organiser, site, ["Record it as paid"], ordinary.DESK + "money/"
            )
        working.says_how_it_goes(cast.mentor, site, SAID[1])
        working.pays_an_instalment(cast.organiser, site, f"BANK-{number}")
        for page in (cast.grace, cast.mentor):
            ordinary.go(page, site, place)
            ordinary.says(page, SAID[0])
            ordinary.says(page, SAID[1])
    working.pays_a_cost(cast.organiser, site, "500.00")
    assert Place.objects.get().status == "done"


def sponsors_read_what_is_released_to_them(site, cast):
    working.writes_a_post(cast.grace, site, "Dates are parsed", "All *green* now.")
    ordinary.not_read(cast.petra, site, ["Dates are parsed", *SAID], address("Harbourline"))

    working.releases_the_post(cast.organiser, site, "Grace Finch")

    ordinary.go(cast.petra, site, address("Harbourline"))
    ordinary.says(cast.petra, "Dates are parsed")
    ordinary.not_read(cast.petra, site, [*SAID, ABOUT, SECRET, COMMENT], address("Harbourline"))
    ordinary.not_read(cast.stranger, site, ["Dates are parsed", *SAID, *WORDS], ordinary.ROUND)
    ordinary.not_read(cast.dora, site, ["Dates are parsed", "Grace Finch"], address("Dunlin"))


def the_round_is_reported_and_ends(site, cast):
    ordinary.until(site, "2026-05-18T12:00")
    working.reports(cast.organiser, site, "We released *twice*.")
    working.ends_the_round(cast.organiser, site)

    ordinary.go(cast.stranger, site, ordinary.ROUND)
    ordinary.says(cast.stranger, "We released twice.")
    ordinary.says(cast.stranger, "The round in numbers")
    ordinary.not_read(cast.stranger, site, [ABOUT, SECRET, COMMENT, *SAID, "Alan"], ordinary.ROUND)
    answer = cast.grace.request.get(site.at(f"/places/{Place.objects.get().pk}/certificate.pdf"))
    assert answer.body().startswith(b"%PDF")


def every_cent_is_accounted_for(site, cast):
    ordinary.work(site)
    ordinary.go(cast.petra, site, address("Harbourline"))
    shown = working.purse_on(cast.petra)
    left = balances.of(posting.round(Round.objects.get().pk, Account.Kind.HELD), "GBP").amount

    assert shown["Received from sponsors, net"] == 300001
    assert shown["Paid as stipends"] == 240050
    assert shown["Paid for the programme"] == 50000
    assert shown["Card fees"] > 0
    assert shown["Given back to sponsors"] == 300001 - 240050 - 50000 - shown["Card fees"] > 0
    assert shown["Left"] == left == 0
    assert len(shown) == 6
    ordinary.says(cast.petra, "goes back to its sponsors")
    call_command("check_books")
    call_command("reconcile")
    the_mails_are_what_they_should_be()


def the_mails_are_what_they_should_be():
    """Who paid heard of the report, once; nobody was mailed what stands in applications."""
    mails = Message.objects.all()
    assert mails.filter(key__startswith="report_published:").count() == 3
    flat = [" ".join(one.body.split()) for one in mails]
    assert not [body for body in flat for words in (ABOUT, SECRET, COMMENT) if words in body]
