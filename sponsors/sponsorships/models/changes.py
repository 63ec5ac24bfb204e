"""A sponsorship's diary, and what it is asked to become."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from funding.ledger.money import MOST, Money
from funding.projects.models import Tier
from sponsors.sponsorships.models.sponsorship import Interval, Sponsorship, Status


class ChangeQuerySet(models.QuerySet["Change"]):
    def live(self) -> Self:
        """Asked for, and neither come about nor dropped yet."""
        return self.filter(status__in=Change.LIVE)


class Change(models.Model):
    """Another tier, or another interval, that a company asked for one of its sponsorships: at once
    and when it is paid for, or with the period to come. While it lives it holds a seat of the tier
    that it leads to."""

    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        WAITING = "waiting", "Waiting for payment"
        SCHEDULED = "scheduled", "Comes with the next period"
        DONE = "done", "Done"
        DROPPED = "dropped", "Did not come about"

    LIVE = (Status.ASKED, Status.WAITING, Status.SCHEDULED)

    sponsorship = models.ForeignKey(Sponsorship, models.PROTECT, related_name="changes")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    interval = models.CharField(max_length=5, choices=Interval)
    amount = models.BigIntegerField(help_text="Net price of one interval then, minor units.")
    tier_name = models.CharField(max_length=60)
    benefits = models.JSONField(default=list, help_text="What is promised then.")
    at_once = models.BooleanField(help_text="When it is paid for, not at the period's end.")
    cost = models.BigIntegerField(
        null=True, help_text="What was shown to be charged at once, tax included, minor units."
    )
    prorated_at = models.DateTimeField(
        null=True, help_text="The instant for which the cost was computed."
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True, help_text="When it comes about, or is dropped unpaid."
    )
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=160, blank=True, help_text="Why it did not come about.")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sponsorship"],
                condition=Q(status__in=["asked", "waiting", "scheduled"]),
                name="change_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="change_amount_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="change_due",
                condition=Q(status__in=["asked", "waiting", "scheduled"]),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.sponsorship} to {self.tier_name}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.sponsorship.currency)

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE

    @property
    def cost_money(self) -> Money | None:
        """What was shown to be charged at once."""
        return None if self.cost is None else Money(self.cost, self.sponsorship.currency)


class Move(models.Model):
    """A line of a sponsorship's diary: what it became, when, and why."""

    sponsorship = models.ForeignKey(Sponsorship, models.CASCADE, related_name="moves")
    before = models.CharField(max_length=16, choices=Status)
    after = models.CharField(max_length=16, choices=Status)
    at = models.DateTimeField()
    cause = models.CharField(max_length=160)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
