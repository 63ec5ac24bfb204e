"""What Stripe told us, and what we asked of it."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q


class EventQuerySet(models.QuerySet["Event"]):
    def unhandled(self) -> Self:
        return self.filter(status=Event.Status.NEW)


class Event(models.Model):
    """What Stripe told us, kept as it came. It only says that an object has changed; what the
    object is now is looked up. Kept for at least 90 days."""

    class Status(models.TextChoices):
        NEW = "new"
        HANDLED = "handled"
        IGNORED = "ignored"
        DEAD = "dead"

    stripe_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=100, help_text="What has changed.")
    root = models.CharField(
        max_length=100, help_text="What to look up: an invoice's subscription, a charge's payment."
    )
    created_at = models.DateTimeField(help_text="Stripe's.")
    received_at = models.DateTimeField()
    payload = models.TextField()
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(
        null=True, help_text="By this machine's clock; empty: at once."
    )
    error = models.TextField(blank=True)
    handled_at = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["root"], name="event_new_by_root", condition=Q(status="new")),
            models.Index(fields=["id"], name="event_new_in_order", condition=Q(status="new")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.root}"


class Call(models.Model):
    """A change that we ask of Stripe: written down before it is asked, so that a crash leaves a
    question and not a guess. While the outcome is unknown the same key is used again."""

    class Status(models.TextChoices):
        ASKED = "asked"
        UNCLEAR = "unclear"
        DONE = "done"
        REFUSED = "refused"

    purpose = models.CharField(max_length=40, help_text="open_checkout, create_customer …")
    subject = models.CharField(max_length=80, help_text="Our row: checkout:12.")
    attempt = models.PositiveSmallIntegerField(default=1)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    stripe_id = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject", "attempt"], name="call_once_an_attempt"
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The idempotency key: of this row alone, the same however often it is asked. Not of row
        numbers, which a restored or second database on the same account would use again."""
        return f"{self.purpose}:{self.uuid}"
