"""The main job, from the button to the books, in one process."""

from funding.ledger import balances, posting
from funding.ledger.models import Account
from funding.ledger.money import Money
from funding.projects.models import Funding
from sponsors.sponsorships.models import Status
from tests import factories, scenarios, world

Kind = Account.Kind


def test_a_payment_fills_the_projects_week_and_the_books(engine):
    tier = factories.tier(monthly=40000)

    sponsorship = scenarios.settled(engine, tier=tier)

    assert sponsorship.status == Status.ACTIVE
    assert Funding.objects.get(pk=tier.project_id).committed == 40000
    held = balances.of(posting.project(tier.project_id, Kind.HELD), "GBP")
    assert held == Money(40000 - 1190, "GBP")
    at_stripe = balances.of(posting.Place(Kind.STRIPE), "GBP")
    assert at_stripe.amount == engine.truth()["currencies"]["gbp"]
    assert not balances.of(posting.Place(Kind.FEES), "GBP")


def test_three_months_are_three_more_invoices_and_one_sponsorship(engine):
    sponsorship = scenarios.settled(engine)

    world.days(engine, 92)

    assert sponsorship.invoices.filter(status="paid").count() == 4
    at_stripe = balances.of(posting.Place(Kind.STRIPE), "GBP")
    assert at_stripe.amount == engine.truth()["currencies"]["gbp"]
