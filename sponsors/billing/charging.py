"""Charging: the one invoice of a seat that is due, and what was asked with it. Every step is written
down before Stripe is asked (`calls`), under a key of the commitment's own; whoever comes again goes on
from where it was. Nobody is charged whose call was not decided: only who is *due* is looked at."""

import logging

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from funding.office import clock
from sponsors.billing import (
    calls,
    failing,
    gateway,
    handlers,
    honouring,
    knowing,
    payers,
    reasons,
    seat_mail,
    wrong_drafts,
)
from sponsors.billing.gateway import Json
from sponsors.billing.models import Call, Customer, Invoice, Setup
from sponsors.companies import paperwork
from sponsors.sponsorships.models import Commitment, PaysBy

log = logging.getLogger(__name__)

BILL, ITEM, PAY, VOID = "bill_seat", "bill_seat_item", "charge_seat", "void_seat"


def waiting() -> QuerySet[Commitment]:
    """Who is due, and was not asked to pay yet; or whose invoice could be made at last."""
    asked = Call.objects.filter(purpose=PAY, subject=OuterRef("stripe_id"))
    of_it = Invoice.objects.filter(commitment=OuterRef("pk"))
    waits = of_it.filter(Q(is_sent=True) | Q(attempts__gt=0), status="open")
    late = of_it.filter(~Exists(asked), status="open", is_sent=False, attempts=0)
    new = Q(grace_until=None) & ~Exists(waits)
    rows = Commitment.objects.due().filter(new | Exists(late), wrong_drafts.rested())
    return rows.order_by("due_at", "pk")


def charge(*, commitment_id: int) -> None:
    """Bill a seat, and charge the card that was saved for it. Raises the gateway's errors, after
    which it is asked again."""
    with knowing.turn(_turn(commitment_id)):
        rows = Commitment.objects.due().with_parties().select_related("accepted_by")
        if commitment := rows.filter(pk=commitment_id).first():
            seat_mail.decided(commitment)
            wrong_drafts.make_way(
                commitment, purposes=(BILL, ITEM), subject=_subject(commitment.pk)
            )
            with wrong_drafts.noted(commitment):
                _charge(commitment)


def take_back(*, commitment_id: int) -> bool:
    """Nothing can be paid for it any more, since its invoice is void; False where it was paid
    meanwhile, or is being paid."""
    with knowing.turn(_turn(commitment_id)):
        is_void = _take_back(commitment_id)
    if is_void:
        wrong_drafts.forget(commitment_id)
    return is_void


def open_invoice(commitment: Commitment) -> Invoice | None:
    """What its company can pay now."""
    rows = Invoice.objects.awaited().filter(commitment=commitment)
    return rows.order_by("-id").first()


def _turn(commitment_id: int) -> str:
    return f"seat:{commitment_id}"


def _charge(commitment: Commitment) -> None:
    try:
        invoice = _bill(commitment)
        if invoice["status"] in {"draft", "open"}:  # or finalised by somebody at Stripe, as it was
            wrong_drafts.insist_exact(commitment, invoice)
        if invoice["status"] == "draft":
            invoice = knowing.finalise(invoice["id"])
    except gateway.Refused as refused:
        _give_up(commitment, refused)
        return
    is_owed = commitment.pays_by == PaysBy.CARD and invoice["status"] == "open"
    has_card = bool(invoice["default_payment_method"])  # another of the company's is for others
    if is_owed and has_card:
        _pay(invoice)
    elif is_owed:
        log.info("%s was not paid: no card is saved for it", invoice["id"])
    if not handlers.refresh(invoice["id"]):
        return  # whoever is at it, or comes next, looks again
    _note_untried(commitment, invoice["id"], without_card=is_owed and not has_card)


def _bill(commitment: Commitment) -> Json:
    invoice = payers.whoever_is_there(
        lambda: knowing.customer(commitment.company, commitment.currency),
        lambda customer: _invoice(commitment, customer),
    )
    if invoice["status"] == "draft" and not invoice["lines"]["data"]:
        _add_item(commitment, invoice)
        invoice = gateway.invoice(invoice["id"])
    return invoice


def _invoice(commitment: Commitment, customer: Customer) -> Json:
    knowing.tell(commitment.company)
    name = str(customer.stripe_id)
    return calls.ask(
        purpose=BILL,
        subject=_subject(commitment.pk),
        do=lambda key: gateway.create_invoice(params=_asked(commitment, name), key=key),
        look_up=lambda: gateway.find_invoice(customer_id=name, commitment=str(commitment.pk)),
        read=gateway.invoice,
    )


def _subject(commitment_id: int) -> str:
    return f"commitment:{commitment_id}"


def _asked(commitment: Commitment, customer_id: str) -> Json:
    """https://docs.stripe.com/api/invoices/create: it goes on by us alone, so that an empty draft is
    never finalised, and a card that was declined is not asked again by itself."""
    asked: Json = {
        "customer": customer_id,
        "currency": commitment.currency.lower(),
        "auto_advance": False,
        "collection_method": "charge_automatically",
        "metadata": {"commitment": str(commitment.pk)},
    }
    reference = paperwork.of(commitment.company).reference
    fields = knowing.custom_fields(po_number=commitment.po_number, reference=reference)
    asked |= fields.get("invoice_settings", {})
    if commitment.pays_by == PaysBy.INVOICE:
        asked |= {"collection_method": "send_invoice", "days_until_due": commitment.net_days}
    elif method := _saved(commitment, customer_id):
        asked["default_payment_method"] = method
    if settings.STRIPE_AUTOMATIC_TAX:
        asked["automatic_tax"] = {"enabled": True}
    return asked


