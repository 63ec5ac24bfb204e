"""Checkout: from the button on a project's page to Stripe's payment page and back.

`start` holds a seat, makes sure that Stripe knows company and price, and asks for a page to pay
on. No transaction is open while Stripe is asked. Pressing the button twice leads to one page."""

import time
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.accounts.models import User
from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import calls, gateway, handlers
from sponsors.billing.gateway import Json
from sponsors.billing.models import Checkout, Customer, Price
from sponsors.companies import registering
from sponsors.companies.models import Company
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import Sponsorship, Status

# How long a seat is held for somebody who looks for a card; Stripe takes 30 minutes at least.
PAGE_LIVES = timedelta(hours=1)
MOST_LOOKS, BETWEEN_LOOKS = 4, 0.3  # seconds


class PaymentOnItsWay(lifecycle.Refused):
    """The page was paid on already; what it paid is about to be known."""


def start(*, company: Company, tier: Tier, terms: lifecycle.Terms, by: User, now: datetime) -> str:
    """The address of the payment page. A company that is not saved yet is registered with what it
    buys, or not at all. Raises `lifecycle.Refused` when the tier cannot be had and
    `gateway.GatewayError` when Stripe cannot be had; then the same button may be pressed again."""
    with transaction.atomic():
        company = company if company.pk else registering.register(company=company, by=by)
        sponsorship = lifecycle.begin(company=company, tier=tier, terms=terms, by=by, now=now)
    customer = _customer(company, sponsorship.currency)
    price = _price(sponsorship)
    checkout = _checkout(sponsorship, terms, now)
    return checkout.url or _open(checkout, customer, price).url


def settle(checkout: Checkout) -> Sponsorship:
    """Look at what became of a payment page; the sponsorship as it is then. It runs what the
    webhook's task runs, so it does not matter who comes first."""
    if checkout.stripe_id is None and not _learn(checkout):
        _never_opened(checkout)
    if checkout.stripe_id:
        _look(checkout.stripe_id)
    return Sponsorship.objects.with_parties().get(pk=checkout.sponsorship_id)


def _look(session_id: str) -> None:
    """Look at it now; while a worker is at it, wait a moment for what it finds."""
    for _ in range(MOST_LOOKS):
        try:
            if handlers.refresh(session_id):
                return
        except handlers.NotYet:
            pass  # its subscription is being handled
        time.sleep(BETWEEN_LOOKS)


def let_go(sponsorship: Sponsorship) -> Sponsorship:
    """Close the payment page and give the seat back, unless it was paid on meanwhile."""
    lifecycle.insist_may_ask(sponsorship, Status.ABANDONED)
    checkout = sponsorship.checkouts.filter(status=Checkout.Status.OPEN).first()
    if checkout is None:
        raise PaymentOnItsWay("The payment is on its way, so the place cannot be given back now.")
    _expire(checkout)
    return settle(checkout)


def _learn(checkout: Checkout) -> bool:
    """Find the page of a checkout whose answer was lost: the same key brings the same page. False
    when Stripe says that it never came to be."""
    sponsorship = checkout.sponsorship
    try:
        customer = _customer(sponsorship.company, sponsorship.currency)
        _open(checkout, customer, _price(sponsorship))
    except gateway.Refused:
        return False
    return True


def _never_opened(checkout: Checkout) -> None:
    Checkout.objects.filter(pk=checkout.pk).update(status=Checkout.Status.EXPIRED)
    lifecycle.abandon(
        sponsorship_id=checkout.sponsorship_id,
        cause="The payment page never opened",
        now=clock.now(),
    )


def _checkout(sponsorship: Sponsorship, terms: lifecycle.Terms, now: datetime) -> Checkout:
    """The open page for these terms. One that was opened for others, or is about to expire, is
    closed at Stripe first."""
    checkout = sponsorship.checkouts.filter(status=Checkout.Status.OPEN).first()
    if checkout and not _still_right(checkout, terms, now):
        _close(checkout)
        checkout = None
    return checkout or _new_checkout(sponsorship, now)


def _still_right(checkout: Checkout, terms: lifecycle.Terms, now: datetime) -> bool:
    alive = checkout.expires_at - now > timedelta(minutes=2)
    return alive and (checkout.interval, checkout.amount) == (terms.interval, terms.price.amount)


def _close(checkout: Checkout) -> None:
    if checkout.stripe_id or _learn(checkout):
        _expire(checkout)
        if gateway.checkout(str(checkout.stripe_id))["status"] == "complete":
            raise PaymentOnItsWay("That payment page was paid on already; see what became of it.")
    # The seat stays held: only the page is replaced, so nothing is abandoned here.
    Checkout.objects.filter(pk=checkout.pk).update(status=Checkout.Status.EXPIRED)


