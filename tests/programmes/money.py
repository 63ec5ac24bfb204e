"""Seats that are paid for: with a saved card or by purchase order, through Stripe's own pages."""

from datetime import timedelta
from uuid import uuid4

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.ledger.money import Money
from funding.ledger.posting import Place
from funding.office import clock
from funding.programmes.models import FundingCall, Share
from sponsors.billing import checks, closing, gateway, knowing
from sponsors.billing.models import Setup
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment, PaysBy
from tests.programmes import scenes

GOOD, DECLINED, ASKS = "4242424242424242", "4000000000000341", "4000002760003184"


def save_card(engine, commitment, card=GOOD, **typed):
    """Somebody saved a card for it at Stripe's page, or what else was typed there."""
    customer = knowing.customer(commitment.company, commitment.currency)
    asked = {
        "mode": "setup", "currency": commitment.currency.lower(),
        "customer": customer.stripe_id, "success_url": "https://site.test/saved",
    }  # fmt: skip
    session = gateway.open_checkout(params=asked, key=str(uuid4()))
    if engine.pay_checkout(session["id"], card=card, **typed).status == "requires_action":
        assert engine.authenticate(session["setup_intent"]).ok
    intent = engine.account.store.by_id[session["setup_intent"]]
    now = clock.now()
    return Setup.objects.create(
        commitment=commitment, stripe_id=session["id"], status=Setup.Status.COMPLETE,
        created_at=now, expires_at=now + timedelta(days=1),
        payment_method=intent["payment_method"],
    )  # fmt: skip


def promised(engine, call, company=None, *, card=GOOD, po_number="", net_days=30, **values):
    """A company took a seat and promised to pay it; the last that is needed decides the call."""
    share = next(one for one in Share.objects.filter(call=call) if one.free)
    if po_number:
        values |= {"pays_by": PaysBy.INVOICE, "po_number": po_number, "net_days": net_days}
    kept = scenes.reserved(call, company, share=share, **values)
    if not po_number and card:
        save_card(engine, kept, card)
    return commitments.commit(commitment_id=kept.pk, now=clock.now())


def all_promised(engine, *, cards=(GOOD, GOOD, GOOD), **values):
    """A call whose every seat is promised, by these cards; a None is by purchase order."""
    call = scenes.call(seats=len(cards), **values)
    made = [
        promised(engine, call, card=card) if card else promised(engine, call, po_number="PO-7")
        for card in cards
    ]
    return FundingCall.objects.get(pk=call.pk), made


def run(engine, *, days=0, minutes=3):
    """The worker comes to it, and comes again after so long."""
    closing.run(now=clock.now())
    engine.deliver()
    engine.advance_by(days * 86400 + minutes * 60)
    closing.run(now=clock.now())
    engine.deliver()


def closed(engine, call):
    """It is past its closing, and all is done that follows."""
    left = call.closes_at - clock.now()
    engine.advance_by(max(int(left.total_seconds()), 0) + 60)
    for _ in range(4):
        run(engine)


def again(*things):
    """As they are now."""
    found = [type(one).objects.get(pk=one.pk) for one in things]
    return found[0] if len(found) == 1 else found


def statuses(call):
    rows = Commitment.objects.filter(call=call).order_by("pk")
    return [str(status) for status in rows.values_list("status", flat=True)]


def held(call, kind=Account.Kind.HELD):
    return balances.of(posting.round(call.round_id, kind), call.currency).amount


def general(currency="GBP"):
    return balances.of(Place(Account.Kind.GENERAL), currency).amount


def programme_holds(call):
    place = Place(Account.Kind.HELD, f"programme:{call.round.programme_id}")
    return balances.of(place, call.currency).amount


def insist_books_agree(engine):
    """The books are right, and what they say lies at Stripe lies there."""
    assert list(checks.breaches()) == []
    stripe = balances.of(Place(Account.Kind.STRIPE), "GBP")
    assert stripe == Money(engine.truth()["currencies"].get("gbp", 0), "GBP")
