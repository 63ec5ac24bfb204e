"""Moments in the life of the site, each reached as people reach it: through the site's own
processes and Stripe's pages."""

from funding.office import clock
from sponsors.billing import catching_up, checkout, ordering
from sponsors.billing.models import Checkout, Event
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Sponsorship
from tests import factories


def chosen(company=None, tier=None, *, interval="month", by=None, visibility="public") -> Checkout:
    """Somebody chose a tier and stands before Stripe's payment page."""
    tier = tier or factories.tier()
    company = company or factories.company()
    by = by or company.memberships.get().user
    terms = Terms(interval=interval, price=tier.price(interval), visibility=visibility)
    checkout.start(company=company, tier=tier, terms=terms, by=by, now=clock.now())
    return Checkout.objects.filter(sponsorship__company=company).order_by("-id")[0]


def paid(engine, company=None, tier=None, *, card="4242424242424242", **choice) -> Sponsorship:
    """They paid there, and Stripe has told us. The fee is known a minute later."""
    page = chosen(company, tier, **choice)
    engine.pay_checkout(page.stripe_id, card=card)
    engine.deliver()
    return Sponsorship.objects.get(pk=page.sponsorship_id)


def settled(engine, *args, **choice) -> Sponsorship:
    """And the money is in the books."""
    sponsorship = paid(engine, *args, **choice)
    engine.advance_by(120)
    sweep()
    return Sponsorship.objects.get(pk=sponsorship.pk)


def sweep():
    """Over the line two events may come at one moment, and one of them is left for the sweeper,
    which would wait some seconds for it."""
    left = Event.objects.unhandled()
    for root in sorted(set(left.values_list("root", flat=True)), key=lambda one: one[:3] == "pi_"):
        catching_up.refresh(root)


def ordered(
    engine, company=None, tier=None, *, interval="month", net_days=30, po_number="PO-1", by=None
) -> Sponsorship:
    """Somebody asked for an invoice, and it was made."""
    tier = tier or factories.tier()
    company = company or factories.payer()
    by = by or company.memberships.get().user
    made = ordering.place(
        company=company, tier=tier, terms=Terms(interval=interval, price=tier.price(interval)),
        wish=ordering.Wish(net_days, po_number), by=by, now=clock.now(),
    )  # fmt: skip
    engine.deliver()
    return Sponsorship.objects.get(pk=made.pk)
