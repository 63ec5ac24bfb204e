"""Unsettled: what of a call's money is still under way, in sentences that its treasurer reads. While there
is one, nothing of what is left is carried out. No sponsor is named."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet

from funding.programmes.models import FundingCall, Instalment, Round
from sponsors.billing import giving_back, repaying, weighing
from sponsors.billing.models import Asked, BankPayment, BankReturn, Payment, Refund
from sponsors.sponsorships.models import Commitment, CommitmentStatus

Status = CommitmentStatus
OWING = (Status.RESERVED, Status.COMMITTED, Status.DUE)
UNPAID = (Instalment.Status.PENDING, Instalment.Status.RELEASED)


def of(call: FundingCall) -> Iterator[str]:
    """Before anything that is left over is carried out."""
    seats, paid = Commitment.objects.filter(call=call), payments(call)
    if seats.filter(status__in=OWING).exists():
        yield "A seat is kept for a company, or is not paid yet."
    if _not_arrived(call).exists():
        yield "The money of a seat is on its way to us."
    if repaying.owed_back().filter(commitment__call=call).exists():
        yield "What was paid for a seat that is none any more is on its way back."
    if paid.filter(asked__status=Asked.Status.ASKED).exists() or _unbooked(paid).exists():
        yield "Money is on its way back to a sponsor."
    if repaying.unsettled_disputes(paid).exists():
        yield "A bank has taken a sponsor’s payment back, and it is not decided yet."


def at_the_end(call: FundingCall) -> Iterator[str]:
    """Before what is left when the round is done is."""
    if call.settled_at is None:
        yield "The remainder of its funding call is not carried out yet."
    yield from of(call)
    if Instalment.objects.filter(place__round=call.round_id, status__in=UNPAID).exists():
        yield "An instalment of a stipend is not paid. Record that it was."
    if giving_back.refused().filter(payment__in=payments(call)).exists():
        yield "Stripe refused to give a sponsor its part. It is tried again each day."
    if _came_again(call).exists():
        yield "A sponsor’s bank has sent its part back. We ask where it can go to."
    if BankReturn.objects.to_send().filter(bank_payment__in=bank(call)).exists():
        yield "A sponsor gets its part by bank, and it is not sent yet."


def waiting(call: FundingCall) -> list[str]:
    """What keeps back what is left of a round that is done; nothing while there is nothing to wait
    for."""
    is_done = Round.objects.filter(pk=call.round_id, status=Round.Status.DONE).exists()
    waits = is_done and call.state == FundingCall.State.SUCCEEDED and call.cleared_at is None
    return list(at_the_end(call)) if waits else []


def promised(call: FundingCall) -> int:
    """Net, what goes back to sponsors and is still held."""
    refused = giving_back.refused().filter(payment__in=payments(call)).select_related("payment")
    again = _came_again(call).select_related("payment")
    rows: list[Asked | Refund] = [*refused, *again]
    waits = sum(weighing.net_of(one.payment, one.amount) for one in rows)
    by_bank = BankReturn.objects.to_send().filter(bank_payment__in=bank(call))
    return weighing.on_its_way(f"round:{call.round_id}") + waits + by_bank.together()[0]


def payments(call: FundingCall) -> QuerySet[Payment]:
    return Payment.objects.filter(invoice__commitment__call=call)


def bank(call: FundingCall) -> QuerySet[BankPayment]:
    return BankPayment.objects.agreed().filter(invoice__commitment__call=call)


def _not_arrived(call: FundingCall) -> QuerySet[Commitment]:
    """Seats that are paid, and whose money is in no book yet."""
    rows = Commitment.objects.filter(call=call, status=Status.PAID)
    arrived = payments(call).exclude(balance_transaction=None).values("invoice__commitment")
    return rows.exclude(pk__in=arrived).exclude(pk__in=bank(call).values("invoice__commitment"))


def _unbooked(paid: QuerySet[Payment]) -> QuerySet[Refund]:
    """Refunds that Stripe has made, and that are in no book yet."""
    made = Refund.objects.filter(payment__in=paid, movements=None)
    return made.exclude(status__in=Refund.STAYED)


def _came_again(call: FundingCall) -> QuerySet[Refund]:
    """Refunds that a bank has sent back, and after which nothing else went back. Of what a bank has
    taken since for good nothing is owed."""
    rows = Refund.objects.filter(payment__in=payments(call))
    rows = rows.exclude(payment__disputes__status="lost")
    later = rows.filter(payment=OuterRef("payment"), created_at__gt=OuterRef("created_at"))
    return rows.filter(status__in=Refund.STAYED).exclude(
        Exists(later.exclude(status__in=Refund.STAYED))
    )
