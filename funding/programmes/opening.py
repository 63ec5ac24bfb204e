"""Opening: a round is begun as a draft that only its people see, gets what it needs, and is then open:
its page and its call are for everybody. While nobody has had a seat it may be taken back; a call that
is undecided may be called off, and ends as one that missed its least."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from funding.accounts.models import User
from funding.office import names
from funding.programmes import calls, editing, instants, log, phases, pricing, scheduling
from funding.programmes.models import (
    Checkpoint,
    Criterion,
    FundingCall,
    Phase,
    Programme,
    Question,
    Round,
)
from funding.programmes.refusals import Refused

Kind, Status, State = Phase.Kind, Round.Status, FundingCall.State
# Words that stand in the desk's addresses where a round's name would.
RESERVED = names.RESERVED | {"texts", "logo", "projects", "people", "rounds", "log", "preview"}
COPIED = (
    "lead", "looks_for", "agreement", "applies_before_decision", "is_blind", "reviews_needed",
    "contact_needed", "most_an_idea", "accept_days", "purge_months",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a round should have: in words, whether it is there, and on which page of its
    desk it is put down. What is not needed is only a good idea."""

    words: str
    is_done: bool
    page: str
    is_needed: bool = True
    is_of_programme: bool = False  # the page is the programme's, not the round's


class NotReady(Exception):
    """What a round needs is not all there; `missing` says what."""

    def __init__(self, missing: list[Item]) -> None:
        super().__init__("Not all that a round needs is there yet.")
        self.missing = missing


@transaction.atomic
def begin(*, round_: Round, programme: Programme, by: User, now: datetime) -> Round:
    """A new draft; with `previous`, everything of that round is copied: texts, rules, dates, call,
    questions, criteria, checkpoints. The same form sent twice finds the first."""
    editing.lock(programme, by)
    same = programme.rounds.filter(name=round_.name, title=round_.title, status=Status.DRAFT)
    if found := same.first():
        return found
    round_.programme, round_.status = programme, Status.DRAFT
    if earlier := round_.previous:
        for name in COPIED:
            setattr(round_, name, getattr(earlier, name))
    names.save_new(round_, round_.name, among=programme.rounds.all(), reserved=RESERVED)
    if earlier:
        later = scheduling.copy(earlier=earlier, to=round_, now=now)
        pricing.copy(earlier=earlier, to=round_)
        _copy_rows(Criterion.objects.filter(round=earlier), round_)
        _copy_rows(Question.objects.filter(round=earlier), round_)
        checkpoints = list(Checkpoint.objects.filter(round=earlier))
        for one in checkpoints:
            one.opens_at = instants.shifted(one.opens_at, later, round_.zone)
            one.due_at = instants.shifted(one.due_at, later, round_.zone)
        _copy_rows(checkpoints, round_)
    log.note_of_money(round_, by, f"began the round{f' as {earlier.name} was' if earlier else ''}")
    return round_


def checklist(round_: Round, *, now: datetime) -> list[Item]:
    """What the round has and what it lacks, in the order in which one would see to it."""
    funding = phases.find(round_, Kind.FUNDING)
    takes_people = phases.find(round_, Kind.APPLICATIONS) is not None
    return [
        Item("Two sentences under its title", bool(round_.lead), "round-texts"),
        Item("Whom it looks for", bool(round_.looks_for.strip()), "round-texts"),
        Item(
            "Dates, with a day until which it looks for sponsors that is still to come",
            funding is not None and funding.ends_at > now and _in_order(round_, now), "dates",
        ),
        Item("What it costs, and seats that sum to it", _is_exact(round_), "call"),
        *([Item("What participants sign", bool(round_.agreement.strip()), "round-texts")]
          if takes_people else []),
        Item(
            "An address for questions", bool(round_.programme.contact), "texts",
            is_of_programme=True,
        ),
        Item("When people can apply", takes_people, "dates", is_needed=False),
        Item(
            "When the work runs", phases.find(round_, Kind.RUNNING) is not None, "dates",
            is_needed=False,
        ),
        Item("What sponsors get", _has_policy(round_), "call", is_needed=False),
    ]  # fmt: skip


def missing(round_: Round, *, now: datetime) -> list[Item]:
    return [item for item in checklist(round_, now=now) if item.is_needed and not item.is_done]


