"""Offers: until when a seat that comes free is offered to who waits. A round that is decided must come to
its money: its call is settled with who is firm then."""

from datetime import datetime

from django.db.models import F, Max

from funding.programmes.models import FundingCall
from sponsors.sponsorships.models import OFFERED_FOR, Commitment


def end(call: FundingCall) -> datetime:
    """When the call closes, and after that two weeks later; where a seat that was firm at the closing is
    lost afterwards, because an invoice is late or a bank takes the money back, two weeks after that."""
    if call.closed_at is None:
        return call.closes_at
    firm = Commitment.objects.filter(call=call, committed_at__lte=call.closed_at)
    lost = firm.filter(ended_at__gt=F("call__closed_at")).aggregate(last=Max("ended_at"))["last"]
    last: datetime = lost or call.closed_at
    return last + OFFERED_FOR
