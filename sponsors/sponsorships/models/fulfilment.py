"""What was promised and has to be done by somebody."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from funding.projects.models import Benefit
from sponsors.sponsorships.models.sponsorship import Sponsorship, Visibility

NAMING = (Benefit.Kind.DOCS, Benefit.Kind.RELEASES)  # whoever fulfils it writes a name down


class FulfilmentQuerySet(models.QuerySet["Fulfilment"]):
    def owed(self, now: datetime) -> Self:
        """Promised to who still stands, and not done yet, the first due first. Who is not named
        any more is not to be named anywhere."""
        standing = self.filter(done_at=None, sponsorship__stands_until__gte=now)
        unnamed = Q(sponsorship__visibility=Visibility.ANONYMOUS, kind__in=NAMING)
        return standing.exclude(unnamed).order_by("due_on", "id")

    def done(self) -> Self:
        return self.filter(done_at__isnull=False).order_by("-done_at", "-id")


class Fulfilment(models.Model):
    """Something that a project promised a sponsor and that somebody has to do: what, by when, and
    the proof that it was done. What the site does itself (a logo on the page) has none."""

    sponsorship = models.ForeignKey(Sponsorship, models.CASCADE, related_name="fulfilments")
    kind = models.CharField(max_length=8, choices=Benefit.Kind)
    text = models.CharField(max_length=120, help_text="As it was promised.")
    period = models.CharField(
        max_length=10, blank=True, help_text="Day its month or quarter began; empty: once."
    )
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proof = models.CharField(max_length=300, blank=True, help_text="An address, or a few words.")

    objects = FulfilmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sponsorship", "kind", "text", "period"], name="fulfilment_once_a_period"
            )
        ]
        indexes = [
            models.Index(fields=["due_on"], name="fulfilment_owed", condition=Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.text} for {self.sponsorship.company}"

    @property
    def has_address(self) -> bool:
        """Whether the proof is an address that can be followed."""
        return self.proof.startswith(("https://", "http://")) and " " not in self.proof

    def is_late(self, today: date) -> bool:
        return self.done_at is None and self.due_on < today
