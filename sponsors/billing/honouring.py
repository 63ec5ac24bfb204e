"""Honouring: what the invoice of a programme's seat says becomes what its commitment is, and its
company is told. In the transaction in which the invoice was written."""

from datetime import datetime

from funding.office import clock
from sponsors.billing import reasons, seat_mail
from sponsors.billing.models import Dispute, Invoice
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment, CommitmentStatus

NO_ADDRESS = reasons.Reason(
    "No invoice can be made, because it is not known where the company is taxed."
)
LATE = reasons.Reason("The invoice was not paid by its due date.")
TAKEN_BACK = reasons.Reason("Its invoice was taken back.")
NOT_MADE = reasons.Reason("No invoice could be made for it.")


def follow(invoice: Invoice, *, is_lost: bool) -> None:
    """As it is now. `is_lost`: all that was paid of it went back for good."""
    commitment = invoice.commitment
    if commitment is None:
        return
    now = clock.now()
    if invoice.status == "paid" and is_lost:
        _take(invoice, commitment, now)
    elif invoice.status == "paid":
        _pay(invoice, commitment, now)
    elif reason := why_not_paid(invoice, now=now):
        note_failure(commitment, reason, invoice=invoice, now=now)


def why_not_paid(invoice: Invoice, *, now: datetime) -> reasons.Reason | None:
    """In words, where it was tried and failed, or is late; None while it can be waited for."""
    if invoice.status == "draft":
        return NO_ADDRESS
    if invoice.status in {"void", "uncollectible"}:
        return TAKEN_BACK
    if invoice.is_sent:
        return LATE if invoice.is_overdue(now) else None
    if not invoice.attempts:
        return None
    payment = invoice.payments.order_by("-id").first()
    if payment and payment.needs_person:
        return reasons.NEEDS_PERSON
    reason = reasons.of(payment.failure_code if payment else "")
    return None if reason == reasons.ON_ITS_WAY else reason


def note_failure(
    commitment: Commitment, reason: reasons.Reason, *, invoice: Invoice | None, now: datetime
) -> None:
    """Its grace begins, once, and its company is told, once."""
    cause = reason.words.rstrip(".")
    row = commitments.note_failure(commitment_id=commitment.pk, cause=cause, now=now)
    if row.status == CommitmentStatus.DUE:
        seat_mail.not_paid(row, invoice=invoice, reason=reason.words)


def _pay(invoice: Invoice, commitment: Commitment, now: datetime) -> None:
    row = commitments.note_paid(commitment_id=commitment.pk, now=now)
    if row.status == CommitmentStatus.PAID:
        seat_mail.paid(row, invoice=invoice)


def _take(invoice: Invoice, commitment: Commitment, now: datetime) -> None:
    """What the bank took is told apart from what was given back."""
    taken = Dispute.objects.filter(payment__invoice=invoice, status="lost").exists()
    deed = commitments.dispute if taken else commitments.refund
    cause = "The bank took the payment back" if taken else "The payment was given back"
    deed(commitment_id=commitment.pk, cause=cause, now=now)
