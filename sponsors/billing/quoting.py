"""Quoting: what a sponsorship can become, when, and what that costs. The cost of what comes at once is
Stripe's own preview, for an instant that is kept: what was shown is what is charged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from funding.ledger.money import Money
from funding.projects.models import Tier
from sponsors.billing import gateway, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Subscription
from sponsors.sponsorships import changing, refusals
from sponsors.sponsorships.changing import Quote, Wish
from sponsors.sponsorships.models import Interval, PaysBy, Sponsorship

SALT = "change-cost"
GOOD_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Option:
    """A tier and an interval that somebody could choose, and what is against it, if anything is."""

    wish: Wish
    at_once: bool
    refusal: str
    is_current: bool

    @property
    def tier(self) -> Tier:
        return self.wish.tier

    @property
    def interval(self) -> str:
        return self.wish.interval


@dataclass(frozen=True, slots=True)
class Cost:
    """What a change costs at once: the rest of the period at the new price, less what is paid of it
    at the old one; tax apart."""

    due: Money
    net: Money
    new: Money
    paid: Money
    at: datetime
    until: datetime
    signed: str

    @property
    def tax(self) -> Money:
        return self.due - self.net


def options(sponsorship: Sponsorship) -> list[Option]:
    """Every tier and interval that is sold to a company of this kind, in the tiers' order."""
    tiers = Tier.objects.on_offer().filter(project=sponsorship.project_id)
    found = tiers.select_related("project").prefetch_related("benefits")
    return [option for tier in found for option in _options(sponsorship, tier)]


def _options(sponsorship: Sponsorship, tier: Tier) -> Iterator[Option]:
    for interval in Interval:
        price = tier.price(interval)
        if price is None:
            continue
        wish = Wish(tier, interval, price)
        current = (tier.pk, interval) == (sponsorship.tier_id, sponsorship.interval)
        try:
            refusal = "" if current else _refusal(sponsorship, wish)
        except refusals.WrongAudience:
            continue
        yield Option(wish, changing.comes_at_once(sponsorship, wish), refusal, current)


def _refusal(sponsorship: Sponsorship, wish: Wish) -> str:
    try:
        changing.insist_may_become(sponsorship, wish)
    except refusals.WrongAudience:
        raise
    except refusals.Refused as refused:
        return str(refused)
    if wish.tier.is_full and wish.tier.pk != sponsorship.tier_id:
        return f"All places of {wish.tier.name} are taken."
    return ""


def cost(sponsorship: Sponsorship, wish: Wish, *, now: datetime) -> Cost:
    """What it would cost now; raises the gateway's errors. Nothing is made at Stripe."""
    at = now.replace(microsecond=0)
    known = Subscription.objects.get(sponsorship=sponsorship)
    invoice = gateway.preview(_asked(known, wish, at))
    amounts = [line["amount"] for line in invoice["lines"]["data"]]
    net = invoice["total_excluding_tax"]
    due, currency = invoice["amount_due"], sponsorship.currency
    return Cost(
        due=Money(due, currency),
        net=Money(invoice["total"] if net is None else net, currency),
        new=Money(sum(amount for amount in amounts if amount > 0), currency),
        paid=Money(-sum(amount for amount in amounts if amount < 0), currency),
        at=at,
        until=states.paid_through(invoice),
        signed=_sign(sponsorship, wish, Quote(cost=due, at=at)),
    )


def _asked(known: Subscription, wish: Wish, at: datetime) -> Json:
    """The price itself is made only when somebody takes it."""
    now = gateway.subscription(known.stripe_id)["items"]["data"][0]
    price = {
        "currency": wish.price.currency.lower(),
        "unit_amount": wish.price.amount,
        "product": now["price"]["product"],
        "recurring": {"interval": str(wish.interval)},
        "tax_behavior": "exclusive",
    }
    return {
        "subscription": known.stripe_id,
        "subscription_details": {
            "items": [{"id": known.item_id, "price_data": price, "quantity": 1}],
            "proration_behavior": "always_invoice",
            "proration_date": int(at.timestamp()),
        },
    }


def _about(sponsorship: Sponsorship, wish: Wish) -> list[object]:
    return [sponsorship.pk, wish.tier.pk, str(wish.interval), wish.price.amount]


def _sign(sponsorship: Sponsorship, wish: Wish, quote: Quote) -> str:
    """What the button sends back: nobody can make a cost of their own."""
    known = [*_about(sponsorship, wish), quote.cost, int(quote.at.timestamp())]
    return signing.dumps(known, salt=SALT)


def read(signed: str, *, sponsorship: Sponsorship, wish: Wish, now: datetime) -> Quote:
    """What was shown; raises `CostChanged` when it was for something else, or some minutes ago."""
    try:
        *about, amount, at = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise refusals.CostChanged from error
    quote = Quote(cost=amount, at=states.at(at))
    if about != _about(sponsorship, wish) or not timedelta(0) <= now - quote.at <= GOOD_FOR:
        raise refusals.CostChanged
    return quote


def pays_by_invoice(sponsorship: Sponsorship) -> bool:
    return sponsorship.pays_by == PaysBy.INVOICE
