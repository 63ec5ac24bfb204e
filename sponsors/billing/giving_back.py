"""Giving back: staff, and within limits a project's treasurers, ask that money of a payment goes back to
who paid. What it means is said first; then it is written down, asked of Stripe, and looked at. Of two
who ask at once one does, and nothing is given back twice."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from funding.accounts.models import User
from funding.ledger.money import Money
from funding.projects import editing, recording
from funding.projects.models import Project
from sponsors.billing import (
    booking,
    calls,
    disputing,
    ending,
    gateway,
    handlers,
    moving,
    renewals,
    returning,
    settling,
)
from sponsors.billing.gateway import Json
from sponsors.billing.models import Asked, Deferral, Invoice, Payment
from sponsors.sponsorships import lifecycle, refusals
from sponsors.sponsorships.models import GRACE, Sponsorship

log = logging.getLogger(__name__)
LATELY = timedelta(days=60)  # what a project's own people may give back
REST = timedelta(minutes=1)  # before what hangs is asked again


class CannotGiveBack(refusals.Refused):
    """Nothing went back; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What giving so much of a payment back would mean."""

    money: Money
    net: Money
    tax: Money
    surplus: Money  # what of it had been paid too much
    fee: Money  # stays gone
    held_now: Money
    held_after: Money
    is_whole: bool  # the invoice then pays for nothing
    paid_through: datetime | None
    stands_until: datetime | None


def left(payment: Payment) -> Money:
    """What of it has not gone back: nothing is given back twice."""
    refunds = sum(row.amount for row in payment.refunds.all() if row.went_back)
    taken = sum(row.amount for row in payment.disputes.all() if row.is_taken)
    return Money(max(payment.amount - refunds - taken, 0), payment.invoice.currency)


def asked_for(payment: Payment) -> Money | None:
    """What somebody has asked for, and Stripe has not answered yet."""
    asked = [row.amount for row in payment.asked.all() if row.status == Asked.Status.ASKED]
    return Money(sum(asked), payment.invoice.currency) if asked else None


def may_go_back(payment: Payment) -> bool:
    """For lists: whether a link to give it back would lead anywhere."""
    is_busy = asked_for(payment) or any(row.is_on_its_way for row in payment.refunds.all())
    return bool(left(payment)) and not is_busy and not payment.disputes.all()


def too_much(payment: Payment) -> Money:
    """What had been paid too much with it and is still here."""
    gone = sum(row.surplus for row in payment.movements.all())
    return Money(max(payment.surplus - gone, 0), payment.invoice.currency)


def why_not(payment: Payment, *, now: datetime, within: bool = False) -> str:
    """Why nothing of it can be given back just now; empty when something can. `within` are the limits
    of a project's own people."""
    if payment.balance_transaction is None:
        return "This payment has not arrived yet. Look again when it has."
    if disputing.blocking(payment).exists():
        return (
            "The bank of who paid has taken this payment back or asks for it: answer the dispute. "
            "Giving it back as well would pay it twice."
        )
    if payment.asked.filter(status=Asked.Status.ASKED).exists() or any(
        row.is_on_its_way for row in payment.refunds.all()
    ):
        return "Money of this payment is on its way back already. Wait until it has arrived."
    if not left(payment):
        return "All of this payment has gone back already."
    if within and payment.disputes.exists():
        return "A bank asked for this payment. Ask the people who run this site to give it back."
    if within and not payment.invoice.sponsorship.shows_amount:
        return "This sponsor does not show what it pays. Ask the people who run this site."
    if within and (payment.settled_at is None or payment.settled_at < now - LATELY):
        return (
            f"This payment is older than {LATELY.days} days. Ask the people who run this site to "
            "give it back."
        )
    return ""


def meaning(payment: Payment, amount: int) -> Meaning:
    currency, invoice = payment.invoice.currency, payment.invoice
    surplus, tax, net = _parts(payment, amount)
    is_whole = _is_whole(invoice, amount - surplus)
    project = invoice.sponsorship.project
    held = recording.held(project) - Money(_on_its_way(project), currency)
    paid_through = _paid_through_without(invoice) if is_whole else None
    paid_through = paid_through or invoice.sponsorship.paid_through
    return Meaning(
        money=Money(amount, currency), net=Money(net, currency), tax=Money(tax, currency),
        surplus=Money(surplus, currency), fee=Money(settling.fee_borne(payment), currency),
        held_now=held, held_after=held + Money(_months_to_come(invoice, is_whole) - net, currency),
        is_whole=is_whole, paid_through=paid_through,
        stands_until=paid_through + GRACE if paid_through else None,
    )  # fmt: skip


def _parts(payment: Payment, amount: int) -> tuple[int, int, int]:
    """What of it had been paid too much, what is tax, and what comes out of what the project holds."""
    surplus = min(amount, too_much(payment).amount)
    tax = moving.tax_of(payment, amount - surplus)
    return surplus, tax, amount - surplus - tax


def _on_its_way(project: Project) -> int:
    """What was asked for and is not out of what the project holds yet."""
    waiting = Asked.objects.filter(
        status=Asked.Status.ASKED, payment__invoice__sponsorship__project=project
    )
    rows = waiting.select_related("payment__invoice")
    return sum(_parts(asked.payment, asked.amount)[2] for asked in rows)


def _is_whole(invoice: Invoice, amount: int) -> bool:
    whole = invoice.net + invoice.tax - invoice.credited
    return amount > 0 and returning.went_back_of(invoice) + amount >= whole


def _paid_through_without(invoice: Invoice) -> datetime | None:
    others = Invoice.objects.filter(sponsorship=invoice.sponsorship_id).exclude(pk=invoice.pk)
    newest = others.paying().order_by("-period_ends_at").first()
    return newest.period_ends_at if newest else invoice.period_starts_at


def _months_to_come(invoice: Invoice, is_whole: bool) -> int:
    """What of a year is not held yet, and would be at once."""
    deferral = Deferral.objects.filter(invoice=invoice, next_at__isnull=False).first()
    if deferral is None or not is_whole:
        return 0
    return sum(renewals.month_parts(deferral.amount, deferral.months)[deferral.released :])


# Asking


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


def _write_down(payment: Payment, wish: Wish, by: User, now: datetime, within: bool) -> Asked:
    row = returning.locked(payment)
    project = row.invoice.sponsorship.project
    if within:
        editing.lock(project, by, "spend")
    if refused := why_not(row, now=now, within=within):
        raise CannotGiveBack(refused)
    if wish.seen_left != left(row).amount:
        raise CannotGiveBack(
            "Some of this payment has gone back since you looked. Look again before you go on."
        )
    _insist_on_amount(row, wish.amount)
    meant = meaning(row, wish.amount)
    if within and meant.held_now < meant.net and meant.held_after.amount < 0:
        raise CannotGiveBack(
            f"{project} holds {meant.held_now.exact}, and {meant.net.exact} would go back. Ask "
            "the people who run this site."
        )
    return Asked.objects.create(
        payment=row, amount=wish.amount, why=wish.why, ends=wish.ends, by=by, at=now
    )


def _insist_on_amount(payment: Payment, amount: int) -> None:
    most, surplus = left(payment), too_much(payment)
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
    if too_much(payment):
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
    sponsorship = Sponsorship.objects.with_parties().get(pk=asked.payment.invoice.sponsorship_id)
    end(sponsorship, now=now)
    Asked.objects.filter(pk=asked.pk).update(ended_at=now)


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
