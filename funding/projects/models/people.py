"""Who runs a project, who is asked to, and whose work its money pays."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from funding.accounts.address import deliverable
from funding.office.text import visible_text
from funding.projects.models.project import Project

# Days a week, of a person or of a rung.
days_validators = [MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(99))]


class Maintainer(models.Model):
    """A person who runs a project on this site, in a role; see `access`. At least one is an owner,
    always."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        EDITOR = "editor", "Editor"
        TREASURER = "treasurer", "Treasurer"

        @property
        def means(self) -> str:
            """The table of `access` in words, for those who give a role and those who get one."""
            return {
                self.OWNER: "everything, and who else runs it, whether it is published, its end",
                self.EDITOR: "what the page says, goals, tiers, people and updates; no money",
                self.TREASURER: "grants and payments out; nothing that the page says",
            }[self]

    project = models.ForeignKey(Project, models.CASCADE, related_name="maintainers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="maintains")
    role = models.CharField(max_length=10, choices=Role, default=Role.OWNER)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="maintainer_once_a_project")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


_Asked = TypeVar("_Asked", bound="OpenInvitation", covariant=True)


class InvitationQuerySet(models.QuerySet[_Asked]):
    def waiting(self, now: datetime) -> Self:
        """That may still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


class OpenInvitation(models.Model):
    """Somebody is asked by e-mail. It can be accepted once, until it expires, by whoever has shown
    that the address is theirs. Only a digest of its secret is kept."""

    whoever_asks: ClassVar[str]  # who has given no name
    email = models.EmailField("e-mail address", validators=[deliverable])
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]

    def is_waiting(self, now: datetime) -> bool:
        """May still be accepted."""
        return not (self.accepted_at or self.withdrawn_at) and now < self.expires_at

    @property
    def masked(self) -> str:
        """The address, so that only who has it knows it: a***@example.org."""
        local, _, domain = self.email.partition("@")
        return f"{local[0]}***@{domain}"

    @property
    def asked_by(self) -> str:
        """Who invites, for whoever holds the link: never an address."""
        return self.invited_by.get_full_name() or self.whoever_asks


class Invitation(OpenInvitation):
    """Somebody is asked to run a project too."""

    whoever_asks = "one of its owners"

    project = models.ForeignKey(Project, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Maintainer.Role, default=Maintainer.Role.EDITOR)

    class Meta(OpenInvitation.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["project", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.project} as {self.role}"


class FundedPersonQuerySet(models.QuerySet["FundedPerson"]):
    def that_stay(self) -> Self:
        return self.filter(left_at=None)


class FundedPerson(models.Model):
    """Somebody whose working time the project's money pays, with the days a week it pays."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="people")
    name = models.CharField(max_length=80, validators=[visible_text])
    does = models.CharField(
        max_length=120, blank=True, help_text="In a few words: releases, docs."
    )
    days = models.DecimalField(
        max_digits=4, decimal_places=2, validators=days_validators, help_text="Days a week."
    )
    position = models.PositiveSmallIntegerField(default=0)
    left_at = models.DateTimeField(
        null=True, editable=False, help_text="Shown no longer; what was paid stays in the books."
    )

    objects = FundedPersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "funded people"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()
