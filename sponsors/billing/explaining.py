"""What the help page shows by example. A few things are supposed and stand on the page as such; every
figure that follows from them is computed by the same functions as the pages and the books."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from funding.ledger.money import Money
from funding.programmes import calls
from funding.projects import worktime
from sponsors.billing import renewals, settling
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import COMMITMENT_GRACE, GRACE, Interval, Sponsorship

CURRENCY = "GBP"
MONTHS_A_YEAR = 12


def pounds(amount: str) -> Money:
    return Money.parse(amount, CURRENCY)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment by card: its price, the tax on it, what the card took; and what the project has."""

    price: Money
    tax: Money
    fee: Money

    @property
    def total(self) -> Money:
        return self.price + self.tax

    @property
    def left(self) -> Money:
        """The project's part, less the fee."""
        parts = self.price.amount, self.tax.amount
        return Money(settling.net_share(self.total.amount, *parts), CURRENCY) - self.fee

    @property
    def _months(self) -> list[int]:
        return renewals.month_parts(self.left.amount, MONTHS_A_YEAR)

    @property
    def each_month(self) -> Money:
        """Paid for a year: what the project receives in each month but the last."""
        return Money(self._months[0], CURRENCY)

    @property
    def last_month(self) -> Money:
        return Money(self._months[-1], CURRENCY)


class Example:
    """A project that a reader can do the sums of. It has the names that `projects/_week.html` asks a
    project's page for."""

    today = date(2027, 3, 1)
    day_rate = pounds("300")
    goals = (("Maintenance", "", Decimal(3)), ("Features", "", Decimal(2)))

    small_sponsors, small_price = 12, pounds("100")
    large_sponsors, large_price = 4, pounds("400")
    yearly = Payment(pounds("4800"), pounds("960"), pounds("83.70"))
    monthly = Payment(pounds("400"), pounds("80"), pounds("7.40"))
    awaiting = Money.zero(CURRENCY)

    grant = pounds("7800")
    grant_starts, grant_ends = date(2027, 1, 1), date(2027, 7, 1)
    held = pounds("9900")

    stipend, mentor, places, seats = pounds("3200"), pounds("760"), 2, 3
    seat_grace = COMMITMENT_GRACE.days  # to mend a payment that failed

    # A programme

    @property
    def place(self) -> Money:
        """What a place costs."""
        return self.stipend + self.mentor

    @property
    def round(self) -> Money:
        """What all places cost, and all seats together."""
        return Money(self.place.amount * self.places, CURRENCY)

    @property
    def seat(self) -> Money:
        (cut,) = calls.equal(self.round, self.seats)
        return Money(cut.amount, CURRENCY)

    # The week

    @property
    def one_day(self) -> Money:
        """What a day a week costs a month."""
        return worktime.monthly_cost(1, self.day_rate)

    @property
    def yearly_a_month(self) -> Money:
        terms = Terms(Interval.YEAR, self.yearly.price)
        return Money(lifecycle.a_month(terms), CURRENCY)

    @cached_property
    def committed(self) -> Money:
        small = Money(self.small_sponsors * self.small_price.amount, CURRENCY)
        large = Money(self.large_sponsors * self.large_price.amount, CURRENCY)
        return small + large + self.yearly_a_month

    @property
    def committed_days(self) -> Fraction:
        return worktime.days_funded(self.committed, self.day_rate)

    @property
    def granted_days(self) -> Fraction:
        return worktime.grant_days(self.grant, self.grant_starts, self.grant_ends, self.day_rate)

    @property
    def grant_weeks(self) -> int:
        return ((self.grant_ends - self.grant_starts).days + 1) // 7

    @cached_property
    def top_days(self) -> Fraction:
        return self.ladder[-1].days

    @cached_property
    def week(self) -> list[list[worktime.Day]]:
        return worktime.week(self.top_days, self.committed_days, self.granted_days)

    @property
    def days_shown(self) -> str:
        return worktime.shown(self.committed_days + self.granted_days)

    @property
    def granted_shown(self) -> str:
        return worktime.shown(self.granted_days)

    @property
    def top_shown(self) -> str:
        return worktime.shown(self.top_days)

    # The ladder

    @cached_property
    def ladder(self) -> list[worktime.Rung]:
        return worktime.ladder(self.goals, self.committed, self.day_rate)

    @property
    def next_step(self) -> worktime.Step | None:
        return worktime.next_step(self.ladder, self.committed, self.day_rate)

    @property
    def runway(self) -> worktime.Runway:
        return worktime.runway(
            today=self.today, cost=self.ladder[-1].cost, committed=self.committed, held=self.held
        )

    # Standing

    paid_through = datetime(2027, 3, 31, tzinfo=UTC)
    grace_days = GRACE // timedelta(days=1)

    @property
    def stands_until(self) -> datetime | None:
        return lifecycle.stands_until(Sponsorship(paid_through=self.paid_through))
