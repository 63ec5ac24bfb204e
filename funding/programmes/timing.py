"""Timing: how each checkpoint stands for one place: its own dates, who was heard, and what is late.
Nothing is written here. Places are to come with all that is asked of them: `with_steps`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from funding.programmes.models import Checkpoint, Feedback, Instalment, Place

Side = Feedback.Side
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Step:
    """A checkpoint for one place."""

    place: Place
    checkpoint: Checkpoint
    opens_at: datetime
    due_at: datetime
    participant: Feedback | None
    mentor: Feedback | None
    instalment: Instalment | None

    def said_by(self, side: str) -> Feedback | None:
        """Draft or sent."""
        return self.participant if side == Side.PARTICIPANT else self.mentor

    @property
    def sent(self) -> list[Feedback]:
        return [one for one in (self.participant, self.mentor) if one and one.sent_at]

    @property
    def missing(self) -> list[str]:
        """The sides that were not heard yet."""
        heard = {one.side for one in self.sent}
        return [side for side in Side if side not in heard]

    @property
    def is_complete(self) -> bool:
        return len(self.sent) == 2

    @property
    def goes_on(self) -> bool:
        """Both sides were heard, and both say that it should go on."""
        return self.is_complete and all(one.goes_well for one in self.sent)

    @property
    def is_doubted(self) -> bool:
        return any(one.goes_well is False for one in self.sent)

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now

    def is_late(self, now: datetime) -> bool:
        return self.due_at <= now and not self.is_complete

    def asks(self, side: str, now: datetime) -> bool:
        """Whether this side is to say something now."""
        return self.is_open(now) and side in self.missing

    def was_late(self, feedback: Feedback) -> bool:
        return feedback.sent_at is not None and feedback.sent_at >= self.due_at

    def may_write(self, side: str, now: datetime) -> bool:
        """From the day on which it opens; what was sent, until the other side has sent too or it is
        due. Late is possible."""
        if self.place.status != Place.Status.RUNNING or not self.is_open(now):
            return False
        own = self.said_by(side)
        return own is None or own.sent_at is None or (len(self.sent) == 1 and now < self.due_at)


def with_steps(places: "QuerySet[Place]") -> "QuerySet[Place]":
    """Places with all that `steps` asks, in a constant number of queries."""
    return places.select_related("round__programme", "user", "application__idea").prefetch_related(
        "round__checkpoints", "extensions", "feedback__by", "instalments", "mentorings__user"
    )


def steps(place: Place) -> list[Step]:
    """Its checkpoints in order; none of them while it is only offered has feedback."""
    said = {(one.checkpoint_id, one.side): one for one in place.feedback.all()}
    paid = {one.checkpoint_id: one for one in place.instalments.all()}
    return [
        _step(
            place, checkpoint, said.get((checkpoint.pk, Side.PARTICIPANT)),
            said.get((checkpoint.pk, Side.MENTOR)), paid.get(checkpoint.pk),
        )
        for checkpoint in place.round.checkpoints.all()
    ]  # fmt: skip


def step(place: Place, number: int) -> Step | None:
    return next((one for one in steps(place) if one.checkpoint.number == number), None)


def late(place: Place, now: datetime) -> list[Step]:
    """What is overdue at a place that is running."""
    if place.status != Place.Status.RUNNING:
        return []
    return [one for one in steps(place) if one.is_late(now)]


def coming(place: Place) -> Step | None:
    """The first checkpoint that is not complete, of a place that is running."""
    if place.status != Place.Status.RUNNING:
        return None
    return next((one for one in steps(place) if not one.is_complete), None)


def _step(
    place: Place,
    checkpoint: Checkpoint,
    participant: Feedback | None,
    mentor: Feedback | None,
    instalment: Instalment | None,
) -> Step:
    opens_at, due_at = _dates(place, checkpoint, (participant, mentor))
    return Step(place, checkpoint, opens_at, due_at, participant, mentor, instalment)


def _dates(
    place: Place, checkpoint: Checkpoint, said: tuple[Feedback | None, Feedback | None]
) -> tuple[datetime, datetime]:
    """Its own dates at this place. An extension moves a checkpoint unless both sides had been heard
    at it by then; what was open already stays open, and is due later."""
    opens_at, due_at = checkpoint.opens_at, checkpoint.due_at
    for extension in place.extensions.all():
        if all(one and one.sent_at and one.sent_at <= extension.at for one in said):
            continue
        more = timedelta(weeks=extension.weeks)
        opens_at, due_at = opens_at + (more if opens_at > extension.at else NOTHING), due_at + more
    return opens_at, due_at
