"""Giving back: staff, and within limits a project's treasurers, ask that money of a payment goes back to
who paid. What it means is said first (`weighing`); then it is written down, asked of Stripe, and
looked at. Of two who ask at once one does, and nothing is given back twice."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from funding.accounts.models import User
from funding.projects import editing
from sponsors.billing import booking, calls, ending, gateway, handlers, returning, weighing
from sponsors.billing.gateway import Json
from sponsors.billing.models import Asked, Dispute, Payment, Refund
from sponsors.sponsorships import lifecycle, refusals
from sponsors.sponsorships.models import Sponsorship

log = logging.getLogger(__name__)
REST = timedelta(minutes=1)  # before what hangs is asked again


class CannotGiveBack(refusals.Refused):
    """Nothing went back; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for, having seen what it means."""

    amount: int
    why: str
    ends: bool
    seen_left: int  # what could be given back when they looked


def ask(payment: Payment, wish: Wish, *, by: User, now: datetime, within: bool = False) -> Asked:
    """Write the wish down and carry it out. Raises `CannotGiveBack`, or the gateway's errors, after
    which it is asked again by itself."""
    try:
        with transaction.atomic():
            asked = _write_down(payment, wish, by, now, within)
    except IntegrityError as twice:
        raise CannotGiveBack(
            "Money of this payment is on its way back already. Wait until it has arrived."
        ) from twice
    carry_out(asked, now=now)
    return asked


def promise(payment: Payment, *, amount: int, why: str, now: datetime) -> Asked | None:
    """Write down that so much goes back as it was announced, by nobody's wish: in the caller's
    transaction, and carried out after it. None while nothing of it can go back."""
    row = returning.locked(payment.payment_intent)
    if not 0 < amount <= weighing.left(row).amount or weighing.why_not(row, now=now):
        return None
    return Asked.objects.create(payment=row, amount=amount, why=why[:300], by=None, at=now)


def refused() -> QuerySet[Asked]:
    """What was promised by nobody's wish, and Stripe refuses to give back: until it is promised anew,
    or something of that payment goes back by whoever's hand, or is taken by its bank for good."""
    theirs = {"payment": OuterRef("payment")}
    later = Asked.objects.filter(Q(by=None) | ~Q(status=Asked.Status.REFUSED), **theirs)
    since = Refund.objects.filter(created_at__gt=OuterRef("at"), **theirs)
    rows = Asked.objects.filter(status=Asked.Status.REFUSED, by=None).filter(
        payment__invoice__returned__lt=F("payment__invoice__net")
        + F("payment__invoice__tax")
        - F("payment__invoice__credited")
    )
    rows = rows.exclude(payment__disputes__status="lost")
    rows = rows.exclude(Exists(later.filter(pk__gt=OuterRef("pk"))))
    return rows.exclude(Exists(since.exclude(status__in=Refund.STAYED)))


def _write_down(payment: Payment, wish: Wish, by: User, now: datetime, within: bool) -> Asked:
    row = returning.locked(payment.payment_intent)
    sponsorship = row.invoice.sponsorship
    if within and sponsorship is not None:
        editing.lock(sponsorship.project, by, "spend")
    if refused := weighing.why_not(row, now=now, within=within):
        raise CannotGiveBack(refused)
    if wish.seen_left != weighing.left(row).amount:
        raise CannotGiveBack(
            "Some of this payment has gone back since you looked. Look again before you go on."
        )
    _insist_on_amount(row, wish.amount)
    meant = weighing.meaning(row, wish.amount)
    if within and meant.held_now < meant.net and meant.held_after.amount < 0:
        raise CannotGiveBack(
            f"{row.invoice.subject.payee} holds {meant.held_now.exact}, and {meant.net.exact} would go back. Ask "
            "the people who run this site."
        )
    return Asked.objects.create(
        payment=row, amount=wish.amount, why=wish.why, ends=wish.ends, by=by, at=now
    )


def _insist_on_amount(payment: Payment, amount: int) -> None:
    most, surplus = weighing.left(payment), weighing.too_much(payment)
    if not 0 < amount <= most.amount:
        raise CannotGiveBack(f"At most {most.exact} of this payment can be given back.")
    if surplus and amount > surplus.amount:
        raise CannotGiveBack(
            f"{surplus.exact} of this was paid too much. Give that back first, by itself."
        )


