"""What a sponsorship is, as a pure function of its Stripe subscription and that one's newest
invoice, both as they are now. Nothing is remembered but whether anything was ever paid."""

from datetime import UTC, datetime

from sponsors.billing.gateway import Json
from sponsors.sponsorships.changing import Billed
from sponsors.sponsorships.lifecycle import Said
from sponsors.sponsorships.models import PaysBy, Reason, Status

# The names under which an invoice carries what a company's finance department looks for.
PO_NUMBER, REFERENCE = "PO number", "Reference"
# A subscription that we end because nobody paid is ended with this comment, so that it can be told
# from one that somebody wanted to end.
NOT_PAID = "Not paid in time"
KNOWN = {
    "active", "trialing", "past_due", "unpaid", "paused", "incomplete", "incomplete_expired",
    "canceled",
}  # fmt: skip


class UnknownStatus(Exception):
    """Stripe has a word for a subscription's state that we do not know."""


def at(seconds: int) -> datetime:
    """Stripe's instants are unix seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else at(seconds)


def read(subscription: Json, *, ever_paid: bool, now: datetime) -> Said:
    """`subscription` with its `latest_invoice` expanded."""
    invoice: Json | None = subscription.get("latest_invoice")
    paid = invoice if invoice and invoice["status"] == "paid" else None
    item = subscription["items"]["data"][0]
    return Said(
        status=status(subscription, invoice, ever_paid=ever_paid or bool(paid), now=now),
        paid_through=paid_through(paid) if paid else None,
        ends_at=ends_at(subscription),
        ended_at=instant(subscription["ended_at"]),
        first_paid_at=instant(paid["status_transitions"]["paid_at"]) if paid else None,
        interval=item["price"]["recurring"]["interval"],
        amount=amount(item),
        due_at=instant(invoice["due_date"]) if invoice and invoice["status"] == "open" else None,
        pays_by=PaysBy.INVOICE if is_sent(subscription) else PaysBy.CARD,
        left_out=_is_left_out(subscription, invoice),
        resumes_at=instant((subscription.get("pause_collection") or {}).get("resumes_at")),
        end_reason=reason(subscription),
        end_words=(_details(subscription).get("comment") or "").replace("\x00", "")[:300],
    )


# Why it ends, in our words and in Stripe's; its portal knows some more.
FEEDBACK = {
    Reason.BUDGET: "too_expensive",
    Reason.USE: "unused",
    Reason.SHOWN: "customer_service",
    Reason.PROMISED: "missing_features",
    Reason.PAPERWORK: "too_complex",
    Reason.OTHER: "other",
}
REASONS = {word: reason for reason, word in FEEDBACK.items()} | {
    "switched_service": Reason.USE,
    "low_quality": Reason.PROMISED,
}


def reason(subscription: Json) -> str:
    """Why its company ends it, if it said so."""
    feedback = _details(subscription).get("feedback")
    return REASONS.get(feedback, Reason.OTHER) if feedback else ""


def billed(subscription: Json, *, tier_id: int | None) -> Billed:
    """What it bills each interval, and whether Stripe has something else in hand."""
    item = subscription["items"]["data"][0]
    recurring = item["price"]["recurring"]
    return Billed(
        tier_id=tier_id,
        interval=recurring["interval"] if recurring.get("interval_count", 1) == 1 else "",
        amount=amount(item),
        waits=bool(subscription["pending_update"]),
        planned=bool(subscription["schedule"]),
        ends=ends_at(subscription) is not None,
    )


def amount(item: Json) -> int:
    """0 for a price that is no whole number of minor units: nobody can say what it bills."""
    return int(item["price"]["unit_amount"] or 0) * int(item.get("quantity", 1))


def status(subscription: Json, invoice: Json | None, *, ever_paid: bool, now: datetime) -> Status:
    said: str = subscription["status"]
    if said not in KNOWN:
        raise UnknownStatus(said)
    if said in {"canceled", "incomplete_expired", "unpaid"}:
        return _over(subscription, invoice, ever_paid=ever_paid, now=now)
    match said:
        case "paused":
            return Status.PAUSED
        case "past_due":
            owed = ever_paid or is_sent(subscription)
            return Status.PAST_DUE if owed else Status.PENDING
        case "incomplete":
            return Status.PENDING
    if subscription.get("pause_collection"):
        return Status.PAUSED
    if is_sent(subscription) and invoice:
        return _by_invoice(subscription, invoice, ever_paid=ever_paid, now=now)
    if not ever_paid:
        return Status.PENDING  # a bank debit on its way: active at Stripe, nothing paid yet
    return _going_on(subscription)


def _over(subscription: Json, invoice: Json | None, *, ever_paid: bool, now: datetime) -> Status:
    if _details(subscription).get("comment") == NOT_PAID:
        return Status.LAPSED
    if is_sent(subscription) and _is_owed(invoice, now):
        return Status.LAPSED  # it stood for what was billed, and that was never paid
    if not ever_paid:
        return Status.ABANDONED
    on_request = subscription["status"] == "canceled" and not ended_unpaid(subscription)
    return Status.CANCELLED if on_request else Status.LAPSED


def _is_owed(invoice: Json | None, now: datetime) -> bool:
    """Late, or written off."""
    if invoice is None or invoice["status"] not in {"open", "uncollectible"}:
        return False
    due = instant(invoice["due_date"])
    return invoice["status"] == "uncollectible" or (due is not None and now > due)


def custom(invoice: Json, name: str) -> str:
    """What stands beside a name on an invoice."""
    fields = invoice["custom_fields"] or []
    return next((str(one["value"])[:140] for one in fields if one["name"] == name), "")


def is_stuck(invoice: Json) -> bool:
    """A draft that Stripe could not finalise."""
    return bool(invoice["status"] == "draft" and invoice["last_finalization_error"])


def is_sent(thing: Json) -> bool:
    """Whether an invoice, or those of a subscription, are sent and not charged to a card."""
    return bool(thing["collection_method"] == "send_invoice")


def _by_invoice(subscription: Json, invoice: Json, *, ever_paid: bool, now: datetime) -> Status:
    """A subscription paid by invoice is active at Stripe whatever is paid: the invoice decides."""
    due = instant(invoice["due_date"])
    if invoice["status"] in {"open", "uncollectible"} and due and now > due:
        return Status.PAST_DUE
    # Voided or written off in the dashboard, it awaits another, and can be ended meanwhile.
    return _going_on(subscription) if ever_paid else Status.AWAITING_INVOICE


def _is_left_out(subscription: Json, invoice: Json | None) -> bool:
    """Whether the newest invoice of a card was taken back, as the charges of a pause are."""
    return bool(invoice and invoice["status"] == "void") and not is_sent(subscription)


def _going_on(subscription: Json) -> Status:
    return Status.CANCELLING if ends_at(subscription) else Status.ACTIVE


def _details(subscription: Json) -> Json:
    return subscription.get("cancellation_details") or {}


def ended_unpaid(subscription: Json) -> bool:
    """Whether it was ended because nobody paid, by us or after Stripe's last try."""
    over, details = subscription["status"] == "canceled", _details(subscription)
    return over and (
        details.get("reason") == "payment_failed" or details.get("comment") == NOT_PAID
    )


