"""Reminding: who has begun an application and not sent it is told three days and one day before the end.

A reminder is due for a stretch of time, not at an instant: a run that is missed is made up, and of two
that are due only the later goes out. Who began within that stretch knows of the deadline already."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from funding.programmes.mail import applying as mail
from funding.programmes.models import Application, FundingCall, Phase, Round

NOTICES = (timedelta(days=3), timedelta(days=1))
AT_ONCE = 500


def remind(*, now: datetime) -> int:
    """Returns how many drafts were reminded of."""
    told = 0
    due = list(_due(now))
    for some in (due[start : start + AT_ONCE] for start in range(0, len(due), AT_ONCE)):
        known = mail.sent({key for _, key, _ in some})
        for draft, key, until in some:
            if key not in known:
                mail.reminder(draft, key=key, until=until)
                told += 1
    return told


def _due(now: datetime) -> Iterator[tuple[Application, str, datetime]]:
    for draft in _drafts(now):
        until: datetime = draft.until  # type: ignore[attr-defined]
        notice = min(one for one in NOTICES if until - one <= now)
        if draft.begun_at <= until - notice:
            key = f"application-reminder:{draft.pk}:{until.isoformat()}:{notice.days}"
            yield draft, key, until


def _drafts(now: datetime) -> QuerySet[Application]:
    """In rounds that take applications, and not for long any more."""
    is_open = Q(round__applies_before_decision=True) | Q(
        round__call__state=FundingCall.State.SUCCEEDED
    )
    ending = Application.objects.filter(
        is_open, status=Application.Status.DRAFT, user__is_active=True,
        round__status=Round.Status.OPEN, round__phases__kind=Phase.Kind.APPLICATIONS,
        round__phases__starts_at__lte=now, round__phases__ends_at__gt=now,
        round__phases__ends_at__lte=now + NOTICES[0],
    )  # fmt: skip
    rows = ending.exclude(round__call__state=FundingCall.State.FAILED)
    return rows.annotate(until=F("round__phases__ends_at")).select_related(
        "user", "round__programme"
    )
