"""Wishes for another tier, asked for as the pages do it, and what came of them."""

from funding.office import clock
from funding.office.models import Message
from sponsors.billing import quoting, switching
from sponsors.sponsorships import changing
from sponsors.sponsorships.changing import Wish
from sponsors.sponsorships.models import Interval

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"
GOOD, FAILS, ASKS = "4242424242424242", "4000000000000341", "4000002760003184"


def wish(tier, interval="month"):
    return Wish(tier, Interval(interval), tier.price(interval))


def asked(sponsorship, tier, interval="month"):
    """As the page does it: the cost, where there is one, and the button."""
    now, wanted = clock.now(), wish(tier, interval)
    quote = None
    if changing.comes_at_once(sponsorship, wanted):
        cost = quoting.cost(sponsorship, wanted, now=now)
        quote = quoting.read(cost.signed, sponsorship=sponsorship, wish=wanted, now=now)
    return switching.change(
        sponsorship=sponsorship, wish=wanted, quote=quote, by=sponsorship.bought_by, now=now
    )


def new_card(engine, sponsorship, card):
    engine.replace_card(sponsorship.subscription.customer.stripe_id, card)
    engine.deliver()


def newest_invoice(sponsorship):
    return sponsorship.invoices.order_by("-id").first()


def written(word):
    return Message.objects.filter(key__startswith=word)
