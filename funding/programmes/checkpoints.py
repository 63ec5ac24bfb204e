"""Checkpoints: when both sides of a place are asked, and which part of the stipend is paid then. Their
instalments sum exactly to the stipend of the call. They stand still once a place is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError

from funding.accounts.models import User
from funding.ledger.money import Money, split
from funding.programmes import log, phases
from funding.programmes.models import Checkpoint, FundingCall, Phase, Place, Round
from funding.programmes.refusals import Refused

MOST = 12
FIXED = "A place is accepted, so the checkpoints stay as they are: people have signed to them."


class Fixed(Refused):
    """Somebody has accepted a place: their instalments hang on these checkpoints."""


class NotSo(Refused):
    """The dates or the instalments cannot be as asked; `number` is the row, 0 for all together."""

    def __init__(self, words: str, number: int = 0) -> None:
        super().__init__(words)
        self.number = number


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkpoint as somebody asks for it."""

    title: str
    opens_at: datetime
    due_at: datetime
    instalment: int
    asks_participant: str
    asks_mentor: str


def is_fixed(round_: Round) -> bool:
    accepted = [Place.Status.RUNNING, Place.Status.DONE, Place.Status.ENDED]
    return round_.places.filter(status__in=accepted).exists()


def stipend(round_: Round) -> Money | None:
    """What a place gets, once the call says it."""
    call = FundingCall.objects.filter(round=round_).first()
    return call.money(call.stipend) if call else None


def missing(whole: Money, instalments: Sequence[int]) -> Money:
    """What the instalments lack; below nothing: by how much they are too much."""
    return Money(whole.amount - sum(instalments), whole.currency)


def equal_parts(whole: Money, number: int) -> list[int]:
    """That differ by one minor unit at most and sum exactly."""
    return split(whole.amount, [1] * number)


@transaction.atomic
def plan(round_: Round, asked: Sequence[Asked], *, by: User) -> None:
    """These are its checkpoints from now on. Raises `Fixed`, `NotSo`."""
    Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if is_fixed(round_):
        raise Fixed(FIXED)
    insist(round_, asked)
    try:
        round_.checkpoints.all().delete()
    except ProtectedError as error:  # somebody accepts a place at this very moment
        raise Fixed(FIXED) from error
    Checkpoint.objects.bulk_create(
        Checkpoint(
            round=round_, number=number, title=one.title, opens_at=one.opens_at,
            due_at=one.due_at, instalment=one.instalment, asks_participant=one.asks_participant,
            asks_mentor=one.asks_mentor,
        )
        for number, one in enumerate(asked, start=1)
    )  # fmt: skip
    log.note_of_money(round_, by, f"planned {len(asked)} checkpoints")


def insist(round_: Round, asked: Sequence[Asked]) -> None:
    """In order, within the running phase, and exactly the stipend. Raises `NotSo`."""
    whole, phase = stipend(round_), phases.find(round_, Phase.Kind.RUNNING)
    if whole is None or phase is None:
        raise NotSo("Plan the call and the running phase first: checkpoints follow from both.")
    if not 1 <= len(asked) <= MOST:
        raise NotSo(f"A round has one checkpoint at least and {MOST} at most.")
    before: Asked | None = None
    for number, one in enumerate(asked, start=1):
        _insist_dates(number, one, before, phase)
        before = one
    if off := missing(whole, [one.instalment for one in asked]):
        less = off.amount > 0
        raise NotSo(
            f"The instalments sum to {(off if less else -off).exact} {'less' if less else 'more'} "
            f"than the stipend of {whole.exact}."
        )


def like(earlier: Round, round_: Round) -> list[Asked]:
    """An earlier round's checkpoints, as long after the start of the running phase as they were then,
    with instalments in the same proportions."""
    rows = list(earlier.checkpoints.all())
    whole, shift = stipend(round_), _shift(earlier, round_)
    if not rows or whole is None:
        return []
    parts = split(whole.amount, [row.instalment for row in rows])
    return [
        Asked(
            row.title, row.opens_at + shift, row.due_at + shift, part, row.asks_participant,
            row.asks_mentor,
        )
        for row, part in zip(rows, parts, strict=True)
    ]  # fmt: skip


def earlier_rounds(round_: Round) -> list[Round]:
    """Of the same programme, that have checkpoints to be copied."""
    others = round_.programme.rounds.exclude(pk=round_.pk)
    return list(others.filter(checkpoints__isnull=False).distinct())


def _insist_dates(number: int, one: Asked, before: Asked | None, phase: Phase) -> None:
    if one.due_at <= one.opens_at:
        raise NotSo(f"“{one.title}” is due before it opens.", number)
    if one.opens_at < phase.starts_at or one.due_at > phase.ends_at:
        raise NotSo(f"“{one.title}” is not within the running phase.", number)
    if before is not None and (one.opens_at < before.opens_at or one.due_at <= before.due_at):
        raise NotSo(f"“{one.title}” comes before “{before.title}”. Put them in order.", number)


def _shift(earlier: Round, round_: Round) -> timedelta:
    then = phases.find(earlier, Phase.Kind.RUNNING)
    now = phases.find(round_, Phase.Kind.RUNNING)
    return now.starts_at - then.starts_at if then and now else timedelta(0)
