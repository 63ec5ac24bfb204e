"""The inbox: what Stripe tells us is kept as it came, under its id, before anything is done.

An event says only that an object has changed. `root` is what to look up for it, so that the dozen
events of one renewal lead to two look-ups."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection

from funding.office import clock
from sponsors.billing import gateway, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Event, EventQuerySet

FOLLOWED = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "customer.updated",
    "customer.deleted",
    "payment_method.attached",
    "payment_method.updated",
    "payment_method.automatically_updated",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    "subscription_schedule.updated",
    "subscription_schedule.released",
    "subscription_schedule.canceled",
    "subscription_schedule.aborted",
    "customer.updated",
    "invoice.created",
    "invoice.finalized",
    "invoice.finalization_failed",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "charge.succeeded",
    "charge.updated",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
    "credit_note.created",
    "credit_note.updated",
    "credit_note.voided",
    "payout.created",
    "payout.failed",
)
# Seconds; then it is dead. A hiccup is over in a minute; an outage of ours may last a weekend, and
# Stripe itself tries for three days.
BACK_OFF = (5, 15, 60, 300, 900, 3600, 7200, 14400, 28800, 43200, 86400, 86400)
HINT_TAKES = timedelta(seconds=3)
AT_A_TIME = 100  # events of Stripe's list: a page of it


_COLUMNS = (
    "stripe_id", "kind", "object_id", "root", "created_at", "received_at", "payload", "status",
    "attempts", "error",
)  # fmt: skip
# Without a transaction of Django's around it: this is the one statement that Stripe waits for.
_KEEP = (
    f"INSERT INTO billing_event ({', '.join(_COLUMNS)}) "  # noqa: S608 - our own names
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))}) ON CONFLICT (stripe_id) DO NOTHING"
)


class NotAnEvent(Exception):
    """Signed, but not of the shape that Stripe gives its events."""


def keep(event: Json, payload: str = "") -> str | None:
    """Store an event unless it is here, in one statement and one commit; answers the root worth a
    look, if there is one. A duplicate is no error, and is a hint like the first."""
    row = _row(event, payload or gateway.as_text(event))
    columns = [getattr(row, name) for name in _COLUMNS]
    adapt = connection.ops.adapt_datetimefield_value
    values = [adapt(one) if isinstance(one, datetime) else one for one in columns]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
    return row.root if row.status == Event.Status.NEW else None


def keep_all(events: Iterable[Json]) -> list[str]:
    """Store what is not here yet; the roots of what nobody has handled."""
    rest, roots = iter(events), set[str]()
    while some := list(islice(rest, AT_A_TIME)):
        roots |= _keep_some(some)
    return unhandled(roots)


def _keep_some(events: list[Json]) -> set[str]:
    """What is here already, and nearly all of it is, is not written again; what no webhook would tell
    us is not written at all."""
    names = {event["id"] for event in events if event["type"] in FOLLOWED}
    known = dict(Event.objects.filter(stripe_id__in=names).values_list("stripe_id", "root"))
    missing = names - known.keys()
    new = {root for event in events if event["id"] in missing and (root := keep(event))}
    return new | set(known.values())


def unhandled(roots: Collection[str]) -> list[str]:
    """Those of which something is not handled: a dozen hints for one renewal are one look-up."""
    rows = Event.objects.unhandled().filter(root__in=roots)
    return _in_order(rows.values_list("root", flat=True))


def _in_order(roots: Iterable[str]) -> list[str]:
    """Subscriptions with their invoices before the payments of these, which are looked up with one
    call then and not with four."""
    return sorted(set(roots), key=lambda root: (root.startswith("pi_"), root))


def due_roots(*, most: int) -> list[str]:
    """What a lost hint or a failure left: roots with events that nobody has handled."""
    now = clock.machine_now()
    rows = Event.objects.unhandled().filter(received_at__lt=now - HINT_TAKES)
    later = rows.filter(next_attempt_at__gt=now).values("root")
    due = rows.exclude(root__in=later).order_by("id").values_list("root", flat=True)
    return _in_order(due[: most * 8])[:most]


def note_failure(event_ids: list[int], error: Exception) -> None:
    """Try again later, and less and less often; in the end leave it for staff."""
    for event in Event.objects.unhandled().filter(id__in=event_ids):
        event.attempts += 1
        event.error = f"{type(error).__name__}: {error}"
        if event.attempts > len(BACK_OFF):
            event.status = Event.Status.DEAD
        else:
            wait = timedelta(seconds=BACK_OFF[event.attempts - 1])
            event.next_attempt_at = clock.machine_now() + wait
        event.save(update_fields=["attempts", "error", "status", "next_attempt_at"])


def stamp(event_ids: list[int], status: Event.Status) -> None:
    Event.objects.filter(id__in=event_ids).update(
        status=status, handled_at=clock.machine_now(), error=""
    )


def dead() -> EventQuerySet:
    """What was tried for three days and not handled, newest first."""
    return Event.objects.filter(status=Event.Status.DEAD)


def replay(events: EventQuerySet) -> int:
    """Try them again from the beginning, within seconds; returns how many. What was handled
    already would do no harm."""
    return events.exclude(status=Event.Status.HANDLED).update(
        status=Event.Status.NEW, attempts=0, next_attempt_at=None
    )


def _row(event: Json, payload: str) -> Event:
    try:
        thing = event["data"]["object"]
        root = _root(thing)
        wanted = event["type"] in FOLLOWED and event["livemode"] == gateway.livemode() and root
        return Event(
            stripe_id=_text(event["id"], 80),
            kind=_text(event["type"], 80),
            object_id=_text(thing.get("id") or "", 100),
            root=_text(root, 100),
            created_at=states.at(event["created"]),
            received_at=clock.machine_now(),
            payload=payload,
            status=Event.Status.NEW if wanted else Event.Status.IGNORED,
        )
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as error:
        raise NotAnEvent(repr(error)) from error


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise ValueError(f"{value!r:.40} is no name")
    value.encode()  # half of a pair of surrogates is no text
    return value


def _root(thing: Json) -> str:
    match thing.get("object"):
        case "invoice":
            parent = thing.get("parent") or {}
            details = parent.get("subscription_details") or {}
            own = thing.get("id") if (thing.get("metadata") or {}).get("commitment") else ""
            return details.get("subscription") or own or ""  # a seat's is its own root
        case "subscription_schedule":
            return thing.get("subscription") or thing.get("released_subscription") or ""
        case "charge" | "refund" | "dispute" | "radar.early_fraud_warning":
            return thing.get("payment_intent") or ""
        case "credit_note":
            return thing.get("invoice") or ""
        case "payment_method":
            return thing.get("customer") or ""
        case "checkout.session" | "subscription" | "payment_intent" | "payout" | "customer":
            return thing.get("id") or ""
    return ""
