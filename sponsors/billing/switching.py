"""Switching: Stripe is asked to bill something else. What costs more is billed at once and changes the
subscription only when it is paid; the rest is planned for the period's end. What Stripe then says is
what is so (`mirroring`, `changing.follow`); a crash on the way is made good by `sweep`."""

import logging
import time
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.db.models import Q

from funding.accounts.models import User
from sponsors.billing import calls, gateway, handlers, knowing, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Price, Subscription
from sponsors.sponsorships import changing, refusals, seats
from sponsors.sponsorships.changing import Quote, Wish
from sponsors.sponsorships.models import Change, Sponsorship

log = logging.getLogger(__name__)

MOST_LOOKS, BETWEEN_LOOKS = 4, 0.3  # seconds
ANSWERED_WITHIN = timedelta(minutes=2)
REFUSED = "Stripe refused it"
LOST = "Stripe did not answer. Nothing was charged"
# A plan ends a day after it has done its part, and leaves the subscription to itself.
A_DAY = {"interval": "day", "interval_count": 1}


def change(
    *, sponsorship: Sponsorship, wish: Wish, quote: Quote | None, by: User, now: datetime
) -> Change:
    """Ask for it, at once when there is a quote for that. The change as it stands then: done,
    waiting for payment, planned. Raises `refusals.Refused` when nothing was changed, and the
    gateway's errors when nobody knows yet."""
    with _turn(sponsorship):
        return _change(sponsorship=sponsorship, wish=wish, quote=quote, by=by, now=now)


def _turn(sponsorship: Sponsorship) -> AbstractContextManager[None]:
    """Nobody takes a change back while Stripe is asked for it: what they read would not be so."""
    return knowing.turn(f"change:{sponsorship.pk}")


def _change(
    *, sponsorship: Sponsorship, wish: Wish, quote: Quote | None, by: User, now: datetime
) -> Change:
    asked = changing.ask(sponsorship_id=sponsorship.pk, wish=wish, quote=quote, by=by, now=now)
    try:
        (_upgrade if quote else _plan)(asked)
    except gateway.Refused as refused:
        changing.drop(asked, outcome=REFUSED, now=now)
        _look(_name(asked))
        raise refusals.NotAllowed(
            "It could not be changed: something else has changed meanwhile. Look at it again. "
            "Nothing was charged."
        ) from refused
    if quote:
        _see_whether_paid(asked, now)
    return Change.objects.select_related("sponsorship").get(pk=asked.pk)


def _name(change: Change) -> str:
    return Subscription.objects.get(sponsorship=change.sponsorship_id).stripe_id


def _look(subscription_id: str) -> None:
    """Look at it now; while a worker is at it, wait a moment for what it finds."""
    for _ in range(MOST_LOOKS):
        if handlers.refresh(subscription_id):
            return
        time.sleep(BETWEEN_LOOKS)


def _price(change: Change) -> Price:
    return knowing.price(
        change.tier, interval=change.interval, amount=change.amount,
        currency=change.sponsorship.currency,
    )  # fmt: skip


def _upgrade(change: Change) -> None:
    known = Subscription.objects.get(sponsorship=change.sponsorship_id)
    price = _price(change)
    assert change.prorated_at is not None
    params: Json = {
        "items": [{"id": known.item_id, "price": price.stripe_id, "quantity": 1}],
        "proration_behavior": "always_invoice",
        "payment_behavior": "pending_if_incomplete",
        "proration_date": int(change.prorated_at.timestamp()),
    }
    calls.ask(
        purpose="upgrade",
        subject=f"change:{change.pk}",
        do=lambda key: gateway.update_subscription(known.stripe_id, params=params, key=key),
        look_up=lambda: _if_asked(known.stripe_id, str(price.stripe_id)),
        read=gateway.subscription,
    )
    _note_waiting(change, gateway.subscription(known.stripe_id))
    _look(known.stripe_id)


def _if_asked(subscription_id: str, price_id: str) -> Json | None:
    """The subscription, if it bills that price or waits to."""
    subscription = gateway.subscription(subscription_id)
    waiting = (subscription["pending_update"] or {}).get("subscription_items") or []
    items = [*subscription["items"]["data"], *waiting]
    return subscription if any(item["price"]["id"] == price_id for item in items) else None


def _note_waiting(change: Change, subscription: Json) -> None:
    pending = subscription["pending_update"]
    if pending:
        changing.wait(change, until=states.at(pending["expires_at"]))


def _see_whether_paid(change: Change, now: datetime) -> None:
    """A card that was refused leaves nothing open: the invoice is taken back at once. One that the
    bank wants to hear more about, or a debit that takes days, leaves the change waiting."""
    change.refresh_from_db()
    if change.status != Change.Status.WAITING:
        return
    invoice = gateway.subscription(_name(change))["latest_invoice"]
    intent = _intent(invoice)
    if intent is None or intent["status"] != "requires_payment_method":
        return
    why = (intent["last_payment_error"] or {}).get("message") or "The bank refused the payment."
    changing.intend_to_drop(change, outcome=why)
    _void(change, invoice["id"])
    changing.drop(change, outcome=why, now=now)
    _look(_name(change))
    raise refusals.Declined(f"{why} Nothing was charged, and nothing was changed.")


def _intent(invoice: Json) -> Json | None:
    for payment in invoice["payments"]["data"]:
        if payment["payment"]["type"] == "payment_intent":
            return gateway.payment_intent(payment["payment"]["payment_intent"])
    return None


