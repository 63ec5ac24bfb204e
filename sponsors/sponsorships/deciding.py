"""Deciding: what is firm of a call, and what follows whenever that changes: the call comes about, so
many of its places are paid for, and who covers them is due. Under the call's lock."""

from datetime import datetime

from funding.ledger.money import Money
from funding.programmes import calls
from funding.programmes.models import FundingCall
from sponsors.sponsorships import mail, seat_moves
from sponsors.sponsorships.models import Commitment, CommitmentStatus

Status = CommitmentStatus
# What stood behind a call when it was decided, and was lost by no fault of a payment.
WENT_BACK = (Status.REFUNDED, Status.DISPUTED)


def firm(call: FundingCall) -> Money:
    """On what the round may count: committed, due and paid."""
    return Money(Commitment.objects.filter(call=call).firm().amount(), call.currency)


def decide(call: FundingCall, now: datetime) -> None:
    """Let the call be decided by what is firm, and make due what that covers: all of it, or, place
    by place, the first who promised until the places' cost is covered. It is asked whenever firm
    money came or went: who replaces a sponsor after the closing pays for a place as well."""
    calls.decide(call, firm=firm(call), now=now)
    calls.fund_places(call, firm=firm(call))
    if call.state != FundingCall.State.SUCCEEDED:
        return
    covered = _covered(call)
    together = Commitment.objects.filter(call=call, status__in=[Status.DUE, Status.PAID]).amount()
    for commitment in seat_moves.of(call, Status.COMMITTED).order_by("committed_at", "id"):
        if covered is not None and together >= covered:
            break
        commitment.due_at = now
        commitment.save(update_fields=["due_at"])
        seat_moves.move(commitment, Status.DUE, cause="The call was decided", now=now)
        together += commitment.amount


def secure(call: FundingCall, now: datetime) -> None:
    """Whether so much is paid now that it can fail no more."""
    paid = Commitment.objects.filter(call=call, status=Status.PAID).amount()
    calls.secure(call, paid=call.money(paid), now=now)


def is_short(call: FundingCall) -> bool:
    """Whether a seat was not paid, and what is left is less than the least: then it is undone once no
    seat is on offer, and nothing of it is settled before."""
    seats = Commitment.objects.filter(call=call)
    if call.is_secure or not seats.filter(status=Status.FAILED).exists():
        return False
    went = seats.filter(status__in=WENT_BACK).amount()
    return firm(call).amount + went < call.least.amount


def let_go(commitment: Commitment, *, told: bool, now: datetime) -> None:
    """What was promised makes no whole place, and after the closing it never will. Of a call that
    failed everybody is told by `sponsors.billing`."""
    seat_moves.end(commitment, Status.RELEASED, cause="The call closed without it", now=now)
    if told:
        mail.seat_released(commitment)


def _covered(call: FundingCall) -> int | None:
    """Up to which amount commitments are due: whole places that were decided and that firm money
    still covers; None for all of them."""
    if call.mode == FundingCall.Mode.ALL_OR_NOTHING:
        return None
    decided = call.decisions.filter(undone_at=None).count()
    return min(decided, firm(call).amount // call.cost.amount) * call.cost.amount
