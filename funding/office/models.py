"""Rows that let work be found again whatever crashed: messages, leases, slots, heartbeats."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> Self:
        return self.filter(status=Message.Status.WAITING)


class Message(models.Model):
    """A mail that is to go out once. It is written in the transaction that makes it true and
    sent afterwards: claim, commit, send, stamp. One that stays in *sending* may or may not have
    gone out; it is shown to staff and never sent again by itself."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        WITHHELD = "withheld", "withheld: a repair found it"

    key = models.CharField(
        max_length=200, unique=True, help_text="What the mail is about: the same key is sent once."
    )
    recipients = models.JSONField(help_text="E-mail addresses.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    written_at = models.DateTimeField(help_text="By the world's clock.")
    claimed_at = models.DateTimeField(null=True, help_text="By this machine's clock.")
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                name="message_not_sent",
                condition=Q(status__in=["waiting", "sending", "failed"]),
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Lease(models.Model):
    """Who works on one thing just now. The holder commits the lease first, works without an open
    transaction, and writes only while the token is still its own."""

    name = models.CharField(max_length=200, primary_key=True)
    token = models.CharField(max_length=32)
    expires_at = models.DateTimeField(help_text="By this machine's clock.")

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """One run of a job that must happen once in its period: taking the row is the lock."""

    job = models.CharField(max_length=100)
    period = models.CharField(max_length=40, help_text="A day, a month, an hour: 2026-11-22.")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "period"], name="slot_job_period_once")
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"


class Watermark(models.Model):
    """How far somebody else's list has been read, so that what came while we were away is read when
    we are back, however long it took."""

    name = models.CharField(max_length=40, primary_key=True)
    read_to = models.DateTimeField(help_text="By the world's clock.")

    def __str__(self) -> str:
        return f"{self.name} to {self.read_to}"


class Heartbeat(models.Model):
    """The last sign of life of a process that works without being asked."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField(help_text="By this machine's clock.")

    def __str__(self) -> str:
        return self.name


class Picture(models.Model):
    """An image that somebody put on the site, as we drew it anew: nothing of the file that came is
    kept. Its name is what it shows, so the same image is the same row and an address never changes
    what it shows."""

    digest = models.CharField(max_length=32, primary_key=True)
    width = models.PositiveSmallIntegerField(help_text="Of the largest rendition, in pixels.")
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(help_text="By this machine's clock.")

    def __str__(self) -> str:
        return self.digest

    def address(self, size: int, form: str = "webp") -> str:
        """Where the rendition whose longer side is at most `size` pixels is served."""
        return reverse("office:picture", args=[self.digest, size, form])

    @property
    def small(self) -> str:
        return self.address(128)

    @property
    def large(self) -> str:
        return self.address(512)


class Rendition(models.Model):
    """A picture in one size and one format: a few kilobytes, so that it lies in the database, goes
    through its backups, and every web process has it."""

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")
    size = models.PositiveSmallIntegerField(help_text="At most so many pixels on either side.")
    form = models.CharField(max_length=4, help_text="webp or png.")
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["picture", "size", "form"], name="rendition_once")
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} {self.size} {self.form}"
