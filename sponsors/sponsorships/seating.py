"""Seating: who has taken which seat of a call, as everybody sees it, and how far its money goes. A
company that stays anonymous is a seat without a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from funding.ledger.money import Money
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Commitment, Waiting

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Seat:
    """One that is taken; `company` is nobody's name where it stays anonymous."""

    company: Company | None
    share: str
    since: datetime
    is_firm: bool

    @property
    def initials(self) -> str:
        name = self.company.display_name if self.company else ""
        return "".join(word[0] for word in name.split()[:2]).upper() or "·"


class Seats:
    """All of a call, at one instant."""

    def __init__(self, call: FundingCall, *, now: datetime) -> None:
        self.call, self.now = call, now
        rows = Commitment.objects.live().filter(call=call)
        rows = rows.select_related("company__logo", "share").defer("accepted_text")
        self.rows = sorted(rows, key=_place)

    @cached_property
    def taken(self) -> list[Seat]:
        return [seat_of(one) for one in self.rows[:MOST_SHOWN]]

    @property
    def not_shown(self) -> int:
        return max(0, len(self.rows) - MOST_SHOWN)

    @cached_property
    def shares(self) -> list[Share]:
        found = list(self.call.shares.all())
        for one in found:
            one.call = self.call
        return found

    @cached_property
    def free(self) -> list[Share]:
        return [one for one in self.shares if one.free > 0]

    @property
    def free_seats(self) -> int:
        return sum(one.free for one in self.free)

    @cached_property
    def waiting(self) -> int:
        return Waiting.objects.waiting().filter(call=self.call).count()

    @property
    def is_open(self) -> bool:
        return self.call.is_open(self.now)

    @property
    def is_full(self) -> bool:
        """Nobody who passes by finds a seat."""
        return not self.free or self.waiting > 0

    @property
    def is_for_the_first(self) -> bool:
        """Only for those who sponsored the round before."""
        until = self.call.first_until
        return until is not None and self.now < until

    @cached_property
    def firm(self) -> Money:
        return self._sum(one for one in self.rows if one.is_firm)

    @cached_property
    def unconfirmed(self) -> Money:
        return self._sum(one for one in self.rows if not one.is_firm)

    @property
    def needed(self) -> Money:
        return self.call.least

    @property
    def firm_part(self) -> float:
        """Of what all places cost, per cent."""
        return self._part(self.firm)

    @property
    def promised_part(self) -> float:
        """With what is not confirmed yet."""
        return self._part(self.firm + self.unconfirmed)

    def _sum(self, rows: Iterable[Commitment]) -> Money:
        return self.call.money(sum(one.amount for one in rows))

    def _part(self, money: Money) -> float:
        return round(100 * money.amount / max(self.call.wanted.amount, 1), 1)


@dataclass(frozen=True, slots=True)
class Yours:
    """Of the companies that somebody acts for: seats of theirs, and those that wait for one."""

    seats: list[Commitment]
    waiting: list[Company]


def of_companies(call: FundingCall, companies: list[Company]) -> Yours:
    """In two queries; in none for who acts for no company."""
    if not companies:
        return Yours([], [])
    seats = Commitment.objects.live().filter(call=call, company__in=companies)
    rows = Waiting.objects.waiting().filter(call=call, company__in=companies)
    return Yours(
        list(seats.select_related("company").defer("accepted_text")),
        [one.company for one in rows.select_related("company")],
    )


def seat_of(commitment: Commitment) -> Seat:
    return Seat(
        None if commitment.is_anonymous or not commitment.is_signed else commitment.company,
        commitment.share.name,
        commitment.committed_at or commitment.accepted_at,
        commitment.is_firm,
    )


def _place(one: Commitment) -> tuple[bool, datetime, int]:
    """Who promised first comes first; those whose seat is only kept come last."""
    return (not one.is_firm, one.committed_at or one.accepted_at, one.pk)
