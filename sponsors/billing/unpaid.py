"""Unpaid: what was never paid, or is past due when its company ends it, is ended at Stripe at once and
its newest invoice taken back, so that nothing can be charged or paid for a seat let go. A crash
between the two steps is made good by whoever looks at the subscription next."""

from sponsors.billing import calls, gateway, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Call

PURPOSE = "cancel_unpaid"


def is_to_end(subscription: Json, *, ever_paid: bool) -> bool:
    """Whether a bank debit that was on its way for the first invoice came back, or an end that was
    begun has left its invoice open."""
    invoice = subscription["latest_invoice"]
    if not invoice or invoice["status"] != "open":
        return False
    if subscription["status"] == "canceled":
        return Call.objects.filter(purpose=PURPOSE, subject=subscription["id"]).exists()
    if states.is_sent(subscription):
        return False  # it waits for somebody to pay, not for a bank
    return not ever_paid and _came_back(invoice)


def end(subscription: Json) -> Json:
    """The subscription as it is then. Raises the gateway's errors; asked again it goes on from
    where it was."""
    name, invoice = subscription["id"], subscription["latest_invoice"]
    if subscription["status"] != "canceled":
        calls.ask(
            purpose=PURPOSE,
            subject=name,
            do=lambda key: gateway.cancel_subscription(name, key=key),
            read=gateway.subscription,
            look_up=lambda: _if_canceled(name),
        )
    if invoice and invoice["status"] == "open":
        calls.ask(
            purpose="void_unpaid",
            subject=invoice["id"],
            do=lambda key: gateway.void_invoice(invoice["id"], key=key),
            read=gateway.invoice,
            look_up=lambda: _if_void(invoice["id"]),
        )
    return gateway.subscription(name)


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
