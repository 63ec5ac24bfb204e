"""The announcement: one deed, once. What was decided becomes known to everybody whom it is about, and
whoever was chosen is offered their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from funding.accounts.models import User
from funding.programmes import assigning, log, phases, places, selecting, stipends
from funding.programmes.mail import announcing as mail
from funding.programmes.models import Application, FundingCall, Phase, Place, Round
from funding.programmes.refusals import Refused

Outcome = Application.Outcome


@dataclass(frozen=True, slots=True)
class Figures:
    """Whom the announcement is to tell what."""

    chosen: int
    waiting: int
    not_chosen: int
    left_open: int  # of those: nobody decided of them

    @property
    def all(self) -> int:
        return self.chosen + self.waiting + self.not_chosen


def figures(round_: Round) -> Figures:
    rows = list(round_.applications.submitted().values_list("outcome", flat=True))
    open_ = rows.count(Outcome.NONE)
    return Figures(
        rows.count(Outcome.SELECTED), rows.count(Outcome.WAITING),
        rows.count(Outcome.NOT_CHOSEN) + open_, open_,
    )  # fmt: skip


def is_early(round_: Round, *, now: datetime) -> bool:
    """Before the selection is to be over: then it takes a reason."""
    phase = phases.find(round_, Phase.Kind.SELECTION)
    return phase is not None and now < phase.ends_at


def in_the_way(round_: Round, *, now: datetime) -> str:
    """Why it cannot be announced yet, in words; nothing if it can."""
    try:
        _insist_ready(round_, now)
    except Refused as refused:
        return str(refused)
    return ""


def announce(*, round_id: int, by: User, reason: str, now: datetime) -> Figures:
    """Outcomes, places and mails, all or nothing. Raises `Refused`."""
    with transaction.atomic():
        round_ = Round.objects.locked(round_id)
        _insist_ready(round_, now)
        assigning.insist_impartial(round_, by)
        early = is_early(round_, now=now)
        if early and not reason:
            raise Refused("Say why it is announced before the selection is over.")
        told = figures(round_)
        selecting.refuse_the_rest(round_)
        round_.announced_at = now
        round_.selected_at = round_.selected_at or now
        round_.early_because = reason if early else ""
        round_.save(update_fields=["announced_at", "selected_at", "early_because"])
        _tell(round_, _offer_all(round_, now))
        when = f", before its time; {log.WHY}" if early else ""
        log.note(round_, by, f"announced who was chosen{when}")
    return told


def _insist_ready(round_: Round, now: datetime) -> None:
    selecting.insist_time(round_, now)
    chosen = selecting.chosen(round_)
    count = chosen.count()
    if not round_.applications.submitted().exists():
        raise Refused("Nobody has applied, so there is nobody to tell.")
    if count > round_.places_left:
        raise Refused(
            f"{count} are chosen and {round_.places_left} places are funded. "
            "Take somebody off the list first."
        )
    if not count:
        return
    if not FundingCall.objects.filter(round=round_).exists():
        raise Refused("The round has no call that says what a stipend is.")
    stipends.insist_planned(round_)
    if not round_.agreement.strip():
        raise Refused("The round has no agreement that participants sign. Write it first.")
    twice = selecting.with_elsewhere(chosen).filter(is_elsewhere=True).first()
    if twice is not None:
        raise Refused(
            f"The person of application {twice.pk} has a place in another round by now. "
            "Choose somebody else."
        )


def _offer_all(round_: Round, now: datetime) -> list[Place]:
    """By person, so that two rounds which choose the same people wait for each other in one order."""
    rows = selecting.chosen(round_).select_related("user").order_by("user")
    return [places.offer(application, round_, now=now) for application in rows]


def _tell(round_: Round, offered: Iterable[Place]) -> None:
    others = round_.applications.submitted().select_related("user", "round__programme")
    mail.announced(
        round_, offered=offered,
        waiting=others.filter(outcome=Outcome.WAITING).order_by("rank"),
        not_chosen=others.filter(outcome=Outcome.NOT_CHOSEN),
    )  # fmt: skip
