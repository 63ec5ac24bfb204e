"""The overview of a company: what it funds, what will be charged, and what needs somebody first. A
handful of questions, whose number does not grow with its sponsorships."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from django.db.models import F

from funding.ledger.money import Money
from funding.projects import worktime
from sponsors.billing import failing, gateway, purchase_orders
from sponsors.billing.models import Customer, CustomerQuerySet, Invoice
from sponsors.companies.models import Company
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import COMMITTED, PaysBy, Sponsorship, Status

INVOICES_SHOWN, ENDED_SHOWN, CHARGES_SHOWN = 12, 20, 3
SOON = timedelta(days=31)
NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Charge:
    """What will be charged for one sponsorship."""

    sponsorship: Sponsorship
    at: datetime
    price: Money
    last: Invoice | None  # the newest that was paid at this price: with its tax


@dataclass(frozen=True, slots=True)
class Need:
    """A sponsorship that waits for somebody: its payment failed, was not made yet, or it ends."""

    sponsorship: Sponsorship
    invoice: Invoice | None = None  # the open one, where there is one to be paid
    failure: failing.Failure | None = None  # of a payment

    @property
    def may_undo(self) -> bool:
        return lifecycle.may_ask(self.sponsorship, Status.ACTIVE)


class Overview:
    """One company at one instant."""

    def __init__(self, company: Company, *, now: datetime) -> None:
        self.company, self.now = company, now
        rows = Sponsorship.objects.filter(company=company).begun().with_parties()
        rows = rows.select_related("subscription")
        self.rows = list(rows.going_on_first())

    @cached_property
    def going_on(self) -> list[Sponsorship]:
        return [row for row in self.rows if not row.has_ended]

    @cached_property
    def ended(self) -> list[Sponsorship]:
        return [row for row in self.rows if row.has_ended]

    @property
    def newest_ended(self) -> list[Sponsorship]:
        return self.ended[:ENDED_SHOWN]

    @property
    def has_more_ended(self) -> bool:
        return len(self.ended) > ENDED_SHOWN

    @cached_property
    def paying(self) -> list[Sponsorship]:
        """Those whose money counts for their project's week now."""
        return [row for row in self.going_on if row.status in COMMITTED and self._counts(row)]

    def _counts(self, row: Sponsorship) -> bool:
        return row.committed_until is None or row.committed_until > self.now

    @cached_property
    def days(self) -> Fraction:
        """Days a week, each sponsorship's money at its project's day rate."""
        return sum(
            (worktime.days_funded(row.monthly, row.project.money(row.project.day_rate))
             for row in self.paying),
            Fraction(0),
        )  # fmt: skip

    @cached_property
    def projects(self) -> str:
        """In how many projects: in four projects, in one project."""
        count = len({row.project_id for row in self.paying})
        number = NUMBERS[count] if count < len(NUMBERS) else str(count)
        return f"{number} project{'' if count == 1 else 's'}"

    @cached_property
    def charges(self) -> list[Charge]:
        """The next few within a month; where none is so near, the very next."""
        dated = [(at, row) for row in self.going_on if (at := self._charged_at(row))]
        dated.sort(key=lambda one: (one[0], one[1].pk))
        near = [one for one in dated if one[0] <= self.now + SOON][:CHARGES_SHOWN] or dated[:1]
        last = last_paid([row for _, row in near])
        return [Charge(row, at, row.money, last.get(row.pk)) for at, row in near]

    def _charged_at(self, row: Sponsorship) -> datetime | None:
        """What is sent is charged to nobody."""
        by_card = row.pays_by == PaysBy.CARD
        return self._next(row) if row.status == Status.ACTIVE and by_card else None

    def _next(self, row: Sponsorship) -> datetime | None:
        """When it is charged next: after a pause, later than what is paid for."""
        known = getattr(row, "subscription", None)
        return known.period_ends_at if known else row.paid_through

    @cached_property
    def needs(self) -> list[Need]:
        """What waits for somebody, the most pressing first."""
        order = [Status.PAST_DUE, Status.AWAITING_INVOICE, Status.PENDING, Status.CANCELLING]
        waiting = [row for row in self.going_on if row.status in order and not row.under_way]
        waiting.sort(key=lambda row: order.index(Status(row.status)))
        payable = self._payable([row for row in waiting if row.status in order[:2]])
        failures = failing.of_all(waiting)
        return [Need(row, payable.get(row.pk), failures.get(row.pk)) for row in waiting]

    @cached_property
    def asked_for_numbers(self) -> list[Sponsorship]:
        """Those whose next invoice waits for its purchase order."""
        return purchase_orders.waiting_for(self.company, now=self.now)

    @cached_property
    def without_location(self) -> int:
        """Invoices that cannot be made, since nobody knows where the company is taxed."""
        rows = Invoice.objects.without_location()
        return rows.filter(company=self.company).count()

    @property
    def papers_missing(self) -> bool:
        return bool(self.asked_for_numbers or self.without_location)

    def _payable(self, rows: list[Sponsorship]) -> dict[int, Invoice]:
        """The newest open invoice of each that has a page to pay it on."""
        found = Invoice.objects.filter(sponsorship__in=rows, status="open").exclude(hosted_url="")
        return found.newest_by_sponsorship()

    @cached_property
    def newest_invoices(self) -> list[Invoice]:
        return list(Invoice.objects.of_company(self.company)[:INVOICES_SHOWN])

    @cached_property
    def customers(self) -> list[Customer]:
        """The company at Stripe, once for each currency: card, address and tax number are kept
        with it."""
        return list(customers(self.company))


def last_paid(rows: list[Sponsorship]) -> dict[int, Invoice]:
    """The newest paid invoice of each that costs what it costs now: it says what tax comes with it."""
    if not rows:
        return {}
    found = Invoice.objects.filter(
        sponsorship__in=rows, status="paid", net=F("sponsorship__amount")
    )
    return found.newest_by_sponsorship()


def customers(company: Company) -> CustomerQuerySet:
    return Customer.objects.at_stripe(company, livemode=gateway.livemode()).order_by("currency")


def open_portal(customer: Customer, *, back: str) -> str:
    """The address of Stripe's own page for it; raises the gateway's errors."""
    if customer.stripe_id is None:
        raise gateway.NotFound("It was deleted at Stripe.")
    page = gateway.open_portal(customer_id=str(customer.stripe_id), return_url=back)
    return str(page["url"])
