"""Purging: what applicants wrote is deleted so many months after the end of a round as the round said;
so is what reviewers wrote of them, what was said at checkpoints or never shown to sponsors, why
something was decided of somebody, and who declined a place. A round that nobody ends counts as ended
some months after its last phase. The numbers that statistics and books are made of stay, and so do
agreements under which money was paid."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from funding.accounts.models import User
from funding.office.models import Message
from funding.programmes import log, phases
from funding.programmes.mail import running as mail
from funding.programmes.models import (
    Answer,
    Application,
    Contact,
    Extension,
    Feedback,
    Instalment,
    Place,
    Post,
    Review,
    Round,
)

NOTICE = timedelta(days=14)
GONE = "deleted on the schedule that the round stated"
NEVER_TAKEN = (Place.Status.DECLINED, Place.Status.LAPSED)  # nothing hangs on them
WRITTEN: dict[str, Any] = {
    "user": None, "name": "", "about": "", "hours": None, "away": "", "links": "", "ai_use": "",
    "criteria": {}, "typed": {},
}  # fmt: skip


def due_at(round_: Round) -> datetime | None:
    """When it is purged, as it stands now; of a draft, never."""
    if round_.ended_at is not None:
        return _months_after(round_.ended_at, round_.purge_months)
    last = phases.last_end(round_)
    if last is None or round_.status == Round.Status.DRAFT:
        return None
    return _months_after(last, round_.purge_months_at_most)


def announce(*, now: datetime) -> int:
    """Tell applicants two weeks before, each once; returns how many were told now."""
    return sum(_announce(round_, when) for round_, when in _dated() if when - NOTICE <= now)


def purge(*, now: datetime) -> list[Round]:
    """What is due."""
    rounds = [round_ for round_, when in _dated() if when <= now]
    for round_ in rounds:
        _purge(round_.pk, now)
    return rounds


def _dated() -> list[tuple[Round, datetime]]:
    rounds = Round.objects.public().filter(purged_at=None)
    return [
        (round_, when)
        for round_ in rounds.select_related("programme").prefetch_related("phases")
        if (when := due_at(round_)) is not None
    ]


def _announce(round_: Round, when: datetime) -> int:
    theirs = Application.objects.filter(round=round_, user__isnull=False).values("user")
    people = User.objects.filter(pk__in=theirs, left_at=None)
    keys = {f"purge:{round_.pk}:{person.pk}": person for person in people}
    there = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    for key in keys.keys() - there:
        mail.purge_announced(key, round_, keys[key], when)
    return len(keys.keys() - there)


@transaction.atomic
def _purge(round_id: int, now: datetime) -> None:
    rounds = Round.objects.select_for_update(of=("self",)).select_related("programme")
    round_ = rounds.get(pk=round_id)
    if round_.purged_at:
        return
    theirs = Application.objects.filter(round=round_)
    Answer.objects.filter(application__in=theirs).delete()
    Contact.objects.filter(application__in=theirs).delete()
    Review.objects.filter(application__in=theirs).update(comment="", conflict="", flags=[])
    Feedback.objects.filter(place__round=round_).update(text="", private="")
    theirs.update(**WRITTEN)
    _purge_places(round_)
    round_.purged_at, round_.early_because = now, ""
    round_.save(update_fields=["purged_at", "early_because"])
    log.note(round_, None, "deleted what applicants wrote, on the schedule that was stated")


def _purge_places(round_: Round) -> None:
    """Why something was decided of somebody; what sponsors were never shown; who declined."""
    Place.objects.filter(round=round_, status__in=NEVER_TAKEN).delete()
    Place.objects.filter(round=round_).update(end_reason="")
    Extension.objects.filter(place__round=round_).update(reason=GONE)
    decided = Instalment.objects.filter(place__round=round_).exclude(reason="")
    decided.update(reason=GONE)
    Post.objects.filter(place__round=round_, released_at=None).delete()
    round_.deeds.filter(words__startswith=log.DECLINED).update(by=None)


def _months_after(when: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(when.month - 1 + months, 12)
    year, month = when.year + years, month + 1
    return when.replace(year=year, month=month, day=min(when.day, monthrange(year, month)[1]))
