"""Ending a round: only when nothing of it waits any more. Its pages, places and books stay; what
applicants wrote is purged on the schedule that the round states."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

from funding.accounts.models import User
from funding.programmes import log, phases
from funding.programmes.models import Application, FundingCall, Instalment, Place, Round
from funding.programmes.refusals import Refused

Status = Round.Status


OVERDUE = timedelta(days=14)


class Unfinished(Refused):
    """Something of it still waits."""


def missing(round_: Round) -> list[str]:
    """What must be done before it can end, each in a sentence."""
    return list(_missing(round_))


def is_overdue(round_: Round, *, now: datetime) -> bool:
    """Its last phase has been over for a while, and nobody has ended it."""
    last = phases.last_end(round_)
    return round_.status == Status.OPEN and last is not None and last + OVERDUE <= now


def overdue(*, now: datetime, by: timedelta = OVERDUE) -> QuerySet[Round]:
    """The same of all, with the end of its `last` phase, the longest over first."""
    rows = Round.objects.filter(status=Status.OPEN).annotate(last=Max("phases__ends_at"))
    found = rows.filter(last__lte=now - by).order_by("last", "pk")
    return found.select_related("programme").prefetch_related("phases")


@transaction.atomic
def end(round_: Round, *, by: User, now: datetime) -> None:
    """It is done. Raises `Unfinished`."""
    rounds = Round.objects.select_for_update(of=("self",)).select_related("programme")
    round_ = rounds.get(pk=round_.pk)
    if waits := missing(round_):
        raise Unfinished(" ".join(waits))
    round_.status, round_.ended_at = Status.DONE, now
    round_.save(update_fields=["status", "ended_at"])
    log.note_of_money(round_, by, "ended the round")


def _missing(round_: Round) -> Iterator[str]:
    if round_.status != Status.OPEN:
        yield f"This round is not under way: {Status(round_.status).label.lower()}."
        return
    call = FundingCall.objects.filter(round=round_).first()
    if call is not None and call.state in ("draft", "open"):
        yield "Its funding call is not decided."
    elif call is not None and call.closed_at is None:
        yield "Its funding call still takes sponsors."
    elif call is not None and call.settled_at is None:
        yield "Money of its funding call is still on its way, so that it may still fail."
    waiting = Application.objects.filter(round=round_).submitted().exists()
    if waiting and round_.announced_at is None:
        yield "Applicants do not know yet who was chosen: announce the selection."
    yield from _places(round_)
    if round_.reported_at is None:
        yield "The final report is not published."


def _places(round_: Round) -> Iterator[str]:
    active = round_.places.filter(status__in=Place.ACTIVE).count()
    if active:
        yield f"{active} place{_s(active)} {'is' if active == 1 else 'are'} offered or running."
    unpaid = Instalment.objects.filter(
        place__round=round_, status__in=[Instalment.Status.PENDING, Instalment.Status.RELEASED]
    ).count()
    if unpaid:
        yield f"{unpaid} instalment{_s(unpaid)} {'is' if unpaid == 1 else 'are'} not paid."


def _s(number: int) -> str:
    return "" if number == 1 else "s"
