"""Every way to pay, and what reaches the books."""

import pytest
from django.core import mail

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.office import clock, outbox
from funding.projects.models import Funding, Tier
from sponsors.billing import handlers, renewals
from sponsors.billing.models import Deferral
from sponsors.sponsorships.models import Sponsorship, Status
from tests import factories, scenarios, world
from tests.billing.agreeing import insist_books_agree

Kind = Account.Kind
pytestmark = pytest.mark.database


def at_stripe(currency="GBP"):
    return balances.of(posting.Place(Kind.STRIPE), currency).amount


@pytest.mark.parametrize(
    "card",
    ["4000000000000002", "4000000000009995", "4000000000000069", "4000000000000127",
     "4000000000000119"],
)  # fmt: skip
def test_a_declined_card_charges_nothing_and_the_page_stays_open(engine, card):
    page = scenarios.chosen()

    outcome = engine.pay_checkout(page.stripe_id, card=card)
    engine.deliver()

    assert outcome.status == "declined"
    assert Sponsorship.objects.get().status == Status.PENDING
    assert not Entry.objects.exists()
    engine.pay_checkout(page.stripe_id)
    engine.deliver()
    assert Sponsorship.objects.get().status == Status.ACTIVE


def test_a_bank_debit_is_pending_until_it_arrives(engine):
    page = scenarios.chosen(tier=factories.tier(factories.project(currency="EUR")))
    engine.pay_checkout(page.stripe_id, method="sepa_debit")
    engine.deliver()
    assert Sponsorship.objects.get().status == Status.PENDING
    assert Funding.objects.get().committed == 0

    world.days(engine, 5)

    assert Sponsorship.objects.get().status == Status.ACTIVE
    insist_books_agree(engine)


def test_a_bank_debit_that_comes_back_gives_the_seat_back_and_is_never_tried_again(engine):
    page = scenarios.chosen(tier=factories.tier(factories.project(currency="EUR"), seats=1))
    engine.pay_checkout(page.stripe_id, method="sepa_debit", iban="DE62370400440532013001")
    engine.deliver()

    world.days(engine, 40)

    assert Sponsorship.objects.get().status == Status.ABANDONED
    assert Tier.objects.get().taken == 0
    assert not any(engine.truth()["currencies"].values())
    insist_books_agree(engine)


@pytest.mark.parametrize("currency", ["GBP", "EUR", "USD", "JPY"])
def test_the_books_agree_with_stripe_to_the_cent_fee_included(engine, currency):
    tier = factories.tier(factories.project(currency=currency), monthly=12345)

    scenarios.settled(engine, tier=tier)

    assert at_stripe(currency) == engine.truth()["currencies"][currency.lower()]
    assert not balances.of(posting.Place(Kind.FEES), currency)
    insist_books_agree(engine)


def test_until_the_fee_is_known_nothing_is_held(engine):
    sponsorship = scenarios.paid(engine)

    held = balances.of(posting.project(sponsorship.project_id, Kind.HELD), "GBP")

    assert sponsorship.status == Status.ACTIVE
    assert not held
    assert (
        balances.of(posting.company(sponsorship.company_id, Kind.RECEIVABLE), "GBP").amount
        == 10000
    )


def test_a_year_paid_at_once_is_released_a_twelfth_a_month(engine):
    sponsorship = scenarios.settled(engine, tier=factories.tier(yearly=100000), interval="year")
    held = posting.project(sponsorship.project_id, Kind.HELD)
    whole = Deferral.objects.get().amount
    assert sponsorship.a_month == 8333
    assert not balances.of(held, "GBP")

    world.days(engine, 32)
    renewals.release_due(now=clock.now())
    renewals.release_due(now=clock.now())
    assert balances.of(held, "GBP").amount == whole // 12

    with clock.stopped_at(world.BEGINNING.replace(year=2027, month=2)):
        renewals.release_due(now=clock.now())
    assert balances.of(held, "GBP").amount == whole
    assert not balances.of(posting.project(sponsorship.project_id, Kind.DEFERRED), "GBP")
    insist_books_agree(engine)


@pytest.mark.parametrize(("amount", "months"), [(100, 12), (11, 12), (0, 12), (1200, 12)])
def test_months_sum_to_the_whole_and_the_last_takes_what_is_left(amount, months):
    parts = renewals.month_parts(amount, months)

    assert sum(parts) == amount
    assert len(set(parts[:-1])) == 1
    assert parts[-1] >= parts[0]


def test_every_handler_run_twice_in_any_order_changes_nothing(engine):
    sponsorship = scenarios.settled(engine)
    entries, moves = Entry.objects.count(), sponsorship.moves.count()
    version = Funding.objects.get().version
    roots = [sponsorship.subscription.stripe_id, sponsorship.checkouts.get().stripe_id]
    roots += [payment.payment_intent for payment in sponsorship.invoices.get().payments.all()]

    for root in [*roots, *reversed(roots)]:
        handlers.refresh(root)

    assert Entry.objects.count() == entries
    assert sponsorship.moves.count() == moves
    assert Funding.objects.get().version == version


def test_the_company_is_thanked_once_and_the_maintainers_hear_of_it_once(engine):
    sponsorship = scenarios.settled(engine)
    world.days(engine, 40)

    outbox.send_waiting()
    outbox.send_waiting()

    maintainer = sponsorship.project.maintainers.get().user.email
    to = sorted(address for message in mail.outbox for address in message.to)
    expected = {sponsorship.company.billing_email, sponsorship.bought_by.email, maintainer}
    assert to == sorted(expected)
    assert all(message.subject and "\n" not in message.subject for message in mail.outbox)


def test_a_sponsorship_of_the_same_company_on_another_tier_is_its_own(engine):
    first = scenarios.settled(engine)
    other = factories.tier(first.project)

    second = scenarios.settled(engine, first.company, other)

    assert {first.status, second.status} == {Status.ACTIVE}
    assert Funding.objects.get().sponsors == 1
    assert Funding.objects.get().committed == first.a_month + second.a_month
