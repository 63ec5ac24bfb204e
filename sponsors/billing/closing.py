"""Closing: what time makes of calls and of the seats in them. It asks `commitments` what is firm, lets
`calls` decide, charges who is due, and carries out what follows. Every step finds what is due and not
done; each may run any number of times, and one that fails stops no other."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from funding.programmes import calls
from funding.programmes.models import FundingCall
from sponsors.billing import (
    charging,
    handlers,
    remainders,
    repaying,
    seat_mail,
    sending_back,
)
from sponsors.billing.models import Invoice
from sponsors.sponsorships import commitments, deciding, waiting_list
from sponsors.sponsorships.models import Commitment, CommitmentStatus

log = logging.getLogger(__name__)

Thing = TypeVar("Thing")
State = FundingCall.State
open_invoice = charging.open_invoice


def run(*, now: datetime, most: int = 200) -> None:
    """Everything that is due, in the order in which one leads to another."""
    _each(_pks(FundingCall.objects.to_be_closed(now))[:most], lambda pk: close(pk, now=now))
    _each(_pks(charging.waiting())[:most], lambda pk: charging.charge(commitment_id=pk))
    _each(_late(now)[:most], handlers.refresh)
    _each(_beyond_grace(now)[:most], lambda pk: end_grace(pk, now=now))
    waiting_list.offer_all(now=now, most=most)
    _each(_short()[:most], lambda pk: undo(pk, now=now))
    repay_all(now=now, most=most)


def repay_all(*, now: datetime, most: int = 200) -> None:
    """What goes back, and what is left."""
    _each(list(repaying.owed_back()[:most]), lambda one: repaying.repay(one, now=now))
    open_ = FundingCall.objects.filter(settled_at=None).select_related("round__programme")
    failed = list(open_.filter(state=State.FAILED)[:most])
    _each(failed, lambda call: repaying.wind_up(call, now=now))
    done = open_.filter(state=State.SUCCEEDED, closed_at__isnull=False)
    _each(list(done[:most]), lambda call: remainders.settle(call, now=now))
    over = FundingCall.objects.to_be_cleared().select_related("round__programme")
    _each(list(over[:most]), lambda call: remainders.clear(call, now=now))
    remainders.try_again(now=now)
    sending_back.sweep(now=now)


def close(call_id: int, *, now: datetime) -> None:
    """Its time is over: nobody takes a seat any more; where it failed by that, all are told."""
    with transaction.atomic():
        promised = _promised(call_id)
        if commitments.close(call_id=call_id, now=now):
            _tell(call_id, promised, was_decided=False, now=now)


def end_grace(commitment_id: int, *, now: datetime) -> bool:
    """Not paid within its grace: its invoice is taken back, then its seat is free for the next.
    False where it was paid meanwhile, or money is on its way."""
    if not charging.take_back(commitment_id=commitment_id):
        return False
    with transaction.atomic():
        if not commitments.fail(commitment_id=commitment_id, now=now):
            return False
        commitment = Commitment.objects.with_parties().get(pk=commitment_id)
        seat_mail.lost(commitment)
        words = f"A seat of {commitment.money.exact} was not paid, and is free again."
        calls.note(commitment.call, words, at=now)
    return True


def undo(call_id: int, *, now: datetime) -> None:
    """Less is firm than the least, and nobody is left who would take a seat: all goes back."""
    with transaction.atomic():
        promised = _promised(call_id)
        if commitments.undo(call_id=call_id, now=now):
            _tell(call_id, promised, was_decided=True, now=now)


def _promised(call_id: int) -> list[Commitment]:
    """Who stands behind it now, before it may fail. Under its lock."""
    rows = Commitment.objects.filter(call=calls.lock(call_id)).firm()
    return list(rows.with_parties().select_related("accepted_by"))


def _tell(call_id: int, promised: list[Commitment], *, was_decided: bool, now: datetime) -> None:
    call = calls.lock(call_id)
    seat_mail.failed(call, promised, was_decided=was_decided)
    waiting_list.end(call, now=now)


def _beyond_grace(now: datetime) -> list[int]:
    return _pks(Commitment.objects.beyond_grace(now))


def _late(now: datetime) -> list[str]:
    """Invoices that were sent, and of which Stripe does not say that they are late."""
    rows = Invoice.objects.overdue(now).filter(
        commitment__status=CommitmentStatus.DUE, commitment__grace_until=None
    )
    return list(rows.values_list("stripe_id", flat=True))


def _short() -> list[int]:
    """Decided calls that are not secure, of which a seat was not paid, and that lack money by that."""
    rows = FundingCall.objects.filter(
        Q(state=State.SUCCEEDED), settled_at=None, secured_at=None, closed_at__isnull=False
    )
    return [call.pk for call in rows if deciding.is_short(call)]


def _pks(rows: "QuerySet[Commitment] | QuerySet[FundingCall]") -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _each(things: Iterable[Thing], deed: Callable[[Thing], object]) -> None:
    for thing in things:
        try:
            deed(thing)
        except Exception:  # noqa: BLE001 - one that cannot be had stops no other
            log.warning("%s waits", thing, exc_info=True)
