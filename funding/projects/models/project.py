"""A project, its people, its ladder, its grants, and its totals. Money is whole minor units of the
project's currency; days are days a week."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from funding.ledger.models import Entry
from funding.ledger.money import CURRENCIES, MOST, Money
from funding.office import clock
from funding.office.rows import Rows

amount_validators = [MinValueValidator(1), MaxValueValidator(MOST)]


def not_to_come(day: date) -> None:
    """Money is recorded when it has moved."""
    if day > clock.today():
        raise ValidationError("This day is still to come: record it when the money has moved.")


days_validators = [MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(99))]


class ProjectQuerySet(models.QuerySet["Project"]):
    def published(self) -> Self:
        """What everybody may look at: published and archived projects have a page."""
        return self.filter(status__in=[Project.Status.PUBLISHED, Project.Status.ARCHIVED])

    def listed(self) -> Self:
        """What the directory shows, most needed first: the furthest from its top goal."""
        return self.filter(status=Project.Status.PUBLISHED).order_by("funding__filled", "name")

    def with_page_parts(self) -> Self:
        """With what draws a week, in one query for however many projects; see `page.Page`."""
        return self.select_related("funding").annotate(
            goal_rows=_children(Goal, "title", "description", "days"),
            person_rows=_children(FundedPerson, "name", "does", "days"),
            grant_rows=_children(Grant, "funder", "amount", "starts_on", "ends_on"),
        )


class Project(models.Model):
    """What is funded: a public page, one currency, people, tiers, goals and grants."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        ARCHIVED = "archived"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=240, help_text="One sentence under the name.")
    description = models.TextField(blank=True, help_text="Markdown.")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    day_rate = models.BigIntegerField(
        validators=amount_validators,
        help_text="What one working day costs, all in, in minor units: 30000 is £300.",
    )
    licence = models.CharField(max_length=40, blank=True, help_text="SPDX name: BSD-3-Clause.")
    language = models.CharField(max_length=40, blank=True, help_text="Python, C, TypeScript …")
    website = models.URLField(blank=True)
    repository = models.URLField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day_rate__gt=0, day_rate__lte=MOST), name="project_day_rate_positive"
            ),
        ]
        indexes = [models.Index(fields=["status", "name"], name="project_status_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.slug])

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @property
    def is_open(self) -> bool:
        """May be sponsored."""
        return self.status == self.Status.PUBLISHED

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)


def _children(model: type[models.Model], *names: str) -> Rows:
    """A project's rows of another table, in that table's own order."""
    children = model._default_manager.filter(project=OuterRef("pk"))
    return Rows(children.order_by(*(model._meta.ordering or [])).values(*names))


class Maintainer(models.Model):
    """A person who runs a project on this site."""

    class Role(models.TextChoices):
        OWNER = "owner"
        EDITOR = "editor"
        TREASURER = "treasurer"

    project = models.ForeignKey(Project, models.CASCADE, related_name="maintainers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="maintains")
    role = models.CharField(max_length=10, choices=Role, default=Role.OWNER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="maintainer_once_a_project")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class FundedPerson(models.Model):
    """Somebody whose working time the project's money pays, with the days a week it pays."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="people")
    name = models.CharField(max_length=80)
    does = models.CharField(
        max_length=120, blank=True, help_text="In a few words: releases, docs."
    )
    days = models.DecimalField(
        max_digits=4, decimal_places=2, validators=days_validators, help_text="Days a week."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "funded people"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Goal(models.Model):
    """A rung of the project's ladder: so many more days a week, and what they are for. Rungs add
    up: the second is reached when the sum of the first and the second is paid for."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
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


class Grant(models.Model):
    """Money that came once, spread evenly over the days from its first to its last. Never changed
    after it is recorded: the books have it."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="grants")
    funder = models.CharField(max_length=120)
    amount = models.BigIntegerField(validators=amount_validators, help_text="Minor units.")
    received_on = models.DateField(validators=[not_to_come])
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day it pays for.")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "funder", "amount", "received_on"],
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
    version = models.PositiveBigIntegerField(default=1)

    class Meta:
        verbose_name_plural = "funding"
        indexes = [models.Index(fields=["filled"], name="funding_filled")]

    def __str__(self) -> str:
        return f"{self.project}: {self.committed}"
