"""A project and what it is written in. Money is whole minor units of the project's currency."""

import re
from typing import Self, cast

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from funding.accounts.models import User
from funding.ledger.money import CURRENCIES, MOST, Money
from funding.office.models import Picture
from funding.office.rows import Rows
from funding.office.text import public_address, visible_text

amount_validators = [MinValueValidator(1), MaxValueValidator(MOST)]


NO_LICENCE = "Write the licence’s SPDX name: MIT, BSD-3-Clause, GPL-3.0-or-later."


def licence_name(name: str) -> None:
    """SPDX names and expressions are letters, digits and a few signs."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+() -]*", name):
        raise ValidationError(NO_LICENCE)


class ProjectQuerySet(models.QuerySet["Project"]):
    def published(self) -> Self:
        """What everybody may look at: published and archived projects have a page."""
        return self.filter(status__in=[Project.Status.PUBLISHED, Project.Status.ARCHIVED])

    def listed(self) -> Self:
        """What the directory shows."""
        return self.filter(status=Project.Status.PUBLISHED)

    def run_by(self, user: User) -> Self:
        """Those that a person maintains, in whatever role, drafts too."""
        return self.filter(maintainers__user=user)

    def with_page_parts(self) -> Self:
        """With what draws a week, in one query for however many projects; see `page.Page`."""
        return self.select_related("funding", "logo").annotate(
            language_rows=_children("languages", "name"),
            goal_rows=_children("goals", "title", "description", "days"),
            person_rows=_children("people", "name", "does", "days", left_at=None),
            grant_rows=_children(
                "grants", "funder", "amount", "starts_on", "ends_on", taken_back=None
            ),
        )


class Project(models.Model):
    """What is funded: a public page, one currency, people, tiers, goals and grants."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        ARCHIVED = "archived"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, validators=[visible_text])
    summary = models.CharField(
        max_length=240, validators=[visible_text], help_text="One sentence under the name."
    )
    description = models.TextField(blank=True, help_text="Markdown.")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    day_rate = models.BigIntegerField(
        validators=amount_validators,
        help_text="What one working day costs, all in, in minor units: 30000 is £300.",
    )
    licence = models.CharField(
        max_length=40, blank=True, validators=[licence_name],
        help_text="Its SPDX name: BSD-3-Clause, MIT, Apache-2.0.",
    )  # fmt: skip
    website = models.URLField(blank=True, validators=[public_address])
    repository = models.URLField("source code", blank=True, validators=[public_address])
    logo = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day_rate__gt=0, day_rate__lte=MOST), name="project_day_rate_positive"
            ),
        ]
        indexes = [
            models.Index(F("status"), Lower("name"), F("id"), name="project_by_name"),
            models.Index(fields=["status", "licence"], name="project_by_licence"),
            models.Index(fields=["status", "currency"], name="project_by_currency"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.slug])

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_archived(self) -> bool:
        return self.status == self.Status.ARCHIVED

    @property
    def is_open(self) -> bool:
        """May be sponsored."""
        return self.status == self.Status.PUBLISHED

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)


class Language(models.Model):
    """A programming language that a project is written in, the main one first."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="languages")
    name = models.CharField(max_length=30, validators=[visible_text])
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="language_once_a_project")
        ]
        indexes = [models.Index(fields=["name", "project"], name="language_projects")]

    def __str__(self) -> str:
        return self.name


def _children(relation: str, *names: str, **which: object) -> Rows:
    """A project's rows of another table, in that table's own order."""
    model = cast(type[models.Model], Project._meta.get_field(relation).related_model)
    children = model._default_manager.filter(project=OuterRef("pk"), **which)
    return Rows(children.order_by(*(model._meta.ordering or [])).values(*names))
