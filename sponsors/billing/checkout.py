"""Checkout: from the button on a project's page to Stripe's payment page and back.

`start` holds a seat, makes sure that Stripe knows company and price, and asks for a page to pay
on. No transaction is open while Stripe is asked. Pressing the button twice leads to one page."""

import logging
import time
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from funding.accounts.models import User
from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import calls, gateway, handlers, knowing, payers
from sponsors.billing.gateway import Json
from sponsors.billing.models import Checkout, Customer, Order, Price
from sponsors.companies import paperwork, registering
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships import beginning, lifecycle, refusals
from sponsors.sponsorships.models import Sponsorship, Status

log = logging.getLogger(__name__)

# How long a seat is held for somebody who looks for a card; Stripe takes 30 minutes at least.
PAGE_LIVES = timedelta(hours=1)
MOST_LOOKS, BETWEEN_LOOKS = 4, 0.3  # seconds


class PaymentOnItsWay(refusals.Refused):
    """The page was paid on already; what it paid is about to be known."""


def start(*, company: Company, tier: Tier, terms: lifecycle.Terms, by: User, now: datetime) -> str:
    """The address of the payment page. A company that is not saved yet is registered with what it
    buys, or not at all. Raises `refusals.Refused` when the tier cannot be had and
    `gateway.GatewayError` when Stripe cannot be had; then the same button may be pressed again."""
    with transaction.atomic():
        refusals.insist_not_gone(by)
        company = company if company.pk else registering.register(company=company, by=by)
        sponsorship = beginning.begin(company=company, tier=tier, terms=terms, by=by, now=now)
    with knowing.turn(f"pay:{sponsorship.pk}"):
        return _page(sponsorship, terms, now).url


def _page(sponsorship: Sponsorship, terms: lifecycle.Terms, now: datetime) -> Checkout:
    """The payment page for these terms. One that was opened for others, or is about to expire, is
    closed at Stripe before anything is agreed to anew, so that never two can be paid on."""
    page = sponsorship.checkouts.live().first()
    if page and not _still_right(page, terms, now):
        _close(page)
        page = None
    if page is None:
        if Order.objects.filter(sponsorship=sponsorship).exists():
            raise PaymentOnItsWay("An invoice was asked for already; it is being made.")
        if sponsorship.checkouts.filter(status=Checkout.Status.COMPLETE).exists():
            raise PaymentOnItsWay("It was paid for already; see what became of it.")
        agreed = beginning.agree(sponsorship_id=sponsorship.pk, terms=terms)
        page = Checkout.objects.create(
            sponsorship=agreed, interval=agreed.interval, amount=agreed.amount,
            created_at=now, expires_at=now + PAGE_LIVES,
        )  # fmt: skip
    return page if page.url else _open(page)


def close_pages(sponsorship: Sponsorship) -> None:
    """So that nothing is paid on a page for what is ordered otherwise. Raises `PaymentOnItsWay` when
    somebody was faster there."""
    for page in sponsorship.checkouts.live():
        _close(page)
    if sponsorship.checkouts.filter(status=Checkout.Status.COMPLETE).exists():
        raise PaymentOnItsWay("It was paid for already; see what became of it.")


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
                tell_again(session_id)
                return
        except handlers.NotYet as why:
            log.info("Payment page %s is looked at again in a moment: %s", session_id, why)
        time.sleep(BETWEEN_LOOKS)


def tell_again(session_id: str) -> None:
    """What was typed on the page stands at Stripe now; the company's own words go there again. The
    job does it when Stripe does not answer."""
    page = Checkout.objects.filter(stripe_id=session_id, status=Checkout.Status.COMPLETE).first()
    if page is None:
        return
    try:
        knowing.tell(page.sponsorship.company)
    except gateway.GatewayError as error:
        log.warning("Stripe is not told again after %s: %s", session_id, type(error).__name__)


def let_go(sponsorship: Sponsorship) -> Sponsorship:
    """Close the payment page and give the seat back, unless it was paid on meanwhile."""
    lifecycle.insist_may_ask(sponsorship, Status.ABANDONED)
    checkout = sponsorship.checkouts.live().first()
    if checkout is None:
        raise PaymentOnItsWay("The payment is on its way, so the place cannot be given back now.")
    if checkout.stripe_id or _learn(checkout):
        _expire(checkout)
    return settle(checkout)


def _learn(checkout: Checkout) -> bool:
    """Find the page of a checkout whose answer was lost: the same key brings the same page. False
    when Stripe says that it never came to be."""
    try:
        _open(checkout)
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


def _still_right(page: Checkout, terms: lifecycle.Terms, now: datetime) -> bool:
    alive = page.status == Checkout.Status.OPEN and page.expires_at - now > timedelta(minutes=2)
    return alive and (page.interval, page.amount) == (terms.interval, terms.price.amount)


