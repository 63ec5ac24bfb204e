"""Tiers and what they promise."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q

from funding.ledger.money import MOST, Money
from funding.office import rows
from funding.office.rows import Rows
from funding.office.text import visible_text
from funding.projects.models.project import Project

LEAST = 50  # minor units; Stripe charges no less in any currency taken here
price_validators = [MinValueValidator(LEAST), MaxValueValidator(MOST)]


class TierQuerySet(models.QuerySet["Tier"]):
    def on_offer(self) -> Self:
        return self.filter(closed_at=None)

    def with_promises(self) -> Self:
        """With the texts of their benefits, in the same query."""
        benefits = Benefit.objects.filter(tier=OuterRef("pk")).order_by("position", "id")
        return self.annotate(benefit_rows=Rows(benefits.values("kind", "text", "hours")))


class Tier(models.Model):
    """A named price, a month or a year, with what it promises. What is sold keeps the terms it was
    sold under. `taken` is moved by `lifecycle` alone; the constraint holds the last seat."""

    class Audience(models.TextChoices):
        ANYONE = "anyone", "Anyone"
        INDIVIDUALS = "individuals", "Individuals"
        ORGANISATIONS = "organisations", "Organisations"

    project = models.ForeignKey(Project, models.PROTECT, related_name="tiers")
    name = models.CharField(max_length=60, validators=[visible_text])
    description = models.CharField(max_length=240, blank=True, validators=[visible_text])
    position = models.PositiveSmallIntegerField(default=0)
    monthly = models.BigIntegerField(
        "monthly price", null=True, blank=True, validators=price_validators,
        help_text="Minor units: 10000 is £100.",
    )  # fmt: skip
    yearly = models.BigIntegerField(
        "yearly price", null=True, blank=True, validators=price_validators
    )
    audience = models.CharField(max_length=14, choices=Audience, default=Audience.ANYONE)
    seats = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Empty: no limit."
    )
    taken = models.PositiveIntegerField(default=0, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Set: sold no longer.")

    objects = TierQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="tier_name_once_a_project"),
            models.CheckConstraint(
                condition=Q(monthly__isnull=False) | Q(yearly__isnull=False),
                name="tier_has_a_price",
                violation_error_message="A tier has a monthly price, a yearly price, or both.",
            ),
            models.CheckConstraint(
                condition=(Q(monthly=None) | Q(monthly__gt=0, monthly__lte=MOST))
                & (Q(yearly=None) | Q(yearly__gt=0, yearly__lte=MOST)),
                name="tier_price_chargeable",
            ),
            models.CheckConstraint(
                condition=Q(seats=None) | Q(taken__lte=F("seats")),
                name="tier_seats_not_oversold",
                violation_error_message="More seats are taken than that.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.project}"

    @property
    def promises(self) -> list[str]:
        """What it promises; asked beforehand by `with_promises`."""
        return [row["text"] for row in rows.of(self, "benefit_rows")]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def seats_left(self) -> int | None:
        """None: as many as want one."""
        return None if self.seats is None else max(self.seats - self.taken, 0)

    @property
    def is_full(self) -> bool:
        return self.seats_left == 0

    def price(self, interval: str) -> Money | None:
        """What it costs now for a "month" or a "year", net; None when it is not sold so."""
        amount = {"month": self.monthly, "year": self.yearly}.get(interval)
        return None if amount is None else self.project.money(amount)

    @property
    def monthly_price(self) -> Money | None:
        return self.price("month")

    @property
    def yearly_price(self) -> Money | None:
        return self.price("year")


class Benefit(models.Model):
    """Something that a tier promises: of a kind that the site knows what to do with, and in words."""

    class Kind(models.TextChoices):
        LOGO = "logo", "Your logo on the project’s page"
        DOCS = "docs", "Named in the documentation"
        SUPPORT = "support", "Priority support: an answer within the next working day"
        HOURS = "hours", "Hours of the maintainers’ time each month"
        CALL = "call", "A call with the maintainers each quarter"
        RELEASES = "releases", "Named in the notes of every release"
        OWN = "own", "In your own words"

    tier = models.ForeignKey(Tier, models.CASCADE, related_name="benefits")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OWN)
    text = models.CharField(max_length=120, validators=[visible_text])
    hours = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(160)],
        help_text="A month, of the kind that counts them.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="hours", hours__gt=0) | (~Q(kind="hours") & Q(hours=None)),
                name="benefit_hours_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.text
