"""What sponsorships hold about a person."""

from collections.abc import Iterator

from django.db.models import Count, Q

from funding.accounts.models import User
from funding.office import clock
from funding.projects import editing
from sponsors.companies.models import Company
from sponsors.sponsorships.models import (
    Change,
    Commitment,
    Fulfilment,
    Sponsorship,
    Visibility,
    Waiting,
)


def hindrances(user: User) -> Iterator[str]:
    """Somebody must be there to pay, to end it, and to be asked."""
    held = Sponsorship.objects.filter(company__in=_alone(user)).holding_a_seat().with_parties()
    for one in held.order_by("pk"):
        yield (
            f"{one.company.display_name} sponsors {one.project.name}: end the sponsorship first, "
            "and come back when it has ended."
        )
    seats = Commitment.objects.filter(company__in=_alone(user)).live().with_parties()
    for seat in seats.exclude(call__round__status="done").order_by("pk"):
        yield (
            f"{seat.company.display_name} stands behind {seat.call.round}: give the seat back "
            "while that can be done, or come back when the round is done."
        )


def export(user: User) -> dict[str, object]:
    theirs = Q(company__in=Company.objects.of(user)) | Q(bought_by=user)
    rows = Sponsorship.objects.filter(theirs).with_parties().order_by("pk")
    done = Fulfilment.objects.filter(done_by=user).order_by("pk")
    asked = Change.objects.filter(asked_by=user).order_by("pk")
    return {
        "sponsorships": [_told(one, user) for one in rows],
        "promises_kept": list(done.values("kind", "text", "done_at", "proof")),
        "seats": _seats(user),
        "waited_for": [
            {"round": str(one.call.round), "company": one.company.display_name, "since": one.since}
            for one in Waiting.objects.filter(user=user).select_related(
                "call__round__programme", "company"
            )
        ],
        "changes_asked_for": list(asked.values("tier_name", "interval", "asked_at", "status")),
    }


def forget(user: User) -> None:
    """An individual is a person: their name leaves the walls where it still stands. An
    organisation's stays, for what is paid. What was signed for a seat, with the name that was
    typed, is a paper of a business deal between companies, and is kept as it was signed."""
    individuals = Company.objects.of(user).filter(kind=Company.Kind.INDIVIDUAL)
    shown = Sponsorship.objects.filter(company__in=individuals).exclude(
        visibility=Visibility.ANONYMOUS
    )
    for project_id in sorted(set(shown.values_list("project_id", flat=True))):
        editing.touch(project_id)
    shown.update(visibility=Visibility.ANONYMOUS)
    Sponsorship.objects.filter(company__in=individuals).update(end_words="")
    Commitment.objects.filter(company__in=individuals).update(is_anonymous=True)
    alone = Waiting.objects.waiting().filter(company__in=_alone(user))
    alone.update(left_at=clock.now())


def _alone(user: User) -> list[int]:
    """The companies that nobody else acts for."""
    counted = Company.objects.annotate(people=Count("memberships")).filter(people=1)
    return list(
        counted.filter(pk__in=Company.objects.of(user).values("pk")).values_list("pk", flat=True)
    )


def _seats(user: User) -> list[dict[str, object]]:
    """Of their companies; and of one that they have left what they signed themself, and not what became
    of it."""
    companies = set(Company.objects.of(user).values_list("pk", flat=True))
    theirs = Q(company__in=companies) | Q(accepted_by=user)
    rows = Commitment.objects.filter(theirs).with_parties().order_by("pk")
    return [
        _signed(one, user) | (_became(one) if one.company_id in companies else {}) for one in rows
    ]


def _signed(one: Commitment, user: User) -> dict[str, object]:
    signed = one.accepted_by_id == user.pk
    return {
        "company": one.company.display_name,
        "round": str(one.call.round),
        "seat": one.share.name,
        "price": str(one.money),
        "signed_by_you": signed,
        "signed_name": one.accepted_name if signed else "",
        "signed_words": one.accepted_text if signed else "",
        "signed_at": one.accepted_at,
    }


def _became(one: Commitment) -> dict[str, object]:
    return {
        "state": one.status,
        "is_named": one.is_named,
        "paid": one.paid_at,
        "ended": one.ended_at,
    }


def _told(one: Sponsorship, user: User) -> dict[str, object]:
    return {
        "company": one.company.display_name,
        "project": one.project.name,
        "tier": one.tier_name,
        "price": str(one.money),
        "interval": one.interval,
        "state": one.status,
        "visibility": one.visibility,
        "bought_by_you": one.bought_by_id == user.pk,
        "begun": one.created_at,
        "paid_through": one.paid_through,
        "ended": one.ended_at,
        "why_it_ended": one.get_end_reason_display() if one.end_reason else "",
        "said_to_the_maintainers": one.end_words,
    }
