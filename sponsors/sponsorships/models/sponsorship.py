"""Sponsorships. Only `lifecycle` writes a status."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Q, When
from django.db.models.expressions import Combinable
from django.urls import reverse

from funding.accounts.models import User
from funding.ledger.money import CURRENCIES, MOST, Money
from funding.projects.models import Benefit, Project, Tier
from sponsors.companies.models import Company

GRACE = timedelta(days=14)


class Status(models.TextChoices):
    """Where a sponsorship is in its life. The last three are ends: they never reopen."""

    DRAFT = "draft", "Not begun"
    PENDING = "pending", "Waiting for payment"
    AWAITING_INVOICE = "awaiting_invoice", "Invoice sent"
    ACTIVE = "active", "Active"
    PAST_DUE = "past_due", "Payment failed"
    CANCELLING = "cancelling", "Ends soon"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    LAPSED = "lapsed", "Lapsed"
    ABANDONED = "abandoned", "Not completed"


HOLDS_SEAT = (
    Status.PENDING, Status.AWAITING_INVOICE, Status.ACTIVE, Status.PAST_DUE, Status.CANCELLING,
    Status.PAUSED,
)  # fmt: skip
ENDED = (Status.CANCELLED, Status.LAPSED, Status.ABANDONED)
COMMITTED = (Status.ACTIVE, Status.CANCELLING, Status.PAST_DUE)
COUNTED = (*COMMITTED, Status.AWAITING_INVOICE)


class Interval(models.TextChoices):
    MONTH = "month", "Monthly"
    YEAR = "year", "Yearly"


class PaysBy(models.TextChoices):
    CARD = "card", "By card"
    INVOICE = "invoice", "By invoice"


class Reason(models.TextChoices):
    """Why a company ends a sponsorship, as its maintainers read it."""

    BUDGET = "budget", "The budget does not allow it any more"
    USE = "use", "We use the project no longer"
    SHOWN = "shown", "We saw too little of what the money did"
    PROMISED = "promised", "What was promised did not come"
    PAPERWORK = "paperwork", "The paperwork did not work out"
    OTHER = "other", "Another reason"


class Visibility(models.TextChoices):
    """What everybody may see of a sponsorship."""

    PUBLIC = "public", "Name and amount"
    NAMED = "named", "Name without the amount"
    ANONYMOUS = "anonymous", "Neither name nor amount"


def count_sponsors(which: Q) -> Combinable:
    """How many sponsors a project has. A company that is named for one sponsorship and not for
    another counts as two, or the number would tell who the other is."""
    unnamed = Q(visibility=Visibility.ANONYMOUS)
    return Count("company", filter=which & ~unnamed, distinct=True) + Count(
        "company", filter=which & unnamed, distinct=True
    )


class SponsorshipQuerySet(models.QuerySet["Sponsorship"]):
    def holding_a_seat(self) -> Self:
        return self.filter(status__in=HOLDS_SEAT)

    def committed(self, now: datetime) -> Self:
        """Whose money a project may count on this month: cancelling until `paid_through`, past due
        within grace (both stand in `committed_until`)."""
        return self.filter(status__in=COMMITTED).filter(
            Q(committed_until=None) | Q(committed_until__gt=now)
        )

    def standing(self, now: datetime) -> Self:
        """Who is named on the wall and has the benefits: paid for, or billed and not yet due, and
        14 days of grace."""
        return self.filter(stands_until__gte=now)

    def named(self) -> Self:
        """Of which everybody may see whose they are."""
        return self.exclude(visibility=Visibility.ANONYMOUS)

    def of_project(self, project: Project) -> Self:
        return self.filter(project=project)

    def visible_to(self, user: User) -> Self:
        return self.filter(company__memberships__user=user)

    def begun(self) -> Self:
        """Without those of which nothing came: a price looked at and not paid."""
        return self.exclude(status=Status.ABANDONED)

    def going_on_first(self) -> Self:
        """For lists of one's own: what goes on, newest first, then what has ended."""
        return self.annotate(
            is_over=Case(When(status__in=ENDED, then=True), default=False)
        ).order_by("is_over", "-id")

    def stopped_counting(self, now: datetime) -> Self:
        """Still counted in `Funding` though their time has passed."""
        return self.filter(status__in=COUNTED, committed_until__lte=now, counts=True)

    def with_parties(self) -> Self:
        return self.select_related("company", "project", "tier")