# Carrying it out


def carry_out(asked: Asked, *, now: datetime) -> None:
    """Ask Stripe, look, and end the sponsorship where that was asked too. Any number of times."""
    payment = asked.payment
    try:
        calls.ask(
            purpose="give_back",
            subject=f"asked:{asked.pk}",
            do=lambda key: _do(asked, key),
            look_up=lambda: _made(asked),
            read=_read,
        )
    except gateway.Refused as refused:
        Asked.objects.filter(pk=asked.pk).update(status=Asked.Status.REFUSED)
        handlers.refresh(payment.payment_intent)
        raise CannotGiveBack(_in_words(refused)) from refused
    if not handlers.refresh(payment.payment_intent):
        return  # whoever is at it may have looked before; until it is seen nothing more goes back
    Asked.objects.filter(pk=asked.pk).update(status=Asked.Status.DONE)
    if asked.ends:
        _end(asked, now=now)


def _do(asked: Asked, key: str) -> Json:
    """By a credit note, so that the tax and the paper are right; what was paid too much is on no
    invoice, and goes back by itself."""
    payment, metadata = asked.payment, {"asked": str(asked.pk)}
    if weighing.too_much(payment):
        to = {"payment_intent": payment.payment_intent, "amount": asked.amount}
        return gateway.create_refund(params={**to, "metadata": metadata}, key=key)
    amounts = {"amount": asked.amount, "refund_amount": asked.amount}
    about = {"invoice": payment.invoice.stripe_id, "memo": asked.why, "email_type": "none"}
    return gateway.create_credit_note(params={**about, **amounts, "metadata": metadata}, key=key)


def _made(asked: Asked) -> Json | None:
    """What an unanswered call has made."""
    payment = asked.payment
    found = [
        *gateway.credit_notes(payment.invoice.stripe_id),
        *gateway.refunds(payment.payment_intent),
    ]
    wanted = str(asked.pk)
    return next((one for one in found if (one["metadata"] or {}).get("asked") == wanted), None)


def _read(stripe_id: str) -> Json:
    is_note = stripe_id.startswith("cn_")
    return gateway.credit_note(stripe_id) if is_note else gateway.refund(stripe_id)


def _in_words(refused: gateway.Refused) -> str:
    if refused.code == "charge_disputed":
        return (
            "Nothing went back: the bank of who paid has taken this payment back just now. Answer "
            "the dispute."
        )
    return f"Nothing went back. Stripe says: {refused}"


def _end(asked: Asked, *, now: datetime) -> None:
    rows = Sponsorship.objects.with_parties().filter(invoices=asked.payment.invoice_id)
    if sponsorship := rows.first():
        end(sponsorship, now=now)
    Asked.objects.filter(pk=asked.pk).update(ended_at=now)


def end_disputed(dispute: Dispute, *, now: datetime) -> None:
    """End the sponsorship whose payment is disputed."""
    if sponsorship := dispute.payment.invoice.sponsorship:
        end(sponsorship, now=now)


def end(sponsorship: Sponsorship, *, now: datetime) -> None:
    """End it with what is still paid for; at once where that is nothing."""
    if lifecycle.may_end(sponsorship):
        paid_through = booking.paid_through(sponsorship)
        ending.with_its_money(sponsorship, at_once=paid_through is None or paid_through <= now)


def sweep(*, now: datetime, most: int = 50) -> None:
    """What a crash or a lost answer left: asked and not answered, or done and not ended."""
    hanging = Asked.objects.filter(status=Asked.Status.ASKED, at__lt=now - REST)
    to_end = Asked.objects.filter(status=Asked.Status.DONE, ends=True, ended_at=None)
    rows = (hanging | to_end).select_related("payment__invoice")
    for asked in list(rows[:most]):
        try:
            carry_out(asked, now=now)
        except (CannotGiveBack, gateway.GatewayError):
            log.warning("%s was not given back", asked.pk, exc_info=True)
