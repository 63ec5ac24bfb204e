"""Dates of a round: between which instants each phase lies. The end of the funding phase is the
instant at which its call closes; it is written to both here and in `opening`, and nowhere else."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from funding.accounts.models import User
from funding.programmes import editing, instants, log, phases
from funding.programmes.models import FundingCall, Phase, Round
from funding.programmes.refusals import Refused

Kind = Phase.Kind
Times = dict[str, tuple[datetime, datetime]]


def of(round_: Round) -> Times:
    return {one.kind: (one.starts_at, one.ends_at) for one in round_.phases.all()}


@transaction.atomic
def save(*, round_: Round, times: Mapping[str, tuple[datetime, datetime]], by: User) -> None:
    """These phases and no others. Raises `phases.OutOfOrder`, and `Refused` for a funding phase that
    was announced or a round that is over."""
    editing.lock(round_.programme, by)
    row = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if row.status not in (Round.Status.DRAFT, Round.Status.OPEN):
        raise Refused("This round is over, so its dates stay.")
    before = of(row)
    _insist_announced(row, before, times)
    phases.insist_order(times)
    _write(row, before, times)
    if Kind.FUNDING in times:
        drafts = FundingCall.objects.filter(round=row, state=FundingCall.State.DRAFT)
        drafts.update(closes_at=times[Kind.FUNDING][1])
    editing.touch(round_.programme)
    if changed := _changed(before, times):
        log.note_of_money(row, by, f"set dates: {changed}")


def _insist_announced(
    row: Round,
    before: Mapping[str, tuple[datetime, datetime]],
    after: Mapping[str, tuple[datetime, datetime]],
) -> None:
    """Raises `Refused` for what sponsors or applicants were told otherwise."""
    if row.purged_at is not None:
        raise Refused("What applicants wrote is deleted already, so the dates of this round stay.")
    if row.status == Round.Status.OPEN and after.get(Kind.FUNDING) != before.get(Kind.FUNDING):
        raise Refused("The round is open, so its call closes when it was announced to.")
    is_dropped = Kind.REVIEW in before and Kind.REVIEW not in after
    if is_dropped and row.applications.filter(submitted_at__isnull=False).exists():
        raise Refused(
            "People have applied and know that reviewers read what they sent, so the review phase "
            "stays. Its dates can be moved."
        )


def _write(
    row: Round,
    before: Mapping[str, tuple[datetime, datetime]],
    after: Mapping[str, tuple[datetime, datetime]],
) -> None:
    row.phases.exclude(kind__in=after).delete()
    for kind, (starts_at, ends_at) in after.items():
        if before.get(kind) != (starts_at, ends_at):
            Phase.objects.update_or_create(
                round=row, kind=kind, defaults={"starts_at": starts_at, "ends_at": ends_at}
            )


def copy(*, earlier: Round, to: Round, now: datetime) -> timedelta:
    """The phases of an earlier round, so many whole weeks later that funding begins from now on;
    answers how much later. In the transaction of who begins the round."""
    found = list(earlier.phases.all())
    if not found:
        return timedelta(0)
    later = weeks_until(min(one.starts_at for one in found), now)
    Phase.objects.bulk_create(
        Phase(
            round=to, kind=one.kind,
            starts_at=instants.shifted(one.starts_at, later, to.zone),
            ends_at=instants.shifted(one.ends_at, later, to.zone),
        )
        for one in found
    )  # fmt: skip
    return later


def weeks_until(instant: datetime, now: datetime) -> timedelta:
    """So many whole weeks that an instant lies ahead."""
    if instant > now:
        return timedelta(0)
    return timedelta(weeks=(now - instant) // timedelta(weeks=1) + 1)


def _changed(
    before: Mapping[str, tuple[datetime, datetime]], after: Mapping[str, tuple[datetime, datetime]]
) -> str:
    names = [
        Kind(kind).label.lower() for kind in phases.ORDER if before.get(kind) != after.get(kind)
    ]
    return ", ".join(names)
