"""Disputing: a bank takes a payment back, or asks about it. What Stripe says of it is kept, in words of
ours; somebody who runs the site has to answer before a day, with what shows that it was right."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from funding.accounts.models import User
from funding.office import clock
from funding.projects.models import Update
from sponsors.billing import gateway, mail, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Dispute, Payment
from sponsors.sponsorships.models import Fulfilment, Status

OVER = {"won", "lost", "warning_closed", "prevented"}
WON = {"won", "warning_closed", "prevented"}
CHARGED = (Status.ACTIVE, Status.PAST_DUE, Status.PAUSED)  # now or later, by themselves
DASHBOARD = "https://dashboard.stripe.com"
UPDATES_SHOWN = 20

# Stripe's words for why, as https://docs.stripe.com/disputes/categories lists them.
REASONS = {
    "fraudulent": "The holder of the card says that somebody else paid with it.",
    "duplicate": "They say that they paid twice for the same thing.",
    "subscription_canceled": "They say that they had ended the sponsorship before.",
    "product_not_received": "They say that they did not get what was promised.",
    "product_unacceptable": "They say that what they got is not what was promised.",
    "credit_not_processed": "They say that they were promised money back and did not get it.",
    "unrecognized": "They do not know our name on their statement.",
    "incorrect_account_details": "The account that was debited was the wrong one.",
    "insufficient_funds": "Their account did not hold enough.",
    "bank_cannot_process": "Their bank could not carry it out.",
    "debit_not_authorized": "They say that they did not agree to the debit.",
    "customer_initiated": "They asked their bank for the money back.",
}
NO_REASON = "Their bank gives no reason."
STATES = {
    "needs_response": "waits for our answer",
    "under_review": "the bank decides",
    "won": "won",
    "lost": "lost",
    "warning_needs_response": "the bank asks",
    "warning_under_review": "answered",
    "warning_closed": "closed, nothing was taken",
    "prevented": "prevented",
    "appeal_needs_response": "waits for our appeal",
    "appeal_under_review": "the appeal is looked at",
}
OUTCOMES = {
    "won": "The bank agreed with us: the money came back and is held for the project again.",
    "lost": "The bank agreed with its customer: the money is gone, and so is Stripe’s fee.",
    "warning_closed": "The bank asked no further. No money was taken.",
    "prevented": "It was settled before the bank took anything.",
}


def write(payment: Payment, said: Json) -> None:
    """Mirror a dispute as it is now. The payment's row is locked by who calls; its money is booked by
    `returning`."""
    row = Dispute.objects.filter(stripe_id=said["id"]).first() or Dispute(stripe_id=said["id"])
    is_new, was = row.pk is None, row.status
    row.payment, row.amount, row.status = payment, said["amount"], said["status"]
    row.reason = said["reason"][:60]
    row.due_by = states.instant(said["evidence_details"]["due_by"])
    row.opened_at = states.at(said["created"])
    if row.status in OVER:
        row.closed_at = row.closed_at or clock.now()
    row.save()
    _tell(row, is_new=is_new, was=was)


def _tell(dispute: Dispute, *, is_new: bool, was: str) -> None:
    if is_new:
        mail.dispute_opened(dispute)
    if dispute.is_taken and (is_new or was.startswith("warning_")):
        mail.dispute_took(dispute)
    if dispute.status in OVER and was != dispute.status:
        mail.dispute_closed(dispute)


def blocking(payment: Payment) -> QuerySet[Dispute]:
    """Those because of which nothing of the payment can be given back."""
    return payment.disputes.filter(status__in=Dispute.TAKEN)


def reason(dispute: Dispute) -> str:
    return REASONS.get(dispute.reason, NO_REASON)


def state(dispute: Dispute) -> str:
    return STATES.get(dispute.status, dispute.status.replace("_", " "))


def outcome(dispute: Dispute) -> str:
    return OUTCOMES.get(dispute.status, "")


def goes_on(dispute: Dispute) -> bool:
    """Whether the sponsorship is charged to the same card again, unless somebody ends it."""
    is_doubted = dispute.is_taken or dispute.reason == "fraudulent"
    sponsorship = dispute.payment.invoice.sponsorship
    if sponsorship is None or dispute.status in WON:
        return False  # a seat is paid once
    return is_doubted and sponsorship.status in CHARGED


def going_on() -> QuerySet[Dispute]:
    """Those believed fraud, or lost, whose sponsorships are charged again, and of which nobody has
    decided that this is right."""
    doubted = Q(reason="fraudulent", status__in=Dispute.TAKEN) | Q(status="lost")
    charged = Dispute.objects.filter(doubted, payment__invoice__sponsorship__status__in=CHARGED)
    return charged.filter(decided_at=None)


def let_go_on(dispute: Dispute, *, because: str, by: User, now: datetime) -> bool:
    """Write down why the sponsorship goes on; nothing is asked of Stripe. False when somebody has
    decided it meanwhile."""
    open_ = Dispute.objects.filter(pk=dispute.pk, decided_at=None)
    return bool(open_.update(goes_on_because=because, decided_by=by, decided_at=now))


def address(dispute: Dispute) -> str:
    """Where it is answered: Stripe's own page of the payment."""
    mode = "" if gateway.livemode() else "/test"
    return f"{DASHBOARD}{mode}/payments/{dispute.payment.payment_intent}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a payment was right: what was bought, when, and what was delivered for it."""

    dispute: Dispute
    done: list[Fulfilment]
    updates: list[Update]
    paid_at: datetime | None
    others_paid: int  # invoices that this company paid before for the same sponsorship


def evidence(dispute: Dispute) -> Evidence:
    invoice = dispute.payment.invoice
    sponsorship = invoice.sponsorship
    if sponsorship is None:
        return Evidence(dispute, done=[], updates=[], paid_at=invoice.paid_at, others_paid=0)
    since = sponsorship.first_paid_at or invoice.created_at
    told = sponsorship.project.updates.published().filter(published_at__gte=since)
    paid = sponsorship.invoices.filter(status="paid", created_at__lt=invoice.created_at)
    return Evidence(
        dispute=dispute,
        done=list(sponsorship.fulfilments.done()),
        updates=list(told[:UPDATES_SHOWN]),
        paid_at=invoice.paid_at,
        others_paid=paid.count(),
    )
