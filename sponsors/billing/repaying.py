"""Repaying: what is paid for a seat that is none any more goes back whole, by credit note; and of a call
that failed nothing is left in its round's account: what the cards cost, and nothing else, is borne by
the general fund."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from funding.ledger import balances, posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.ledger.posting import Leg, Place
from funding.programmes import calls
from funding.programmes.models import FundingCall
from sponsors.billing import charging, giving_back, sending_back, settling, weighing
from sponsors.billing.models import (
    Asked,
    BankPayment,
    Dispute,
    Invoice,
    InvoiceQuerySet,
    Movement,
    Payment,
    Refund,
)
from sponsors.sponsorships import commitments
from sponsors.sponsorships.models import Commitment, CommitmentStatus

Status, Kind = CommitmentStatus, Account.Kind
GENERAL = Place(Kind.GENERAL)
GONE = (Status.EXPIRED, Status.WITHDRAWN, Status.FAILED, Status.RELEASED)
AGAIN_AFTER = timedelta(days=1)  # what Stripe refused to give back
FAILED, LOST = "The round does not come about.", "The seat had gone back before it was paid."


def owed_back() -> InvoiceQuerySet:
    """Paid, for a seat that was lost, or of a call that has failed."""
    gone = Q(commitment__status__in=GONE)
    failed = Q(commitment__status=Status.PAID, commitment__call__state=FundingCall.State.FAILED)
    kept = Q(returned__lt=F("net") + F("tax") - F("credited"))
    return Invoice.objects.filter(gone | failed, kept, status="paid", commitment__isnull=False)


def repay(invoice: Invoice, *, now: datetime) -> None:
    """All that is left of it; what cannot go back yet is asked for again later. What Stripe has never
    seen it cannot give back: staff send it from the bank."""
    subject = invoice.subject
    has_failed = subject.status in (Status.PAID, Status.RELEASED)
    why = FAILED if has_failed else LOST
    for payment in invoice.payments.exclude(balance_transaction=None):
        if not _is_for_staff(payment, now):
            _repay(payment, why, now)
    for bank in BankPayment.objects.agreed().filter(invoice=invoice).select_related("invoice"):
        sending_back.promise_all(bank, why=why, now=now)


def _is_for_staff(payment: Payment, now: datetime) -> bool:
    """What a bank has sent back, or Stripe refuses, is shown to staff and not tried in a circle."""
    refused = payment.asked.filter(status=Asked.Status.REFUSED, at__gt=now - AGAIN_AFTER)
    return refused.exists() or payment.refunds.filter(status__in=Refund.STAYED).exists()


def _repay(payment: Payment, why: str, now: datetime) -> None:
    with transaction.atomic():
        amount = (weighing.too_much(payment) or weighing.left(payment)).amount
        asked = giving_back.promise(payment, amount=amount, why=why, now=now)
    if asked:
        giving_back.carry_out(asked, now=now)


# A call that failed


def wind_up(call: FundingCall, *, now: datetime) -> bool:
    """Release who still owes; once all that was paid has gone back, have the general fund bear what
    the cards cost, and be done with it. False while something is waited for, or something else is
    missing or left: staff see how much (`stalling`)."""
    _release(call, now)
    if _is_waiting(call):
        return False
    with transaction.atomic():
        locked = calls.lock(call.pk)
        if locked.settled_at is not None:
            return False
        _bear_fees(locked, now)
        if held(locked):
            return False
        locked.settled_at = now
        locked.save(update_fields=["settled_at"])
    return True


def _release(call: FundingCall, now: datetime) -> None:
    owing = Commitment.objects.filter(call=call, status__in=[Status.COMMITTED, Status.DUE])
    for pk in owing.values_list("pk", flat=True):
        if charging.take_back(commitment_id=pk):
            commitments.release(commitment_id=pk, now=now)


def _is_waiting(call: FundingCall) -> bool:
    """Whether somebody still holds a seat, or money is on its way in either direction."""
    invoices = Invoice.objects.filter(commitment__call=call)
    payments = Payment.objects.filter(invoice__in=invoices)
    made = Refund.objects.filter(payment__in=payments).exclude(status__in=Refund.STAYED)
    return (
        Commitment.objects.filter(call=call).live().exists()
        or owed_back().filter(pk__in=invoices).exists()
        or made.filter(movements=None).exists()
        or invoices.filter(status="open").exists()
        or unsettled_disputes(payments).exists()
    )


def unsettled_disputes(payments: QuerySet[Payment]) -> QuerySet[Dispute]:
    rows = Dispute.objects.filter(payment__in=payments, status__in=Dispute.TAKEN)
    return rows.exclude(status="lost")


def held(call: FundingCall) -> Money:
    """What its round's account says."""
    return balances.of(posting.round(call.round_id, Kind.HELD), call.currency)


def _bear_fees(call: FundingCall, now: datetime) -> None:
    """Once. The round's account then stands at exactly nothing, unless something else was paid out of it."""
    reference = f"call:{call.pk}:fees"
    fees = min(card_fees(call), -held(call))
    if fees.amount <= 0 or Entry.objects.filter(reference=reference).exists():
        return
    posting.post(
        reference=reference,
        kind=Entry.Kind.CALL_FEES,
        occurred_at=now,
        legs=[Leg(GENERAL, posting.round(call.round_id, Kind.HELD), fees)],
        memo=f"Card fees of {call}",
    )
    calls.note(call, f"The general fund bears what the cards cost: {fees.exact}.", at=now)


def card_fees(call: FundingCall) -> Money:
    """What Stripe kept of its payments, and of what was taken back of them."""
    payments = Payment.objects.filter(invoice__commitment__call=call)
    settled = payments.exclude(balance_transaction=None).select_related("invoice")
    back = Movement.objects.filter(payment__in=payments).aggregate(together=Sum("fee"))
    return call.money(sum(settling.fee_borne(one) for one in settled) + (back["together"] or 0))
