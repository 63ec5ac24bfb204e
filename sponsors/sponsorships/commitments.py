"""The life of a commitment, verb by verb. Its status and the seats taken of a call are written by
`seat_moves` alone, and what follows for the call is decided by `deciding`.

    reserved → committed → due → paid
    reserved → expired · committed → withdrawn, released · due → failed, released · paid → refunded,
    disputed

Whatever makes money firm or takes that away holds the call's lock, and lets `calls` decide under the
same lock: of a last commitment and a withdrawal at the same instant one comes first, and the other sees
what it did. No money moves here; who is due is charged by `sponsors.billing`, because a row says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from funding.accounts.models import User
from funding.programmes import calls
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company
from sponsors.sponsorships import deciding, mail, offers, refusals, seat_moves, seat_refusals
from sponsors.sponsorships.models import (
    CARD_HOLDS,
    COMMITMENT_GRACE,
    OFFER_HOLDS,
    Commitment,
    CommitmentStatus,
    PaysBy,
    Waiting,
)
from sponsors.sponsorships.seat_refusals import SeatTaken, TooLate

Status = CommitmentStatus
firm = deciding.firm


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody signed for their company: who, with which typed name, and which words."""

    by: User
    name: str
    text: str
    pays_by: PaysBy = PaysBy.CARD
    po_number: str = ""
    net_days: int = 30
    is_anonymous: bool = False


def reserve(*, share: Share, company: Company, accepted: Acceptance, now: datetime) -> Commitment:
    """A seat is kept: for half an hour by card, by purchase order as long as the call says. Of 200
    that race for three seats three get one; the others get `NoSeat`, or `SeatTaken` who has one."""
    try:
        with transaction.atomic():
            refusals.insist_not_gone(accepted.by)
            call = calls.lock(share.call_id)
            if taken := _seat_of(company, call):
                raise SeatTaken(taken)
            seat_refusals.insist_open(call, company, now)
            seat_refusals.insist_nobody_waits(call, company, now)
            seat_moves.take(share)
            commitment = _keep(call, share, company, accepted, now)
            Waiting.objects.waiting().filter(call=call, company=company).update(offered=commitment)
            if commitment.pays_by == PaysBy.INVOICE and not commitment.po_number:
                mail.seat_kept(commitment)
    except IntegrityError:
        if taken := _seat_of(company, share.call):
            raise SeatTaken(taken) from None
        raise
    return commitment


def offer(*, call: FundingCall, share: Share, waiting: Waiting, now: datetime) -> Commitment:
    """A seat that came free is kept for a company that waited; nothing is signed for it yet. In the
    caller's transaction, under the call's lock. Raises `NoSeat`."""
    seat_moves.take(share)
    until = min(now + OFFER_HOLDS, offers.end(call))
    unsigned = Acceptance(by=waiting.user, name="", text="")
    kept = _keep(call, share, waiting.company, unsigned, now)
    kept.was_offered, kept.reserved_until = True, until
    kept.save(update_fields=["was_offered", "reserved_until"])
    mail.seat_offered(kept)
    return kept


def commit(
    *, commitment_id: int, now: datetime, cause: str = "", by: PaysBy | None = None
) -> Commitment:
    """The card is saved or the purchase order is in: the money is firm. With that the call may be
    decided; then this and what else is covered is due at once. Said twice, it changes nothing.
    Raises `TooLate` for a seat that is kept no longer, and `OtherMeans` where what is there (`by`)
    is not what was signed for last."""
    with transaction.atomic():
        commitment, call = seat_moves.locked(commitment_id)
        if commitment.status != Status.RESERVED and commitment.is_live:
            return commitment
        seat_refusals.insist_kept(commitment)
        seat_refusals.insist_signed(commitment, by)
        in_time = call.is_open(now) or _is_offered_after(commitment, call)
        if in_time:
            _promise(commitment, call, cause=cause or "Promised", now=now)
        else:
            seat_moves.end(commitment, Status.EXPIRED, cause="The call closed before", now=now)
            mail.seat_expired(commitment)
    if not in_time:
        raise TooLate("The call closed before. Nothing was charged.")
    return commitment


def withdraw(*, commitment_id: int, now: datetime) -> Commitment:
    """Given back by the company, before anything was decided about it."""
    with transaction.atomic():
        commitment, _ = seat_moves.locked(commitment_id)
        if commitment.status not in (Status.RESERVED, Status.COMMITTED):
            raise TooLate("It was decided meanwhile, so it can be withdrawn no longer.")
        seat_moves.end(commitment, Status.WITHDRAWN, cause="Withdrawn by the company", now=now)
        mail.seat_withdrawn(commitment)
    return commitment


def expire(*, commitment_id: int, now: datetime) -> bool:
    """A seat that was kept long enough goes back; False where somebody was faster."""
    with transaction.atomic():
        commitment, _ = seat_moves.locked(commitment_id)
        if commitment.status != Status.RESERVED or commitment.reserved_until > now:
            return False
        seat_moves.end(commitment, Status.EXPIRED, cause="Not confirmed in time", now=now)
        mail.seat_expired(commitment)
    return True


def close(*, call_id: int, now: datetime) -> bool:
    """The call's time is over; True where it failed by that. What is only kept goes back, and what
    nothing was decided about is released: nobody of these is ever charged."""
    with transaction.atomic():
        call = calls.lock(call_id)
        if call.closed_at is not None:
            return False
        deciding.decide(call, now)
        failed = calls.close(call, firm=deciding.firm(call), now=now)
        kept = seat_moves.of(call, Status.RESERVED)
        for commitment in kept if failed else kept.filter(was_offered=False):
            seat_moves.end(commitment, Status.EXPIRED, cause="The call closed before", now=now)
            mail.seat_expired(commitment)
        for commitment in seat_moves.of(call, Status.COMMITTED):
            deciding.let_go(commitment, told=not failed, now=now)
        calls.fund_places(call, firm=deciding.firm(call))
    return failed