def _saved(commitment: Commitment, customer_id: str) -> str:
    """The card that was saved for it, unless it was taken away since."""
    setups = Setup.objects.filter(commitment=commitment).exclude(payment_method="")
    setup = setups.order_by("-id").first()
    if setup is None:
        return ""
    try:
        method = gateway.payment_method(setup.payment_method)
    except gateway.NotFound:
        return ""
    return setup.payment_method if method["customer"] == customer_id else ""


def _add_item(commitment: Commitment, invoice: Json) -> None:
    calls.ask(
        purpose=ITEM,
        subject=_subject(commitment.pk),
        do=lambda key: gateway.create_invoice_item(
            params={
                "customer": invoice["customer"],
                "invoice": invoice["id"],
                "amount": commitment.amount,
                "currency": commitment.currency.lower(),
                "tax_behavior": "exclusive",
                "description": f"{commitment.payee}: {commitment.item}",
                "metadata": {"commitment": str(commitment.pk)},
            },
            key=key,
        ),
        look_up=lambda: next(iter(gateway.invoice(invoice["id"])["lines"]["data"]), None),
        read=lambda name: {"id": name},
    )


def _pay(invoice: Json) -> None:
    """Once: what was declined, or is to be confirmed by a person, waits for that person."""
    name = invoice["id"]
    if invoice["attempt_count"]:
        return
    try:
        calls.ask(
            purpose=PAY,
            subject=name,
            do=lambda key: gateway.pay_by_default(name, key=key),
            look_up=lambda: _if_tried(name),
            read=gateway.invoice,
        )
    except gateway.Refused as refused:
        log.info("%s was not paid: %s", name, refused.code)  # the look at it says why


def _if_tried(invoice_id: str) -> Json | None:
    invoice = gateway.invoice(invoice_id)
    return invoice if invoice["status"] != "open" or invoice["attempt_count"] else None


def _note_untried(commitment: Commitment, invoice_id: str, *, without_card: bool) -> None:
    """Of a card that could not even be asked, Stripe says nothing on the invoice."""
    refused = Call.objects.filter(purpose=PAY, subject=invoice_id, status=Call.Status.REFUSED)
    row = Invoice.objects.filter(stripe_id=invoice_id, status="open", attempts=0).first()
    if row and (without_card or refused.exists()):
        honouring.note_failure(commitment, reasons.NO_MEANS, invoice=row, now=clock.now())


def _give_up(commitment: Commitment, refused: gateway.Refused) -> None:
    """Stripe will not make it, for now: its company is told and has its grace to mend it."""
    log.error("Stripe refuses to bill commitment %s: %s", commitment.pk, refused.code)
    if made := _made(commitment.pk):
        handlers.refresh(made["id"])
    row = Invoice.objects.filter(commitment=commitment).order_by("-id").first()
    reason = honouring.NO_ADDRESS if row and row.status == "draft" else honouring.NOT_MADE
    honouring.note_failure(commitment, reason, invoice=row, now=clock.now())


# Taking back


def _take_back(commitment_id: int) -> bool:
    invoice = _made(commitment_id)
    if invoice is None:
        return True
    try:
        _withdraw(invoice)
    except gateway.Refused as refused:
        log.info("%s is not taken back: %s", invoice["id"], refused.code)  # paid, or being paid
    handlers.refresh(invoice["id"])
    return _is_void(invoice["id"])


def _made(commitment_id: int) -> Json | None:
    """Its invoice at Stripe, whatever a crash kept from us."""
    rows = Call.objects.filter(purpose=BILL, subject=_subject(commitment_id))
    call = rows.order_by("-attempt").first()
    if call is None:
        return None
    if call.status == Call.Status.DONE:
        return _if_there(call.stripe_id)
    commitment = Commitment.objects.select_related("company").get(pk=commitment_id)
    customer = knowing.customer(commitment.company, commitment.currency)
    return gateway.find_invoice(customer_id=str(customer.stripe_id), commitment=str(commitment_id))


def _if_there(invoice_id: str) -> Json | None:
    try:
        return gateway.invoice(invoice_id)
    except gateway.NotFound:
        return None  # a draft that was thrown away


def _withdraw(invoice: Json) -> None:
    name = invoice["id"]
    if invoice["status"] == "draft":
        gateway.delete_draft(name)
    elif invoice["status"] in {"open", "uncollectible"} and not _is_being_paid(name):
        calls.ask(
            purpose=VOID,
            subject=name,
            do=lambda key: gateway.void_invoice(name, key=key),
            look_up=lambda: gateway.invoice(name) if _is_void(name) else None,
            read=gateway.invoice,
        )


def _is_being_paid(invoice_id: str) -> bool:
    """A debit takes days; until its bank has answered nothing is taken back."""
    found = failing.intents(gateway.invoice(invoice_id))
    return any(intent["status"] == "processing" for intent in found)


def _is_void(invoice_id: str) -> bool:
    invoice = _if_there(invoice_id)
    return invoice is None or invoice["status"] == "void"