def _close(page: Checkout) -> None:
    """Close a page whose seat stays held. It is marked first, so that word of its end gives nothing
    back, and so that after a crash it is closed again before there is another."""
    Checkout.objects.live().filter(pk=page.pk).update(status=Checkout.Status.CLOSING)
    if page.stripe_id or _learn(page):
        _expire(page)
        if gateway.checkout(str(page.stripe_id))["status"] == "complete":
            raise PaymentOnItsWay("That payment page was paid on already; see what became of it.")
    Checkout.objects.live().filter(pk=page.pk).update(status=Checkout.Status.EXPIRED)


def _expire(checkout: Checkout) -> None:
    try:
        calls.ask(
            purpose="expire_checkout",
            subject=f"checkout:{checkout.pk}",
            do=lambda key: gateway.expire_checkout(str(checkout.stripe_id), key=key),
            look_up=lambda: _if_ended(str(checkout.stripe_id)),
        )
    except gateway.Refused as why:
        # It is open no longer: the look at it that follows says what it is.
        log.info("Payment page %s is not closed: %s", checkout.stripe_id, why.code)


def _if_ended(session_id: str) -> Json | None:
    session = gateway.checkout(session_id)
    return None if session["status"] == "open" else session


def _open(checkout: Checkout) -> Checkout:
    sponsorship = checkout.sponsorship
    session = payers.whoever_is_there(
        lambda: knowing.customer(sponsorship.company, sponsorship.currency),
        lambda customer: _session_for(checkout, customer),
    )
    checkout.stripe_id, checkout.url = session["id"], session["url"] or ""
    checkout.save(update_fields=["stripe_id", "url"])
    return checkout


def _session_for(checkout: Checkout, customer: Customer) -> Json:
    """Stripe has to know the company's tax number first, or its page charges tax that is not due."""
    knowing.tell(checkout.sponsorship.company)
    price = knowing.price(
        checkout.sponsorship.tier, interval=checkout.interval, amount=checkout.amount,
        currency=checkout.sponsorship.currency,
    )  # fmt: skip
    return calls.ask(
        purpose="open_checkout",
        subject=f"checkout:{checkout.pk}",
        do=lambda key: gateway.open_checkout(params=_session(checkout, customer, price), key=key),
        look_up=lambda: gateway.find_checkout(
            customer_id=str(customer.stripe_id), reference=f"checkout:{checkout.pk}"
        ),
        read=gateway.checkout,
    )


def _session(checkout: Checkout, customer: Customer, price: Price) -> Json:
    """https://docs.stripe.com/api/checkout/sessions/create"""
    back = {"sponsorship_id": checkout.sponsorship_id}
    metadata = {"sponsorship": str(checkout.sponsorship_id)}
    paid = _absolute("billing:paid", back) + "?session_id={CHECKOUT_SESSION_ID}"
    papers = paperwork.of(checkout.sponsorship.company)
    fields = knowing.custom_fields(reference=papers.reference)
    return {
        "mode": "subscription",
        "customer": customer.stripe_id,
        "client_reference_id": f"checkout:{checkout.pk}",
        "line_items": [{"price": price.stripe_id, "quantity": 1}],
        "metadata": metadata,
        "subscription_data": {"metadata": metadata, **fields},
        "customer_update": {"address": "auto"},
        "billing_address_collection": "required",
        "expires_at": int(checkout.expires_at.timestamp()),
        "success_url": paid,
        "cancel_url": _absolute("billing:left", back),
        **_taxed(papers),
    }


def _taxed(papers: Paperwork) -> Json:
    """Tax by the address that is typed there. A number is asked for only where none is written down:
    with it Stripe insists on calling the customer by the name that is typed."""
    if not settings.STRIPE_AUTOMATIC_TAX:
        return {}
    taxed: Json = {"automatic_tax": {"enabled": True}}
    if papers.company.is_individual or papers.tax_id:
        return taxed
    return taxed | {
        "tax_id_collection": {"enabled": True},
        "customer_update": {"address": "auto", "name": "auto"},
    }


def _absolute(name: str, kwargs: dict[str, int]) -> str:
    return urljoin(settings.SITE_URL, reverse(name, kwargs=kwargs))


def sweep(*, now: datetime, most: int = 100) -> None:
    """Look at pages that must have ended by now and of which nobody told us, and give back the
    seats of those that were left without any page."""
    before = now - timedelta(minutes=5)
    late = Checkout.objects.live().filter(expires_at__lt=before)
    for page in late.select_related("sponsorship__company", "sponsorship__tier__project").order_by(
        "id"
    )[:most]:
        try:
            settle(page)
        except Exception:  # noqa: BLE001 - one page that cannot be looked up stops no other
            log.warning("%s cannot be looked up", page, exc_info=True)
    with_page = Checkout.objects.exclude(status=Checkout.Status.EXPIRED).values("sponsorship")
    left = Sponsorship.objects.filter(
        status=Status.PENDING, created_at__lt=before, order__isnull=True
    )
    for pk in left.exclude(pk__in=with_page).values_list("pk", flat=True)[:most]:
        lifecycle.abandon(sponsorship_id=pk, cause="No payment page was opened for it", now=now)
