"""What was bought keeps its price, whatever becomes of the tier, for as long as it runs."""

import pytest

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.office import clock
from funding.office.models import Message
from funding.projects.models import Tier
from sponsors.billing import gateway
from sponsors.billing.models import Customer, Invoice
from sponsors.companies.models import Company
from sponsors.sponsorships import checks
from sponsors.sponsorships.models import Status
from tests import factories, scenarios, world

pytestmark = pytest.mark.django_db


def raise_the_price(tier):
    Tier.objects.filter(pk=tier.pk).update(monthly=25000, yearly=250000)


def close(tier):
    Tier.objects.filter(pk=tier.pk).update(closed_at=clock.now())


@pytest.mark.parametrize("change", [raise_the_price, close], ids=["a higher price", "closed"])
def test_six_months_after_a_tier_has_changed_the_old_price_is_charged_and_booked(engine, change):
    tier = factories.tier(monthly=10000)
    sponsorship = scenarios.settled(engine, tier=tier)

    change(tier)
    world.days(engine, 183)

    sponsorship.refresh_from_db()
    invoices = Invoice.objects.filter(sponsorship=sponsorship)
    assert {invoice.net for invoice in invoices} == {10000}
    assert invoices.filter(status="paid").count() == 7  # the first and six more
    assert (sponsorship.amount, sponsorship.status) == (10000, Status.ACTIVE)
    assert list(checks.breaches()) == []
    assert_the_books_hold_seven_payments(sponsorship)


def assert_the_books_hold_seven_payments(sponsorship):
    received = posting.project(sponsorship.project_id, Account.Kind.HELD)
    fees = sum(
        transfer.amount
        for entry in Entry.objects.filter(kind=Entry.Kind.CHARGE_SETTLED)
        for transfer in entry.transfers.all()
        if transfer.debit.kind == Account.Kind.HELD
    )
    assert fees > 0
    assert balances.of(received, "GBP").amount == 7 * 10000 - fees


def test_who_comes_after_the_change_pays_the_new_price(engine):
    tier = factories.tier(monthly=10000)
    scenarios.settled(engine, tier=tier)
    raise_the_price(tier)
    tier.refresh_from_db()

    later = scenarios.settled(engine, tier=tier)

    assert Invoice.objects.get(sponsorship=later).net == 25000


def test_a_company_that_is_edited_while_stripe_is_silent_can_still_pay(engine):
    company, tier = factories.company(), factories.tier()
    engine.faults.add("POST /v1/customers", "timeout_after", times=3)
    with pytest.raises(gateway.Unknown):
        scenarios.chosen(company, tier)

    Company.objects.update(billing_email="new@example.org", country="IE")

    assert scenarios.settled(engine, Company.objects.get(), tier).status == Status.ACTIVE
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("visibility", "name", "amount"),
    [("public", True, True), ("named", True, False), ("anonymous", False, False)],
)
def test_the_maintainers_mail_tells_what_may_be_seen(engine, visibility, name, amount):
    tier = factories.tier(name="Mast", monthly=12300)
    company = factories.company(display_name="Kestrel")

    scenarios.paid(engine, company, tier, visibility=visibility)

    message = Message.objects.get(key__startswith="new-sponsor:")
    told = message.subject + message.body
    assert ("Kestrel" in told) is name
    assert ("£123" in told) is amount
    assert ("Mast" in told) is amount  # its price is on the project's page
