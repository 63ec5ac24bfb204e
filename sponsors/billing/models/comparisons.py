"""What came of comparing Stripe's lists with our rows."""

from typing import Self

from django.db import models

from funding.ledger.money import EXPONENTS, Money


class Reconciliation(models.Model):
    """One comparison of everything that Stripe lists since some instant with what we have: when it
    ran, how far it came, how much it looked at. One that a crash broke off is found by the next."""

    class Status(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        BROKEN_OFF = "broken_off", "broken off"

    since = models.DateTimeField(null=True, help_text="Empty: from the beginning.")
    every_subscription = models.BooleanField(
        default=False, help_text="All of them, and not only those made since."
    )
    started_at = models.DateTimeField(
        help_text="By the world's clock; while it waits, when it was asked for."
    )
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    calls = models.PositiveIntegerField(default=0, help_text="Lists asked of Stripe.")
    looked_at = models.JSONField(default=dict, help_text="How many of each kind of object.")
    balances = models.JSONField(
        default=dict, help_text="By currency: Stripe's balance and the books', minor units."
    )
    trouble = models.CharField(
        max_length=300, blank=True, help_text="Why it was broken off, if it said so."
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.status}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def unexplained(self) -> Self:
        """Neither mended nor somebody else's."""
        return self.filter(is_mended=False).exclude(kind=Finding.STRANGER)


class Finding(models.Model):
    """Something in which Stripe and we differed: mended, or for staff to look at."""

    STRANGER = "stranger"  # on the same Stripe account, and not of this site: only listed

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=40)
    stripe_id = models.CharField(max_length=100)
    amount = models.BigIntegerField(default=0, help_text="Unexplained, minor units.")
    currency = models.CharField(max_length=3, blank=True)
    words = models.CharField(max_length=300, help_text="What differs, in a sentence.")
    is_mended = models.BooleanField(default=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["is_mended", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reconciliation", "kind", "stripe_id"], name="finding_once_a_run"
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def unexplained(self) -> str:
        """So much of money, also of a currency that the site does not take."""
        if not self.amount:
            return ""
        if self.currency not in EXPONENTS:
            return f"{self.amount} {self.currency}"
        return Money(self.amount, self.currency).exact
