"""Unpaid: what was never paid, or is past due when its company ends it, is ended at Stripe at once and
its newest invoice taken back, so that nothing can be charged or paid for a seat let go. The invoice
comes first: when Stripe does not take it back because it was paid meanwhile, nothing ends. A crash
between the two steps is made good by whoever looks at the subscription next."""

from collections.abc import Iterable

from sponsors.billing import calls, gateway, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Call, Invoice

PURPOSE, LAPSE = "cancel_unpaid", "lapse"
VOID, VOID_LAPSED = "void_unpaid", "void_lapsed"
WRITE_OFF = "write_off"
OVER = {"canceled", "incomplete_expired"}


def is_to_end(subscription: Json, *, ever_paid: bool) -> bool:
    """Whether a bank debit that was on its way for the first invoice came back, or an end that was
    begun is not complete: its invoice is left open, or was taken back or given up by itself."""
    invoice = subscription["latest_invoice"]
    if subscription["status"] not in OVER and _is_begun(subscription):
        return True
    if not invoice or invoice["status"] != "open":
        return False
    if states.ended_unpaid(subscription):
        return not states.is_sent(subscription)  # who is sent invoices still owes the last one
    if subscription["status"] == "canceled":
        return Call.objects.filter(purpose=PURPOSE, subject=subscription["id"]).exists()
    if states.is_sent(subscription):
        return False  # it waits for somebody to pay, not for a bank
    return not ever_paid and _came_back(invoice)


def end(subscription: Json, *, comment: str = "") -> Json:
    """The subscription as it is then; it goes on if its invoice was paid meanwhile. Raises the
    gateway's errors; asked again it goes on from where it was. With our comment for what was not
    paid in time, an invoice that was sent is still owed."""
    name, invoice = subscription["id"], subscription["latest_invoice"]
    gone = bool(invoice) and _was_given_up(subscription)
    if invoice and invoice["status"] == "void" and _voided(invoice["id"], VOID_LAPSED):
        comment = states.NOT_PAID  # what was begun as a lapse ends as one
    still_owed = gone or (comment and states.is_sent(subscription))
    if invoice and invoice["status"] == "open" and not still_owed:
        if not _take_back(invoice["id"], VOID_LAPSED if comment else VOID):
            return gateway.subscription(name)
        subscription = gateway.subscription(name)
    if subscription["status"] not in OVER:
        calls.ask(
            purpose=LAPSE if comment else PURPOSE,
            subject=name,
            do=lambda key: gateway.cancel_subscription(name, key=key, comment=comment),
            read=gateway.subscription,
            look_up=lambda: _if_canceled(name),
        )
    return gateway.subscription(name)


def given_up(invoice_ids: Iterable[str]) -> bool:
    """Whether staff asked that one of them is given up, and Stripe has not refused that."""
    asked = Call.objects.filter(purpose=WRITE_OFF, subject__in=list(invoice_ids))
    return asked.exclude(status=Call.Status.REFUSED).exists()


def _is_begun(subscription: Json) -> bool:
    """Whether an invoice of it was taken back, or given up, in order to end it."""
    invoice = subscription["latest_invoice"]
    if invoice and invoice["status"] == "void":
        return _voided(invoice["id"], VOID, VOID_LAPSED)
    return _was_given_up(subscription)


def _voided(invoice_id: str, *purposes: str) -> bool:
    return Call.objects.filter(purpose__in=purposes, subject=invoice_id).exists()


def _was_given_up(subscription: Json) -> bool:
    if not states.is_sent(subscription):
        return False
    invoice = subscription["latest_invoice"]
    item = subscription["items"]["data"][0]["id"]
    rows = Invoice.objects.filter(sponsorship__subscription__item_id=item, status="uncollectible")
    names = set(rows.values_list("stripe_id", flat=True))
    if invoice and invoice["status"] == "uncollectible":
        names.add(invoice["id"])
    return bool(names) and given_up(names)


def _take_back(invoice_id: str, purpose: str) -> bool:
    """Whether nobody can pay it any more; False when it was paid meanwhile."""
    try:
        calls.ask(
            purpose=purpose,
            subject=invoice_id,
            do=lambda key: gateway.void_invoice(invoice_id, key=key),
            read=gateway.invoice,
            look_up=lambda: _if_void(invoice_id),
        )
    except gateway.Refused:
        status = gateway.invoice(invoice_id)["status"]
        if status not in {"paid", "void"}:
            raise
        return bool(status == "void")
    return True


def _came_back(invoice: Json) -> bool:
    intents = [
        payment["payment"]["payment_intent"]
        for payment in invoice["payments"]["data"]
        if payment["payment"]["type"] == "payment_intent"
    ]
    looked_up = map(gateway.payment_intent, intents)
    return any(intent["status"] == "requires_payment_method" for intent in looked_up)


def _if_canceled(subscription_id: str) -> Json | None:
    subscription = gateway.subscription(subscription_id)
    return subscription if subscription["status"] == "canceled" else None


def _if_void(invoice_id: str) -> Json | None:
    invoice = gateway.invoice(invoice_id)
    return invoice if invoice["status"] == "void" else None
