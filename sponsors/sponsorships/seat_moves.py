"""Seat moves: the one lock under which seats of a call move, and the only lines that write what a
commitment is, its diary, and how many seats of a share are taken. Why it moves is said by `commitments`
and `deciding`."""

from datetime import datetime

from django.db.models import F, QuerySet

from funding.programmes import calls
from funding.programmes.models import FundingCall, Share
from sponsors.sponsorships import seat_refusals
from sponsors.sponsorships.models import Commitment, CommitmentMove, CommitmentStatus

Status = CommitmentStatus


def locked(commitment_id: int) -> tuple[Commitment, FundingCall]:
    """The call first, always: whoever holds it is alone with all of its commitments. In the caller's
    transaction."""
    call_id = Commitment.objects.values_list("call_id", flat=True).get(pk=commitment_id)
    call = calls.lock(call_id)
    rows = Commitment.objects.select_for_update(of=("self",)).with_parties()
    return rows.get(pk=commitment_id), call


def of(call: FundingCall, status: Status) -> "QuerySet[Commitment]":
    return Commitment.objects.filter(call=call, status=status).select_related("company")


def take(share: Share) -> None:
    free = Share.objects.filter(pk=share.pk, taken__lt=F("seats"))
    if not free.update(taken=F("taken") + 1):
        raise seat_refusals.NoSeat(seat_refusals.FULL)


def end(commitment: Commitment, after: Status, *, cause: str, now: datetime) -> None:
    commitment.ended_at, commitment.end_words = now, cause[:200]
    commitment.save(update_fields=["ended_at", "end_words"])
    move(commitment, after, cause=cause, now=now)
    _give_back(commitment.share_id)


def move(commitment: Commitment, after: Status, *, cause: str, now: datetime) -> None:
    note(commitment, Status(commitment.status), after, cause=cause, now=now)
    commitment.status = after
    commitment.save(update_fields=["status"])


def note(
    commitment: Commitment, before: Status, after: Status, *, cause: str, now: datetime
) -> None:
    CommitmentMove.objects.create(
        commitment=commitment, before=before, after=after, at=now, cause=cause[:200]
    )


def _give_back(share_id: int) -> None:
    Share.objects.filter(pk=share_id).update(taken=F("taken") - 1)
