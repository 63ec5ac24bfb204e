"""What a reviewer does with an application that was given to them: score it, or hand it back. Only
while the review phase lasts, and never their own mentee's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from funding.accounts.models import User
from funding.programmes import access, assigning, log, phases
from funding.programmes.mail import reviewing as mail
from funding.programmes.models import Application, Part, Phase, Review, Round
from funding.programmes.refusals import Refused

SCORES = {
    1: "No: this should not be chosen",
    2: "Rather not: much speaks against it",
    3: "Perhaps: as much for it as against it",
    4: "Rather yes: little speaks against it",
    5: "Yes: this should be chosen",
}
FLAGS = {
    "ineligible": "May not be eligible",
    "ai": "Reads as if written by AI",
    "copied": "Same text as in another application",
    "look": "An organiser should look at it",
}
Status = Review.Status


@dataclass(frozen=True, slots=True)
class Written:
    """What a reviewer says of an application. Without a score it is a draft."""

    score: int | None
    flags: Sequence[str] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """What one person reads in one round."""

    round: Round
    reviews: list[Review]
    phase: Phase | None
    is_on: bool

    @property
    def scored(self) -> list[Review]:
        return [one for one in self.reviews if one.status == Status.DONE]

    @property
    def to_score(self) -> list[Review]:
        return [one for one in self.reviews if one.status == Status.ASSIGNED]

    @property
    def done(self) -> int:
        return len(self.scored)

    @property
    def next(self) -> Review | None:
        """What is read next, as long as it can be scored."""
        return next(iter(self.to_score), None) if self.is_on else None


def of(user: User) -> QuerySet[Review]:
    """What is or was in this person's hands, while they have a part that reviews, in rounds to which
    they have not applied themselves."""
    theirs = Part.objects.filter(user=user, role__in=access.MAY["review"]).values("programme")
    applied = Application.objects.submitted().filter(user=user).values("round")
    rows = Review.objects.filter(reviewer=user, application__round__programme__in=theirs)
    rows = rows.exclude(application__round__in=applied)
    return rows.select_related("application__round__programme", "application__idea")


def piles(user: User, *, now: datetime) -> list[Pile]:
    """By round, those that are under way, with what is still to be read first."""
    found: dict[int, list[Review]] = {}
    rows = of(user).exclude(status=Status.CONFLICT).filter(
        application__status="submitted", application__round__status=Round.Status.OPEN,
        application__round__announced_at=None,
    )  # fmt: skip
    rows = rows.prefetch_related("application__round__phases")
    for review in rows.order_by("-application__round", "status", "pk"):
        found.setdefault(review.application.round_id, []).append(review)
    return [_pile(reviews, now) for reviews in found.values()]


def is_on(round_: Round, *, now: datetime) -> bool:
    return phases.is_on(round_, Phase.Kind.REVIEW, now=now)


def progress(review: Review) -> dict[str, int]:
    """How far its reviewer is in the round."""
    rows = Review.objects.filter(
        reviewer=review.reviewer_id, application__round=review.application.round_id,
        application__status="submitted",
    ).exclude(status=Status.CONFLICT)  # fmt: skip
    return rows.aggregate(all=Count("pk"), done=Count("pk", filter=Q(status=Status.DONE)))


def following(review: Review) -> Review | None:
    """What its reviewer reads next in the round."""
    rows = Review.objects.filter(
        reviewer=review.reviewer_id, application__round=review.application.round_id,
        application__status="submitted", status=Status.ASSIGNED,
    )  # fmt: skip
    rest = rows.exclude(pk=review.pk)
    return rest.filter(pk__gt=review.pk).first() or rest.first()


def write(*, review: Review, by: User, written: Written, now: datetime) -> Review:
    """Keep it: scored, or as a draft. What is scored stays so and may be changed until the phase
    ends. Raises `Refused`."""
    with transaction.atomic():
        row = _locked(review, by, now)
        if row.status == Status.CONFLICT:
            raise Refused("You handed it back, so it is no longer yours to score.")
        if why := assigning.bar(row.application, by, to_them=True):
            raise Refused(f"You cannot score this, because {why}. Hand it back.")
        row.flags, row.comment = [one for one in FLAGS if one in written.flags], written.comment
        if written.score is not None:
            row.score, row.status, row.done_at = written.score, Status.DONE, now
        row.save(update_fields=["flags", "comment", "score", "status", "done_at"])
    return row


def declare_conflict(*, review: Review, by: User, reason: str, now: datetime) -> None:
    """Hand it back, with what was written of it taken away; somebody else gets it by load, and
    organisers are told when nobody is left. Raises `Refused`."""
    with transaction.atomic():
        round_ = Round.objects.locked(review.application.round_id)
        row = _locked(review, by, now)
        if row.status == Status.CONFLICT:
            return
        row.status, row.conflict = Status.CONFLICT, reason
        row.score, row.done_at, row.comment, row.flags = None, None, "", []
        row.save()
        application = row.application
        log.note(round_, by, f"handed application {application.pk} back for a conflict")
        if not assigning.replace(application, round_, now=now):
            mail.nobody_left(row)


def insist_on(round_: Round, now: datetime) -> None:
    """Raises `Refused` outside of the review phase."""
    if is_on(round_, now=now):
        return
    phase = phases.find(round_, Phase.Kind.REVIEW)
    if phase is not None and now < phase.starts_at:
        raise Refused("Reviews have not begun yet.")
    raise Refused("The review phase is over, so reviews stay as they are.")


def _locked(review: Review, by: User, now: datetime) -> Review:
    rows = Review.objects.select_for_update(of=("self",))
    row = rows.select_related("application__round__programme").filter(pk=review.pk).first()
    if row is None or row.reviewer_id != by.pk:
        raise Refused("It was taken back meanwhile, so there is nothing for you to score.")
    if row.application.status != "submitted":
        raise Refused("The application was withdrawn meanwhile.")
    insist_on(row.application.round, now)
    if not access.may(by, "review", row.application.round.programme):
        raise Refused("You review for this programme no longer.")
    return row


def _pile(reviews: list[Review], now: datetime) -> Pile:
    round_ = reviews[0].application.round
    phase = phases.find(round_, Phase.Kind.REVIEW)
    return Pile(round_, reviews, phase, is_on(round_, now=now))
