"""Sending back: money of a seat that came to the bank, and goes back by bank. What is owed is written
down by who owes it (`remainders`, `repaying`); staff send it, and say when. With that it is in the
books, its company is told, and Stripe makes a credit note of it that moves no money there."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from funding.accounts.models import User
from funding.ledger import posting
from funding.ledger.models import Account, Entry
from funding.ledger.posting import Leg, Place
from funding.office import clock
from sponsors.billing import calls, funds, gateway, handlers, returning, seat_mail
from sponsors.billing.gateway import Json
from sponsors.billing.models import SUBJECTS, BankPayment, BankReturn, Call, CreditNote

log = logging.getLogger(__name__)

Kind = Account.Kind
CREDIT = "credit_sent_back"
AGAIN_AFTER = timedelta(days=1)  # a credit note that Stripe refused


class NotSentBack(Exception):
    """It cannot be put down as it was typed; the message says why. Nothing has changed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the bank's paper says."""

    reference: str
    on: date


def rows() -> QuerySet[BankReturn]:
    """With all that their lines say."""
    parties = [f"bank_payment__invoice__{name}" for name in SUBJECTS]
    return BankReturn.objects.select_related("bank_payment", "credit_note", *parties)


def left(bank: BankPayment) -> tuple[int, int]:
    """Net and tax of it that nobody was promised."""
    net, tax = BankReturn.objects.filter(bank_payment=bank).together()
    return bank.net - net, bank.tax - tax


def promise(bank: BankPayment, *, net: int, tax: int, why: str, now: datetime) -> BankReturn:
    """Write down that so much is to be sent. In the caller's transaction, under the invoice's lock."""
    return BankReturn.objects.create(
        bank_payment=bank, net=net, tax=tax, why=why[:300], promised_at=now
    )


def promise_all(bank: BankPayment, *, why: str, now: datetime) -> BankReturn | None:
    """All that is left of it; None where that is nothing."""
    with transaction.atomic():
        returning.locked_invoice(bank.invoice.stripe_id)
        net, tax = left(bank)
        return promise(bank, net=net, tax=tax, why=why, now=now) if net + tax > 0 else None


def record(return_id: int, *, sent: Sent, by: User, now: datetime) -> BankReturn:
    """It was sent. Raises `NotSentBack`; when Stripe does not answer it is put down all the same, and
    the credit note is asked for again."""
    row = _put_down(return_id, sent, by, now)
    try:
        credit(row)
    except gateway.GatewayError as error:
        log.warning("%s has no credit note yet: %s", row.pk, type(error).__name__)
    return row


def credit(row: BankReturn) -> None:
    """A credit note of money that Stripe does not see; any number of times."""
    invoice = row.bank_payment.invoice
    note = calls.ask(
        purpose=CREDIT,
        subject=_subject(row),
        do=lambda key: gateway.create_credit_note(params=_asked(row), key=key),
        look_up=lambda: _made(row),
        read=gateway.credit_note,
    )
    handlers.refresh(invoice.stripe_id)
    known = CreditNote.objects.filter(stripe_id=note["id"]).first()
    if known:
        BankReturn.objects.filter(pk=row.pk).update(credit_note=known)


def sweep(*, now: datetime, most: int = 50) -> None:
    """Ask for the credit notes that are missing, again."""
    for row in list(rows().sent().filter(credit_note=None)[:most]):  # type: ignore[attr-defined]
        if _was_refused(row):
            continue
        try:
            credit(row)
        except gateway.GatewayError:
            log.warning("%s has no credit note yet", row.pk, exc_info=True)


def _put_down(return_id: int, sent: Sent, by: User, now: datetime) -> BankReturn:
    with transaction.atomic():
        row = rows().get(pk=return_id)
        invoice = returning.locked_invoice(row.bank_payment.invoice.stripe_id)
        row.refresh_from_db(fields=["sent_on"])
        _insist(row, sent, now)
        row.sent_on, row.reference = sent.on, sent.reference
        row.recorded_by, row.recorded_at = by, now
        row.save(update_fields=["sent_on", "reference", "recorded_by", "recorded_at"])
        _book(row)
        returning.follow(invoice)
        seat_mail.sent_back(row)
    return row


def _insist(row: BankReturn, sent: Sent, now: datetime) -> None:
    if row.sent_on is not None:
        raise NotSentBack(
            f"It was put down already that this was sent on {row.sent_on:%-d %B %Y}."
        )
    if sent.on > now.date():
        raise NotSentBack("This day is still to come. Put it down when it was sent.")
    if sent.on < row.bank_payment.received_on:
        raise NotSentBack(
            f"The money came on {row.bank_payment.received_on:%-d %B %Y}: this day is before that."
        )


def _book(row: BankReturn) -> None:
    """Out of what the round holds, and the tax."""
    invoice, bank = row.bank_payment.invoice, Place(Kind.BANK)
    posting.post(
        reference=f"sent-back:{row.pk}",
        kind=Entry.Kind.SENT_BACK,
        occurred_at=datetime.combine(row.sent_on or clock.today(), time(), UTC),
        legs=[
            Leg(funds.of(invoice, Kind.HELD), bank, row.net_money),
            Leg(Place(Kind.TAX), bank, row.tax_money),
        ],
        memo=f"Invoice {invoice}, {row.reference}"[:200],
    )


# Its credit note


def _asked(row: BankReturn) -> Json:
    """https://docs.stripe.com/api/credit_notes/create: what went back outside of Stripe."""
    amount = row.net + row.tax
    return {
        "invoice": row.bank_payment.invoice.stripe_id,
        "amount": amount,
        "out_of_band_amount": amount,
        "memo": row.why,
        "email_type": "none",
        "metadata": {"bank_return": str(row.pk)},
    }


def _made(row: BankReturn) -> Json | None:
    """What an unanswered call has made."""
    found, wanted = gateway.credit_notes(row.bank_payment.invoice.stripe_id), str(row.pk)
    named = ((one, (one["metadata"] or {}).get("bank_return")) for one in found)
    return next((one for one, name in named if name == wanted), None)


def _subject(row: BankReturn) -> str:
    return f"bank_return:{row.pk}"


def _was_refused(row: BankReturn) -> bool:
    """Lately: it is not asked for in a circle."""
    lately = clock.machine_now() - AGAIN_AFTER
    refused = Call.objects.filter(purpose=CREDIT, subject=_subject(row), asked_at__gt=lately)
    return refused.filter(status=Call.Status.REFUSED).exists()