def ends_at(subscription: Json) -> datetime | None:
    """When it will end, if somebody asked that."""
    if subscription["cancel_at"]:
        return instant(subscription["cancel_at"])
    if subscription["cancel_at_period_end"]:
        return instant(subscription["items"]["data"][0]["current_period_end"])
    return None


def paid_through(invoice: Json) -> datetime:
    """The end of the service that an invoice bills: its lines', not the invoice's own period,
    which is the one before (https://docs.stripe.com/api/invoices/object#invoice_object-period_end)."""
    return datetime.fromtimestamp(
        max(line["period"]["end"] for line in invoice["lines"]["data"]), UTC
    )


def paid_from(invoice: Json) -> datetime:
    return datetime.fromtimestamp(
        min(line["period"]["start"] for line in invoice["lines"]["data"]), UTC
    )


def is_change(invoice: Json) -> bool:
    """Whether it bills only what a change within a period costs, and not a period: another may be
    owed for that. A first period of less than a whole one is a period."""
    first = invoice["billing_reason"] == "subscription_create"
    return not first and all(_is_proration(line) for line in invoice["lines"]["data"])


def is_left_out(invoice: Json) -> bool:
    """Whether it is a renewal that no card was asked for: what a pause leaves out is taken back as it
    is made."""
    was_taken_back = invoice["status"] == "void" and not invoice["attempt_count"]
    return (
        was_taken_back
        and not is_sent(invoice)
        and invoice["billing_reason"] == "subscription_cycle"
    )


def _is_proration(line: Json) -> bool:
    parent = line.get("parent") or {}
    kinds = ("subscription_item_details", "invoice_item_details")
    return any((parent.get(kind) or {}).get("proration") for kind in kinds)


BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}
TRANSFERS = {"bank_transfer", "customer_balance"}


def means(charge: Json) -> str:
    """What a charge was paid with, as people know it: Visa 4242, bank debit 3000."""
    details = charge.get("payment_method_details") or {}
    kind = details.get("type") or ""
    known = details.get(kind) or {}
    if kind == "card":
        brand = known.get("brand") or "card"
        name = BRANDS.get(brand, brand.title())
    elif kind in TRANSFERS:
        name = "bank transfer"
    elif kind.endswith("_debit"):
        name = "bank debit"
    else:
        name = kind.replace("_", " ")
    return f"{name} {known.get('last4') or ''}".strip()[:40]


def cause(said: Said) -> str:
    """Why it is so, for the diary."""
    return {
        Status.PENDING: "The payment is on its way",
        Status.AWAITING_INVOICE: "The invoice was sent",
        Status.ACTIVE: "The newest invoice is paid",
        Status.PAST_DUE: "The invoice was not paid by its due date"
        if said.pays_by == PaysBy.INVOICE
        else "A payment failed",
        Status.CANCELLING: "It will not be renewed",
        Status.PAUSED: "It was paused",
        Status.CANCELLED: "It came to its end as asked",
        Status.LAPSED: "It was not paid in time",
        Status.ABANDONED: "It was never paid",
    }[said.status]