def note_paid(*, commitment_id: int, now: datetime) -> Commitment:
    """Its invoice is paid."""
    with transaction.atomic():
        commitment, call = seat_moves.locked(commitment_id)
        if commitment.status == Status.DUE:
            commitment.paid_at, commitment.grace_until = now, None
            commitment.save(update_fields=["paid_at", "grace_until"])
            seat_moves.move(commitment, Status.PAID, cause="Paid", now=now)
            deciding.secure(call, now)
    return commitment


def note_failure(*, commitment_id: int, cause: str, now: datetime) -> Commitment:
    """A payment failed, or its invoice is overdue: seven days of grace from the first time on."""
    with transaction.atomic():
        commitment, _ = seat_moves.locked(commitment_id)
        if commitment.status == Status.DUE and commitment.grace_until is None:
            commitment.grace_until = now + COMMITMENT_GRACE
            commitment.save(update_fields=["grace_until"])
            seat_moves.note(commitment, Status.DUE, Status.DUE, cause=cause, now=now)
    return commitment


def fail(*, commitment_id: int, now: datetime) -> bool:
    """Its grace is over: the seat is free for the next. False where it was paid meanwhile. Its
    invoice was taken back before this is called."""
    with transaction.atomic():
        commitment, call = seat_moves.locked(commitment_id)
        if commitment.status != Status.DUE:
            return False
        seat_moves.end(commitment, Status.FAILED, cause="Not paid within its grace", now=now)
        deciding.decide(call, now)
    return True


def undo(*, call_id: int, now: datetime) -> bool:
    """Where a call that is closed has less firm than its least, with no seat on offer any more, it
    fails after all, unless it is secure. True when that was done now."""
    with transaction.atomic():
        call = calls.lock(call_id)
        if call.state != FundingCall.State.SUCCEEDED or call.closed_at is None or call.is_secure:
            return False
        kept = Commitment.objects.filter(call=call, status=Status.RESERVED).exists()
        if kept or deciding.firm(call).amount >= call.least.amount:
            return False
        calls.undo(call, firm=deciding.firm(call), now=now)
    return True


def refund(*, commitment_id: int, cause: str, now: datetime) -> bool:
    """All of its money went back."""
    with transaction.atomic():
        commitment, call = seat_moves.locked(commitment_id)
        if commitment.status not in (Status.PAID, Status.DUE):
            return False
        seat_moves.end(commitment, Status.REFUNDED, cause=cause, now=now)
        deciding.decide(call, now)
    return True


def dispute(*, commitment_id: int, cause: str, now: datetime) -> bool:
    """Its bank took all of its money back, and keeps it."""
    with transaction.atomic():
        commitment, call = seat_moves.locked(commitment_id)
        if commitment.status not in (Status.PAID, Status.DUE):
            return False
        seat_moves.end(commitment, Status.DISPUTED, cause=cause, now=now)
        deciding.decide(call, now)
    return True


def release(*, commitment_id: int, now: datetime) -> bool:
    """Nobody has to pay any more, because the call has failed. Its invoice was taken back before
    this is called."""
    with transaction.atomic():
        commitment, call = seat_moves.locked(commitment_id)
        is_owed = commitment.status in (Status.COMMITTED, Status.DUE)
        if call.state != FundingCall.State.FAILED or not is_owed:
            return False
        seat_moves.end(commitment, Status.RELEASED, cause="The call failed", now=now)
    return True


def _promise(commitment: Commitment, call: FundingCall, *, cause: str, now: datetime) -> None:
    commitment.committed_at = now
    commitment.save(update_fields=["committed_at"])
    seat_moves.move(commitment, Status.COMMITTED, cause=cause, now=now)
    mail.seat_promised(commitment)
    deciding.decide(call, now)
    commitment.refresh_from_db()
    if call.closed_at is not None and commitment.status == Status.COMMITTED:
        deciding.let_go(commitment, told=True, now=now)


def _held(call: FundingCall, pays_by: PaysBy) -> timedelta:
    return CARD_HOLDS if pays_by == PaysBy.CARD else timedelta(days=call.po_days)


def _seat_of(company: Company, call: FundingCall) -> Commitment | None:
    return Commitment.objects.live().filter(call=call, company=company).first()


def _keep(
    call: FundingCall, share: Share, company: Company, accepted: Acceptance, now: datetime
) -> Commitment:
    commitment = Commitment.objects.create(
        call=call, share=share, company=company, amount=share.amount, currency=call.currency,
        pays_by=accepted.pays_by, po_number=accepted.po_number, net_days=accepted.net_days,
        is_anonymous=accepted.is_anonymous, accepted_by=accepted.by, accepted_at=now,
        accepted_name=accepted.name, accepted_text=accepted.text,
        reserved_until=now + _held(call, accepted.pays_by),
    )  # fmt: skip
    seat_moves.note(commitment, Status.RESERVED, Status.RESERVED, cause="A seat is kept", now=now)
    return commitment


def _is_offered_after(commitment: Commitment, call: FundingCall) -> bool:
    """Seats that come free once the round comes about are offered after the closing, too."""
    return commitment.was_offered and call.state == FundingCall.State.SUCCEEDED
