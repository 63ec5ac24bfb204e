"""The pages on which one switches: the cost first, then the button."""

import pytest
from django.utils.html import escape

from sponsors.billing.models import Price
from sponsors.sponsorships.models import Change
from tests import factories
from tests.billing.switching.wishes import ASKS, FAILS, UPDATE, new_card, newest_invoice


def test_the_page_shows_what_is_more_now_and_what_comes_later(
    engine, sponsorship, gold, small, signed_in
):
    page = signed_in.get(f"/sponsorships/{sponsorship.pk}/change/").content.decode()

    assert "This is yours" in page
    assert "More, at once" in page
    assert "Yearly from 5 February 2026" in page
    assert "From 5 February 2026" in page


def test_looking_at_a_cost_makes_nothing_here_or_at_stripe(engine, sponsorship, gold, signed_in):
    before = Price.objects.count(), len(engine.account.store.kinds["invoice"])

    page = signed_in.get(change_address(sponsorship, gold))

    assert "You pay" in page.content.decode()
    assert (Price.objects.count(), len(engine.account.store.kinds["invoice"])) == before


def change_address(sponsorship, tier, interval="month"):
    return f"/sponsorships/{sponsorship.pk}/change/{tier.pk}/{interval}/"


def sent(page):
    return page.context["cost"].signed if page.context["cost"] else ""


def test_the_button_changes_it_and_a_second_click_changes_nothing_more(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    form = {"price": 30000, "quote": sent(signed_in.get(address))}

    first = signed_in.post(address, form, follow=True).content.decode()
    second = signed_in.post(address, form, follow=True).content.decode()

    assert "Done: it is on Gold" in first
    assert "already" in second
    assert sponsorship.invoices.count() == 2


def test_an_old_page_is_shown_the_cost_anew_and_nothing_is_charged(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    form = {"price": 30000, "quote": sent(signed_in.get(address))}
    engine.advance_by(301)

    again = signed_in.post(address, form)

    assert again.status_code == 409
    assert "Some minutes have passed" in again.content.decode()
    assert sent(again) != form["quote"]
    assert not Change.objects.exists()


@pytest.mark.parametrize("quote", ["", "nonsense", "another"])
def test_a_cost_that_we_did_not_show_is_not_taken(engine, sponsorship, gold, signed_in, quote):
    if quote == "another":
        silver = factories.tier(sponsorship.project, monthly=20000)
        quote = sent(signed_in.get(change_address(sponsorship, silver)))

    answer = signed_in.post(change_address(sponsorship, gold), {"price": 30000, "quote": quote})

    assert answer.status_code == 409
    assert not Change.objects.exists()


@pytest.mark.parametrize("price", ["", "x", "-1", "1", "99999999999999999999"])
def test_a_price_that_is_not_today_s_is_shown_anew(engine, sponsorship, small, signed_in, price):
    answer = signed_in.post(change_address(sponsorship, small), {"price": price})

    assert answer.status_code == 409
    assert not Change.objects.exists()


def test_tiers_of_others_and_intervals_that_are_none_are_not_there(
    engine, sponsorship, small, signed_in
):
    for address in (
        change_address(sponsorship, factories.tier()),
        change_address(sponsorship, small, "week"),
        change_address(sponsorship, small, "year"),  # not sold so
        f"/sponsorships/{sponsorship.pk}/change/999999/month/",
    ):
        assert signed_in.get(address).status_code == 404
        assert signed_in.post(address, {"price": 1}).status_code == 404


def test_the_decline_is_told_on_the_page_with_the_way_to_another_card(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    new_card(engine, sponsorship, FAILS)

    page = signed_in.post(address, {"price": 30000, "quote": sent(signed_in.get(address))})

    assert page.status_code == 409
    assert "declined" in page.content.decode()
    assert "Change the card" in page.content.decode()


def test_what_waits_is_told_with_the_link_to_stripe(engine, sponsorship, gold, signed_in):
    address = change_address(sponsorship, gold)
    new_card(engine, sponsorship, ASKS)

    page = signed_in.post(
        address, {"price": 30000, "quote": sent(signed_in.get(address))}, follow=True
    ).content.decode()

    assert "Confirm the payment" in page
    assert escape(newest_invoice(sponsorship).hosted_url) in page


def test_a_planned_change_is_asked_shown_and_taken_back_on_the_pages(
    engine, sponsorship, small, signed_in
):
    address = change_address(sponsorship, small)
    assert "Change it on 5 February 2026" in signed_in.get(address).content.decode()

    page = signed_in.post(address, {"price": 4000}, follow=True).content.decode()
    assert "On 5 February 2026 it becomes Small" in page
    back = signed_in.post(f"/sponsorships/{sponsorship.pk}/change/take-back/", follow=True)

    assert "It stays as it is" in back.content.decode()


def test_when_stripe_does_not_answer_nobody_says_what_nobody_knows(
    engine, sponsorship, gold, signed_in
):
    address = change_address(sponsorship, gold)
    form = {"price": 30000, "quote": sent(signed_in.get(address))}
    engine.faults.add(UPDATE, "timeout_after", times=3)

    page = signed_in.post(address, form, follow=True).content.decode()

    assert "nobody knows yet" in page
