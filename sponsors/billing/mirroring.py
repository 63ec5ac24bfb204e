"""Mirroring: what a subscription and its invoices say at Stripe becomes what our rows say. Under the
subscription's lease (`handlers`), so nobody else writes them meanwhile."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from funding.office import clock
from sponsors.billing import (
    booking,
    crediting,
    failing,
    gateway,
    owing,
    payers,
    states,
    unpaid,
)
from sponsors.billing.gateway import Json
from sponsors.billing.models import Customer, Price, Subscription
from sponsors.sponsorships import changing, lifecycle
from sponsors.sponsorships.models import Sponsorship, Status

log = logging.getLogger(__name__)


def look_up(subscription_id: str, object_ids: set[str]) -> Callable[[], bool]:
    """What to do in the transaction, with the subscription, its newest invoice and those among
    `object_ids` in hand. It answers False for a subscription that is none of ours."""
    subscription = gateway.subscription(subscription_id)
    sponsorship = sponsorship_of(subscription)
    if sponsorship is None:
        return lambda: False
    if unpaid.is_to_end(subscription, ever_paid=sponsorship.since is not None):
        subscription = unpaid.end(subscription)
    card = payers.own_card(subscription)
    failed = failing.tried(subscription)
    newest = subscription["latest_invoice"]
    others = {name for name in object_ids if name.startswith("in_")}
    invoices = [*map(_invoice, sorted(others - {newest and newest["id"]})), newest]
    notes = crediting.look_up(invoices)

    def apply() -> bool:
        _write_invoices(sponsorship, invoices, notes)
        if _is_another(sponsorship, subscription):
            log.error("%s pays for %s too: end it at Stripe.", subscription["id"], sponsorship.pk)
            return True
        _write_subscription(sponsorship, subscription, card)
        changing.follow(
            sponsorship_id=sponsorship.pk, billed=_billed(subscription), now=clock.now()
        )
        _tell(sponsorship, subscription)
        failing.note(sponsorship_id=sponsorship.pk, intents=failed)
        return True

    return apply


def _write_invoices(
    sponsorship: Sponsorship, invoices: Sequence[Json | None], notes: dict[str, list[Json]]
) -> None:
    """Those that bill something, with the credit notes that take it off again."""
    for invoice in invoices:
        if invoice and (invoice["status"] != "draft" or states.is_stuck(invoice)):
            row = booking.write_invoice(sponsorship, invoice)
            owing.tell_sent(row)
            if invoice["id"] in notes:
                crediting.write(row, notes[invoice["id"]])
            booking.book_outside(row)


def _invoice(invoice_id: str) -> Json | None:
    try:
        return gateway.invoice(invoice_id)
    except gateway.NotFound:
        return None  # a draft that was deleted


def _tell(sponsorship: Sponsorship, subscription: Json) -> None:
    """Let `lifecycle` know what the subscription and its newest invoice say."""
    if subscription["status"] not in states.KNOWN:
        log.error("%s is %r, which is new to us.", subscription["id"], subscription["status"])
        return  # it stays as it is, and staff see it
    ever_paid, now = sponsorship.since is not None, clock.now()
    said = states.read(subscription, ever_paid=ever_paid, now=now)
    said = owing.by_what_is_open(sponsorship, said, now=now)
    paid = booking.paid_through(sponsorship)
    unpaid_now = said.status == Status.ACTIVE and (paid is None or paid <= now)
    said = replace(said, paid_through=paid, left_out=said.left_out and unpaid_now)
    lifecycle.accept(sponsorship_id=sponsorship.pk, said=said, cause=states.cause(said), now=now)


def _billed(subscription: Json) -> changing.Billed:
    """What it bills, and of which tier that is a price."""
    name = subscription["items"]["data"][0]["price"]["id"]
    price = Price.objects.filter(stripe_id=name).first()
    return states.billed(subscription, tier_id=price.tier_id if price else None)


def sponsorship_of(subscription: Json) -> Sponsorship | None:
    """Ours by the link we have, or by the metadata it was born with and the customer it is for:
    another site on the same account may use the same words."""
    item = subscription["items"]["data"][0]["id"]
    known = Subscription.objects.filter(item_id=item).select_related("sponsorship").first()
    if known:
        return known.sponsorship
    name = subscription["metadata"].get("sponsorship", "")
    if not name.isdecimal():
        return None
    return Sponsorship.objects.filter(
        pk=int(name),
        company__in=Customer.objects.filter(stripe_id=subscription["customer"]).values("company"),
    ).first()


def _is_another(sponsorship: Sponsorship, subscription: Json) -> bool:
    """Whether a live subscription pays for this sponsorship already, and this is not it: its money
    is booked, but what becomes of it says nothing about ours."""
    others = Subscription.objects.filter(sponsorship=sponsorship).exclude(
        status__in=["canceled", "incomplete_expired"]
    )
    return others.exclude(stripe_id=subscription["id"]).exists()


def _write_subscription(sponsorship: Sponsorship, subscription: Json, card: Json) -> None:
    item = subscription["items"]["data"][0]
    facts = {
        "stripe_id": subscription["id"],
        "item_id": item["id"],
        "status": subscription["status"],
        "is_sent": states.is_sent(subscription),
        "schedule_id": subscription["schedule"] or "",
        "created_at": states.at(subscription["created"]),
        "period_ends_at": states.instant(item["current_period_end"]),
        "looked_up_at": clock.machine_now(),
        **card,
    }
    if not Subscription.objects.filter(sponsorship=sponsorship).update(**facts):
        customer = Customer.objects.get(stripe_id=subscription["customer"])
        Subscription.objects.create(sponsorship=sponsorship, customer=customer, **facts)
