"""Cards that companies save for a programme's seat, to be charged once the call is decided; and invoices
of seats that were made otherwise than agreed."""

from datetime import datetime
from typing import Self

from django.db import models

from sponsors.sponsorships.models import Commitment


class SetupQuerySet(models.QuerySet["Setup"]):
    def live(self) -> Self:
        """On whose page a card may still be saved, as far as we know."""
        return self.filter(status=Setup.Status.OPEN)

    def late(self, now: datetime) -> Self:
        """Whose page must have ended by now, and of which nobody told us."""
        return self.live().filter(expires_at__lt=now)


class Setup(models.Model):
    """One page at Stripe on which a card is saved for a commitment: Checkout in mode *setup*. Nothing
    is charged there. Its id travels as Stripe's `client_reference_id`, "setup:7"."""

    class Status(models.TextChoices):
        OPEN = "open"
        COMPLETE = "complete"
        EXPIRED = "expired"

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="setups")
    stripe_id = models.CharField(max_length=100, unique=True, null=True)
    url = models.URLField(max_length=2000, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="When Stripe closes it by itself.")
    payment_method = models.CharField(
        max_length=80, blank=True, help_text="Stripe's id of what was saved."
    )
    means = models.CharField(max_length=40, blank=True, help_text="As people know it: Visa 4242.")

    objects = SetupQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"card page {self.pk} of commitment {self.commitment_id}"


class WrongDraft(models.Model):
    """The draft of a seat's invoice that does not bill what was agreed: nobody is charged for it, and
    it is looked at again from time to time, until somebody has mended it at Stripe."""

    commitment = models.OneToOneField(Commitment, models.PROTECT, related_name="wrong_draft")
    stripe_id = models.CharField(max_length=80)
    words = models.CharField(max_length=300, help_text="What it bills, and what was agreed.")
    found_at = models.DateTimeField()
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["found_at", "id"]

    def __str__(self) -> str:
        return self.stripe_id
