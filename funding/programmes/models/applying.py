"""Applications: what is asked, by whom it was answered, and what was answered."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from funding.office.text import visible_text
from funding.programmes.models.programme import Part
from funding.programmes.models.rounds import Round
from funding.projects.models import Project


class Idea(models.Model):
    """What a participant could work on, and at which project: proposed by mentors in the call for
    projects, taken in by organisers."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "On offer"
        DECLINED = "declined", "Not taken in"
        WITHDRAWN = "withdrawn", "Withdrawn"

    round = models.ForeignKey(Round, models.CASCADE, related_name="ideas")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120, validators=[visible_text])
    description = models.TextField(max_length=20_000, help_text="Markdown.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    mentors: "models.ManyToManyField[Part, models.Model]" = models.ManyToManyField(
        Part, related_name="+", blank=True
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.PROPOSED)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was not taken in.")
    taken = models.PositiveIntegerField(
        default=0, editable=False, help_text="Applications begun for it and not withdrawn."
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """A question of eligibility that the site itself answers: who says otherwise is told why they
    cannot apply this time."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    text = models.CharField(max_length=240, validators=[visible_text])
    must_be = models.BooleanField(default=True, help_text="The answer that one needs to apply.")
    reason = models.CharField(
        max_length=300, validators=[visible_text], help_text="What the others are told."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.text


class Question(models.Model):
    """A question of the organiser's own."""

    class Kind(models.TextChoices):
        SHORT = "short", "One line"
        LONG = "long", "Several lines"
        CHOICE = "choice", "One of several"
        SEVERAL = "several", "Several of several"
        NUMBER = "number", "A number"
        DATE = "date", "A day"

    class Stage(models.TextChoices):
        APPLICATION = "application", "With the application"
        WORK_SAMPLE = "work_sample", "With the work sample"

    round = models.ForeignKey(Round, models.CASCADE, related_name="questions")
    stage = models.CharField(max_length=11, choices=Stage, default=Stage.APPLICATION)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LONG)
    text = models.CharField(max_length=240, validators=[visible_text])
    help = models.CharField(max_length=400, blank=True, validators=[visible_text])
    choices = models.JSONField(default=list, blank=True, help_text="What can be chosen.")
    is_required = models.BooleanField(default=True)
    is_sensitive = models.BooleanField(
        default=False, help_text="Hidden from reviewers where the round is blind."
    )
    most = models.PositiveIntegerField(
        default=2000, help_text="Characters at most, of a text.",
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["short", "long", "choice", "several", "number", "date"]),
                name="question_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.text


class ApplicationQuerySet(models.QuerySet["Application"]):
    def submitted(self) -> Self:
        return self.filter(status=Application.Status.SUBMITTED)


class Application(models.Model):
    """What one person wrote to be taken into a round: seen by the round's reviewers and organisers
    and by nobody else, and deleted on the schedule that the round states."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Sent"
        WITHDRAWN = "withdrawn", "Withdrawn"
        INELIGIBLE = "ineligible", "Not this time"

    class Outcome(models.TextChoices):
        """What was decided of it; under embargo until the round is announced."""

        NONE = "", "Open"
        SELECTED = "selected", "Chosen"
        WAITING = "waiting", "On the waiting list"
        NOT_CHOSEN = "not_chosen", "Not chosen"

    round = models.ForeignKey(Round, models.PROTECT, related_name="applications")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Empty: what they wrote was purged.",
    )  # fmt: skip
    idea = models.ForeignKey(Idea, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, editable=False)
    rank = models.PositiveIntegerField(
        null=True, editable=False, help_text="On the waiting list, or among the chosen."
    )
    criteria = models.JSONField(default=dict, help_text="Answers to the criteria, by their ids.")
    typed = models.JSONField(
        default=dict, editable=False,
        help_text="What was typed and is not sent, as it was typed, by field; see `drafts`.",
    )  # fmt: skip

    # The fixed questions.
    name = models.CharField("your name", max_length=80, blank=True)
    about = models.TextField("about you", max_length=5_000, blank=True)
    hours = models.PositiveSmallIntegerField(
        "hours a week", null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
    )  # fmt: skip
    away = models.TextField("other commitments", max_length=2_000, blank=True)
    links = models.TextField(max_length=2_000, blank=True, help_text="One a line.")
    ai_use = models.TextField("what AI tools were used for", max_length=2_000, blank=True)
    consented_at = models.DateTimeField(null=True, editable=False)

    begun_at = models.DateTimeField(editable=False)
    saved_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    sample_submitted_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False, help_text="Withdrawn.")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "user"], name="application_once_a_round")
        ]
        indexes = [
            models.Index(fields=["round", "status", "id"], name="application_of_round"),
            models.Index(fields=["round", "outcome", "rank"], name="application_ranked"),
        ]

    def __str__(self) -> str:
        return f"application {self.pk} for {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:application", args=[self.pk])


class Answer(models.Model):
    """What was answered to one question; of several choices, one a line."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["question__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        """Never what was answered: names of rows stand in lists and logs."""
        return f"answer {self.pk} of application {self.application_id}"


class Contact(models.Model):
    """What shows that somebody has been in touch with a project, or has contributed to it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="contacts")
    is_contribution = models.BooleanField(default=False)
    url = models.URLField("link", max_length=400)
    words = models.CharField("in a few words", max_length=240, validators=[visible_text])
    at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "url"], name="contact_once")]

    def __str__(self) -> str:
        return f"contact {self.pk} of application {self.application_id}"
