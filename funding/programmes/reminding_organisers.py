"""Reminding: of a round whose last phase is over and that nobody ends, its organisers are told three
times, each once. Whatever they do, what applicants wrote is deleted; see `purging`."""

from datetime import datetime, timedelta

from funding.office.models import Message
from funding.programmes import ending_rounds, purging
from funding.programmes.mail import running as mail
from funding.programmes.models import Round

NOTICES = (ending_rounds.OVERDUE, timedelta(days=60), timedelta(days=120))


def remind(*, now: datetime) -> int:
    """Write the mails that are due and not yet written; returns how many. Of two that are due only
    the later goes out."""
    due = {_key(round_, now): round_ for round_ in ending_rounds.overdue(now=now)}
    there = set(Message.objects.filter(key__in=due).values_list("key", flat=True))
    for key in due.keys() - there:
        round_ = due[key]
        mail.unended(key, round_, ending_rounds.missing(round_), purging.due_at(round_))
    return len(due.keys() - there)


def _key(round_: Round, now: datetime) -> str:
    last: datetime = round_.last  # type: ignore[attr-defined]
    notice = max(one for one in NOTICES if last + one <= now)
    return f"unended:{round_.pk}:{last.date()}:{notice.days}"
