"""Purging: what applicants wrote is deleted so many months after the end of a round as the round said;
so is what reviewers wrote of them, what was said at checkpoints, and who declined a place. The numbers
that statistics and books are made of stay, and so do agreements under which money was paid."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from funding.accounts.models import User
from funding.office.models import Message
from funding.programmes import log
from funding.programmes.mail import running as mail
from funding.programmes.models import Answer, Application, Contact, Feedback, Place, Review, Round

NOTICE = timedelta(days=14)
NEVER_TAKEN = (Place.Status.DECLINED, Place.Status.LAPSED)  # nothing hangs on them
WRITTEN: dict[str, Any] = {
    "user": None, "name": "", "about": "", "hours": None, "away": "", "links": "", "ai_use": "",
    "criteria": {}, "typed": {},
}  # fmt: skip


def due_at(round_: Round) -> datetime | None:
    """When it is purged; unknown while it goes on."""
    if round_.ended_at is None:
        return None
    return _months_after(round_.ended_at, round_.purge_months)


def announce(*, now: datetime) -> int:
    """Tell applicants two weeks before, each once; returns how many were told now."""
    return sum(_announce(round_, when) for round_, when in _ended() if when - NOTICE <= now)


def purge(*, now: datetime) -> list[Round]:
    """What is due."""
    rounds = [round_ for round_, when in _ended() if when <= now]
    for round_ in rounds:
        _purge(round_.pk, now)
    return rounds


def _ended() -> list[tuple[Round, datetime]]:
    rounds = Round.objects.filter(ended_at__isnull=False, purged_at=None)
    return [
        (round_, when)
        for round_ in rounds.select_related("programme")
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
    Place.objects.filter(round=round_, status__in=NEVER_TAKEN).delete()
    round_.purged_at = now
    round_.save(update_fields=["purged_at"])
    log.note(round_, None, "deleted what applicants wrote, on the schedule that was stated")


def _months_after(when: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(when.month - 1 + months, 12)
    year, month = when.year + years, month + 1
    return when.replace(year=year, month=month, day=min(when.day, monthrange(year, month)[1]))
