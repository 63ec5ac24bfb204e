"""Interest: people who want to be told when a round takes applications. Each is told once, by the job,
when that is so; the only writer of `Interest`."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from funding.accounts.models import User
from funding.office import outbox
from funding.programmes.models import FundingCall, Interest, Phase, Round


def ask(*, round_: Round, user: User) -> None:
    """Said twice, it is remembered once."""
    Interest.objects.get_or_create(round=round_, user=user)


def drop(*, round_: Round, user: User) -> None:
    Interest.objects.filter(round=round_, user=user).delete()


def is_asked(round_: Round, user: User) -> bool:
    return Interest.objects.filter(round=round_, user=user).exists()


def tell(*, now: datetime, most: int = 500) -> int:
    """Everybody whose round takes applications now; returns how many were told."""
    rows = Interest.objects.filter(told_at=None, round__in=_taking(now), user__is_active=True)
    told = 0
    for one in rows.select_related("round__programme", "user").order_by("pk")[:most]:
        told += _tell(one, now)
    return told


def _taking(now: datetime) -> QuerySet[Round]:
    decided = Q(call__state=FundingCall.State.SUCCEEDED) | Q(applies_before_decision=True)
    during = Phase.objects.filter(
        kind=Phase.Kind.APPLICATIONS, starts_at__lte=now, ends_at__gt=now
    )
    return Round.objects.filter(decided, status=Round.Status.OPEN, pk__in=during.values("round"))


@transaction.atomic
def _tell(one: Interest, now: datetime) -> bool:
    if not Interest.objects.filter(pk=one.pk, told_at=None).update(told_at=now):
        return False
    phase = one.round.phases.get(kind=Phase.Kind.APPLICATIONS)
    outbox.write(
        key=f"applications-open:{one.round_id}:{one.user_id}",
        recipients=[one.user.email],
        template="programmes/mail/applications_open.txt",
        context={"round": one.round, "programme": one.round.programme, "until": phase.ends_at},
    )
    return True
