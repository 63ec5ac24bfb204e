"""Two payments for one invoice, and charges that are settled in another currency."""

import pytest

from funding.ledger import balances, posting
from sponsors.billing.models import (
    Deferral,
    Invoice,
    Payment,
)
from tests import factories, scenarios
from tests.billing.agreeing import insist_books_agree
from tests.billing.went_back import (
    Kind,
    again,
    charge,
    held,
    owed,
    pay_once_more,
)

pytestmark = pytest.mark.database


@pytest.mark.parametrize("interval", ["month", "year"])
def test_of_two_payments_for_one_invoice_the_second_is_owed_back(engine, interval):
    sponsorship = scenarios.settled(engine, interval=interval)
    invoice, before = Invoice.objects.get(), held(sponsorship)
    amount = Payment.objects.get().amount
    months = Deferral.objects.values_list("amount", flat=True)
    deferred = list(months)

    second = pay_once_more(engine, invoice)

    fee = second.fee
    assert (second.net, second.surplus) == (0, amount)
    assert owed(sponsorship) == -amount
    assert held(sponsorship) == before - fee
    assert list(months.all()) == deferred
    insist_books_agree(engine)
    engine.refund(second.charge)
    engine.deliver()
    assert owed(sponsorship) == 0
    assert Invoice.objects.get().returned == 0
    assert again().paid_through == sponsorship.paid_through
    insist_books_agree(engine)


def test_a_charge_settled_in_another_currency_is_booked_through_conversion(engine):
    engine.account.settings.settles_in = {"usd": ("eur", "0.9")}
    tier = factories.tier(factories.project(currency="USD"))

    sponsorship = scenarios.settled(engine, tier=tier)

    payment = Payment.objects.get()
    assert (payment.settled_in, payment.settled, payment.fee) == ("EUR", 9000, 291)
    assert held(sponsorship) == 10000 - 323
    conversion = posting.Place(Kind.CONVERSION)
    assert balances.of(conversion, "USD").amount == 10000 - 323
    assert balances.of(conversion, "EUR").amount == -(9000 - 291)
    insist_books_agree(engine)


def test_what_a_rate_gains_or_loses_is_the_operators(engine):
    engine.account.settings.settles_in = {"usd": ("eur", "0.9")}
    tier = factories.tier(factories.project(currency="USD"))
    sponsorship = scenarios.settled(engine, tier=tier)
    engine.account.settings.settles_in = {"usd": ("eur", "0.8")}

    engine.refund(charge(), 5000)
    name = engine.dispute(charge())
    engine.deliver()

    fee = round(1500 / 0.8)
    assert held(sponsorship) == -323 - fee
    insist_books_agree(engine)
    engine.account.settings.settles_in = {"usd": ("eur", "0.95")}
    engine.win_dispute(name)
    engine.deliver()
    assert held(sponsorship) == 5000 - 323 - fee
    insist_books_agree(engine)
