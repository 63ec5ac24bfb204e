"""A programme, the projects that run it, and the people who do."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from funding.accounts.models import User
from funding.office.models import Picture
from funding.office.text import visible_text
from funding.projects.models import OpenInvitation, Project


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def published(self) -> Self:
        """What everybody may look at."""
        return self.filter(published_at__isnull=False)

    def run_by(self, user: User) -> Self:
        """In which a person has any part, drafts too."""
        return self.filter(pk__in=Part.objects.filter(user=user).values("programme"))


class Programme(models.Model):
    """Something with a name, a beginning and an end that companies pay for together: a mentorship,
    a fellowship, a docs season. It runs in rounds."""

    class Kind(models.TextChoices):
        MENTORSHIP = "mentorship", "Mentorship"
        FELLOWSHIP = "fellowship", "Fellowship"
        DOCS_SEASON = "docs_season", "Docs season"
        SPRINT = "sprint", "Sprint"
        OWN = "own", "Another kind"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, validators=[visible_text])
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.MENTORSHIP)
    own_kind = models.CharField(
        max_length=40, blank=True, validators=[visible_text], help_text="Of another kind: what."
    )
    summary = models.CharField(
        max_length=240, validators=[visible_text], help_text="One sentence under the name."
    )
    description = models.TextField(blank=True, max_length=50_000, help_text="Markdown.")
    contact = models.EmailField(
        "questions go to", blank=True,
        help_text="An e-mail address that somebody reads. It stands on the programme’s pages and in "
        "its mails.",
    )  # fmt: skip
    logo = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    projects: "models.ManyToManyField[Project, Hosting]" = models.ManyToManyField(
        Project, through="Hosting", related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    published_at = models.DateTimeField(
        null=True, editable=False, help_text="Set with its first round that everybody sees."
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="own") | ~Q(own_kind=""),
                name="programme_own_kind_named",
                violation_error_message="Say of what kind it is.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programmes:detail", args=[self.slug])

    @property
    def kind_in_words(self) -> str:
        return self.own_kind or self.Kind(self.kind).label

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Hosting(models.Model):
    """A project that runs a programme. Others are asked and join when one of their owners agrees."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="hostings")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, help_text="Empty: asked, and not yet agreed.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "project"], name="hosting_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} at {self.project}"


class Part(models.Model):
    """What a person does for a programme; see `access`. One person may have several parts. At least
    one is an organiser, always."""

    class Role(models.TextChoices):
        ORGANISER = "organiser", "Organiser"
        TREASURER = "treasurer", "Treasurer"
        REVIEWER = "reviewer", "Reviewer"
        MENTOR = "mentor", "Mentor"

        @property
        def means(self) -> str:
            """The table of `access` in words."""
            return {
                self.ORGANISER: "everything: rounds, the call, questions, who is chosen, who does what",
                self.TREASURER: "money: what came in, stipends and costs paid out",
                self.REVIEWER: "reads the applications that are given to them, and scores them",
                self.MENTOR: "works with the participants of their places",
            }[self]

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="parts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "user", "role"], name="part_once"),
            models.CheckConstraint(
                condition=Q(role__in=["organiser", "treasurer", "reviewer", "mentor"]),
                name="part_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role} of {self.programme})"


class PartInvitation(OpenInvitation):
    """Somebody is asked to take a part."""

    whoever_asks = "one of its organisers"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Part.Role, default=Part.Role.REVIEWER)

    class Meta(OpenInvitation.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "email", "role"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="programme_invitation_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.programme} as {self.role}"
