"""Why a seat of a programme's call cannot be had, kept or given back. Each message says why and what to
do; nothing has changed when one is raised."""

from datetime import datetime

from django.db.models import F

from funding.accounts.models import User
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Commitment, CommitmentStatus, PaysBy, Waiting
from sponsors.sponsorships.refusals import Refused

Status = CommitmentStatus
FULL = "All seats of this price are taken. Join the waiting list, or choose another."


class NoSeat(Refused):
    """All seats of this price are taken, or no seat can be taken any more."""


class SeatTaken(Refused):
    """This company has a seat of this call already: `commitment`."""

    def __init__(self, commitment: Commitment) -> None:
        super().__init__(f"{commitment.company} stands behind this already.")
        self.commitment = commitment


class NotYours(Refused):
    """Until a day, only those who sponsored the round before may take a seat."""


class TooLate(Refused):
    """The call was decided, or the seat is kept no longer."""


class NotSigned(Refused):
    """A seat was offered to this company, and nobody has signed for it."""


class OtherMeans(Refused):
    """It was signed for again, to be paid in another way."""


def insist_open(call: FundingCall, company: Company, now: datetime) -> None:
    if not call.is_open(now):
        raise NoSeat("No seat can be taken any more: the call is over.")
    if call.first_until is not None and now < call.first_until:
        before = call.round.previous_id
        paid = Commitment.objects.filter(company=company, status=Status.PAID)
        if before is None or not paid.filter(call__round=before).exists():
            raise NotYours(
                f"Until {call.first_until:%-d %B} the sponsors of the round before are asked "
                "first. Come back then, or join the waiting list."
            )


def insist_nobody_waits(call: FundingCall, company: Company, now: datetime) -> None:
    """A seat that comes free goes to who waits and may have one by now; the first of them may also
    come by themself."""
    rows = Waiting.objects.waiting().filter(call=call).select_related("company")
    first = next((one.company for one in rows if _may_have(call, one.company, now)), company)
    if first != company:
        raise NoSeat(
            "Other companies wait for a seat, and one that comes free is offered to them first. "
            "Join the waiting list."
        )


def _may_have(call: FundingCall, company: Company, now: datetime) -> bool:
    try:
        insist_open(call, company, now)
    except Refused:
        return False
    return True


def insist_not_full(share: Share, user: User) -> None:
    """A look before anybody is made to wait for the call's lock: of the many that press one button
    most are told so here. Who has a seat already goes on; the last seat is held by `commitments`."""
    taken = Share.objects.filter(pk=share.pk, taken__gte=F("seats"))
    theirs = Commitment.objects.live().filter(call=share.call_id, company__memberships__user=user)
    if taken.exists() and not theirs.exists():
        raise NoSeat(FULL)


def insist_kept(commitment: Commitment) -> None:
    """Raises `TooLate` for a seat that is not, or not only, kept."""
    if commitment.status != Status.RESERVED:
        raise TooLate(
            "The seat was promised already."
            if commitment.is_live
            else "The seat was kept no longer, so it went back. Nothing was charged."
        )


def insist_signed(commitment: Commitment, by: PaysBy | None) -> None:
    """Somebody has signed for it, and for what it is to be promised with now."""
    if not commitment.is_signed:
        raise NotSigned("Nobody has signed for this seat yet. Sign for it first.")
    if by == PaysBy.CARD and commitment.pays_by != by:
        raise OtherMeans(
            "It was signed for again meanwhile, to be paid by purchase order. The card that was "
            "saved is not used."
        )
    if by == PaysBy.INVOICE and commitment.pays_by != by:
        raise OtherMeans(
            "It was signed for again meanwhile, to be paid by card. Save a card, or sign for it "
            "once more to pay by purchase order."
        )
