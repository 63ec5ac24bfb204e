"""What is owed: invoices."""

from datetime import UTC, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from funding.ledger.money import CURRENCIES, Money
from sponsors.billing.periods import months_between
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Commitment, Sponsorship

# What an invoice is for, with what is said of it.
SUBJECTS = (
    "company", "sponsorship__project", "sponsorship__bought_by", "commitment__share",
    "commitment__call__round__programme", "commitment__accepted_by",
)  # fmt: skip


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def paying(self) -> Self:
        """For a period, paid, and not taken back as a whole since: by these a sponsorship is paid
        for."""
        kept = Q(returned=0, credited=0) | Q(returned__lt=F("net") + F("tax") - F("credited"))
        return self.filter(kept, status="paid", is_change=False)

    def awaited(self) -> Self:
        """Billed, and neither paid nor given up."""
        return self.filter(status="open")

    def sent(self) -> Self:
        """Sent, and not yet paid or given up: somebody's finance department has it."""
        return self.awaited().filter(is_sent=True)

    def overdue(self, now: datetime) -> Self:
        return self.sent().filter(due_at__lt=now)

    def without_location(self) -> Self:
        """Drafts that cannot be finalised, since nobody knows where they are taxed; no other
        draft is kept here."""
        return self.filter(status="draft")

    def of_company(self, company: Company) -> Self:
        """With what they are for, what was credited and what went back, newest first."""
        rows = self.filter(company=company).with_subjects()
        return rows.with_returns()

    def newest_by_sponsorship(self) -> dict[int, "Invoice"]:
        """Of each sponsorship among them the newest."""
        rows = self.filter(sponsorship__isnull=False).order_by("created_at", "id")
        return {one.sponsorship_id or 0: one for one in rows}

    def with_subjects(self) -> Self:
        """With what they are for."""
        return self.select_related(*SUBJECTS)

    def with_returns(self) -> Self:
        """With what says how each of them stands."""
        return self.prefetch_related("credit_notes", "payments__refunds", "payments__disputes")

    def of_year(self, year: int) -> Self:
        first, after = (datetime(one, 1, 1, tzinfo=UTC) for one in (year, year + 1))
        return self.filter(created_at__gte=first, created_at__lt=after)

    def standing(self, how: str, *, now: datetime) -> Self:
        """Of the states by which a list of them is narrowed."""
        late = Q(status="open", is_sent=True, due_at__lt=now)
        return self.filter(
            {
                "paid": Q(status="paid"),
                "open": Q(status="open"),
                "overdue": late,
                "other": ~Q(status__in=["paid", "open"]),
            }[how]
        )


class Invoice(models.Model):
    """A Stripe invoice for a sponsorship or for a seat of a programme: what pages list and what the
    books were told."""

    stripe_id = models.CharField(max_length=80, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    sponsorship = models.ForeignKey(
        Sponsorship, models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    fund = models.CharField(
        max_length=40, help_text="Whose accounts its money goes through: project:7, round:3."
    )
    number = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=16, help_text="Stripe's word.")
    revision = models.PositiveSmallIntegerField(
        default=0, help_text="Times it was billed or taken back in the books; odd: billed now."
    )
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    period_starts_at = models.DateTimeField()
    period_ends_at = models.DateTimeField()
    is_change = models.BooleanField(
        default=False, help_text="For a change within a period, which is billed by itself."
    )
    is_left_out = models.BooleanField(
        default=False, help_text="Taken back as it was made: its sponsorship was paused."
    )
    hosted_url = models.URLField(max_length=2000, blank=True)
    is_sent = models.BooleanField(default=False, help_text="Sent, not charged to a card.")
    due_at = models.DateTimeField(null=True, help_text="Of one that is sent.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Times a card was tried.")
    next_attempt_at = models.DateTimeField(null=True)
    returned = models.BigIntegerField(
        default=0,
        help_text="What went back of what was paid: refunds, disputes open or lost. Without what "
        "was paid too much.",
    )
    credited = models.BigIntegerField(
        default=0, help_text="Taken off before it was paid, by credit notes, tax included."
    )
    paid_outside = models.BigIntegerField(
        default=0, help_text="What of it was paid by money that Stripe has not seen."
    )
    po_number = models.CharField(max_length=140, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    paper = models.JSONField(
        default=dict, help_text="What its PDF says, as it was when it was finalised."
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned__gte=0, credited__gte=0), name="invoice_returned_positive"
            ),
            models.CheckConstraint(
                condition=Q(sponsorship=None, commitment__isnull=False)
                | Q(sponsorship__isnull=False, commitment=None),
                name="invoice_for_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["sponsorship", "-created_at"], name="invoice_of"),
            models.Index(fields=["company", "-created_at"], name="invoice_of_company"),
            models.Index(fields=["created_at"], name="invoice_made"),
            models.Index(fields=["due_at"], name="invoice_awaited", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return self.number or self.stripe_id

    def get_absolute_url(self) -> str:
        """Its PDF, for people of its company and for staff: what mails link to."""
        return reverse("billing:document", args=[self.stripe_id])

    @property
    def subject(self) -> Sponsorship | Commitment:
        """What it is for."""
        subject = self.sponsorship or self.commitment
        assert subject is not None  # noqa: S101 - the constraint `invoice_for_one_thing`
        return subject

    @property
    def net_money(self) -> Money:
        return Money(self.net, self.currency)

    @property
    def tax_money(self) -> Money:
        return Money(self.tax, self.currency)

    @property
    def months(self) -> int:
        """For how many months it pays. The invoice itself says so, not what its sponsorship has
        become since. A seat is paid once, and its money is held at once."""
        if self.commitment_id is not None:
            return 1
        return months_between(self.period_starts_at, self.period_ends_at)

    @property
    def total(self) -> Money:
        return Money(self.net + self.tax, self.currency)

    @property
    def open_amount(self) -> Money:
        """What is still to be paid: all of it, less what credit notes took off."""
        return Money(self.net + self.tax - self.credited, self.currency)

    def is_overdue(self, now: datetime) -> bool:
        return self.status == "open" and self.due_at is not None and self.due_at < now
