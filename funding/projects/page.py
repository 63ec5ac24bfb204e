"""What a project's page says, put together from a handful of questions whose number does not grow
with sponsors, payments or months. The wall stands above this layer; the template asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, TruncMonth

from funding.ledger.models import Account, Entry, Transfer
from funding.ledger.money import Money, split
from funding.office import rows
from funding.projects import worktime
from funding.projects.models import (
    FundedPerson,
    Funding,
    Goal,
    Grant,
    PaymentOut,
    Project,
    Tier,
    Update,
)

MONTHS_SHOWN = 12
UPDATES_SHOWN = 3
SHADES = 5
HELD = Account.Kind.HELD
WENT_BACK_TO = {Account.Kind.STRIPE, Account.Kind.CONVERSION}  # of money held: refunds, disputes


@dataclass(frozen=True, slots=True)
class Month:
    """What came into a project's held account in a month, what the cards took of it, and what was
    paid out."""

    start: date
    received: Money
    fees: Money
    paid_out: Money


@dataclass(frozen=True, slots=True)
class Share:
    """A piece of the bar "where it went": from 0 to 1000 along it."""

    label: str
    money: Money
    start: int
    width: int
    shade: int


class Page:
    """One project, as `with_page_parts` brings it, on one day. Every figure is here once, so that a
    page cannot differ from itself."""

    def __init__(self, project: Project, *, today: date) -> None:
        self.project = project
        self.today = today
        self.funding = getattr(project, "funding", None) or Funding(project=project)
        self.day_rate = project.money(project.day_rate)
        self.languages = [row["name"] for row in rows.of(project, "language_rows")]
        self.goals = [Goal(**row) for row in rows.of(project, "goal_rows")]
        self.people = [FundedPerson(**row) for row in rows.of(project, "person_rows")]
        self.grants = [_grant(project, row) for row in rows.of(project, "grant_rows")]

    # The week

    @cached_property
    def committed(self) -> Money:
        return self.project.money(self.funding.committed)

    @cached_property
    def awaiting(self) -> Money:
        return self.project.money(self.funding.awaiting)

    @cached_property
    def top_days(self) -> Fraction:
        """Days a week of the whole ladder; a full week where there is none."""
        return sum((Fraction(goal.days) for goal in self.goals), Fraction(0))

    @cached_property
    def committed_days(self) -> Fraction:
        return worktime.days_funded(self.committed, self.day_rate)

    @cached_property
    def granted_days(self) -> Fraction:
        running = [grant for grant in self.grants if grant.pays_on(self.today)]
        return sum(
            (worktime.grant_days(self.project.money(g.amount), g.starts_on, g.ends_on,
             self.day_rate) for g in running),
            Fraction(0),
        )  # fmt: skip

    @cached_property
    def running_grants(self) -> list[Grant]:
        return [grant for grant in self.grants if grant.pays_on(self.today)]

    @cached_property
    def week(self) -> list[list[worktime.Day]]:
        top = self.top_days or Fraction(worktime.FULL_WEEK)
        awaiting = worktime.days_funded(self.awaiting, self.day_rate)
        return worktime.week(top, self.committed_days, self.granted_days, awaiting)

    @cached_property
    def days_shown(self) -> str:
        return worktime.shown(self.committed_days + self.granted_days)

    @cached_property
    def top_shown(self) -> str:
        return worktime.shown(self.top_days or Fraction(worktime.FULL_WEEK))

    @cached_property
    def granted_shown(self) -> str:
        return worktime.shown(self.granted_days)

    @cached_property
    def ladder(self) -> list[worktime.Rung]:
        rungs = [(goal.title, goal.description, goal.days) for goal in self.goals]
        return worktime.ladder(rungs, self.committed, self.day_rate)

    @cached_property
    def next_step(self) -> worktime.Step | None:
        return worktime.next_step(self.ladder, self.committed, self.day_rate)

    @cached_property
    def top_cost(self) -> Money:
        return worktime.monthly_cost(self.top_days, self.day_rate)

    @cached_property
    def filled(self) -> int:
        """Committed against the top goal, in parts of 1000 and never more."""
        if not self.top_cost:
            return 1000
        return min(self.committed.amount * 1000 // self.top_cost.amount, 1000)

    @cached_property
    def runway(self) -> worktime.Runway | None:
        if not self.goals:
            return None
        return worktime.runway(
            today=self.today, cost=self.top_cost, committed=self.committed, held=self.held
        )

    # The money

    @cached_property
    def _moved(self) -> list[tuple[date, str, str, int]]:
        """(month, what it was debited to, what it was credited to, sum) of all that ever went into
        the held account or out of it. A correction stands there as what it undoes, less than
        nothing, so that it is never money that was received; so does what went back to who paid."""
        held = Account.objects.filter(
            owner=f"project:{self.project.pk}", kind=HELD, currency=self.project.currency
        )
        moved = (
            Transfer.objects.filter(Q(debit__in=held) | Q(credit__in=held))
            .annotate(month=TruncMonth("occurred_at", tzinfo=UTC))
            .values_list("month", "debit__kind", "credit__kind", "entry__kind")
            .annotate(sum=Sum("amount"))
            .order_by()
        )
        return [
            (month.date(), credit, debit, -amount)
            if entry == Entry.Kind.CORRECTION or (debit == HELD and credit in WENT_BACK_TO)
            else (month.date(), debit, credit, amount)
            for month, debit, credit, entry, amount in moved
        ]

    @cached_property
    def held(self) -> Money:
        came = sum(amount for _, _, credit, amount in self._moved if credit == HELD)
        went = sum(amount for _, debit, _, amount in self._moved if debit == HELD)
        return self.project.money(came - went)

    @cached_property
    def months(self) -> list[Month]:
        """The months in which anything moved, newest first."""
        starts = sorted({row[0] for row in self._moved}, reverse=True)
        months = [
            Month(
                start=start,
                received=self._sum(start, credit=HELD),
                fees=self._sum(start, debit=HELD, credit=Account.Kind.FEES),
                paid_out=self._sum(start, debit=HELD, credit=Account.Kind.BANK),
            )
            for start in starts
        ]
        moved = [month for month in months if month.received or month.fees or month.paid_out]
        return moved[:MONTHS_SHOWN]

    @cached_property
    def this_month(self) -> Month:
        """The month that runs, moved or not."""
        start, zero = self.today.replace(day=1), Money.zero(self.project.currency)
        found = (month for month in self.months if month.start == start)
        return next(found, Month(start, zero, zero, zero))

    @cached_property
    def held_days(self) -> str:
        """How many days of work what is held pays for."""
        return worktime.shown(Fraction(max(self.held.amount, 0), self.day_rate.amount))

    def _sum(self, start: date, *, credit: str, debit: str | None = None) -> Money:
        return self.project.money(
            sum(
                amount
                for month, was_debit, was_credit, amount in self._moved
                if month == start and was_credit == credit and debit in (None, was_debit)
            )
        )

    @cached_property
    def spent_month(self) -> Month | None:
        """The newest month in which the project paid anybody."""
        return next((month for month in self.months if month.paid_out), None)

    @cached_property
    def shares(self) -> list[Share]:
        """Where the money of that month went: people, suppliers, card fees, largest first."""
        month = self.spent_month
        if month is None:
            return []
        parts = [(name, self.project.money(amount)) for name, amount in self._paid_in(month)]
        parts.sort(key=lambda part: -part[1].amount)
        if month.fees:
            parts.append(("Card fees", month.fees))
        return list(_along(parts))

    def _paid_in(self, month: Month) -> Iterable[tuple[str, int]]:
        first_of_next = (month.start + timedelta(days=31)).replace(day=1)
        paid = (
            PaymentOut.objects.that_hold()
            .filter(project=self.project, paid_on__gte=month.start, paid_on__lt=first_of_next)
            .values_list(Coalesce("person__name", "supplier"))
            .annotate(sum=Sum("amount"))
            .order_by()
        )
        return list(paid)

    # The rest

    @cached_property
    def tiers(self) -> list[Tier]:
        tiers = list(self.project.tiers.on_offer().with_promises())
        for tier in tiers:
            tier.project = self.project
        return tiers

    @cached_property
    def updates(self) -> list[Update]:
        return list(self.project.updates.published()[:UPDATES_SHOWN])


def _grant(project: Project, row: dict[str, Any]) -> Grant:
    days = {name: date.fromisoformat(row[name]) for name in ("starts_on", "ends_on")}
    return Grant(project=project, funder=row["funder"], amount=row["amount"], **days)


def _along(parts: list[tuple[str, Money]]) -> Iterable[Share]:
    """Pieces of a bar from amounts; the last ends where the bar ends."""
    whole = sum(money.amount for _, money in parts)
    widths = split(1000, [money.amount for _, money in parts]) if whole else []
    start = 0
    for shade, ((label, money), width) in enumerate(zip(parts, widths, strict=True)):
        yield Share(label, money, start, width, shade % SHADES)
        start += width
