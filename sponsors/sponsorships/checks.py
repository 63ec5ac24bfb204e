"""What must never be false about sponsorships, asked anew from every row."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from funding.office import clock
from funding.programmes.models import Share
from funding.projects.models import NEVER, Funding, Tier
from sponsors.sponsorships.models import (
    COMMITTED,
    COUNTED,
    ENDED,
    HOLDS_SEAT,
    Change,
    Commitment,
    CommitmentStatus,
    Move,
    Sponsorship,
    Status,
    count_sponsors,
)


def breaches() -> Iterator[str]:
    yield from _seats()
    yield from _counted()
    yield from _funding()
    yield from _diaries()
    yield from _commitments()


def _seats() -> Iterator[str]:
    held = (
        Sponsorship.objects.filter(tier=OuterRef("pk"), status__in=HOLDS_SEAT)
        .order_by().values("tier").annotate(count=Count("pk")).values("count")
    )  # fmt: skip
    wanted = (
        Change.objects.filter(tier=OuterRef("pk"), status__in=Change.LIVE)
        .exclude(sponsorship__tier=OuterRef("pk"))
        .order_by().values("tier").annotate(count=Count("pk")).values("count")
    )  # fmt: skip
    tiers = Tier.objects.annotate(
        held=Coalesce(Subquery(held), 0) + Coalesce(Subquery(wanted), 0)
    ).exclude(taken=F("held"))
    for name, project, taken, count in tiers.values_list("name", "project__name", "taken", "held"):
        yield f"{name} of {project} says {taken} seats are taken, but {count} are held."


def _commitments() -> Iterator[str]:
    """Seats of programmes: as many are taken as commitments live, and nobody is due undecided."""
    live = (
        Commitment.objects.filter(share=OuterRef("pk")).live()
        .order_by().values("share").annotate(count=Count("pk")).values("count")
    )  # fmt: skip
    shares = Share.objects.annotate(live=Coalesce(Subquery(live), 0)).exclude(taken=F("live"))
    for pk, taken, count in shares.values_list("pk", "taken", "live"):
        yield f"Share {pk} says {taken} seats are taken, but {count} commitments live."
    charged = Commitment.objects.filter(status__in=[CommitmentStatus.DUE, CommitmentStatus.PAID])
    for commitment in charged.exclude(call__decisions__is_success=True):
        yield f"Commitment {commitment.pk} is {commitment.status}, and its call was not decided."


def _counted() -> Iterator[str]:
    """Whose money counts is marked so. A mark whose time has just passed is the next job's."""
    lives_on = Q(committed_until=None) | Q(committed_until__gt=clock.now())
    missing = Sponsorship.objects.filter(lives_on, status__in=COUNTED, counts=False)
    surplus = Sponsorship.objects.filter(counts=True).exclude(status__in=COUNTED)
    for sponsorship in (missing | surplus).distinct():
        yield f"Sponsorship {sponsorship.pk} is {sponsorship.status} and marked wrongly."


def _funding() -> Iterator[str]:
    rows = Sponsorship.objects.order_by().values("project")
    counted, paying = Q(counts=True), Q(status__in=COMMITTED)
    totals = {
        row["project"]: (
            row["committed"] or 0, row["awaiting"] or 0, row["companies"],
            row["funded_at"] or NEVER,
        )
        for row in rows.annotate(
            committed=Sum("a_month", filter=counted & paying),
            awaiting=Sum("a_month", filter=counted & Q(status=Status.AWAITING_INVOICE)),
            companies=count_sponsors(counted & paying),
            funded_at=Max("first_paid_at"),
        )
    }  # fmt: skip
    for funding in Funding.objects.select_related("project"):
        said = (funding.committed, funding.awaiting, funding.sponsors, funding.funded_at)
        derived = totals.pop(funding.pk, (0, 0, 0, NEVER))
        if said != derived:
            yield (
                f"{funding.project} says (committed, awaiting, sponsors, funded at) "
                f"{_shown(said)}, not {_shown(derived)}."
            )
    for project_id in totals:
        yield f"Project {project_id} has sponsors and no totals."


def _shown(totals: tuple[int, int, int, datetime]) -> str:
    *figures, funded_at = totals
    return f"({', '.join(map(str, figures))}, {funded_at:%Y-%m-%d %H:%M:%S})"


def _diaries() -> Iterator[str]:
    newest = Move.objects.filter(sponsorship=OuterRef("pk")).order_by("-id").values("after")[:1]
    rows = Sponsorship.objects.annotate(told=Subquery(newest))
    for sponsorship in rows.exclude(told=F("status")):
        yield f"Sponsorship {sponsorship.pk} is {sponsorship.status}; its diary differs."
    for move in Move.objects.filter(before__in=ENDED):
        yield f"Sponsorship {move.sponsorship_id} had ended as {move.before} and moved again."
