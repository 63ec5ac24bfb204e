"""Returning: money that goes back to who paid, as Stripe has it now. A payment's refunds and disputes are
listed, never taken from what an event says; every balance transaction of theirs is booked once, in
its parts; and what is paid for follows, in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money
from funding.ledger.posting import Leg
from funding.office import clock
from funding.projects import editing
from sponsors.billing import (
    booking,
    crediting,
    disputing,
    funds,
    gateway,
    honouring,
    mail,
    moving,
    renewals,
    states,
)
from sponsors.billing.gateway import Json
from sponsors.billing.models import (
    SUBJECTS,
    Asked,
    BankReturn,
    CreditNote,
    Deferral,
    Dispute,
    Invoice,
    Payment,
    Refund,
)
from sponsors.sponsorships import lifecycle

Kind = Account.Kind
WARNING = "issfr_"
HINTS = ("re_", "pyr_", "du_", "dp_")


@dataclass(frozen=True, slots=True)
class Returns:
    """What Stripe lists for one payment, oldest first."""

    refunds: list[Json] = field(default_factory=list)
    disputes: list[Json] = field(default_factory=list)
    notes: list[Json] = field(default_factory=list)


def locked(payment_intent_id: str) -> Payment:
    """With its invoice, which is locked first: what goes back is written on it."""
    invoice = _locked(payments__payment_intent=payment_intent_id)
    row = Payment.objects.select_for_update().get(payment_intent=payment_intent_id)
    row.invoice = invoice
    return row


def locked_invoice(invoice_id: str) -> Invoice:
    return _locked(stripe_id=invoice_id)


def _locked(**which: str) -> Invoice:
    rows = Invoice.objects.select_for_update(of=("self",))
    return rows.select_related(*SUBJECTS).get(**which)


def note_warning(payment: Payment, object_ids: Iterable[str]) -> None:
    """Its bank believes that somebody else paid with the card; often a dispute follows."""
    if payment.warned_at is None and any(name.startswith(WARNING) for name in object_ids):
        payment.warned_at = clock.now()
        payment.save(update_fields=["warned_at"])


def look_up(payment: Payment, intent: Json, object_ids: Iterable[str]) -> Returns | None:
    """One call for each kind, and none where nothing says that anything went back."""
    charge = intent["latest_charge"] or {}
    says = charge.get("amount_refunded") or charge.get("disputed")
    hinted = any(name.startswith(HINTS) for name in object_ids)
    if not (says or hinted or payment.refunds.exists() or payment.disputes.exists()):
        return None
    refunds = gateway.refunds(payment.payment_intent)
    return Returns(
        refunds=refunds[::-1],
        disputes=gateway.disputes(payment.payment_intent)[::-1],
        notes=gateway.credit_notes(payment.invoice.stripe_id) if refunds else [],
    )


def write(payment: Payment, returns: Returns) -> None:
    """Mirror and book all of it. The rows of the payment and of its invoice are locked by who
    calls. Of a payment whose own money is not in the books yet nothing is booked: that comes first,
    and this runs again then."""
    invoice = payment.invoice
    if returns.notes:
        crediting.write(invoice, returns.notes)
    for refund in returns.refunds:
        _write_refund(payment, refund, returns.notes)
    for dispute in returns.disputes:
        disputing.write(payment, dispute)
    if payment.balance_transaction:
        moving.book_all(payment, returns.refunds, returns.disputes)
    follow(invoice)


def follow(invoice: Invoice) -> None:
    """Write what follows from the money that went back of an invoice: until when its sponsorship is
    paid for, months that are not to be waited for, what the project's page says."""
    invoice.returned = went_back_of(invoice)
    invoice.save(update_fields=["returned"])
    if _is_lost(invoice):
        _release_rest(invoice)
    sponsorship = invoice.sponsorship
    if sponsorship is None:
        honouring.follow(invoice, is_lost=_is_lost(invoice))
        return
    lifecycle.note_paid_through(
        sponsorship_id=sponsorship.pk, paid_through=booking.paid_through(sponsorship),
        now=clock.now(),
    )  # fmt: skip
    editing.touch(sponsorship.project_id)


