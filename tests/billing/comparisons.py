"""Runs that compare everything with Stripe, and what they leave."""

from sponsors.billing import gateway, reconciling
from tests import world


def reconcile(since=None, **more):
    return reconciling.run(since=since, tell=lambda line: None, **more)


def left(row):
    return sorted((one.kind, one.stripe_id) for one in row.findings.unexplained())


def mended(row):
    return sorted(one.kind for one in row.findings.filter(is_mended=True))


def pay_as_a_stranger(engine, amount):
    """Somebody pays something that is none of this site's; what of it reaches us."""
    v1 = gateway.v1()
    before = engine.truth()["currencies"]["gbp"]
    customer = v1.customers.create({"name": "Somebody else"})
    price = v1.prices.create(
        {"currency": "gbp", "unit_amount": amount, "recurring": {"interval": "month"},
         "product_data": {"name": "Something else"}}
    )  # fmt: skip
    session = v1.checkout.sessions.create(
        {"mode": "subscription", "customer": customer.id, "success_url": "https://else.test/",
         "line_items": [{"price": price.id, "quantity": 1}]}
    )  # fmt: skip
    engine.pay_checkout(session.id)
    world.days(engine, 1)
    return engine.truth()["currencies"]["gbp"] - before
