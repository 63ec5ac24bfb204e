"""Renewing: when the next round looks for sponsors, those who paid for the one before are asked first."""

from funding.programmes.models import FundingCall
from sponsors.sponsorships import mail
from sponsors.sponsorships.models import Commitment, CommitmentStatus


def ask_again() -> int:
    """Each of them once; returns how many calls there were to be told of."""
    open_calls = FundingCall.objects.undecided().filter(
        round__previous__isnull=False, closed_at=None
    )
    calls = list(open_calls.select_related("round__programme"))
    for call in calls:
        _tell(call)
    return len(calls)


def _tell(call: FundingCall) -> None:
    paid = Commitment.objects.filter(
        call__round=call.round.previous_id, status=CommitmentStatus.PAID
    )
    for one in paid.with_parties().select_related("accepted_by"):
        mail.asked_again(one, call=call)