class Sponsorship(models.Model):
    """A company on a tier, monthly or yearly, with the price and benefits as they were when it was
    bought. A company that comes back gets a new one that names the `previous`."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="sponsorships")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    bought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)

    interval = models.CharField(max_length=5, choices=Interval)
    amount = models.BigIntegerField(help_text="Net price of one interval, minor units.")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    a_month = models.BigIntegerField(help_text="The price, or a twelfth of a yearly one.")
    tier_name = models.CharField(max_length=60)
    benefits = models.JSONField(
        default=list, help_text="What was promised when it was bought: kind, text, hours of each."
    )
    pays_by = models.CharField(max_length=7, choices=PaysBy, default=PaysBy.CARD)
    visibility = models.CharField(max_length=9, choices=Visibility, default=Visibility.PUBLIC)
    wants_updates = models.BooleanField(
        default=True, help_text="Its company's people get the project's updates by mail."
    )

    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    since = models.DateTimeField(null=True, help_text="First paid, through all that came before.")
    first_paid_at = models.DateTimeField(null=True, help_text="First paid, this one itself.")
    paid_through = models.DateTimeField(null=True, help_text="The end of what is paid for.")
    due_at = models.DateTimeField(
        null=True, help_text="Until when its open invoice is to be paid, if it is sent one."
    )
    stands_until = models.DateTimeField(
        null=True, help_text="The later of paid through and due, and 14 days of grace."
    )
    committed_until = models.DateTimeField(
        null=True, help_text="When its money stops to count; empty: it goes on."
    )
    under_way = models.BooleanField(
        default=False, help_text="Pending, and a payment is on its way: a bank debit takes days."
    )
    counts = models.BooleanField(
        default=False, editable=False, help_text="Is in the totals of projects.Funding just now."
    )
    resumes_at = models.DateTimeField(
        null=True, help_text="When it goes on by itself; of one that is paused."
    )
    ends_at = models.DateTimeField(null=True, help_text="When it will end, once that is asked.")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=Reason, blank=True)
    end_words = models.CharField(
        max_length=300,
        blank=True,
        help_text="What its company told the maintainers when it ended.",
    )

    objects = SponsorshipQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "tier"],
                condition=Q(status__in=HOLDS_SEAT),
                name="sponsorship_one_seat_a_company_and_tier",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="sponsorship_status_known"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="sponsorship_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(pays_by__in=PaysBy.values), name="sponsorship_pays_by_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST, a_month__gte=0),
                name="sponsorship_amount_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "stands_until"], name="sponsorship_stands"),
            models.Index(fields=["project", "status"], name="sponsorship_project_status"),
            models.Index(
                fields=["resumes_at"],
                name="sponsorship_resumes",
                condition=Q(status="paused"),
            ),
            models.Index(
                fields=["committed_until"],
                name="sponsorship_stops_counting",
                condition=Q(counts=True, committed_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} on {self.tier_name} of {self.project}"

    def get_absolute_url(self) -> str:
        return reverse("sponsorships:detail", args=[self.pk])

    @property
    def money(self) -> Money:
        """What one interval costs, net."""
        return Money(self.amount, self.currency)

    @property
    def payee(self) -> str:
        """Whom it pays, as invoices and mails name it; `item` is what is bought there."""
        return self.project.name

    @property
    def item(self) -> str:
        return self.tier_name

    @property
    def fund(self) -> str:
        """Whose accounts its money goes through, in the books."""
        return f"project:{self.project_id}"

    @property
    def monthly(self) -> Money:
        return Money(self.a_month, self.currency)

    @property
    def is_named(self) -> bool:
        return self.visibility != Visibility.ANONYMOUS

    @property
    def shows_amount(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def shows_logo(self) -> bool:
        """Whether the logo was promised when it was bought, and is to be seen."""
        kinds = {benefit["kind"] for benefit in self.benefits}
        return self.is_named and Benefit.Kind.LOGO in kinds

    @property
    def holds_seat(self) -> bool:
        return self.status in HOLDS_SEAT

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    def stands(self, now: datetime) -> bool:
        """Of one row what `standing` asks of many."""
        return self.stands_until is not None and now <= self.stands_until
