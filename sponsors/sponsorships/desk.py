"""What a project's maintainers are told of those who stand behind it: who came, who went and why, who
may go, and what is owed. Sums are always told; a name and an amount only as everybody may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db.models import Q

from funding.ledger.money import Money
from funding.projects import worktime
from funding.projects.models import Project
from sponsors.companies.models import Company
from sponsors.sponsorships import words
from sponsors.sponsorships.models import COMMITTED, Fulfilment, Move, Sponsorship, Status

LATELY = timedelta(days=30)
SHOWN, DONE_SHOWN = 50, 10
NOT_YET = (Status.DRAFT, Status.PENDING, Status.AWAITING_INVOICE)
NOT_NAMED = "A sponsor who is not named"
AT_RISK = "A sponsor"  # whose card it is, and why it failed, is between them and their bank


@dataclass(frozen=True, slots=True)
class Line:
    """One sponsor: who, since or until when and why; the money only where it is shown."""

    company: Company | None  # None: not named
    why: str
    at: datetime | None
    money: Money | None
    days: Fraction | None
    reason: str = ""  # why it ends, as its company said to the maintainers
    words: str = ""
    is_told: bool = True

    @property
    def who(self) -> str:
        if not self.is_told:
            return AT_RISK
        return str(self.company) if self.company else NOT_NAMED


@dataclass(frozen=True, slots=True)
class Group:
    """Several sponsors with what they pay together, a month and in days a week."""

    lines: list[Line]
    not_shown: int
    money: Money
    days: Fraction
    hidden: int  # how many of them do not show what they pay

    @property
    def tells_sum(self) -> bool:
        """A sum in which one amount alone is hidden would tell it."""
        return bool(self.lines) and self.hidden != 1


@dataclass(frozen=True, slots=True)
class Owed:
    """Something promised: not done yet, or done lately and still to be taken back."""

    fulfilment: Fulfilment
    company: Company | None
    is_late: bool

    @property
    def who(self) -> str:
        return str(self.company) if self.company else NOT_NAMED


@dataclass(frozen=True, slots=True)
class Desk:
    came: Group
    went: Group
    at_risk: Group
    owed: list[Owed]
    owes_more: bool
    done: list[Owed]


def of(project: Project, *, now: datetime) -> Desk:
    """In four questions."""
    moves = _moves(project, now)
    owed = _owed(project, now)
    return Desk(
        came=_group(project, [_came(m) for m in moves if m.after in COMMITTED], stay=True),
        went=_group(project, [_moved(m) for m in moves if m.after not in COMMITTED]),
        at_risk=_group(project, [(row, *_risk(row)) for row in _in_doubt(project, now)]),
        owed=owed[:SHOWN],
        owes_more=len(owed) > SHOWN,
        done=_done(project, now),
    )


def _moves(project: Project, now: datetime) -> list[Move]:
    """Of those who paid at least once: first payments, and ends."""
    came = Q(before__in=NOT_YET, after__in=COMMITTED)
    went = Q(after__in=[Status.CANCELLED, Status.LAPSED])
    rows = Move.objects.filter(
        came | went, sponsorship__project=project, sponsorship__since__isnull=False,
        at__gte=now - LATELY,
    )  # fmt: skip
    return list(rows.select_related("sponsorship__company").order_by("-at", "-id"))


def _in_doubt(project: Project, now: datetime) -> Iterable[Sponsorship]:
    rows = Sponsorship.objects.of_project(project).committed(now)
    in_doubt = rows.filter(status__in=[Status.PAST_DUE, Status.CANCELLING])
    return in_doubt.select_related("company").order_by("paid_through", "id")


def _owed(project: Project, now: datetime) -> list[Owed]:
    rows = Fulfilment.objects.owed(now).filter(sponsorship__project=project)
    shown = rows.select_related("sponsorship__company")[: SHOWN + 1]
    return [Owed(one, _seen(one.sponsorship), one.is_late(now.date())) for one in shown]


def _done(project: Project, now: datetime) -> list[Owed]:
    rows = Fulfilment.objects.done().filter(
        sponsorship__project=project, done_at__gte=now - LATELY
    )
    shown = rows.select_related("sponsorship__company")[:DONE_SHOWN]
    return [Owed(one, _seen(one.sponsorship), is_late=False) for one in shown]


def _came(move: Move) -> tuple[Sponsorship, str, datetime | None]:
    again = move.sponsorship.previous_id is not None
    return move.sponsorship, "Came back" if again else "Paid for the first time", move.at


def _moved(move: Move) -> tuple[Sponsorship, str, datetime | None]:
    lapsed = move.after == Status.LAPSED
    return move.sponsorship, "It was not renewed" if lapsed else move.cause, move.at


def _risk(row: Sponsorship) -> tuple[str, datetime | None]:
    if row.status == Status.PAST_DUE:
        return f"May leave on {words.day(row.stands_until)}", row.stands_until
    return f"It ends on {words.day(row.paid_through)}", row.paid_through


def _group(
    project: Project,
    found: Iterable[tuple[Sponsorship, str, datetime | None]],
    *,
    stay: bool = False,
) -> Group:
    rate = project.money(project.day_rate)
    lines, whole = [], 0
    for row, why, at in found:
        whole += row.a_month
        told = row.status != Status.PAST_DUE
        money = project.money(row.a_month) if row.shows_amount and told else None
        days = worktime.days_funded(money, rate) if money else None
        said = ("", "") if stay else _said(row)
        lines.append(Line(_seen(row) if told else None, why, at, money, days, *said, is_told=told))
    together = project.money(whole)
    return Group(
        lines=lines[:SHOWN],
        not_shown=max(len(lines) - SHOWN, 0),
        money=together,
        days=worktime.days_funded(together, rate),
        hidden=sum(line.money is None for line in lines),
    )


def _said(row: Sponsorship) -> tuple[str, str]:
    """Why it ends, in the words of the list and in its company's own."""
    return row.get_end_reason_display() if row.end_reason else "", row.end_words


def _seen(row: Sponsorship) -> Company | None:
    return row.company if row.is_named else None
