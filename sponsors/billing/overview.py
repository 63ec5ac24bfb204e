"""The overview of a company: what it funds, what will be charged, and what needs somebody first. A
handful of questions, whose number does not grow with its sponsorships."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from funding.ledger.money import Money, total
from funding.projects import worktime
from sponsors.billing import gateway, purchase_orders
from sponsors.billing.models import Customer, CustomerQuerySet, Invoice
from sponsors.companies.models import Company
from sponsors.sponsorships import lifecycle
from sponsors.sponsorships.models import COMMITTED, PaysBy, Sponsorship, Status

INVOICES_SHOWN, ENDED_SHOWN = 12, 20
NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Charges:
    """What will be charged in one currency, in the month of the next charge."""

    money: Money
    first: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Need:
    """A sponsorship that waits for somebody: its payment failed, was not made yet, or it ends."""

    sponsorship: Sponsorship
    invoice: Invoice | None = None  # the open one, where there is one to be paid

    @property
    def may_undo(self) -> bool:
        return lifecycle.may_ask(self.sponsorship, Status.ACTIVE)


class Overview:
    """One company at one instant."""

    def __init__(self, company: Company, *, now: datetime) -> None:
        self.company, self.now = company, now
        rows = Sponsorship.objects.filter(company=company).begun().with_parties()
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
    def charges(self) -> list[Charges]:
        """By currency: when the next charge is, and the sum of those in that month."""
        by_currency: dict[str, list[Sponsorship]] = {}
        for row in self.going_on:
            by_card = row.pays_by == PaysBy.CARD  # what is sent is charged to nobody
            if row.status == Status.ACTIVE and row.paid_through and by_card:
                by_currency.setdefault(row.currency, []).append(row)
        found = [_charges(rows) for _, rows in sorted(by_currency.items())]
        return sorted(found, key=lambda charges: charges.first)

    @property
    def number_of_charges(self) -> int:
        return sum(charges.count for charges in self.charges)

    @cached_property
    def needs(self) -> list[Need]:
        """What waits for somebody, the most pressing first."""
        order = [Status.PAST_DUE, Status.AWAITING_INVOICE, Status.PENDING, Status.CANCELLING]
        waiting = [row for row in self.going_on if row.status in order and not row.under_way]
        waiting.sort(key=lambda row: order.index(Status(row.status)))
        payable = self._payable([row for row in waiting if row.status in order[:2]])
        return [Need(row, payable.get(row.pk)) for row in waiting]

    @cached_property
    def asked_for_numbers(self) -> list[Sponsorship]:
        """Those whose next invoice waits for its purchase order."""
        return purchase_orders.waiting_for(self.company, now=self.now)

    @cached_property
    def without_location(self) -> int:
        """Invoices that cannot be made, since nobody knows where the company is taxed."""
        rows = Invoice.objects.without_location()
        return rows.filter(sponsorship__company=self.company).count()

    @property
    def papers_missing(self) -> bool:
        return bool(self.asked_for_numbers or self.without_location)

    def _payable(self, rows: list[Sponsorship]) -> dict[int, Invoice]:
        """The newest open invoice of each that has a page to pay it on."""
        found = Invoice.objects.filter(sponsorship__in=rows, status="open").exclude(hosted_url="")
        return {invoice.sponsorship_id: invoice for invoice in found.order_by("created_at", "id")}

    @cached_property
    def newest_invoices(self) -> list[Invoice]:
        return list(Invoice.objects.of_company(self.company)[:INVOICES_SHOWN])

    @cached_property
    def customers(self) -> list[Customer]:
        """The company at Stripe, once for each currency: card, address and tax number are kept
        with it."""
        return list(customers(self.company))


def customers(company: Company) -> CustomerQuerySet:
    return Customer.objects.at_stripe(company, livemode=gateway.livemode()).order_by("currency")


def open_portal(customer: Customer, *, back: str) -> str:
    """The address of Stripe's own page for it; raises the gateway's errors."""
    page = gateway.open_portal(customer_id=str(customer.stripe_id), return_url=back)
    return str(page["url"])


def _charges(rows: list[Sponsorship]) -> Charges:
    dated = [(row.paid_through, row.money) for row in rows if row.paid_through]
    first = min(at for at, _ in dated)
    this_month = [money for at, money in dated if (at.year, at.month) == (first.year, first.month)]
    return Charges(total(this_month, rows[0].currency), first, len(this_month))
