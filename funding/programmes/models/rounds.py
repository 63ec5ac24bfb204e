"""Rounds and their phases. All instants are UTC; a round's zone only says how they are shown."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from funding.office.text import visible_text
from funding.programmes.models.programme import Programme

UNENDED_MONTHS = (
    6  # after its last phase, a round that nobody has ended counts as ended for purging
)


class RoundQuerySet(models.QuerySet["Round"]):
    def public(self) -> Self:
        """What everybody may look at."""
        return self.exclude(status=Round.Status.DRAFT)

    def locked(self, pk: int) -> "Round":
        """One at a time: who reads, who is chosen, and who takes a place. In the caller's
        transaction, and before any other row of the round is locked."""
        return self.select_for_update(of=("self",)).select_related("programme").get(pk=pk)

    def with_page_parts(self) -> Self:
        return self.select_related("programme__logo", "call").prefetch_related("phases")


class Round(models.Model):
    """A programme, once through: from the call to the last report."""

    class Status(models.TextChoices):
        """What people decided; in which phase an open round is, its phases say."""

        DRAFT = "draft", "Draft"
        OPEN = "open", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Did not come about"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    slug = models.SlugField(max_length=60)
    name = models.CharField(
        max_length=60, validators=[visible_text], help_text="Spring 2027, say."
    )
    title = models.CharField(
        max_length=120, validators=[visible_text],
        help_text="What happens in it: Two newcomers, one mentor, twelve weeks.",
    )  # fmt: skip
    lead = models.CharField(
        max_length=400, blank=True, validators=[visible_text], help_text="Two sentences at most."
    )
    looks_for = models.TextField(
        blank=True, max_length=20_000, help_text="Whom it looks for. Markdown."
    )
    zone = models.CharField(
        max_length=60, default="UTC", help_text="In which deadlines are shown beside UTC."
    )
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+",
        help_text="The round before: its sponsors are asked first.",
    )  # fmt: skip

    # Places: only `calls` moves the first, only `places` the second.
    places_funded = models.PositiveIntegerField(default=0, editable=False)
    places_taken = models.PositiveIntegerField(default=0, editable=False)

    # How people apply and are chosen.
    applies_before_decision = models.BooleanField(
        default=False, help_text="Applications may open before it is known that the round is paid."
    )
    is_blind = models.BooleanField(
        default=True, help_text="Reviewers see neither names nor sensitive answers."
    )
    reviews_needed = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(2), MaxValueValidator(9)]
    )
    contact_needed = models.BooleanField(
        default=False,
        help_text="Who applies shows a contact or a contribution before the whole form opens.",
    )
    most_an_idea = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)],
        help_text="Applications that one project’s idea takes; empty: no limit.",
    )  # fmt: skip
    accept_days = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Days to accept a place once it is offered.",
    )  # fmt: skip
    agreement = models.TextField(
        blank=True, max_length=50_000, help_text="What participants sign. Markdown."
    )
    purge_months = models.PositiveSmallIntegerField(
        default=6, validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text="Months after its end after which what applicants wrote is deleted.",
    )  # fmt: skip

    opened_at = models.DateTimeField(null=True, editable=False, help_text="Shown to everybody.")
    selected_at = models.DateTimeField(null=True, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False, help_text="Applicants know.")
    early_because = models.CharField(
        max_length=300, blank=True, editable=False,
        help_text="Why it was announced before the selection was over.",
    )  # fmt: skip
    ended_at = models.DateTimeField(null=True, editable=False)
    purged_at = models.DateTimeField(null=True, editable=False)
    report = models.TextField(blank=True, max_length=50_000, help_text="Markdown.")
    reported_at = models.DateTimeField(null=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "slug"], name="round_slug_once"),
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("places_funded")),
                name="round_places_funded",
                violation_error_message="More places are taken than are funded.",
            ),
            models.CheckConstraint(
                condition=Q(reviews_needed__gte=2), name="round_two_reviews_at_least"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}, {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:round", args=[self.programme.slug, self.slug])

    @property
    def purge_months_at_most(self) -> int:
        """Months after its last phase after which that is deleted if nobody has ended the round."""
        return self.purge_months + UNENDED_MONTHS

    @property
    def places_left(self) -> int:
        return self.places_funded - self.places_taken


class Phase(models.Model):
    """A stretch of a round between two instants. Every kind is optional but funding; they follow
    each other in this order, without one beginning before the one before it."""

    class Kind(models.TextChoices):
        FUNDING = "funding", "Funding"
        IDEAS = "ideas", "Call for projects"
        APPLICATIONS = "applications", "Applications"
        WORK_SAMPLE = "work_sample", "Work sample"
        REVIEW = "review", "Review"
        SELECTION = "selection", "Selection"
        ACCEPTANCE = "acceptance", "Acceptance"
        RUNNING = "running", "Running"
        CLOSING = "closing", "Closing"

    round = models.ForeignKey(Round, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=12, choices=Kind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="phase_once_a_round"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="phase_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["kind", "ends_at"], name="phase_ends")]

    def __str__(self) -> str:
        return f"{self.Kind(self.kind).label} of {self.round}"

    def is_on(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


class Deed(models.Model):
    """A line in the log of a round: who did what, as its organisers read it."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="deeds")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=300)
    for_treasurers = models.BooleanField(
        default=False, help_text="About money, dates or the call, so treasurers read it too."
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.words
