"""What happens once people are chosen: places, checkpoints, instalments, and what is told of them."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from funding.ledger.money import CURRENCIES, Money
from funding.office.text import visible_text
from funding.programmes.models.applying import Application
from funding.programmes.models.calls import amount_validators
from funding.programmes.models.rounds import Round

MOST_WEEKS = 5  # by which a place may be extended, in all


class PlaceQuerySet(models.QuerySet["Place"]):
    def live(self) -> Self:
        """That take up a funded place."""
        return self.filter(status__in=Place.LIVE)

    def lapsing(self, now: datetime) -> Self:
        """Offered, and not accepted in time."""
        return self.filter(status=Place.Status.OFFERED, accept_until__lte=now)


class Place(models.Model):
    """One participant's place in a round, from the offer to the certificate. Its own dates move
    with its extensions."""

    class Status(models.TextChoices):
        OFFERED = "offered", "Offered"
        RUNNING = "running", "Accepted"
        DONE = "done", "Completed"
        ENDED = "ended", "Ended early"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Not accepted in time"

    LIVE = (Status.OFFERED, Status.RUNNING, Status.DONE, Status.ENDED)
    ACTIVE = (Status.OFFERED, Status.RUNNING)

    round = models.ForeignKey(Round, models.PROTECT, related_name="places")
    application = models.OneToOneField(Application, models.PROTECT, related_name="place")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    public_name = models.CharField(
        max_length=80, blank=True, validators=[visible_text],
        help_text="As the participant wants to be named on pages; empty: not at all.",
    )  # fmt: skip
    status = models.CharField(max_length=8, choices=Status, default=Status.OFFERED)
    stipend = models.BigIntegerField(help_text="Minor units; its instalments sum to it.")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    offered_at = models.DateTimeField()
    accept_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    signed_name = models.CharField(max_length=120, blank=True)
    signed_text = models.TextField(blank=True, help_text="The agreement as it was signed.")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    extended_weeks = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(status__in=["offered", "running"]),
                name="place_one_active_a_person",
            ),
            models.CheckConstraint(
                condition=Q(extended_weeks__lte=MOST_WEEKS), name="place_extended_five_weeks_most"
            ),
            models.CheckConstraint(condition=Q(stipend__gt=0), name="place_stipend_positive"),
        ]

    def __str__(self) -> str:
        return f"place {self.pk} of {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:place", args=[self.pk])

    @property
    def extension(self) -> timedelta:
        return timedelta(weeks=self.extended_weeks)

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)


class Mentoring(models.Model):
    """Who mentors a place: one person or two."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="mentorings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="1 or 2.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["place", "user"], name="mentoring_once"),
            models.UniqueConstraint(fields=["place", "number"], name="mentoring_two_at_most"),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="mentoring_one_or_two"),
        ]

    def __str__(self) -> str:
        return f"{self.user} mentors {self.place}"


class Checkpoint(models.Model):
    """A day in the running phase by which both sides say how it goes, and after which an instalment
    of the stipend is paid. The instalments of a round sum to its stipend."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="checkpoints")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80, validators=[visible_text])
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    instalment = models.BigIntegerField(validators=amount_validators, help_text="Minor units.")
    asks_participant = models.CharField(
        max_length=400, default="What did you do, what was hard, what comes next?"
    )
    asks_mentor = models.CharField(
        max_length=400, default="What was done, how does it go, what should change?"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="checkpoint_once"),
            models.CheckConstraint(
                condition=Q(instalment__gt=0), name="checkpoint_instalment_positive"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("opens_at")), name="checkpoint_due_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def money(self) -> Money:
        return self.round.call.money(self.instalment)


class Feedback(models.Model):
    """What one side says at a checkpoint: a draft of its own until it is sent. Then the organisers see
    it, and the other side once it has sent too, but for what is `private`, which the organisers alone
    read."""

    class Side(models.TextChoices):
        PARTICIPANT = "participant", "Participant"
        MENTOR = "mentor", "Mentor"

    place = models.ForeignKey(Place, models.PROTECT, related_name="feedback")
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="+")
    side = models.CharField(max_length=11, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=10_000, blank=True)
    private = models.TextField("for the organisers alone", max_length=5_000, blank=True)
    goes_well = models.BooleanField(
        null=True, help_text="Whether the place should go on as it does."
    )
    at = models.DateTimeField(help_text="When it was last saved.")
    sent_at = models.DateTimeField(null=True, help_text="Empty: a draft.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "checkpoint", "side"], name="feedback_once_a_side"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(goes_well__isnull=False),
                name="feedback_sent_says_how_it_goes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} at {self.checkpoint}"


class Extension(models.Model):
    """A place's own dates moved, with the reason."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="extensions")
    weeks = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WEEKS)]
    )
    reason = models.CharField(max_length=300, validators=[visible_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.weeks} weeks for {self.place}"


class Post(models.Model):
    """What a participant or a mentor tells of the work, or an organiser sums up of it. Sponsors see
    it once it is released to them."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, validators=[visible_text])
    body = models.TextField(max_length=20_000, help_text="Markdown.")
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, help_text="Sponsors may read it since.")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
