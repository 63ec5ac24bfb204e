"""What the state of a commitment means, said to the company that made it."""

from collections.abc import Callable
from datetime import datetime

from babel.dates import format_date

from funding.programmes import instants
from funding.programmes.models import FundingCall
from sponsors.sponsorships.models import Commitment, CommitmentStatus, PaysBy

Status = CommitmentStatus
State = FundingCall.State


def say(commitment: Commitment) -> str:
    """What is so, and what happens next, true at this instant."""
    if in_words := LIVING.get(Status(commitment.status)):
        return in_words(commitment)
    return ENDED[Status(commitment.status)].format(on=_day(commitment))


def name(commitment: Commitment) -> str:
    """The state in two words, for its pill."""
    if commitment.status == Status.RESERVED and not commitment.is_signed:
        return "Offered to you"
    if commitment.status == Status.DUE and commitment.grace_until:
        return "Payment failed"
    if commitment.status == Status.RELEASED:
        return "Released"
    return commitment.get_status_display()


def asks(commitment: Commitment) -> str:
    """What its company is to do now, as a button says it; nothing where nothing waits for it."""
    if commitment.status == Status.RESERVED:
        if not commitment.is_signed:
            return "Read it and sign"
        by_card = commitment.pays_by == PaysBy.CARD
        return "Save a card" if by_card else "Give the PO number"
    is_late = commitment.status == Status.DUE and commitment.grace_until is not None
    return "See how to pay" if is_late else ""


def tone(commitment: Commitment) -> str:
    """The colour of its pill: green holds, amber is open, red is a fault."""
    is_fault = commitment.status == Status.DUE and commitment.grace_until is not None
    if is_fault or commitment.status in (Status.FAILED, Status.DISPUTED):
        return "fault"
    return "" if commitment.status in (Status.COMMITTED, Status.PAID) else "open"


def _kept(commitment: Commitment) -> str:
    until = _instant(commitment, commitment.reserved_until)
    if not commitment.is_signed:
        return (
            f"A seat came free and is kept for you until {until}. Sign for it by then, or the "
            "next company is asked."
        )
    missing = "the purchase order number" if commitment.pays_by == PaysBy.INVOICE else "a card"
    return (
        f"The seat is kept until {until}. What is missing is {missing}; without it the seat goes "
        "back, and nothing is owed."
    )


def _promised(commitment: Commitment) -> str:
    call = commitment.call
    closes = _instant(commitment, call.closes_at)
    if call.state == State.SUCCEEDED:
        return (
            "It is promised. The next place opens when enough is promised for all of it; then it "
            f"is due. If that has not happened by {closes}, it ends and nothing is charged."
        )
    paid = "your card is charged" if commitment.pays_by == PaysBy.CARD else "an invoice is sent"
    return (
        f"It is promised, and nothing is charged yet. When {call.least} is promised, {paid}. If "
        f"that has not happened by {closes}, the promise ends and nobody pays."
    )


def _due(commitment: Commitment) -> str:
    if commitment.call.state == State.FAILED:
        return "The round does not come about, so the seat is owed no longer."
    if commitment.grace_until:
        return (
            "A payment failed, or is overdue. Pay it by "
            f"{_instant(commitment, commitment.grace_until)}; after that the seat goes to the next."
        )
    if commitment.pays_by == PaysBy.INVOICE:
        return (
            "The round comes about. The invoice is on its way, and due "
            f"{commitment.net_days} days after it was made."
        )
    return "The round comes about. Your card is charged now, once; the invoice comes by mail."


def _instant(commitment: Commitment, instant: datetime) -> str:
    return instants.said(instant, commitment.call.round.zone)


def _day(commitment: Commitment) -> str:
    if commitment.ended_at is None:
        return ""
    return f" on {format_date(commitment.ended_at, 'd MMMM yyyy', locale='en_GB')}"


def _paid(commitment: Commitment) -> str:
    if commitment.call.state == State.FAILED:
        return "The round does not come about. What was paid for the seat goes back whole."
    return "The seat is paid."


LIVING: dict[Status, Callable[[Commitment], str]] = {
    Status.RESERVED: _kept,
    Status.COMMITTED: _promised,
    Status.DUE: _due,
    Status.PAID: _paid,
}
ENDED = {
    Status.EXPIRED: "It was not confirmed in time, so the seat went back{on}. Nothing was charged.",
    Status.WITHDRAWN: "You gave the seat back{on}. Nothing was charged.",
    Status.FAILED: "It was not paid in time, so the seat went to others{on}. Nothing is owed.",
    Status.RELEASED: "What was promised did not cover it, so your promise ended{on}. Nothing was "
    "charged, and the saved card is not used.",
    Status.REFUNDED: "All that was paid for it went back to you{on}.",
    Status.DISPUTED: "Your bank took the payment back{on}. If that was a mistake, tell your bank.",
}