@transaction.atomic
def open_round(*, round_: Round, by: User, now: datetime) -> bool:
    """Show it to everybody and let companies take seats, from now until its funding phase ends.
    False when somebody did so before. Raises `NotReady`."""
    programme = editing.lock(round_.programme, by, "run")
    row = Round.objects.select_related("call", "programme").get(pk=round_.pk)
    if row.status != Status.DRAFT:
        return False
    if lacking := missing(row, now=now):
        raise NotReady(lacking)
    funding = row.phases.get(kind=Kind.FUNDING)
    funding.starts_at = now
    funding.save(update_fields=["starts_at"])
    _open_call(row, closes_at=funding.ends_at, now=now)
    Round.objects.filter(pk=row.pk).update(status=Status.OPEN, opened_at=now)
    if programme.published_at is None:
        Programme.objects.filter(pk=programme.pk).update(published_at=now)
    editing.touch(programme)
    log.note_of_money(row, by, "opened the round")
    return True


@transaction.atomic
def take_back(*, round_: Round, by: User) -> None:
    """A draft again, while nobody has had a seat or has applied. Raises `Refused`."""
    editing.lock(round_.programme, by, "run")
    call = _locked_call(round_)
    if call.state == State.DRAFT:
        raise Refused("The round is a draft already.")
    if call.state != State.OPEN or call.closed_at is not None:
        raise Refused("The call is decided or closed, so the round stays as it is.")
    if round_.applications.exists():
        raise Refused("Somebody has begun to apply, so the round stays open.")
    _insist_untouched(call)
    FundingCall.objects.filter(pk=call.pk).update(state=State.DRAFT, opened_at=None)
    Round.objects.filter(pk=round_.pk).update(status=Status.DRAFT, opened_at=None)
    editing.touch(round_.programme)
    log.note_of_money(round_, by, "took the round back to a draft")


@transaction.atomic
def call_off(*, round_: Round, reason: str, by: User, now: datetime) -> None:
    """The call ends at this instant, undecided: whoever closes calls that are due then finds it short
    of its least, charges nobody and tells everybody. Raises `Refused` once it is decided."""
    editing.lock(round_.programme, by, "run")
    call = _locked_call(round_)
    if call.state != State.OPEN or call.closes_at <= now or call.closed_at is not None:
        raise Refused("The call is decided or closed already, so it cannot be called off.")
    FundingCall.objects.filter(pk=call.pk).update(closes_at=now)
    begun = round_.phases.filter(kind=Kind.FUNDING, starts_at__lt=now)
    begun.update(ends_at=now)
    calls.note(call, f"Called off by its organisers: {reason}", at=now)
    editing.touch(round_.programme)
    log.note_of_money(round_, by, "called the round off; the diary of the call says why")


def _open_call(row: Round, *, closes_at: datetime, now: datetime) -> None:
    call = _locked_call(row)
    call.state, call.opened_at, call.closes_at = State.OPEN, now, closes_at
    call.save(update_fields=["state", "opened_at", "closes_at"])
    calls.note(call, f"Opened: {call.wanted} in all, {call.least} at least.", at=now)


def _locked_call(round_: Round) -> FundingCall:
    call = pricing.of(round_)
    if call is None:
        raise Refused("The round has no call yet.")
    return calls.lock(call.pk)


def _insist_untouched(call: FundingCall) -> None:
    """A seat that somebody ever had is named by their promise, so its row cannot be made anew."""
    seats = [calls.Cut(one.name, one.amount, one.seats) for one in call.shares.all()]
    try:
        with transaction.atomic():
            calls.cut(call, into=seats)
    except ProtectedError:
        raise Refused(
            "A company has taken a seat, so what was announced stays. The call can be called off "
            "before it is decided."
        ) from None


def _copy_rows(rows: Iterable[Any], round_: Round) -> None:
    copies = list(rows)
    for one in copies:
        one.pk, one.round = None, round_
        one._state.adding = True
    if copies:
        type(copies[0])._default_manager.bulk_create(copies)


def _in_order(round_: Round, now: datetime) -> bool:
    """Also when funding begins only now."""
    times = scheduling.of(round_)
    if Kind.FUNDING in times:
        times[Kind.FUNDING] = (now, times[Kind.FUNDING][1])
    try:
        phases.insist_order(times)
    except phases.OutOfOrder:
        return False
    return True


def _is_exact(round_: Round) -> bool:
    call = pricing.of(round_)
    if call is None:
        return False
    cuts = [calls.Cut(one.name, one.amount, one.seats) for one in call.shares.all()]
    try:
        calls.insist_exact(call.wanted, cuts)
    except calls.NotExact:
        return False
    return True


def _has_policy(round_: Round) -> bool:
    call = pricing.of(round_)
    return call is not None and bool(call.policy.strip())
