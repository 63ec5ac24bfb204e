"""The public page of a round: its phases, its call in figures and in words, and where the money goes.
Who has taken seats, and what is firm, is known above."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from funding.ledger.money import Money
from funding.programmes import phases, pricing
from funding.programmes.models import (
    Checkpoint,
    FundingCall,
    Idea,
    Phase,
    Programme,
    Round,
    Share,
)

Kind, State, Status = Phase.Kind, FundingCall.State, Round.Status


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of what the money is for."""

    name: str
    when: str
    each: Money
    together: Money


class RoundPage:
    """One round, at one instant; the round comes `with_page_parts`."""

    def __init__(self, round_: Round, *, now: datetime) -> None:
        self.round, self.now = round_, now
        self.programme = round_.programme

    @cached_property
    def call(self) -> FundingCall | None:
        return pricing.of(self.round)

    @cached_property
    def steps(self) -> list[phases.Step]:
        return phases.steps(self.round, now=self.now)

    @property
    def steps_now(self) -> list[phases.Step]:
        return [step for step in self.steps if step.is_on]

    @property
    def next_step(self) -> phases.Step | None:
        if self.round.status != Status.OPEN:
            return None
        return next((step for step in self.steps if step.starts_at > self.now), None)

    @cached_property
    def shares(self) -> list[Share]:
        if self.call is None:
            return []
        found = list(self.call.shares.all())
        for one in found:
            one.call = self.call
        return found

    @property
    def taken(self) -> Money | None:
        """What the seats cost that are taken, if only for the time being."""
        if self.call is None:
            return None
        return self.call.money(sum(one.amount * one.taken for one in self.shares))

    @property
    def taken_of_100(self) -> int:
        """The same, as the meter draws it."""
        if self.call is None or self.taken is None:
            return 0
        return 100 * self.taken.amount // max(self.call.wanted.amount, 1)

    @property
    def is_open(self) -> bool:
        """Whether a seat may be taken."""
        return self.call is not None and self.call.is_open(self.now)

    @property
    def is_called_off(self) -> bool:
        """Or its time is over and nobody has looked yet."""
        call = self.call
        return call is not None and call.state == State.OPEN and not self.is_open

    @property
    def was_decided(self) -> bool:
        """That it comes about; sponsors may have paid since, whatever became of it."""
        call = self.call
        return call is not None and call.decisions.filter(is_success=True).exists()

    @cached_property
    def costs(self) -> list[Cost]:
        """Of all places wanted: the stipend first, then its parts."""
        call = self.call
        if call is None:
            return []
        places = call.places_wanted
        each = [("Stipend", self._stipend_when, call.stipend)]
        each += [(part.name, part.when, part.amount) for part in call.parts.all()]
        return [
            Cost(name, when, call.money(amount), call.money(amount * places))
            for name, when, amount in each
        ]

    @property
    def _stipend_when(self) -> str:
        number = Checkpoint.objects.filter(round=self.round).count()
        if not number:
            return "in instalments, after each checkpoint"
        return f"in {number} instalment{'s' if number > 1 else ''}, after each checkpoint"

    @cached_property
    def applications(self) -> phases.Step | None:
        return self._step(Kind.APPLICATIONS)

    @property
    def takes_applications(self) -> bool:
        decided = self.call is not None and self.call.state == State.SUCCEEDED
        may = decided or self.round.applies_before_decision
        return self.applications is not None and self.applications.is_on and may

    @property
    def will_take_applications(self) -> bool:
        """So that it makes sense to ask to be told."""
        step = self.applications
        return (
            step is not None
            and self.round.status == Status.OPEN
            and not self.takes_applications
            and step.ends_at > self.now
        )

    @property
    def looks_for_people(self) -> bool:
        """Whether anybody may still apply, now or later."""
        is_ahead = self.applications is None or not self.applications.is_over
        return self.round.status in (Status.DRAFT, Status.OPEN) and is_ahead

    @cached_property
    def has_ideas(self) -> bool:
        """On offer, so that there is something to look at."""
        return self.round.ideas.filter(status=Idea.Status.ACCEPTED).exists()

    @property
    def is_reviewed(self) -> bool:
        return self._step(Kind.REVIEW) is not None

    @property
    def is_assigned_now(self) -> bool:
        """Whether organisers give out what was sent: nothing can be changed, and reviews last on."""
        review = self._step(Kind.REVIEW)
        written = self._step(Kind.WORK_SAMPLE) or self.applications
        is_sent = written is None or written.is_over
        return self.round.status == Status.OPEN and is_sent and bool(review and not review.is_over)

    @property
    def is_announced_next(self) -> bool:
        """Whether what waits for organisers is to choose and to announce."""
        before = self._step(Kind.REVIEW) or self._step(Kind.WORK_SAMPLE) or self.applications
        is_new = self.round.status == Status.OPEN and self.round.announced_at is None
        return is_new and bool(before and before.is_over)

    @property
    def has_choosing(self) -> bool:
        """Whether either waits for organisers."""
        return self.is_assigned_now or self.is_announced_next

    def _step(self, kind: str) -> phases.Step | None:
        return next((step for step in self.steps if step.kind == kind), None)

    @property
    def takes_ideas(self) -> bool:
        return any(step.kind == Kind.IDEAS for step in self.steps)


def public_round(programme_slug: str, slug: str) -> Round | None:
    rounds = (
        Round.objects.public().with_page_parts().prefetch_related("call__shares", "call__parts")
    )
    return rounds.filter(programme__slug=programme_slug, slug=slug).first()


def round_by_id(round_id: int) -> Round:
    """A draft too, for those who run it."""
    rounds = Round.objects.with_page_parts().prefetch_related("call__shares", "call__parts")
    return rounds.get(pk=round_id)


class ProgrammePage:
    """A programme with its rounds that everybody sees, the newest first."""

    def __init__(self, programme: Programme, *, now: datetime) -> None:
        self.programme, self.now = programme, now

    @cached_property
    def rounds(self) -> list[RoundPage]:
        rows = self.programme.rounds.public().with_page_parts()
        return [RoundPage(one, now=self.now) for one in rows]

    @property
    def current(self) -> list[RoundPage]:
        return [one for one in self.rounds if one.round.status == Status.OPEN]

    @property
    def earlier(self) -> list[RoundPage]:
        return [one for one in self.rounds if one.round.status != Status.OPEN]
