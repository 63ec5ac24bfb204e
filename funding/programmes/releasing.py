"""Releasing: instalments of stipends, from waiting for their checkpoint to be paid. The only writer of
an instalment's status once it is planned; `outlays` asks here when it was paid."""

from datetime import datetime

from django.db import transaction

from funding.accounts.models import User
from funding.programmes import log, places_lock
from funding.programmes.models import Instalment, Place, Round
from funding.programmes.refusals import Refused
from funding.programmes.timing import Step

Status = Instalment.Status


class NotNow(Refused):
    """It was released, paid or dropped meanwhile."""


class OnesOwn(Refused):
    """Nobody decides of their own stipend."""


def lock(instalment_id: int) -> Instalment:
    """One at a time: who releases, holds back or pays it. In the caller's transaction."""
    rows = Instalment.objects.select_for_update(of=("self",))
    return rows.select_related("place__round__programme", "checkpoint").get(pk=instalment_id)


def release_heard(step: Step, *, now: datetime) -> bool:
    """Both sides say that it goes on. What an organiser holds back stays back. Under the place's
    lock."""
    assert step.goes_on
    waiting = Instalment.objects.filter(
        place=step.place, checkpoint=step.checkpoint, status=Status.PENDING, reason=""
    )
    if not waiting.update(status=Status.RELEASED, released_at=now):
        return False
    log.note_of_money(step.place.round, None, f"released “{step.checkpoint}” of {step.place}")
    return True


@transaction.atomic
def release(instalment_id: int, *, by: User, reason: str, now: datetime) -> Instalment:
    """An organiser decides, for a reason, although a side was not heard, has doubts, or it was held
    back. Raises `NotNow`, `OnesOwn`."""
    one = lock(instalment_id)
    if one.place.user_id == by.pk:
        raise OnesOwn("This is your own stipend. Ask another organiser.")
    if one.status != Status.PENDING:
        raise NotNow(f"This instalment is not waiting: {_said(one)}. Nothing was changed.")
    one.status, one.released_at, one.released_by, one.reason = Status.RELEASED, now, by, reason
    one.save(update_fields=["status", "released_at", "released_by", "reason"])
    _note(one, by, "released")
    return one


@transaction.atomic
def hold(instalment_id: int, *, by: User, reason: str) -> Instalment:
    """Keep it back, released already or not, until somebody releases it with a reason. Raises
    `NotNow` for what was paid or dropped."""
    place = place_of(instalment_id)
    one = lock(instalment_id)
    if place.status == Place.Status.ENDED:
        raise NotNow("This place has ended: what was released before is still to be paid.")
    if place.round.status == Round.Status.DONE:
        raise NotNow("The round is done: this instalment is still to be paid, and cannot wait.")
    if one.status not in (Status.PENDING, Status.RELEASED):
        raise NotNow(f"This instalment cannot be held back: {_said(one)}.")
    one.status, one.released_at, one.released_by, one.reason = Status.PENDING, None, None, reason
    one.save(update_fields=["status", "released_at", "released_by", "reason"])
    _note(one, by, "held back")
    return one


def pay(one: Instalment) -> None:
    """An outlay says that it was paid. Under its lock."""
    assert one.status == Status.RELEASED
    Instalment.objects.filter(pk=one.pk).update(status=Status.PAID)


def take_back(one: Instalment) -> None:
    """That outlay was a mistake: it is still to be paid. Under its lock."""
    assert one.status == Status.PAID
    Instalment.objects.filter(pk=one.pk).update(status=Status.RELEASED)


def drop(place: Place, *, released_too: bool = False) -> int:
    """What waits of a place that ends early is not paid, nor, with the money gone, what was released.
    Answers how much, minor units. Under the place's lock."""
    statuses = [Status.PENDING, Status.RELEASED] if released_too else [Status.PENDING]
    waiting = list(
        Instalment.objects.select_for_update(of=("self",)).filter(place=place, status__in=statuses)
    )
    Instalment.objects.filter(pk__in=[one.pk for one in waiting]).update(status=Status.DROPPED)
    return sum(one.amount for one in waiting)


def place_of(instalment_id: int) -> Place:
    """The place of an instalment, locked before it, so that whoever takes both does it in one
    order."""
    place_id = Instalment.objects.values_list("place_id", flat=True).get(pk=instalment_id)
    return places_lock.take(place_id)


def _note(one: Instalment, by: User, did: str) -> None:
    words = f"{did} “{one.checkpoint}” of {one.place}; {log.WHY}"
    log.note_of_money(one.place.round, by, words)


def _said(one: Instalment) -> str:
    return Status(one.status).label.lower()
