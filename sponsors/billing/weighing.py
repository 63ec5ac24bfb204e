"""Weighing: what of a payment can still go back to who paid, why it cannot just now, and what it would
mean. Nothing is changed here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from funding.ledger import balances
from funding.ledger.models import Account
from funding.ledger.money import Money
from sponsors.billing import disputing, funds, moving, renewals, returning, settling
from sponsors.billing.models import Asked, Deferral, Invoice, Payment, Refund
from sponsors.sponsorships.models import GRACE

LATELY = timedelta(days=60)  # what a project's own people may give back


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
    if within and not payment.invoice.subject.shows_amount:
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
    held = balances.of(funds.of(invoice, Account.Kind.HELD), currency)
    held -= Money(on_its_way(invoice.fund), currency)
    paid_through = _paid_through_after(invoice, is_whole)
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


def on_its_way(fund: str) -> int:
    """What was asked for, or is made by Stripe already, and is not out of what the project or the
    round holds yet."""
    of_it = {"payment__invoice__fund": fund}
    waiting = Asked.objects.filter(status=Asked.Status.ASKED, **of_it)
    made = Refund.objects.filter(movements=None, **of_it).exclude(status__in=Refund.STAYED)
    made = made.exclude(asked__status=Asked.Status.ASKED)
    rows = [one for found in (waiting, made) for one in found.select_related("payment__invoice")]
    return sum(net_of(one.payment, one.amount) for one in rows)


def net_of(payment: Payment, amount: int) -> int:
    """What of so much of it comes out of what is held."""
    return _parts(payment, amount)[2]


def _is_whole(invoice: Invoice, amount: int) -> bool:
    whole = invoice.net + invoice.tax - invoice.credited
    return amount > 0 and returning.went_back_of(invoice) + amount >= whole


def _paid_through_after(invoice: Invoice, is_whole: bool) -> datetime | None:
    """Until when its sponsorship will be paid for; a seat is not paid for a time."""
    if invoice.sponsorship is None:
        return None
    return (_without(invoice) if is_whole else None) or invoice.sponsorship.paid_through


def _without(invoice: Invoice) -> datetime | None:
    others = Invoice.objects.filter(sponsorship=invoice.sponsorship_id).exclude(pk=invoice.pk)
    newest = others.paying().order_by("-period_ends_at").first()
    return newest.period_ends_at if newest else invoice.period_starts_at


def _months_to_come(invoice: Invoice, is_whole: bool) -> int:
    """What of a year is not held yet, and would be at once."""
    deferral = Deferral.objects.filter(invoice=invoice, next_at__isnull=False).first()
    if deferral is None or not is_whole:
        return 0
    return sum(renewals.month_parts(deferral.amount, deferral.months)[deferral.released :])
