"""Reviews of applications."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from funding.programmes.models.applying import Application


class Review(models.Model):
    """An application in the hands of a reviewer: given, scored, or handed back for a conflict."""

    class Status(models.TextChoices):
        ASSIGNED = "assigned", "To be read"
        DONE = "done", "Scored"
        CONFLICT = "conflict", "Handed back: a conflict"

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.ASSIGNED)
    score = models.PositiveSmallIntegerField(null=True, help_text="1 to 5.")
    flags = models.JSONField(default=list, help_text="What an organiser should look at.")
    comment = models.TextField(max_length=5_000, blank=True)
    conflict = models.CharField(max_length=300, blank=True, help_text="What it is, in words.")
    assigned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"], name="review_once_a_reviewer"
            ),
            models.CheckConstraint(
                condition=(Q(status="done") & Q(score__gte=1, score__lte=5))
                | (~Q(status="done") & Q(score=None)),
                name="review_scored_when_done",
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "status"], name="review_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.application} read by {self.reviewer}"
