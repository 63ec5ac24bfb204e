"""What a sponsor sees of its round, what everybody sees of sponsors, and what stays hidden."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.test import Client

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.office import clock
from funding.office.models import Message
from funding.programmes.models import Mentoring, Outlay, Place, Post, Programme, Round
from sponsors.billing.models import Invoice
from sponsors.sponsorships import (
    badges,
    commitments,
    personal,
    renewing,
    seating,
    signing,
    sponsor_page,
)
from sponsors.sponsorships.models import Commitment, Waiting
from tests import factories
from tests.programmes import scenes

pytestmark = pytest.mark.django_db
Kind = Account.Kind


def look(client, commitment):
    return client.get(f"/commitments/{commitment.pk}/").content.decode()


def visit(commitment):
    client = Client()
    client.force_login(commitment.company.memberships.first().user)
    return client


@pytest.fixture
def seat(user):
    """A promise of the person who is signed in."""
    return scenes.committed(scenes.call(), factories.payer(user))


def a_place(round_, **values):
    """Accepted, with a mentor."""
    now = clock.now()
    application = scenes.application(round_, about="CANARY in an application")
    defaults = {
        "round": round_, "application": application, "user": application.user,
        "public_name": "Grace", "status": "running", "stipend": 240000, "currency": "GBP",
        "offered_at": now, "accept_until": now,
    }  # fmt: skip
    place = Place.objects.create(**{**defaults, **values})
    Mentoring.objects.create(place=place, user=factories.user(name="Linus Mentor"), number=1)
    return place


def announce(round_):
    Round.objects.filter(pk=round_.pk).update(announced_at=clock.now(), places_funded=2)


def test_a_promise_says_what_happens_next_and_when(signed_in, seat):
    html = look(signed_in, seat)

    assert "nothing is charged yet" in html
    assert "When £6,000 is promised, your card is charged" in html
    assert " UTC" in html


def test_those_who_stand_behind_it_too_are_named_unless_they_stay_anonymous(signed_in, seat):
    open_ = scenes.committed(seat.call, factories.payer(display_name="Orrery Labs"))
    scenes.committed(
        seat.call, factories.payer(display_name="Hidden plc"), is_anonymous=True,
        share=seat.call.shares.last(),
    )  # fmt: skip

    html = look(signed_in, seat)

    assert open_.company.display_name in html
    assert "Hidden plc" not in html
    assert "A company that stays anonymous" in html


def test_places_stand_there_once_they_are_announced(signed_in, seat):
    a_place(seat.call.round)
    assert "Grace" not in look(signed_in, seat)

    announce(seat.call.round)

    html = look(signed_in, seat)
    assert "Grace" in html
    assert "Mentored by Linus" in html


def test_who_was_offered_a_place_and_has_not_accepted_is_not_shown(signed_in, seat):
    a_place(seat.call.round, status="offered")
    announce(seat.call.round)

    assert "Grace" not in look(signed_in, seat)


def test_a_post_is_read_by_sponsors_once_it_is_released(signed_in, seat):
    place = a_place(seat.call.round)
    now = clock.now()
    for title, released in (("Half way", now), ("Not yet", None)):
        Post.objects.create(
            place=place,
            author=place.user,
            title=title,
            body="Words.",
            at=now,
            released_at=released,
        )

    html = look(signed_in, seat)

    assert "Half way" in html
    assert "Not yet</h3>" not in html


def test_nobody_is_named_by_their_address(signed_in, seat):
    place = a_place(seat.call.round, public_name="")
    mentor = factories.user("mentor@private.example")
    Mentoring.objects.create(place=place, user=mentor, number=2)
    announce(seat.call.round)
    for author in (place.user, mentor):
        Post.objects.create(
            place=place, author=author, title="Words", body="Words.", at=clock.now(),
            released_at=clock.now(),
        )  # fmt: skip

    html = look(signed_in, seat)

    assert place.user.email not in html
    assert "mentor@private.example" not in html


def test_a_badge_s_code_is_shown_and_not_drawn(signed_in, seat):
    assert "&lt;a href=&quot;" in look(signed_in, seat)


def test_no_word_of_an_application_reaches_a_sponsor(signed_in, seat):
    a_place(seat.call.round)
    announce(seat.call.round)

    assert "CANARY" not in look(signed_in, seat)


def test_the_money_of_the_round_stands_there_as_the_books_have_it(signed_in, seat):
    round_ = seat.call.round
    book(round_, (Kind.BILLED, Kind.HELD, 200000), (Kind.HELD, Kind.FEES, 5000))
    entry = book(round_, (Kind.HELD, Kind.BANK, 80000))
    Outlay.objects.create(
        round=round_, kind="cost", payee="A mentor", amount=80000, currency="GBP",
        paid_on=clock.today(), paid_by="The foundation", reference="R1", entry=entry,
        recorded_by=factories.user(), recorded_at=clock.now(),
    )  # fmt: skip

    purse = sponsor_page.purse(round_, "GBP")

    assert [str(one) for one in (purse.received, purse.costs, purse.fees, purse.left)] == [
        "£2,000", "£800", "£50", "£1,150",
    ]  # fmt: skip
    assert not purse.other
    assert "£1,150.00" in look(signed_in, seat)


def test_an_open_invoice_can_be_paid_from_there(signed_in, seat):
    now = clock.now()
    Invoice.objects.create(
        stripe_id="in_1", company=seat.company, commitment=seat, fund=seat.fund, number="M-1",
        status="open", currency="GBP", net=200000, tax=0, created_at=now, period_starts_at=now,
        period_ends_at=now, hosted_url="https://invoice.stripe.com/i/1",
    )  # fmt: skip

    html = look(signed_in, seat)

    assert 'href="https://invoice.stripe.com/i/1"' in html
    assert "Pay £2,000.00 now" in html


def test_a_stranger_does_not_find_it(seat):
    client = Client()
    client.force_login(factories.payer().memberships.get().user)

    assert client.get(f"/commitments/{seat.pk}/").status_code == 404


def test_it_takes_as_many_queries_with_many_sponsors_as_with_few(
    signed_in, user, django_assert_max_num_queries
):
    call = scenes.call(seats=30)
    seat = scenes.committed(call, factories.payer(user))
    for _ in range(12):
        scenes.committed(call, share=call.shares.first())
        a_place(call.round)
    announce(call.round)

    with django_assert_max_num_queries(32):
        look(signed_in, seat)


# What may still be changed


def test_a_seat_is_given_back_before_the_decision(signed_in, seat):
    asked = signed_in.get(f"/commitments/{seat.pk}/withdraw/").content.decode()
    signed_in.post(f"/commitments/{seat.pk}/withdraw/")

    seat.refresh_from_db()
    assert "cannot be taken back" in asked
    assert seat.status == "withdrawn"
    assert Message.objects.filter(key=f"seat_withdrawn:{seat.pk}").count() == 1


def test_after_the_decision_it_is_not(signed_in, user):
    seat = scenes.committed(scenes.call(seats=1), factories.payer(user))

    answer = signed_in.post(f"/commitments/{seat.pk}/withdraw/", follow=True)

    seat.refresh_from_db()
    assert seat.status == "due"
    assert "It was decided meanwhile" in answer.content.decode()


def test_the_name_is_hidden_until_the_decision(signed_in, seat):
    signed_in.post(f"/commitments/{seat.pk}/name/", {"is_anonymous": "yes"})

    seat.refresh_from_db()
    assert seat.is_anonymous
    assert seating.Seats(seat.call, now=clock.now()).taken[0].company is None


def test_after_the_decision_the_name_stays_as_it_was():
    seat = scenes.committed(scenes.call(seats=1))

    with pytest.raises(signing.Decided):
        signing.show(commitment_id=seat.pk, is_anonymous=True)


def test_a_number_that_is_given_anew_stands_until_the_decision(signed_in, user):
    seat = scenes.committed(
        scenes.call(), factories.payer(user), pays_by="invoice", po_number="PO-1"
    )

    signed_in.post(f"/commitments/{seat.pk}/po/", {"po_number": "PO-2"})

    seat.refresh_from_db()
    assert (seat.po_number, seat.status) == ("PO-2", "committed")


# What everybody sees


def test_the_seats_of_a_call_tell_firm_money_from_what_is_only_kept():
    call = scenes.call()
    scenes.committed(call)
    scenes.reserved(call)

    seats = seating.Seats(call, now=clock.now())

    assert (str(seats.firm), str(seats.unconfirmed), str(seats.needed)) == (
        "£2,000", "£2,000", "£6,000",
    )  # fmt: skip
    assert [one.is_firm for one in seats.taken] == [True, False]
    assert sum(one.free for one in seats.free) == 1


def test_seats_are_drawn_with_their_price_and_a_button():
    call = scenes.call()
    scenes.committed(call, factories.payer(display_name="Kestrel Bank"))

    html = drawn(call)

    assert "Kestrel Bank" in html
    assert f"/sponsor/{call.shares.first().pk}/" in html
    assert "£2,000" in html


def test_a_full_call_shows_the_way_to_the_waiting_list():
    call = scenes.call(seats=2)
    scenes.committed(call), scenes.reserved(call, share=call.shares.last())

    html = drawn(call)

    assert "Join the waiting list" in html
    assert "/sponsor/" not in html


def test_seats_take_as_many_queries_for_fifty_as_for_one(django_assert_max_num_queries):
    call = scenes.call(seats=60)
    for _ in range(10):
        scenes.committed(call)

    with django_assert_max_num_queries(4):
        drawn(call)


def test_a_company_s_home_lists_its_programmes(signed_in, seat):
    html = signed_in.get(f"/companies/{seat.company.slug}/home/").content.decode()

    assert "Our programmes" in html
    assert f"/commitments/{seat.pk}/" in html


def test_a_company_s_public_page_names_what_it_stands_behind(client, seat):
    html = client.get(f"/sponsors/{seat.company.slug}/").content.decode()

    assert str(seat.call.round.name) in html


def test_a_public_page_says_nothing_of_what_stays_anonymous(client, seat):
    signing.show(commitment_id=seat.pk, is_anonymous=True)

    assert client.get(f"/sponsors/{seat.company.slug}/").status_code == 404


# The badge


@pytest.mark.parametrize("name", ["Spring <2027> & co", "名前" * 30, "x" * 60, '"quoted"'])
def test_a_badge_is_whole_whatever_the_round_is_called(client, name):
    round_ = scenes.round_(name=name[:60])

    answer = client.get(f"/programmes/{round_.programme.slug}/{round_.slug}/badge.svg")

    assert answer["Content-Type"] == "image/svg+xml"
    assert "max-age" in answer["Cache-Control"]
    assert name[:5] in "".join(ElementTree.fromstring(answer.content).itertext())


def test_the_text_beside_a_badge_cannot_leave_its_place():
    programme = scenes.programme(name='A "b" <i> [c](d)')
    round_ = scenes.round_(programme)

    assert "<i>" not in badges.as_html(round_)
    assert "\\[c\\](d)" in badges.as_markdown(round_)


# Mail, the next round, and who leaves


def test_the_receipt_of_a_promise_carries_the_signed_words(seat):
    mail = Message.objects.get(key=f"seat_promised:{seat.pk}")

    assert "We pay this seat." in mail.body
    assert seat.company.billing_email in mail.recipients


def test_a_seat_that_is_not_confirmed_is_told_of_once():
    kept = scenes.reserved(scenes.call())
    later = clock.now() + timedelta(hours=1)

    assert [commitments.expire(commitment_id=kept.pk, now=later) for _ in range(2)] == [
        True,
        False,
    ]

    assert Message.objects.filter(key=f"seat_expired:{kept.pk}").count() == 1


def test_those_who_paid_are_asked_first_for_the_next_round(signed_in, user):
    before = scenes.committed(scenes.call(seats=1), factories.payer(user))
    commitments.note_paid(commitment_id=before.pk, now=clock.now())
    after = scenes.round_(before.call.round.programme, previous=before.call.round)
    call = scenes.call(after, first_until=clock.now() + timedelta(days=3))

    renewing.ask_again()
    renewing.ask_again()

    assert Message.objects.filter(key=f"asked-again:{call.pk}:{before.pk}").count() == 1
    assert f"Stand behind {after.name}" in look(signed_in, before)
    with pytest.raises(commitments.seat_refusals.NotYours):
        scenes.reserved(call)
    assert scenes.reserved(call, before.company).status == "reserved"


def test_who_alone_acts_for_a_company_with_a_seat_cannot_leave(seat, user):
    assert any("give the seat back" in words for words in personal.hindrances(user))


def test_an_export_holds_what_was_signed(seat, user):
    (told,) = personal.export(user)["seats"]

    assert told["signed_name"] == "Ada Example"
    assert told["signed_words"] == "We pay this seat."


def book(round_, *legs):
    owner = f"round:{round_.pk}"

    def place(kind):
        return posting.Place(kind, "" if kind in (Kind.FEES, Kind.BANK) else owner)

    reference = f"test:{Entry.objects.count()}"
    posting.post(
        reference=reference, kind=Entry.Kind.CHARGE_SETTLED, occurred_at=clock.now(),
        legs=[
            posting.Leg(place(debit), place(credit), Money(amount, "GBP"))
            for debit, credit, amount in legs
        ],
    )  # fmt: skip
    return Entry.objects.get(reference=reference)


def drawn(call):
    class Page:
        pass

    page = Page()
    page.call = call
    found = Programme.objects.get(pk=call.round.programme_id)
    call.round.programme = found
    template = Template('{% include "programmes/_seats.html" %}')
    return template.render(Context({"page": page}))


def test_who_has_a_seat_or_waits_is_told_so_on_the_rounds_page(signed_in, seat, user):
    waits = factories.company(user, display_name="Fathom")
    Waiting.objects.create(call=seat.call, company=waits, user=user, since=clock.now())

    page = signed_in.get(seat.call.round.get_absolute_url()).text

    assert f'href="{seat.get_absolute_url()}"' in page
    assert "Fathom waits for a seat." in page
    assert "waits for a seat." not in Client().get(seat.call.round.get_absolute_url()).text


def test_a_seat_in_the_next_round_is_led_to_and_not_offered_again(signed_in, seat):
    following = scenes.call(scenes.round_(seat.call.round.programme, previous=seat.call.round))
    mine = scenes.committed(following, seat.company)

    page = signed_in.get(seat.get_absolute_url()).text

    assert f'href="{mine.get_absolute_url()}"' in page
    assert "Wait for a seat of" not in page


def test_a_seat_that_waits_for_its_company_stands_first_on_its_home(signed_in, user):
    company = factories.company(user, display_name="Kestrel")
    kept = scenes.reserved(scenes.call(), company)

    page = signed_in.get(f"/companies/{company.slug}/home/").text

    assert "What needs you" in page
    assert page.index("Save a card") < page.index("Our programmes")
    assert f'href="{kept.get_absolute_url()}"' in page


def test_a_seat_that_is_gone_speaks_of_nothing_to_come(signed_in, seat):
    Commitment.objects.filter(pk=seat.pk).update(status="released", ended_at=clock.now())

    page = signed_in.get(seat.get_absolute_url()).text

    assert "No invoice was made." in page
    assert "Next report" not in page
    assert "Paid by" not in page


def test_a_company_behind_nothing_is_shown_the_way_to_programmes(signed_in, user):
    company = factories.company(user, display_name="Kestrel")

    page = signed_in.get(f"/companies/{company.slug}/home/").text

    assert 'href="/programmes/">See the programmes' in page
