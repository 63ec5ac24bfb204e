"""What Stripe's objects mean for us. `refresh` looks a root object up as it is now, under its
lease, and applies it; it may run any number of times and in any order, for a webhook, for the
return page, for a sweep. Status goes through `lifecycle`, money through `booking`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction

from funding.office import clock, leases
from sponsors.billing import (
    adopting,
    booking,
    crediting,
    gateway,
    inbox,
    mirroring,
    payers,
    paying_out,
    pledged,
    returning,
    setups,
)
from sponsors.billing.gateway import Json
from sponsors.billing.models import (
    Checkout,
    Customer,
    Event,
    Invoice,
    Payment,
    Setup,
    Subscription,
)
from sponsors.sponsorships import lifecycle

MOST_ROUNDS = 5


class NotYet(Exception):
    """What this depends on is not here yet; it will be looked up again."""


@dataclass(frozen=True, slots=True)
class Dirty:
    """What is known to have changed about a root: the events that said so, and their objects."""

    event_ids: list[int]
    object_ids: set[str]


def refresh(root: str, *, also: Collection[str] = ()) -> bool:
    """Bring us up to date with a Stripe object and stamp the events about it. False when somebody
    else is at it: then they, or the sweeper, see to what came in between. `also` are objects of it
    that are to be looked up though no event named them. Raises what the gateway raises after noting
    it on the events."""
    lease = f"stripe:{root}"
    token = leases.take(lease)
    if token is None:
        return False
    first = _dirty(root)
    dirty: Dirty | None = Dirty(first.event_ids, first.object_ids | {*also})
    rounds = MOST_ROUNDS
    try:
        while dirty and rounds:
            dirty, rounds = _refresh_once(root, dirty, lease, token), rounds - 1
    finally:
        if dirty:  # it failed, or more comes in than we get done: somebody else may go on
            leases.give_back(lease, token)
    return True


def look_at(invoice: Invoice) -> bool:
    """Bring an invoice up to date, with what it belongs to. Its row is to be read again after it."""
    subscription = Subscription.objects.filter(sponsorship=invoice.sponsorship_id).first()
    if subscription is not None:
        return refresh(subscription.stripe_id, also={invoice.stripe_id})
    return invoice.commitment_id is not None and refresh(invoice.stripe_id)


def _refresh_once(root: str, dirty: Dirty, lease: str, token: str) -> Dirty | None:
    """What has come in meanwhile, or None when there is nothing and the lease is given back: in
    the transaction that applies what was looked up, so that all of it is one commit."""
    try:
        # Stripe is asked here, with no transaction open; what comes back is applied below.
        apply = _looked_up(root, dirty)
        with transaction.atomic():
            leases.insist(lease, token)
            known = apply()
            inbox.stamp(dirty.event_ids, Event.Status.HANDLED if known else Event.Status.IGNORED)
            return _more_or_done(root, lease, token)
    except leases.LeaseLost:
        return None  # the events stay as they are for whoever holds it now
    except gateway.NotFound as missing:
        if _is_ours(root):  # a wrong key for a minute must not make us deaf
            inbox.note_failure(dirty.event_ids, missing)
            raise
        inbox.stamp(dirty.event_ids, Event.Status.IGNORED)  # of another account
        return _more_or_done(root, lease, token)
    except Exception as error:
        inbox.note_failure(dirty.event_ids, error)
        raise


def _is_ours(root: str) -> bool:
    return (
        Subscription.objects.filter(stripe_id=root).exists()
        or Checkout.objects.filter(stripe_id=root).exists()
        or Setup.objects.filter(stripe_id=root).exists()
        or Payment.objects.filter(payment_intent=root).exists()
        or Invoice.objects.filter(stripe_id=root).exists()
        or Customer.objects.filter(stripe_id=root).exists()
    )


def _more_or_done(root: str, lease: str, token: str) -> Dirty | None:
    dirty = _dirty(root)
    if dirty.event_ids:
        return dirty
    leases.give_back(lease, token)
    return None


def _dirty(root: str) -> Dirty:
    rows = list(Event.objects.unhandled().filter(root=root).values_list("id", "object_id"))
    return Dirty([row[0] for row in rows], {row[1] for row in rows})


def _looked_up(root: str, dirty: Dirty) -> Callable[[], bool]:
    """What to do in the transaction, with everything that Stripe has to say already in hand."""
    for prefix, look_up in FOLLOWED_OBJECTS.items():
        if root.startswith(prefix):
            return look_up(root, dirty)
    return lambda: False


def _checkout(session_id: str, dirty: Dirty) -> Callable[[], bool]:
    session = gateway.checkout(session_id)
    if session["mode"] == "setup":
        return setups.look_up(session)
    checkout = Checkout.objects.filter(stripe_id=session_id).first() or _by_reference(session)
    if checkout is None:
        return lambda: False
    if session["subscription"] and not refresh(session["subscription"]):  # under its own lease
        raise NotYet(f"{session_id} waits for {session['subscription']}")
    adopt = adopting.look_up(checkout, session)

    def apply() -> bool:
        adopt()
        return _apply_checkout(checkout, session)

    return apply


def _by_reference(session: Json) -> Checkout | None:
    """The checkout of a session whose id a crash kept from us: its reference is our row."""
    reference = session["client_reference_id"] or ""
    ours = reference.removeprefix("checkout:")
    if ours == reference or not ours.isdecimal():
        return None
    checkout = Checkout.objects.filter(pk=int(ours), stripe_id=None).first()
    matches = checkout and session["metadata"].get("sponsorship") == str(checkout.sponsorship_id)
    return checkout if matches else None


def _apply_checkout(checkout: Checkout, session: Json) -> bool:
    row = Checkout.objects.select_for_update().get(pk=checkout.pk)
    replaced = row.status != Checkout.Status.OPEN  # closed by us, to make way for another page
    row.stripe_id = session["id"]
    if session["status"] != "open":
        row.status = session["status"]
    row.save(update_fields=["stripe_id", "status"])
    pages = Checkout.objects.filter(sponsorship=row.sponsorship_id)
    others = pages.exclude(status=Checkout.Status.EXPIRED).exists()
    if session["status"] == "expired" and not replaced and not others:
        lifecycle.abandon(
            sponsorship_id=checkout.sponsorship_id,
            cause="The payment page was left without paying",
            now=clock.now(),
        )
    return True


def _subscription(subscription_id: str, dirty: Dirty) -> Callable[[], bool]:
    return mirroring.look_up(subscription_id, dirty.object_ids)


def _payment(payment_intent_id: str, dirty: Dirty) -> Callable[[], bool]:
    payments = Payment.objects.select_related("invoice__sponsorship")
    payment = payments.filter(payment_intent=payment_intent_id).first()
    if payment is None:
        return _unknown_payment(payment_intent_id, dirty)
    if payment.balance_transaction and dirty.object_ids == {payment_intent_id}:
        return lambda: True  # of what may come after it other objects tell
    intent = gateway.payment_intent(payment_intent_id)
    returns = returning.look_up(payment, intent, dirty.object_ids)

    def apply() -> bool:
        row = returning.locked(payment_intent_id)
        returning.note_warning(row, dirty.object_ids)
        if row.balance_transaction is None:
            booking.settle(row, intent)
        if returns is not None:
            returning.write(row, returns)
        return True

    return apply


def _unknown_payment(payment_intent_id: str, dirty: Dirty) -> Callable[[], bool]:
    """A payment whose invoice we have not seen: not ours, or its invoice comes first."""
    invoice_id = gateway.invoice_of_payment(payment_intent_id)
    if invoice_id is None or not _bring_in(invoice_id):
        return lambda: False
    if Payment.objects.filter(payment_intent=payment_intent_id).exists():
        return _payment(payment_intent_id, dirty)
    raise NotYet(f"{payment_intent_id} waits for invoice {invoice_id}")


def _bring_in(invoice_id: str) -> bool:
    """Look up what an invoice is for; False when that is nothing of ours."""
    invoice = gateway.invoice(invoice_id)
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    name = details.get("subscription")
    if name is None and pledged.commitment_of(invoice) is not None:
        refresh(invoice_id)
        return True
    if name is None or mirroring.sponsorship_of(gateway.subscription(name)) is None:
        return False
    refresh(name)
    return True


def _invoice(invoice_id: str, dirty: Dirty) -> Callable[[], bool]:
    """Of an invoice by itself only its credit notes: the rest comes with its subscription. A seat's
    has none, and is looked up whole."""
    known = Invoice.objects.filter(stripe_id=invoice_id)
    is_seat = known.filter(sponsorship=None).exists()
    of_seat = pledged.look_up(invoice_id) if is_seat or not known.exists() else None
    if of_seat is not None:
        return of_seat
    if not known.exists():
        if not _bring_in(invoice_id):
            return lambda: False
        if not known.exists():
            raise NotYet(f"{invoice_id} waits for its subscription")
    notes = gateway.credit_notes(invoice_id)

    def apply() -> bool:
        row = returning.locked_invoice(invoice_id)
        crediting.write(row, notes)
        returning.follow(row)
        return True

    return apply


def _customer(customer_id: str, dirty: Dirty) -> Callable[[], bool]:
    """Its cards, and that it was deleted. What is overdue is charged to a new card, and what
    depends on it is looked at again."""
    customer = Customer.objects.filter(stripe_id=customer_id).first()
    if customer is None:
        return lambda: False
    apply, touched = payers.look_up(customer)
    for subscription_id in touched:
        refresh(subscription_id)  # under its own lease
    return apply


def _payout(payout_id: str, dirty: Dirty) -> Callable[[], bool]:
    payout = gateway.payout(payout_id)

    def apply() -> bool:
        paying_out.write_payout(payout)
        return True

    return apply


# What we follow: each kind of root object, and how it is looked up.
FOLLOWED_OBJECTS: dict[str, Callable[[str, Dirty], Callable[[], bool]]] = {
    "cs_": _checkout,
    "in_": _invoice,
    "sub_": _subscription,
    "pi_": _payment,
    "cus_": _customer,
    "po_": _payout,
}
