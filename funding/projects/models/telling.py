"""What a project tells: in words, and whom it paid."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from funding.ledger.money import Money
from funding.office.text import visible_text
from funding.projects.models.ladder import InBooks, not_to_come
from funding.projects.models.people import FundedPerson
from funding.projects.models.project import Project, amount_validators


class UpdateQuerySet(models.QuerySet["Update"]):
    def to_be_mailed(self) -> Self:
        """Published, and the sponsors who want it have not been written to yet."""
        return self.filter(published_at__isnull=False, mail_sponsors=True, mailed_at=None)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False).order_by("-published_at", "-id")


class Update(models.Model):
    """What the maintainers tell: in Markdown, a draft until it has a date."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="updates")
    title = models.CharField(max_length=120, validators=[visible_text])
    body = models.TextField(max_length=50_000, help_text="Markdown.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True, help_text="Empty: a draft.")
    edited_at = models.DateTimeField(null=True, editable=False, help_text="After publication.")
    mail_sponsors = models.BooleanField("mail it to the sponsors who want updates", default=True)
    mailed_at = models.DateTimeField(null=True, editable=False)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-published_at"], name="update_of_project"),
            models.Index(
                fields=["id"],
                name="update_to_be_mailed",
                condition=Q(published_at__isnull=False, mail_sponsors=True, mailed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:update", args=[self.project.slug, self.pk])

    @property
    def signed_by(self) -> str:
        """Who wrote it, for everybody: never an address."""
        author = self.author
        return "Somebody who left" if author.left_at else author.get_full_name() or "A maintainer"


class PaymentOut(InBooks):
    """What the project paid to a funded person or a supplier, as a treasurer recorded it. Never
    changed: one recorded wrongly is taken back by a new entry in the books."""

    class Kind(models.TextChoices):
        WORK = "work", "Work"
        INFRASTRUCTURE = "infrastructure", "Infrastructure"
        OTHER = "other", "Other"

    project = models.ForeignKey(Project, models.PROTECT, related_name="payments_out")
    person = models.ForeignKey(
        FundedPerson, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    supplier = models.CharField(
        max_length=120, blank=True, validators=[visible_text],
        help_text="When it is no person above.",
    )  # fmt: skip
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.WORK)
    paid_on = models.DateField(validators=[not_to_come])
    amount = models.BigIntegerField(validators=amount_validators, help_text="Minor units.")
    reference = models.CharField(
        max_length=80, blank=True, help_text="The bank’s, or an invoice’s."
    )

    class Meta:
        verbose_name_plural = "payments out"
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("person", 0),
                "project",
                "supplier",
                "paid_on",
                "amount",
                "reference",
                condition=Q(taken_back=None),
                name="payment_out_recorded_once",
                violation_error_message=(
                    "This payment is recorded already. If it was made twice, give each its own "
                    "reference."
                ),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_out_positive"),
            models.CheckConstraint(
                condition=Q(person=None) ^ Q(supplier=""),
                name="payment_out_to_somebody",
                violation_error_message="Name either a funded person or a supplier, not both.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_to}: {self.money}"

    @property
    def paid_to(self) -> str:
        return self.person.name if self.person else self.supplier

    @property
    def money(self) -> Money:
        return self.project.money(self.amount)


class Activity(models.Model):
    """A line of a project's log: who did what, when. Written with the deed, never changed."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="activities")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Empty: the site itself.",
    )  # fmt: skip
    at = models.DateTimeField()
    did = models.CharField(max_length=300, help_text="As a sentence goes on after a name.")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Whom {about} in the line means.",
    )  # fmt: skip
    deed = models.CharField(
        max_length=8, default="see", db_default="see",
        help_text="Who may do this deed sees the line.",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"], name="activity_of_project")]

    def __str__(self) -> str:
        return f"{self.by or 'The site'} {self.told}"

    @property
    def told(self) -> str:
        """What was done. No line holds a name or an address of its own, so that who left is named
        nowhere: it stands where {about} is, as it is now."""
        return self.did.replace("{about}", str(self.about)) if self.about else self.did
