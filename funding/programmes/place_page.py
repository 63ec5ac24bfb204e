"""What a place's page says of each checkpoint, to whom it may say it: a side sees what the other said
once both have, organisers see all that was sent, and what is private."""

from dataclasses import dataclass
from datetime import datetime

from funding.programmes import timing
from funding.programmes.models import Feedback, Instalment, Place
from funding.programmes.timing import Step

Side = Feedback.Side


@dataclass(frozen=True, slots=True)
class Said:
    """What one side said, as this reader may read it."""

    feedback: Feedback
    was_late: bool
    private: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint of a place, as one reader sees it. `tone` is that of a pill."""

    step: Step
    words: str
    tone: str
    said: list[Said]
    may_write: bool
    is_draft: bool

    @property
    def instalment(self) -> Instalment | None:
        return self.step.instalment


def seen(place: Place, *, side: str = "", now: datetime) -> list[Seen]:
    """For one of its sides, or for organisers."""
    return [_seen(step, side, now) for step in timing.steps(place)]


def _seen(step: Step, side: str, now: datetime) -> Seen:
    own = step.said_by(side) if side else None
    words, tone = _words(step, side, now)
    return Seen(
        step, words, tone, [_said(step, one, side) for one in step.sent if _may_read(step, one, side)],
        may_write=bool(side) and step.may_write(side, now),
        is_draft=own is not None and own.sent_at is None,
    )  # fmt: skip


def _may_read(step: Step, said: Feedback, side: str) -> bool:
    return not side or said.side == side or step.is_complete


def _said(step: Step, said: Feedback, side: str) -> Said:
    return Said(said, step.was_late(said), said.private if not side or said.side == side else "")


def _words(step: Step, side: str, now: datetime) -> tuple[str, str]:
    """Where it stands, in a few words."""
    if step.is_complete:
        return ("Both were heard", "") if step.goes_on else ("Doubts were said", "open")
    if step.place.status != Place.Status.RUNNING:
        return "Not heard", "open"
    if not step.is_open(now):
        return "Not open yet", "open"
    missing = step.missing
    if side and len(missing) == 1:
        whom = "you" if side in missing else f"the {missing[0]}"
    else:
        whom = "both sides" if len(missing) == 2 else f"the {missing[0]}"
    if step.is_late(now):
        return f"Late: waits for {whom}", "fault"
    return f"Waits for {whom}", "open"
