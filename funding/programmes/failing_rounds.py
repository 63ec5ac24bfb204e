"""Failing rounds: a round that does not come about ends, and with it whatever of it waits or runs: nobody
is kept from another round by a place in this one. Everybody who has a part in it is told, once."""

from datetime import datetime

from django.db.models import QuerySet

from funding.programmes import editing, log, releasing
from funding.programmes.mail import failing as mail
from funding.programmes.models import Application, Place, Round

Status = Round.Status
WHY = "The round does not come about: not all of its seats were paid."


def fail(round_id: int, *, was_decided: bool, now: datetime) -> None:
    """In the transaction in which its call fails, under the call's lock."""
    round_ = Round.objects.locked(round_id)
    if round_.status != Status.OPEN:
        return
    round_.status, round_.ended_at = Status.FAILED, now
    round_.save(update_fields=["status", "ended_at"])
    places = _active(round_)
    mail.failed(round_, places=places, applications=_undecided(round_), was_decided=was_decided)
    for place in places:
        _end(place, now)
    log.note(round_, None, f"failed: it does not come about{_with(len(places))}")
    editing.touch(round_.programme)


def _active(round_: Round) -> list[Place]:
    rows = Place.objects.select_for_update(of=("self",)).select_related("user", "application")
    return list(rows.filter(round=round_, status__in=Place.ACTIVE).order_by("pk"))


def _undecided(round_: Round) -> "QuerySet[Application]":
    """Who was sent and has not heard yet that it is not chosen. Before the announcement that is
    everybody, whatever was decided."""
    rows = round_.applications.submitted().exclude(place__isnull=False)
    if round_.announced_at is not None:
        rows = rows.filter(outcome=Application.Outcome.WAITING)
    return rows.select_related("user")


def _end(place: Place, now: datetime) -> None:
    """What was released is dropped as well: the money that would have paid it goes back."""
    releasing.drop(place, released_too=True)
    place.status, place.ended_at, place.end_reason = Place.Status.ENDED, now, WHY
    place.save(update_fields=["status", "ended_at", "end_reason"])


def _with(places: int) -> str:
    if not places:
        return ""
    return f", and {places} place{'s end' if places > 1 else ' ends'} with it"
