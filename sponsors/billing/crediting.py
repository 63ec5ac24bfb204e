"""Crediting: credit notes as Stripe has them now. What is credited of an invoice that is still to be paid
lowers what is owed; what is credited of money that was paid goes back by its refund, and books
nothing by itself."""

from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.money import Money, split
from funding.ledger.posting import Leg, Place
from funding.office import clock
from sponsors.billing import documents, funds, gateway, states
from sponsors.billing.gateway import Json
from sponsors.billing.models import CreditNote, Invoice

Kind = Account.Kind
VOID = "void"


def look_up(invoices: Iterable[Json | None]) -> dict[str, list[Json]]:
    """By invoice: the notes of those that say that more is credited than we know of."""
    known = [invoice for invoice in invoices if invoice and _says_more(invoice)]
    return {invoice["id"]: gateway.credit_notes(invoice["id"]) for invoice in known}


def _says_more(invoice: Json) -> bool:
    says = invoice["pre_payment_credit_notes_amount"] + invoice["post_payment_credit_notes_amount"]
    notes = CreditNote.objects.filter(invoice__stripe_id=invoice["id"]).exclude(status=VOID)
    return bool(says != sum(note.net + note.tax for note in notes))


def write(invoice: Invoice, notes: Iterable[Json]) -> None:
    """Mirror an invoice's credit notes. The invoice's row is locked by who calls."""
    for note in sorted(notes, key=lambda one: (one["created"], one["id"])):
        _mirror(invoice, note)
    turn(invoice)
    sums = standing(invoice).aggregate(sum=Sum("before_payment"))
    invoice.credited = sums["sum"] or 0
    invoice.save(update_fields=["credited"])


def turn(invoice: Invoice) -> None:
    """Book what lowers the invoice, or take it back: nothing is taken off what is billed no more."""
    is_billed = invoice.revision % 2 == 1
    for note in invoice.credit_notes.filter(before_payment__gt=0):
        wanted = is_billed and note.status != VOID
        if wanted != (note.revision % 2 == 1):
            note.revision += 1
            note.save(update_fields=["revision"])
            _book(invoice, note, wanted=wanted)


def standing(invoice: Invoice) -> QuerySet[CreditNote]:
    """Those that lower what is owed."""
    return invoice.credit_notes.filter(before_payment__gt=0).exclude(status=VOID)


def before_payment(note: CreditNote) -> tuple[int, int]:
    """Net and tax of what came off what was still owed."""
    if note.before_payment == note.net + note.tax:
        return note.net, note.tax
    net, tax = split(note.before_payment, [note.net, note.tax])
    return net, tax


def _mirror(invoice: Invoice, said: Json) -> None:
    net = said["total_excluding_tax"]
    net = said["total"] if net is None else net
    known = CreditNote.objects.filter(stripe_id=said["id"]).first()
    row = known or CreditNote(stripe_id=said["id"])
    row.invoice, row.number, row.status = invoice, said["number"], said["status"]
    row.net, row.tax, row.before_payment = net, said["total"] - net, said["pre_payment_amount"]
    row.reason = (said["memo"] or said["reason"] or "")[:300]
    row.created_at = states.at(said["created"])
    documents.note_credit(row, said)
    row.save()


def _book(invoice: Invoice, note: CreditNote, *, wanted: bool) -> None:
    posting.post(
        reference=f"{note.stripe_id}:{note.revision}",
        kind=Entry.Kind.CREDITED if wanted else Entry.Kind.CREDIT_WITHDRAWN,
        occurred_at=note.created_at if note.revision == 1 else clock.now(),
        legs=_legs(invoice, note, wanted=wanted),
        memo=f"Credit note {note} for invoice {invoice}",
    )


def _legs(invoice: Invoice, note: CreditNote, *, wanted: bool) -> list[Leg]:
    owes = funds.owes(invoice)
    billed = funds.of(invoice, Kind.BILLED)
    net, tax = before_payment(note)
    sides = [(billed, net), (Place(Kind.TAX), tax)]
    return [
        Leg(place, owes, Money(amount, invoice.currency))
        if wanted
        else Leg(owes, place, Money(amount, invoice.currency))
        for place, amount in sides
    ]
