"""Payers: a company's customers at Stripe as they are there now: the card that each is charged to, and
whether it is there at all. Under the customer's lease (`handlers`)."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date

from django.db import transaction

from sponsors.billing import adopting, failing, gateway, wallet
from sponsors.billing.gateway import Json
from sponsors.billing.models import Call, Customer, Subscription
from sponsors.sponsorships.models import ENDED

BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}


def look_up(customer: Customer) -> tuple[Callable[[], bool], list[str]]:
    """What to do in the transaction, with the customer and its cards in hand, and the
    subscriptions that changed with it."""
    found = gateway.customer(str(customer.stripe_id))
    if found.get("deleted"):
        return (lambda: forget(customer)), _going_on(customer)
    methods = {one["id"]: one for one in gateway.payment_methods(found["id"])}
    chosen = methods.get(found["invoice_settings"]["default_payment_method"] or "")
    if chosen:
        wallet.use_one(customer, chosen)
    charged = failing.charge(customer, chosen["id"]) if chosen else []

    def apply() -> bool:
        locked = Customer.objects.select_for_update().select_related("company")
        adopting.note_address(locked.get(pk=customer.pk), found)
        Customer.objects.filter(pk=customer.pk).update(**_card(chosen))
        for name, method in methods.items():
            own = Subscription.objects.filter(customer=customer, payment_method=name)
            own.update(**_card(method))
        return True

    return apply, charged


def own_card(subscription: Json) -> Json:
    """What our row is to say of the card that belongs to the subscription itself. Looked up when it
    is another than the one we know."""
    name: str = subscription["default_payment_method"] or ""
    known = Subscription.objects.filter(stripe_id=subscription["id"], payment_method=name)
    if known.exists():
        return {}
    return {"payment_method": name, **_card(_method(name))}


def whoever_is_there(find: Callable[[], Customer], deed: Callable[[Customer], Json]) -> Json:
    """Do it for a company's customer; one that somebody deleted at Stripe is forgotten, and it is
    done for another. Raises the gateway's errors."""
    customer = find()
    try:
        return deed(customer)
    except gateway.Refused:
        if not is_gone(customer):
            raise
    forget(customer)
    return deed(find())


def is_gone(customer: Customer) -> bool:
    """Whether Stripe has no such customer any more."""
    try:
        return bool(gateway.customer(str(customer.stripe_id)).get("deleted"))
    except gateway.NotFound:
        return True


def forget(customer: Customer) -> bool:
    """It is no more at Stripe: the next purchase makes another. What it paid stays as it is."""
    with transaction.atomic():
        gone = Customer.objects.filter(pk=customer.pk, stripe_id=customer.stripe_id)
        if gone.update(stripe_id=None, told={}, card="", card_good_until=None):
            made = Call.objects.filter(
                purpose="create_customer", subject=f"customer:{customer.pk}", status="done"
            )
            made.update(status=Call.Status.REFUSED, error="It was deleted at Stripe later.")
    return True


def means(name: str) -> str:
    """What something saved is called by people: "Visa 4242"."""
    return str(_card(_method(name))["card"])


def _going_on(customer: Customer) -> list[str]:
    rows = Subscription.objects.filter(customer=customer).exclude(sponsorship__status__in=ENDED)
    return list(rows.values_list("stripe_id", flat=True))


def _method(name: str) -> Json | None:
    try:
        return gateway.payment_method(name) if name else None
    except gateway.NotFound:
        return None  # taken away meanwhile


def _card(method: Json | None) -> Json:
    """As people know it, and the last day of the month that is printed on it."""
    if method is None:
        return {"card": "", "card_good_until": None}
    details = method.get(method["type"]) or {}
    last4 = details.get("last4") or ""
    if method["type"] != "card":
        words = "bank account" if "debit" in method["type"] else method["type"].replace("_", " ")
        return {"card": f"{words} {last4}".strip()[:40], "card_good_until": None}
    brand = BRANDS.get(details["brand"], details["brand"].capitalize())
    year, month = details["exp_year"], details["exp_month"]
    good_until = date(year, month, monthrange(year, month)[1])
    return {"card": f"{brand} {last4}", "card_good_until": good_until}
