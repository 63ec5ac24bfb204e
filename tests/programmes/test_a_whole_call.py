"""A call from its first seat to the cent, through the doors: a purchase order, a card that its bank asks
about, a card that is declined, and the next on the waiting list in its place."""

import pytest
from django.test import Client

from funding.office.models import Message
from funding.programmes.models import Share
from sponsors.billing.models import Invoice, Payment, Setup
from sponsors.sponsorships import signing
from sponsors.sponsorships.models import Commitment
from tests import factories
from tests.certainty import certain
from tests.programmes import scenes
from tests.programmes.money import (
    ASKS,
    DECLINED,
    GOOD,
    again,
    closed,
    held,
    insist_books_agree,
    run,
    statuses,
)

pytestmark = pytest.mark.database


class Sponsor:
    """Somebody who buys for a company, and their browser."""

    def __init__(self, call, name):
        self.call, self.company = call, factories.payer(display_name=name)
        self.client = Client()
        self.client.force_login(self.company.memberships.get().user)
        certain(self.client)
        round_ = call.round
        self.place = f"/programmes/{round_.programme.slug}/{round_.slug}"

    def signs(self, share=None, **values):
        share = share or next(one for one in Share.objects.filter(call=self.call) if one.free)
        read = signing.words(share, signing.call_of(share)).digest
        typed = {"signed_name": "Ada Example", "pays_by": "card", "read": read, **values}
        answer = self.client.post(
            f"{self.place}/sponsor/{share.pk}/", {"sponsor": str(self.company.pk), **typed}
        )
        assert answer.status_code == 302, answer.content.decode()

    def saves(self, engine, card):
        page = Setup.objects.filter(commitment=self.seat).latest("pk")
        if engine.pay_checkout(page.stripe_id, card=card).status == "requires_action":
            assert engine.authenticate(
                engine.account.store.by_id[page.stripe_id]["setup_intent"]
            ).ok
        engine.deliver()

    def waits(self):
        answer = self.client.post(f"{self.place}/wait/", {"company": str(self.company.pk)})
        assert answer.status_code == 302, answer.content.decode()

    @property
    def seat(self):
        return Commitment.objects.filter(company=self.company).latest("pk")

    @property
    def invoice(self):
        return Invoice.objects.get(commitment=self.seat)

    def sees(self):
        return " ".join(self.client.get(f"/commitments/{self.seat.pk}/").content.decode().split())


def test_a_round_is_paid_by_order_by_card_and_by_the_next_who_waits(engine):
    call = scenes.call(seats=3)
    by_order, asked, declined, next_ = [
        Sponsor(call, name) for name in ("Harbour", "Kestrel", "Lumen", "Plover")
    ]
    two_promise_and_the_third_decides(engine, by_order, asked, declined, next_)
    assert again(call).state == "succeeded"
    run(engine)

    assert statuses(call) == ["due", "due", "due"]
    assert by_order.invoice.po_number == "PO-4711"
    both_read_why_it_failed(asked, declined)
    one_confirms_and_one_transfers(engine, asked, by_order)
    assert [one.seat.status for one in (by_order, asked)] == ["paid", "paid"]
    assert declined.seat.status == "failed"

    assert next_.seat.was_offered
    next_.signs(next_.seat.share)
    next_.saves(engine, GOOD)
    closed(engine, call)

    assert next_.seat.status == "paid"
    assert again(call).settled_at is not None
    assert again(call.round).places_funded == 2
    paid = Payment.objects.exclude(balance_transaction=None)
    assert held(call) == 600000 - sum(one.fee for one in paid)
    insist_books_agree(engine)
    assert "Lumen" not in next_.sees().partition("<main")[2].partition("</main")[0]
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))


def two_promise_and_the_third_decides(engine, by_order, asked, declined, next_):
    by_order.signs(pays_by="invoice", po_number="PO-4711", net_days="30")
    asked.signs()
    asked.saves(engine, ASKS)
    run(engine)
    assert Invoice.objects.count() == 0

    declined.signs()
    next_.waits()
    declined.saves(engine, DECLINED)


def both_read_why_it_failed(asked, declined):
    assert "The bank wants somebody to confirm the payment." in asked.sees()
    assert "The bank declined the card" in declined.sees()
    assert ".." not in declined.sees().partition("<main")[2]
    for sponsor in (asked, declined):
        assert sponsor.invoice.hosted_url in sponsor.sees()


def one_confirms_and_one_transfers(engine, asked, by_order):
    assert engine.authenticate(Payment.objects.get(invoice=asked.invoice).payment_intent).ok
    engine.transfer(by_order.invoice.stripe_id, by_order.invoice.total.amount)
    engine.deliver()
    run(engine, days=8)


def test_a_call_that_misses_its_least_lets_go_of_every_card(engine):
    call = scenes.call(seats=3)
    first, second = Sponsor(call, "Harbour"), Sponsor(call, "Kestrel")
    first.signs()
    first.saves(engine, GOOD)
    second.signs(pays_by="invoice", po_number="PO-1", net_days="30")

    closed(engine, call)

    assert set(statuses(call)) == {"released"}
    assert engine.account.store.kinds["invoice"] == engine.account.store.kinds["charge"] == {}
    assert Message.objects.filter(key__startswith="call-failed:").count() == 2
    insist_books_agree(engine)
