"""Answers of Stripe's that never came, found by looking."""

from sponsors.billing import gateway
from sponsors.billing.models import Customer
from tests import factories, scenarios


def test_a_customer_whose_answer_was_lost_is_not_taken_for_the_one_in_another_currency(engine):
    company = factories.company()
    scenarios.chosen(company, factories.tier(factories.project(currency="GBP")))
    euro = factories.tier(factories.project(currency="EUR"))
    engine.faults.add("POST /v1/customers", "error_after")

    try:
        scenarios.chosen(company, euro)
    except gateway.Failed:
        scenarios.chosen(company, euro)

    names = list(Customer.objects.values_list("stripe_id", flat=True))
    assert len(set(names)) == len(engine.account.store.kinds["customer"]) == 2
