"""Ordering: a company asks for an invoice instead of a payment page. What it asked for is a row before
Stripe is asked for anything; a crash in between is made good by the sweeper, under the same keys."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from funding.accounts.models import User
from funding.projects.models import Tier
from sponsors.billing import calls, checkout, gateway, handlers, knowing, mail
from sponsors.billing.gateway import Json
from sponsors.billing.models import Call, Order
from sponsors.companies import paperwork
from sponsors.companies.models import Company
from sponsors.sponsorships import beginning, lifecycle, refusals
from sponsors.sponsorships.models import Sponsorship, Status

log = logging.getLogger(__name__)

LEFT_AFTER = timedelta(minutes=1)  # of real time: whoever pressed the button is done by then
PURPOSE = "order"


class NotByInvoice(refusals.Refused):
    """No invoice can be sent to this company, or not as it was asked for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the invoice is to be made."""

    net_days: int
    po_number: str = ""


def place(
    *, company: Company, tier: Tier, terms: lifecycle.Terms, wish: Wish, by: User, now: datetime
) -> Sponsorship:
    """The sponsorship with its invoice, or, when Stripe does not answer, with the order that the
    sweeper carries out. Raises `refusals.Refused`; then nothing was ordered."""
    _insist(company, wish)
    sponsorship = beginning.begin(company=company, tier=tier, terms=terms, by=by, now=now)
    with knowing.turn(f"pay:{sponsorship.pk}"):
        order = Order.objects.filter(sponsorship=sponsorship).first()
        if order is None:
            checkout.close_pages(sponsorship)
            order = _write_down(sponsorship, terms, wish, now)
        try:
            carry_out(order)
        except gateway.GatewayError as error:
            log.warning("Order %s waits: %s", order.pk, type(error).__name__)
    return Sponsorship.objects.with_parties().get(pk=sponsorship.pk)


def carry_out(order: Order) -> None:
    """Ask Stripe for what was ordered and look at what it made. Raises the gateway's errors, after
    which it may be asked again, and `NotByInvoice` when Stripe will never do it."""
    try:
        subscription = _subscribe(order)
        if subscription["latest_invoice"]:
            knowing.finalise(str(_id(subscription["latest_invoice"])))
        handlers.refresh(subscription["id"])
    except gateway.Refused as refused:
        _give_up(order, refused)


def sweep(*, now: datetime, most: int = 50) -> int:
    """Carry out what a crash or silence left; returns how many orders there were."""
    since = now - LEFT_AFTER
    rows = Order.objects.filter(sponsorship__status=Status.PENDING, asked_at__lt=since)
    left = list(rows.select_related("sponsorship__company", "sponsorship__tier__project")[:most])
    for order in left:
        try:
            with knowing.turn(f"pay:{order.sponsorship_id}"):
                carry_out(order)
        except NotByInvoice:
            mail.order_failed(order.sponsorship)
        except Exception as error:  # noqa: BLE001 - one that cannot be had stops no other
            log.warning("Order %s waits: %s", order.pk, type(error).__name__)
    return len(left)


def fields(order: Order) -> Json:
    """What stands on its invoices besides their lines, as Stripe takes it."""
    return knowing.custom_fields(po_number=order.po_number, reference=order.reference)


def _insist(company: Company, wish: Wish) -> None:
    papers = paperwork.of(company)
    if company.is_individual:
        raise NotByInvoice("Invoices are sent to organisations. Pay by card.")
    if not papers.has_address:
        raise NotByInvoice(
            f"An invoice needs the address of {company}. Fill in its paperwork first, or pay by "
            "card."
        )
    if papers.po_required and not wish.po_number:
        raise NotByInvoice(f"{company} takes no invoice without a purchase order number.")


@transaction.atomic
def _write_down(
    sponsorship: Sponsorship, terms: lifecycle.Terms, wish: Wish, now: datetime
) -> Order:
    agreed = beginning.agree(sponsorship_id=sponsorship.pk, terms=terms)
    return Order.objects.create(
        sponsorship=agreed, po_number=wish.po_number, net_days=wish.net_days,
        reference=paperwork.of(agreed.company).reference, interval=agreed.interval,
        amount=agreed.amount, asked_at=now,
    )  # fmt: skip


def _subscribe(order: Order) -> Json:
    sponsorship = order.sponsorship
    customer = knowing.customer(sponsorship.company, sponsorship.currency)
    knowing.tell(sponsorship.company)
    price = knowing.price(
        sponsorship.tier, interval=order.interval, amount=order.amount,
        currency=sponsorship.currency,
    )  # fmt: skip
    return calls.ask(
        purpose=PURPOSE,
        subject=f"order:{order.pk}",
        do=lambda key: gateway.create_subscription(
            params=_asked(order, str(customer.stripe_id), str(price.stripe_id)), key=key
        ),
        look_up=lambda: gateway.find_subscription(
            customer_id=str(customer.stripe_id), sponsorship=str(order.sponsorship_id)
        ),
        read=gateway.subscription,
    )


def _asked(order: Order, customer_id: str, price_id: str) -> Json:
    """https://docs.stripe.com/api/subscriptions/create"""
    asked: Json = {
        "customer": customer_id,
        "items": [{"price": price_id}],
        "collection_method": "send_invoice",
        "days_until_due": order.net_days,
        "metadata": {"sponsorship": str(order.sponsorship_id)},
        **fields(order),
    }
    if settings.STRIPE_AUTOMATIC_TAX:
        asked["automatic_tax"] = {"enabled": True}
    return asked


def _id(thing: Json | str) -> str:
    return thing if isinstance(thing, str) else str(thing["id"])


def _give_up(order: Order, refused: gateway.Refused) -> None:
    """What was made already is not given up: it is looked at again."""
    made = Call.objects.filter(purpose=PURPOSE, subject=f"order:{order.pk}", status="done")
    if made.exists():
        raise refused
    log.error("Stripe refuses order %s: %s %s", order.pk, refused.code, refused)
    lifecycle.abandon(
        sponsorship_id=order.sponsorship_id,
        cause="No invoice could be made for it",
        now=order.asked_at,
    )
    raise NotByInvoice(
        "No invoice could be made: our payment provider does not accept the company’s details. "
        "Look at the address and the tax number in its paperwork, or pay by card."
    ) from refused
