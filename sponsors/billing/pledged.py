"""Pledged: the invoice of a programme's seat, which belongs to no subscription and is looked up by
itself. What Stripe says of it now becomes what our rows say; what follows for the commitment is said
by `honouring`. Under the invoice's lease (`handlers`)."""

from collections.abc import Callable, Sequence

from sponsors.billing import booking, crediting, failing, gateway, owing, returning, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import Customer, Invoice, InvoiceQuerySet, Payment
from sponsors.sponsorships.models import Commitment

LONGEST = 18  # digits of a number that a database takes


def look_up(invoice_id: str) -> Callable[[], bool] | None:
    """What to do in the transaction, with the invoice, its credit notes and what failed in hand;
    None for one that is no seat's, or none of ours."""
    try:
        said = gateway.invoice(invoice_id)
    except gateway.NotFound:
        if not _drafts(invoice_id).exists():
            raise
        return lambda: bool(_drafts(invoice_id).delete())
    commitment = _known(invoice_id) or commitment_of(said)
    if commitment is None:
        return None
    notes = [] if said["status"] == "draft" else gateway.credit_notes(invoice_id)
    tried = failing.intents(said) if said["status"] == "open" and said["attempt_count"] else []
    return lambda: _apply(commitment, said, notes, tried)


def commitment_of(invoice: Json) -> Commitment | None:
    """Ours by the metadata it was born with and the customer it is for: another site on the same
    account may use the same words."""
    name = (invoice["metadata"] or {}).get("commitment", "")
    if invoice["parent"] or not name.isdecimal() or len(name) > LONGEST:
        return None
    payers = Customer.objects.filter(stripe_id=invoice["customer"]).values("company")
    rows = Commitment.objects.with_parties().filter(pk=int(name), company__in=payers)
    return rows.first()


def _known(invoice_id: str) -> Commitment | None:
    return Commitment.objects.with_parties().filter(invoices__stripe_id=invoice_id).first()


def _drafts(invoice_id: str) -> InvoiceQuerySet:
    return Invoice.objects.without_location().filter(stripe_id=invoice_id)


def _apply(
    commitment: Commitment, said: Json, notes: Sequence[Json], tried: Sequence[Json]
) -> bool:
    if said["status"] == "draft" and not states.is_stuck(said):
        return True  # nobody owes it yet
    row = booking.write_invoice(commitment, said)
    row.commitment = commitment
    owing.tell_sent(row)
    crediting.write(row, notes)
    booking.book_outside(row)
    for intent in tried:
        for payment in Payment.objects.filter(payment_intent=intent["id"]):
            booking.note_failure(payment, intent)
    returning.follow(row)
    return True
