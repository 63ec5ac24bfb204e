"""Showing: what everybody may see of who sponsors a project, and of what a company sponsors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from funding.projects import editing, worktime
from sponsors.companies.models import Company
from sponsors.sponsorships import sponsor_page, totals
from sponsors.sponsorships.models import Commitment, Sponsorship, Visibility

NAMED_AT_ONCE = 200
TOP = 6


@dataclass(frozen=True, slots=True)
class Name:
    """A company on a project's wall, with what it shows there."""

    company: Company
    shows_logo: bool
    amount: int | None  # a month, in minor units; None: not shown
    since: datetime


@dataclass(frozen=True, slots=True)
class Wall:
    """Who stands behind a project now. Those who show what they pay come first, by that, and the
    upper half of it stands on top; those who do not follow, the longest first, so that their place
    tells nothing. Those who do not want to be named are a number."""

    top: list[Name]
    others: list[Name]
    unnamed: int
    not_shown: int

    @property
    def count(self) -> int:
        return len(self.top) + len(self.others) + self.unnamed + self.not_shown


def choose(*, sponsorship: Sponsorship, visibility: Visibility, wants_updates: bool) -> None:
    """Write down what everybody may see of it from now on, and whether its people get mail."""
    with transaction.atomic():
        rows = Sponsorship.objects.select_for_update(of=("self",)).filter(pk=sponsorship.pk)
        before = rows.get().visibility
        rows.update(visibility=visibility, wants_updates=wants_updates)
        if visibility != before:
            totals.refresh(project_id=sponsorship.project_id)  # its page changes with them


def wall(standing: Iterable[Sponsorship]) -> Wall:
    """The wall of those who stand behind one project. A company that is named for one sponsorship
    and not for another stands there for the first alone, and is counted among the unnamed."""
    rows = list(standing)
    named = sorted(_names(rows), key=_place)
    unnamed = {row.company_id for row in rows if not row.is_named}
    shown = named[:NAMED_AT_ONCE]
    most = max((name.amount or 0 for name in shown), default=0)
    top = [name for name in shown if name.amount and name.amount * 2 > most][:TOP]
    return Wall(top, shown[len(top) :], len(unnamed), len(named) - len(shown))


def touch_pages_of(company: Company, *, now: datetime) -> None:
    """The pages that name the company show something else from now on."""
    standing = Sponsorship.objects.filter(company=company).standing(now).named()
    for project_id in sorted(set(standing.values_list("project", flat=True))):
        editing.touch(project_id)


def _names(rows: list[Sponsorship]) -> list[Name]:
    """One for each company, from all of its sponsorships that may be seen."""
    by_company: dict[int, list[Sponsorship]] = {}
    for row in rows:
        if row.is_named:
            by_company.setdefault(row.company_id, []).append(row)
    return [_name(own) for own in by_company.values()]


def _name(own: list[Sponsorship]) -> Name:
    return Name(
        company=own[0].company,
        shows_logo=own[0].company.logo is not None and any(row.shows_logo for row in own),
        amount=max((row.a_month for row in own if row.shows_amount), default=None),
        since=min(row.since or row.created_at for row in own),
    )


def _place(name: Name) -> tuple[bool, int, datetime, int]:
    return (name.amount is None, -(name.amount or 0), name.since, name.company.pk)


# A company's own page


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What everybody may see of a company: what it sponsors now, without what is not to be seen."""

    company: Company
    sponsorships: list[Sponsorship]
    days: Fraction  # a week, of those whose amount is shown
    rounds: list[Commitment]  # of programmes

    @property
    def is_empty(self) -> bool:
        return not (self.sponsorships or self.rounds)


def public_page(company: Company, *, now: datetime) -> PublicPage:
    rows = list(Sponsorship.objects.filter(company=company).with_parties())
    hidden = {row.project_id for row in rows if row.since and not row.is_named}
    shown = [row for row in rows if row.is_named and row.stands(now) and not row.project.is_draft]
    for row in shown:
        if row.project_id in hidden:
            row.since = row.first_paid_at  # it stood behind this before, unnamed
    shown.sort(key=lambda row: (row.project.name.casefold(), row.pk))
    days = sum(map(_days, shown), Fraction(0))
    return PublicPage(company, shown, days, sponsor_page.shown_of(company))


def _days(row: Sponsorship) -> Fraction:
    if not (row.shows_amount and row.counts):
        return Fraction(0)
    return worktime.days_funded(row.monthly, row.project.money(row.project.day_rate))
