"""What a project asks for and what it has: its goals, its grants, and its totals. Money is whole
minor units of the project's currency; days are days a week."""

from datetime import UTC, date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from funding.ledger.models import Entry
from funding.ledger.money import Money
from funding.office import clock
from funding.office.text import visible_text
from funding.projects.models.people import days_validators
from funding.projects.models.project import Project, amount_validators

NEVER = datetime(
    1970, 1, 1, tzinfo=UTC
)  # instead of nothing, so that it has its place in an order


def not_to_come(day: date) -> None:
    """Money is recorded when it has moved."""
    if day > clock.today():
        raise ValidationError("This day is still to come: record it when the money has moved.")


class Goal(models.Model):
    """A rung of the project's ladder: so many more days a week, and what they are for. Rungs add
    up: the second is reached when the sum of the first and the second is paid for."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80, validators=[visible_text])
    description = models.CharField(max_length=240, blank=True)
    days = models.DecimalField(
        max_digits=4, decimal_places=2, validators=days_validators,
        help_text="Days a week that this rung adds.",
    )  # fmt: skip

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="goal_position_once"),
            models.CheckConstraint(condition=Q(days__gt=0), name="goal_days_positive"),
        ]

    def __str__(self) -> str:
        return self.title


class RecordedQuerySet(models.QuerySet[Any]):
    def that_hold(self) -> Self:
        """Without those that were taken back."""
        return self.filter(taken_back=None)


class InBooks(models.Model):
    """Never changed after it is recorded: the books have it. One recorded wrongly is taken back by a
    new entry."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", editable=False)
    taken_back = models.OneToOneField(
        Entry, models.PROTECT, null=True, related_name="+", editable=False,
        help_text="The entry that corrects it, because it was recorded wrongly.",
    )  # fmt: skip
    taken_back_because = models.CharField(max_length=200, blank=True, editable=False)

    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True


class Grant(InBooks):
    """Money that came once, spread evenly over the days from its first to its last."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="grants")
    funder = models.CharField(max_length=120, validators=[visible_text])
    amount = models.BigIntegerField(validators=amount_validators, help_text="Minor units.")
    received_on = models.DateField(validators=[not_to_come])
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day it pays for.")

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "funder", "amount", "received_on"],
                condition=Q(taken_back=None),
                name="grant_recorded_once",
                violation_error_message="This grant is recorded already.",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="grant_amount_positive"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="grant_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder}: {self.money}"

    @property
    def money(self) -> Money:
        return self.project.money(self.amount)

    def pays_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class Funding(models.Model):
    """What pages sort, filter and draw without asking every sponsorship: one row a project,
    written by `lifecycle` with what changes it, compared with the sponsorships by `check_books`.
    `version` moves with every change of anything the project's page shows."""

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True)
    committed = models.BigIntegerField(default=0, help_text="A month, net, minor units.")
    awaiting = models.BigIntegerField(default=0, help_text="Of invoices not yet due, a month.")
    sponsors = models.PositiveIntegerField(default=0, help_text="Companies that are committed.")
    filled = models.PositiveIntegerField(
        default=0, help_text="Committed money against the top goal, in hundredths of a percent."
    )
    funded_at = models.DateTimeField(
        default=NEVER, help_text="When it last won a sponsor; 1970: never yet."
    )
    version = models.PositiveBigIntegerField(default=1)
    hosts = models.BooleanField(
        default=False, help_text="It runs a programme, or did: its page asks which ones."
    )

    class Meta:
        verbose_name_plural = "funding"
        indexes = [
            models.Index(fields=["filled", "project"], name="funding_filled"),
            models.Index(fields=["-funded_at", "project"], name="funding_funded"),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.committed}"