def went_back_of(invoice: Invoice) -> int:
    """Of what was owed and paid: what had been paid too much goes back first."""
    return max(_went_back(invoice) - _surplus(invoice), 0)


# Refunds


def _write_refund(payment: Payment, said: Json, notes: list[Json]) -> None:
    row = Refund.objects.filter(stripe_id=said["id"]).first() or Refund(stripe_id=said["id"])
    before = row.status
    row.payment, row.amount, row.status = payment, said["amount"], said["status"]
    row.failure = said.get("failure_reason") or ""
    row.created_at = states.at(said["created"])
    note = _note_of(said["id"], notes)
    row.credit_note = CreditNote.objects.get(stripe_id=note["id"]) if note else row.credit_note
    row.asked = _asked(said, note) or row.asked
    for name in ("balance_transaction", "failure_balance_transaction"):
        transaction = said.get(name)
        setattr(row, name, transaction["id"] if transaction else None)
    row.save()
    if row.status != before:
        _tell(row)


def _note_of(refund_id: str, notes: list[Json]) -> Json | None:
    return next((n for n in notes if any(r["refund"] == refund_id for r in n["refunds"])), None)


def _asked(said: Json, note: Json | None) -> Asked | None:
    """Who asked for it here, if anybody did; that is done now."""
    for thing in (said, note):
        name = ((thing or {}).get("metadata") or {}).get("asked", "")
        found = Asked.objects.filter(pk=int(name)).first() if name.isdecimal() else None
        if found and found.payment.payment_intent == said["payment_intent"]:
            Asked.objects.filter(pk=found.pk).update(status=Asked.Status.DONE)
            return found
    return None


def _tell(refund: Refund) -> None:
    if refund.status == "failed":
        mail.refund_failed(refund)
    elif refund.went_back:
        mail.refunded(refund)


# What follows


def _went_back(invoice: Invoice) -> int:
    refunds = Refund.objects.filter(payment__invoice=invoice)
    disputes = Dispute.objects.filter(payment__invoice=invoice, status__in=Dispute.TAKEN)
    by_bank = BankReturn.objects.sent().filter(bank_payment__invoice=invoice).together()
    return sum(row.amount for row in refunds if row.went_back) + _sum(disputes) + sum(by_bank)


def _is_lost(invoice: Invoice) -> bool:
    """Whether all of it went back for good: a dispute that may still be won does not count."""
    open_ = Dispute.objects.filter(payment__invoice=invoice, status__in=Dispute.TAKEN)
    waiting = _sum(open_.exclude(status="lost"))
    gone = _went_back(invoice) - waiting - _surplus(invoice)
    return 0 < invoice.net + invoice.tax - invoice.credited <= gone


def _surplus(invoice: Invoice) -> int:
    return sum(invoice.payments.values_list("surplus", flat=True))


def _sum(disputes: Iterable[Dispute]) -> int:
    return sum(row.amount for row in disputes)


def _release_rest(invoice: Invoice) -> None:
    """A year that was given back is not waited for: what is left of it is out of what is held."""
    deferral = Deferral.objects.select_for_update().filter(invoice=invoice).first()
    if deferral is None or deferral.next_at is None:
        return
    rest = sum(renewals.month_parts(deferral.amount, deferral.months)[deferral.released :])
    if rest:
        posting.post(
            reference=f"{invoice.stripe_id}:rest",
            kind=Entry.Kind.MONTH_RELEASED,
            occurred_at=clock.now(),
            legs=[
                Leg(
                    funds.of(invoice, Kind.DEFERRED),
                    funds.of(invoice, Kind.HELD),
                    Money(rest, invoice.currency),
                )
            ],
            memo=f"All that was left of the year, invoice {invoice}",
        )
    deferral.released, deferral.next_at = deferral.months, None
    deferral.save(update_fields=["released", "next_at"])