def _void(change: Change, invoice_id: str) -> None:
    calls.ask(
        purpose="void_upgrade",
        subject=f"change:{change.pk}",
        do=lambda key: gateway.void_invoice(invoice_id, key=key),
        look_up=lambda: _if_void(invoice_id),
        read=gateway.invoice,
    )


def _if_void(invoice_id: str) -> Json | None:
    invoice = gateway.invoice(invoice_id)
    return invoice if invoice["status"] == "void" else None


def _plan(change: Change) -> None:
    """A schedule of two phases: what is, to the period's end, and then what was asked for."""
    name = _name(change)
    price = _price(change)
    made = calls.ask(
        purpose="plan_change",
        subject=f"change:{change.pk}",
        do=lambda key: gateway.plan(name, key=key),
        look_up=lambda: _if_planned(name),
        read=gateway.schedule,
    )
    params = _phases(made["phases"][0], str(price.stripe_id))
    said = calls.ask(
        purpose="set_phases",
        subject=f"change:{change.pk}",
        do=lambda key: gateway.set_phases(made["id"], params=params, key=key),
        harmless=True,
    )
    changing.schedule(change, at=states.at(said["phases"][1]["start_date"]))
    _look(name)


def _phases(now: Json, price_id: str) -> Json:
    """https://docs.stripe.com/api/subscription_schedules/update"""
    items = [{"price": one["price"], "quantity": one["quantity"]} for one in now["items"]]
    return {
        "end_behavior": "release",
        "phases": [
            {"start_date": now["start_date"], "end_date": now["end_date"], "items": items},
            {
                "items": [{"price": price_id, "quantity": 1}],
                "duration": A_DAY,
                "proration_behavior": "none",
            },
        ],
    }


def _if_planned(subscription_id: str) -> Json | None:
    schedule = gateway.subscription(subscription_id)["schedule"]
    return gateway.schedule(schedule) if schedule else None


def take_back(sponsorship: Sponsorship, *, now: datetime) -> bool:
    """It stays as it is after all; False when there was nothing to take back any more, or it came
    about meanwhile. Raises the gateway's errors."""
    change = seats.live(sponsorship)
    if change is None:
        return False
    let_go(sponsorship, outcome=changing.TAKEN_BACK, now=now)
    change.refresh_from_db()
    return change.status == Change.Status.DROPPED


def let_go(sponsorship: Sponsorship, *, outcome: str, now: datetime) -> None:
    """Free the subscription of any plan and of what waits for payment, as must be before it can
    end or pause. Raises the gateway's errors."""
    with _turn(sponsorship):
        _let_go(sponsorship, outcome, now)


def _let_go(sponsorship: Sponsorship, outcome: str, now: datetime) -> None:
    name = Subscription.objects.get(sponsorship=sponsorship).stripe_id
    change = seats.live(sponsorship)
    if change:
        changing.intend_to_drop(change, outcome=outcome)
    try:
        _free(gateway.subscription(name), change)
        _look(name)
    except gateway.GatewayError:
        if change:
            changing.intend_to_drop(change, outcome="")
        raise
    if change:
        changing.drop(change, outcome=outcome, now=now)


def _free(subscription: Json, change: Change | None) -> None:
    if subscription["schedule"]:
        _release(subscription["schedule"])
    newest = subscription["latest_invoice"]
    if change and subscription["pending_update"] and newest and newest["status"] == "open":
        _void_unless_paid(change, newest["id"])


def _void_unless_paid(change: Change, invoice_id: str) -> None:
    try:
        _void(change, invoice_id)
    except gateway.Refused:
        log.info("%s was paid before it could be taken back", invoice_id)


def _release(schedule_id: str) -> None:
    try:
        calls.ask(
            purpose="release_plan",
            subject=schedule_id,
            do=lambda key: gateway.release(schedule_id, key=key),
            look_up=lambda: _if_released(schedule_id),
            read=gateway.schedule,
        )
    except gateway.Refused:
        log.info("%s has done its part already", schedule_id)


def _if_released(schedule_id: str) -> Json | None:
    schedule = gateway.schedule(schedule_id)
    return schedule if schedule["status"] != "active" else None


def sweep(*, now: datetime, most: int = 100) -> int:
    """Changes that a crash or a lost answer left, and those whose time has passed untold."""
    asked = Q(status=Change.Status.ASKED, asked_at__lte=now - ANSWERED_WITHIN)
    late = Q(due_at__lte=now - ANSWERED_WITHIN)
    found = Change.objects.live().filter(asked | late).select_related("sponsorship")
    return sum(_try(change, now) for change in found.order_by("id")[:most])


def _try(change: Change, now: datetime) -> bool:
    try:
        _settle(change, now)
    except Exception:  # noqa: BLE001 - one that cannot be looked up stops no other
        log.warning("%s cannot be looked up", change, exc_info=True)
        return False
    return True


def _settle(change: Change, now: datetime) -> None:
    """What was asked for and never answered: it is there, or it never came to be."""
    name = _name(change)
    subscription = gateway.subscription(name)
    if change.status == Change.Status.ASKED:
        _note_waiting(change, subscription)
    _look(name)
    if not Change.objects.filter(pk=change.pk, status=Change.Status.ASKED).exists():
        return
    if subscription["schedule"]:
        _release(subscription["schedule"])
    changing.drop(change, outcome=LOST, now=now, tell=True)