def _expire(checkout: Checkout) -> None:
    try:
        calls.ask(
            purpose="expire_checkout",
            subject=f"checkout:{checkout.pk}",
            do=lambda key: gateway.expire_checkout(str(checkout.stripe_id), key=key),
            look_up=lambda: _if_ended(str(checkout.stripe_id)),
        )
    except gateway.Refused:
        pass  # it is open no longer: the look at it that follows says what it is


def _if_ended(session_id: str) -> Json | None:
    session = gateway.checkout(session_id)
    return None if session["status"] == "open" else session


def _new_checkout(sponsorship: Sponsorship, now: datetime) -> Checkout:
    try:
        with transaction.atomic():
            return Checkout.objects.create(
                sponsorship=sponsorship, interval=sponsorship.interval, amount=sponsorship.amount,
                created_at=now, expires_at=now + PAGE_LIVES,
            )  # fmt: skip
    except IntegrityError:
        return sponsorship.checkouts.get(status=Checkout.Status.OPEN)  # the second of two clicks


def _open(checkout: Checkout, customer: Customer, price: Price) -> Checkout:
    session = calls.ask(
        purpose="open_checkout",
        subject=f"checkout:{checkout.pk}",
        do=lambda key: gateway.open_checkout(params=_session(checkout, customer, price), key=key),
        look_up=lambda: gateway.find_checkout(
            customer_id=str(customer.stripe_id), reference=f"checkout:{checkout.pk}"
        ),
    )
    checkout.stripe_id, checkout.url = session["id"], session["url"] or ""
    checkout.save(update_fields=["stripe_id", "url"])
    return checkout


def _session(checkout: Checkout, customer: Customer, price: Price) -> Json:
    """https://docs.stripe.com/api/checkout/sessions/create"""
    back = {"sponsorship_id": checkout.sponsorship_id}
    metadata = {"sponsorship": str(checkout.sponsorship_id)}
    paid = _absolute("billing:paid", back) + "?session_id={CHECKOUT_SESSION_ID}"
    return {
        "mode": "subscription",
        "customer": customer.stripe_id,
        "client_reference_id": f"checkout:{checkout.pk}",
        "line_items": [{"price": price.stripe_id, "quantity": 1}],
        "metadata": metadata,
        "subscription_data": {"metadata": metadata},
        "customer_update": {"address": "auto"},
        "billing_address_collection": "required",
        "expires_at": int(checkout.expires_at.timestamp()),
        "success_url": paid,
        "cancel_url": _absolute("billing:left", back),
    }


def _absolute(name: str, kwargs: dict[str, int]) -> str:
    return urljoin(settings.SITE_URL, reverse(name, kwargs=kwargs))


def _customer(company: Company, currency: str) -> Customer:
    customer, _ = Customer.objects.get_or_create(
        company=company, currency=currency, livemode=gateway.livemode()
    )
    if customer.stripe_id is None:
        made = calls.ask(
            purpose="create_customer",
            subject=f"customer:{customer.pk}",
            do=lambda key: gateway.create_customer(params=_payer(company), key=key),
            look_up=lambda: gateway.find_customer(
                email=company.billing_email, company=str(company.pk)
            ),
        )
        Customer.objects.filter(pk=customer.pk).update(stripe_id=made["id"])
        customer.refresh_from_db()
    return customer


def _payer(company: Company) -> Json:
    """The same for the same company, or an idempotency key would be refused."""
    return {
        "name": company.name_on_paper,
        "email": company.billing_email,
        "address": {"country": company.country},
        "metadata": {"company": str(company.pk)},
    }


def _price(sponsorship: Sponsorship) -> Price:
    tier = sponsorship.tier
    price, _ = Price.objects.get_or_create(
        tier=tier, interval=sponsorship.interval, amount=sponsorship.amount,
        currency=sponsorship.currency, livemode=gateway.livemode(),
    )  # fmt: skip
    if price.stripe_id is None:
        made = calls.ask(
            purpose="create_price",
            subject=f"price:{price.pk}",
            do=lambda key: gateway.create_price(params=_priced(price), key=key),
            look_up=lambda: None,  # a price that nobody uses does no harm
        )
        Price.objects.filter(pk=price.pk).update(stripe_id=made["id"])
        price.refresh_from_db()
    return price


def _priced(price: Price) -> Json:
    return {
        "currency": price.currency.lower(),
        "unit_amount": price.amount,
        "tax_behavior": "exclusive",
        "recurring": {"interval": price.interval},
        "product_data": {"name": f"{price.tier.project}: {price.tier.name}"},
        "metadata": {"tier": str(price.tier_id)},
    }


def overdue(*, now: datetime, most: int = 100) -> list[Checkout]:
    """Pages that must have ended by now and of which nobody told us."""
    return list(
        Checkout.objects.filter(
            status=Checkout.Status.OPEN, expires_at__lt=now - timedelta(minutes=5)
        ).select_related("sponsorship__company", "sponsorship__tier__project")[:most]
    )
