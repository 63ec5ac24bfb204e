"""The life of a commitment: the only writer of its status and of the seats taken of a call.

    reserved → committed → due → paid
    reserved → expired · committed → withdrawn, released · due → failed, released · paid → refunded,
    disputed

Whatever makes money firm or takes that away holds the call's lock, and lets `calls` decide under the
same lock: of a last commitment and a withdrawal at the same instant one comes first, and the other sees
what it did. No money moves here; who is due is charged by `sponsors.billing`, because a row says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from funding.accounts.models import User
from funding.ledger.money import Money
from funding.programmes import calls
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company
from sponsors.sponsorships import mail, offers, refusals, seat_refusals
from sponsors.sponsorships.models import (
    CARD_HOLDS,
    COMMITMENT_GRACE,
    OFFER_HOLDS,
    Commitment,
    CommitmentMove,
    CommitmentStatus,
    PaysBy,
    Waiting,
)
from sponsors.sponsorships.seat_refusals import NoSeat, NotSigned, SeatTaken, TooLate

Status = CommitmentStatus


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
            _take(share)
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
    _take(share)
    until = min(now + OFFER_HOLDS, offers.end(call))
    unsigned = Acceptance(by=waiting.user, name="", text="")
    kept = _keep(call, share, waiting.company, unsigned, now)
    kept.was_offered, kept.reserved_until = True, until
    kept.save(update_fields=["was_offered", "reserved_until"])
    mail.seat_offered(kept)
    return kept


def commit(*, commitment_id: int, now: datetime, cause: str = "") -> Commitment:
    """The card is saved or the purchase order is in: the money is firm. With that the call may be
    decided; then this and what else is covered is due at once. Said twice, it changes nothing.
    Raises `TooLate` for a seat that is kept no longer."""
    with transaction.atomic():
        commitment, call = locked(commitment_id)
        if commitment.status != Status.RESERVED and commitment.is_live:
            return commitment
        seat_refusals.insist_kept(commitment)
        if not commitment.is_signed:
            raise NotSigned("Nobody has signed for this seat yet. Sign for it first.")
        in_time = call.is_open(now) or _is_offered_after(commitment, call)
        if in_time:
            _promise(commitment, call, cause=cause or "Promised", now=now)
        else:
            _end(commitment, Status.EXPIRED, cause="The call closed before", now=now)
            mail.seat_expired(commitment)
    if not in_time:
        raise TooLate("The call closed before. Nothing was charged.")
    return commitment


def withdraw(*, commitment_id: int, now: datetime) -> Commitment:
    """Given back by the company, before anything was decided about it."""
    with transaction.atomic():
        commitment, _ = locked(commitment_id)
        if commitment.status not in (Status.RESERVED, Status.COMMITTED):
            raise TooLate("It was decided meanwhile, so it can be withdrawn no longer.")
        _end(commitment, Status.WITHDRAWN, cause="Withdrawn by the company", now=now)
        mail.seat_withdrawn(commitment)
    return commitment


def expire(*, commitment_id: int, now: datetime) -> bool:
    """A seat that was kept long enough goes back; False where somebody was faster."""
    with transaction.atomic():
        commitment, _ = locked(commitment_id)
        if commitment.status != Status.RESERVED or commitment.reserved_until > now:
            return False
        _end(commitment, Status.EXPIRED, cause="Not confirmed in time", now=now)
        mail.seat_expired(commitment)
    return True


def close(*, call_id: int, now: datetime) -> bool:
    """The call's time is over; True where it failed by that. What is only kept goes back, and what
    nothing was decided about is released: nobody of these is ever charged."""
    with transaction.atomic():
        call = calls.lock(call_id)
        if call.closed_at is not None:
            return False
        _decide(call, now)
        failed = calls.close(call, firm=firm(call), now=now)
        kept = _all(call, Status.RESERVED)
        for commitment in kept if failed else kept.filter(was_offered=False):
            _end(commitment, Status.EXPIRED, cause="The call closed before", now=now)
            mail.seat_expired(commitment)
        for commitment in _all(call, Status.COMMITTED):
            _let_go(commitment, told=not failed, now=now)
        calls.fund_places(call, firm=firm(call))
    return failed


def note_paid(*, commitment_id: int, now: datetime) -> Commitment:
    """Its invoice is paid."""
    with transaction.atomic():
        commitment, _ = locked(commitment_id)
        if commitment.status == Status.DUE:
            commitment.paid_at, commitment.grace_until = now, None
            commitment.save(update_fields=["paid_at", "grace_until"])
            _move(commitment, Status.PAID, cause="Paid", now=now)
    return commitment


def note_failure(*, commitment_id: int, cause: str, now: datetime) -> Commitment:
    """A payment failed, or its invoice is overdue: seven days of grace from the first time on."""
    with transaction.atomic():
        commitment, _ = locked(commitment_id)
        if commitment.status == Status.DUE and commitment.grace_until is None:
            commitment.grace_until = now + COMMITMENT_GRACE
            commitment.save(update_fields=["grace_until"])
            _diary(commitment, Status.DUE, Status.DUE, cause=cause, now=now)
    return commitment


def fail(*, commitment_id: int, now: datetime) -> bool:
    """Its grace is over: the seat is free for the next. False where it was paid meanwhile. Its
    invoice was taken back before this is called."""
    with transaction.atomic():
        commitment, call = locked(commitment_id)
        if commitment.status != Status.DUE:
            return False
        _end(commitment, Status.FAILED, cause="Not paid within its grace", now=now)
        _decide(call, now)
    return True


def undo(*, call_id: int, now: datetime) -> bool:
    """Where a call that is closed has less firm than its least, with no seat on offer any more, it
    fails after all. True when that was done now."""
    with transaction.atomic():
        call = calls.lock(call_id)
        if call.state != FundingCall.State.SUCCEEDED or call.closed_at is None:
            return False
        kept = Commitment.objects.filter(call=call, status=Status.RESERVED).exists()
        if kept or firm(call).amount >= call.least.amount:
            return False
        calls.undo(call, firm=firm(call), now=now)
    return True


def refund(*, commitment_id: int, cause: str, now: datetime) -> bool:
    """All of its money went back."""
    with transaction.atomic():
        commitment, call = locked(commitment_id)
        if commitment.status not in (Status.PAID, Status.DUE):
            return False
        _end(commitment, Status.REFUNDED, cause=cause, now=now)
        _decide(call, now)
    return True


def dispute(*, commitment_id: int, cause: str, now: datetime) -> bool:
    """Its bank took all of its money back, and keeps it."""
    with transaction.atomic():
        commitment, call = locked(commitment_id)
        if commitment.status not in (Status.PAID, Status.DUE):
            return False
        _end(commitment, Status.DISPUTED, cause=cause, now=now)
        _decide(call, now)
    return True


def release(*, commitment_id: int, now: datetime) -> bool:
    """Nobody has to pay any more, because the call has failed. Its invoice was taken back before
    this is called."""
    with transaction.atomic():
        commitment, call = locked(commitment_id)
        is_owed = commitment.status in (Status.COMMITTED, Status.DUE)
        if call.state != FundingCall.State.FAILED or not is_owed:
            return False
        _end(commitment, Status.RELEASED, cause="The call failed", now=now)
    return True


def firm(call: FundingCall) -> Money:
    """On what the round may count: committed, due and paid."""
    return Money(Commitment.objects.filter(call=call).firm().amount(), call.currency)


def _promise(commitment: Commitment, call: FundingCall, *, cause: str, now: datetime) -> None:
    commitment.committed_at = now
    commitment.save(update_fields=["committed_at"])
    _move(commitment, Status.COMMITTED, cause=cause, now=now)
    mail.seat_promised(commitment)
    _decide(call, now)
    commitment.refresh_from_db()
    if call.closed_at is not None and commitment.status == Status.COMMITTED:
        _let_go(commitment, told=True, now=now)


def _let_go(commitment: Commitment, *, told: bool, now: datetime) -> None:
    """What was promised makes no whole place, and after the closing it never will. Of a call that
    failed everybody is told by `sponsors.billing`."""
    _end(commitment, Status.RELEASED, cause="The call closed without it", now=now)
    if told:
        mail.seat_released(commitment)


def _decide(call: FundingCall, now: datetime) -> None:
    """Let the call be decided by what is firm, and make due what that covers: all of it, or, place
    by place, the first who promised until the places' cost is covered. It is asked whenever firm
    money came or went: who replaces a sponsor after the closing pays for a place as well."""
    calls.decide(call, firm=firm(call), now=now)
    calls.fund_places(call, firm=firm(call))
    if call.state != FundingCall.State.SUCCEEDED:
        return
    covered = _covered(call)
    together = Commitment.objects.filter(call=call, status__in=[Status.DUE, Status.PAID]).amount()
    for commitment in _all(call, Status.COMMITTED).order_by("committed_at", "id"):
        if covered is not None and together >= covered:
            break
        commitment.due_at = now
        commitment.save(update_fields=["due_at"])
        _move(commitment, Status.DUE, cause="The call was decided", now=now)
        together += commitment.amount


def _covered(call: FundingCall) -> int | None:
    """Up to which amount commitments are due: whole places that were decided and that firm money
    still covers; None for all of them."""
    if call.mode == FundingCall.Mode.ALL_OR_NOTHING:
        return None
    decided = call.decisions.filter(undone_at=None).count()
    return min(decided, firm(call).amount // call.cost.amount) * call.cost.amount


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
    _diary(commitment, Status.RESERVED, Status.RESERVED, cause="A seat is kept", now=now)
    return commitment


def _is_offered_after(commitment: Commitment, call: FundingCall) -> bool:
    """Seats that come free once the round comes about are offered after the closing, too."""
    return commitment.was_offered and call.state == FundingCall.State.SUCCEEDED


def _take(share: Share) -> None:
    free = Share.objects.filter(pk=share.pk, taken__lt=F("seats"))
    if not free.update(taken=F("taken") + 1):
        raise NoSeat(seat_refusals.FULL)


def _give_back(share_id: int) -> None:
    Share.objects.filter(pk=share_id).update(taken=F("taken") - 1)


def locked(commitment_id: int) -> tuple[Commitment, FundingCall]:
    """The call first, always: whoever holds it is alone with all of its commitments. In the caller's
    transaction."""
    call_id = Commitment.objects.values_list("call_id", flat=True).get(pk=commitment_id)
    call = calls.lock(call_id)
    rows = Commitment.objects.select_for_update(of=("self",)).with_parties()
    return rows.get(pk=commitment_id), call


def _all(call: FundingCall, status: Status) -> "QuerySet[Commitment]":
    return Commitment.objects.filter(call=call, status=status).select_related("company")


def _end(commitment: Commitment, after: Status, *, cause: str, now: datetime) -> None:
    commitment.ended_at, commitment.end_words = now, cause[:200]
    commitment.save(update_fields=["ended_at", "end_words"])
    _move(commitment, after, cause=cause, now=now)
    _give_back(commitment.share_id)


def _move(commitment: Commitment, after: Status, *, cause: str, now: datetime) -> None:
    _diary(commitment, Status(commitment.status), after, cause=cause, now=now)
    commitment.status = after
    commitment.save(update_fields=["status"])


def _diary(
    commitment: Commitment, before: Status, after: Status, *, cause: str, now: datetime
) -> None:
    CommitmentMove.objects.create(
        commitment=commitment, before=before, after=after, at=now, cause=cause[:200]
    )
