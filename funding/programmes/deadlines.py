"""Deadlines: whether a round takes applications and work samples just now. An applicant's deed takes the
lock of its application first and asks the clock after that, so that what waited for the lock is as late
as it is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst

from funding.office import clock
from funding.programmes import phases
from funding.programmes.models import Application, FundingCall, Phase, Round
from funding.programmes.refusals import Refused

Kind = Phase.Kind
STAGES = {Kind.APPLICATIONS: "applications", Kind.WORK_SAMPLE: "work samples"}


class Closed(Refused):
    """Nothing is taken at this instant, or nothing is changed any more."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a stage of applying is open. `state`: none, early, waits (for the money), open, over or failed."""

    state: str
    what: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def words(self) -> str:
        return {
            "none": "This round takes no {what}.",
            "early": "This round does not take {what} yet.",
            "waits": "This round takes {what} once it is known that it is paid for.",
            "over": "The deadline has passed: this round takes no more {what}, and nothing that was "
            "sent can be changed.",
            "failed": "This round did not come about, so it takes no {what}.",
        }.get(self.state, f"{capfirst(self.what)} are open.").format(what=self.what)


def window(round_: Round, kind: str = Kind.APPLICATIONS, *, now: datetime) -> Window:
    """Of a round with its phases and its call."""
    what, phase = STAGES[Kind(kind)], phases.find(round_, kind)
    if phase is None:
        return Window("none", what)
    return Window(_state(round_, phase, now), what, phase.starts_at, phase.ends_at)


def hold(application: Application) -> Application:
    """The row as it is now; until the transaction ends nobody else changes it."""
    rows = Application.objects.select_for_update(of=("self",))
    rows = rows.select_related("round__programme", "round__call", "idea", "user")
    row = rows.filter(pk=application.pk).first()
    if row is None or row.user is None or row.user_id != application.user_id:
        raise Closed("This application is no longer here.")
    return row


def insist_open(application: Application, kind: str = Kind.APPLICATIONS) -> datetime:
    """Answers the instant at which it was so. Raises `Closed`. Under the application's lock."""
    now = clock.now()
    found = window(application.round, kind, now=now)
    if not found.is_open:
        raise Closed(found.words)
    return now


def _state(round_: Round, phase: Phase, now: datetime) -> str:
    call: FundingCall | None = getattr(round_, "call", None)
    if round_.status == Round.Status.FAILED or (call and call.state == FundingCall.State.FAILED):
        return "failed"
    if round_.status == Round.Status.DONE or phase.ends_at <= now:
        return "over"
    if round_.status == Round.Status.DRAFT or now < phase.starts_at:
        return "early"
    is_decided = call is not None and call.state == FundingCall.State.SUCCEEDED
    return "open" if is_decided or round_.applies_before_decision else "waits"
