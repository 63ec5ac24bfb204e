"""The wallet: one card for all of a company's sponsorships in a currency. A subscription that keeps a
card of its own goes on asking that one, whatever the company has put in its place; so when the
company's card is the newer of the two, the subscription's own is let go. Also here: the page at
Stripe on which the card is changed."""

from collections.abc import Callable

from sponsors.billing import calls, gateway, plans
from sponsors.billing.gateway import Json
from sponsors.billing.models import Customer, Subscription

OVER = ("canceled", "incomplete_expired")


def look_up(customer_id: str) -> Callable[[], bool]:
    """Let go of older cards of its subscriptions; nothing is left to write. It answers False for a
    customer that is none of ours."""
    ours = Customer.objects.filter(stripe_id=customer_id).first()
    if ours is None:
        return lambda: False
    customer = plans.customer_with_card(customer_id)
    card = (customer.get("invoice_settings") or {}).get("default_payment_method")
    if card:
        for subscription in Subscription.objects.filter(customer=ours).exclude(status__in=OVER):
            _use(card, subscription)
    return lambda: True


def _use(card: Json, subscription: Subscription) -> None:
    own = plans.subscription_with_card(subscription.stripe_id)["default_payment_method"]
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
