"""The wallet: one card for all of a company's sponsorships in a currency. A subscription that keeps a
card of its own goes on asking that one, whatever the company has put in its place; so when the
company's card is the newer of the two, the subscription's own is let go. Also here: the page at
Stripe on which the card is changed."""

from sponsors.billing import calls, gateway
from sponsors.billing.gateway import Json
from sponsors.billing.models import Customer, Subscription

OVER = ("canceled", "incomplete_expired")


def use_one(customer: Customer, card: Json) -> None:
    """Let go of the older cards that its subscriptions have of their own."""
    rows = Subscription.objects.filter(customer=customer).exclude(status__in=OVER)
    for subscription in rows.exclude(payment_method__in=["", card["id"]]):
        _use(card, subscription)


def _use(card: Json, subscription: Subscription) -> None:
    own = gateway.subscription_with_card(subscription.stripe_id)["default_payment_method"]
    if own is None or own["id"] == card["id"] or own["created"] > card["created"]:
        return
    calls.ask(
        purpose="use_one_card",
        subject=f"subscription:{subscription.pk}",
        do=lambda key: gateway.update_subscription(
            subscription.stripe_id, params={"default_payment_method": ""}, key=key
        ),
        harmless=True,
    )


def page(customer: Customer, *, back: str) -> str:
    """The address of Stripe's page for the card alone, which leads back when it is saved; raises the
    gateway's errors. https://docs.stripe.com/customer-management/portal-deep-links"""
    then = {"type": "redirect", "redirect": {"return_url": back}}
    flow: Json = {"type": "payment_method_update", "after_completion": then}
    made = gateway.open_portal(
        customer_id=str(customer.stripe_id), return_url=back, flow_data=flow
    )
    return str(made["url"])
