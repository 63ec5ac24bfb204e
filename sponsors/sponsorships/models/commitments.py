"""Commitments: companies that promise to pay for a seat of a programme's round."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse

from funding.accounts.models import User
from funding.ledger.money import CURRENCIES, MOST, Money
from funding.programmes.models import FundingCall, Share
from sponsors.companies.models import Company
from sponsors.sponsorships.models.sponsorship import PaysBy

CARD_HOLDS = timedelta(minutes=30)  # a seat, for somebody who looks for a card
OFFER_HOLDS = timedelta(days=3)  # a seat, for the next on the waiting list
OFFERED_FOR = timedelta(days=14)  # after the closing, or after a seat was lost that was firm then
COMMITMENT_GRACE = timedelta(days=7)  # to mend a payment that failed


class CommitmentStatus(models.TextChoices):
    """Where a commitment is in its life. Nothing is charged before it is due."""

    RESERVED = "reserved", "Seat kept"
    COMMITTED = "committed", "Promised"
    DUE = "due", "Being paid"
    PAID = "paid", "Paid"
    EXPIRED = "expired", "Not confirmed in time"
    WITHDRAWN = "withdrawn", "Withdrawn"
    FAILED = "failed", "Not paid"
    RELEASED = "released", "Released: the call failed"
    REFUNDED = "refunded", "Refunded"
    DISPUTED = "disputed", "Disputed"


LIVE = (
    CommitmentStatus.RESERVED, CommitmentStatus.COMMITTED, CommitmentStatus.DUE,
    CommitmentStatus.PAID,
)  # fmt: skip
FIRM = (CommitmentStatus.COMMITTED, CommitmentStatus.DUE, CommitmentStatus.PAID)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def live(self) -> Self:
        """That take up a seat."""
        return self.filter(status__in=LIVE)

    def firm(self) -> Self:
        """On whose money the round may count."""
        return self.filter(status__in=FIRM)

    def due(self) -> Self:
        return self.filter(status=CommitmentStatus.DUE)

    def expired(self, now: datetime) -> Self:
        """Seats that were kept long enough."""
        return self.filter(status=CommitmentStatus.RESERVED, reserved_until__lte=now)

    def beyond_grace(self, now: datetime) -> Self:
        return self.due().filter(grace_until__lte=now)

    def amount(self) -> int:
        """Together, in minor units of their call's currency."""
        return int(self.aggregate(together=Sum("amount"))["together"] or 0)

    def with_parties(self) -> Self:
        return self.select_related("company__logo", "call__round__programme", "share")


class Commitment(models.Model):
    """A company's promise to pay for a seat, with the price and the words that it agreed to. Only
    `seat_moves` writes a status. It is charged once, by a key made of its own id, and never before
    the call was decided."""

    call = models.ForeignKey(FundingCall, models.PROTECT, related_name="+")
    share = models.ForeignKey(Share, models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="commitments")
    status = models.CharField(
        max_length=9, choices=CommitmentStatus, default=CommitmentStatus.RESERVED
    )
    amount = models.BigIntegerField(help_text="Net, minor units, as it was accepted.")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    pays_by = models.CharField(max_length=7, choices=PaysBy, default=PaysBy.CARD)
    po_number = models.CharField(max_length=140, blank=True)
    net_days = models.PositiveSmallIntegerField(default=30, help_text="Of one paid by invoice.")
    is_anonymous = models.BooleanField(default=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="Who signed for it."
    )
    accepted_at = models.DateTimeField()
    accepted_name = models.CharField(max_length=120, help_text="As it was typed to sign.")
    accepted_text = models.TextField(help_text="What was signed, price and rules in it.")
    reserved_until = models.DateTimeField()
    was_offered = models.BooleanField(default=False, help_text="Through the waiting list.")
    committed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="When the call's decision made it due.")
    grace_until = models.DateTimeField(
        null=True, help_text="After a payment that failed: until when it can be mended."
    )
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_words = models.CharField(max_length=200, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "company"],
                condition=Q(status__in=LIVE),
                name="commitment_one_seat_a_company",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CommitmentStatus.values), name="commitment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="commitment_amount_positive"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["due", "paid"]) | Q(due_at__isnull=False),
                name="commitment_due_by_a_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "status"], name="commitment_of_call"),
            models.Index(
                fields=["reserved_until"], name="commitment_expires",
                condition=Q(status="reserved"),
            ),
            models.Index(
                fields=["due_at"], name="commitment_due", condition=Q(status="due")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.company} for {self.call}"

    def get_absolute_url(self) -> str:
        """The sponsor's page of the programme, for people of its company."""
        return reverse("sponsorships:commitment", args=[self.pk])

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def payee(self) -> str:
        """What it pays for, as invoices and mails name it; `item` is what is bought there."""
        return str(self.call.round)

    @property
    def item(self) -> str:
        return f"A seat: {self.share.name}"

    @property
    def bought_by(self) -> User:
        return self.accepted_by

    @property
    def is_named(self) -> bool:
        return not self.is_anonymous

    @property
    def shows_amount(self) -> bool:
        """What a seat costs is for everybody to see."""
        return True

    @property
    def fund(self) -> str:
        """Whose accounts its money goes through, in the books."""
        return f"round:{self.call.round_id}"

    @property
    def is_signed(self) -> bool:
        """A seat that was offered is kept before anybody has signed for it."""
        return self.accepted_name != ""

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_firm(self) -> bool:
        return self.status in FIRM


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def waiting(self) -> Self:
        """Those to whom nothing was offered yet, the first in front."""
        return self.filter(left_at=None, offered=None).order_by("id")


class Waiting(models.Model):
    """A company that would take a seat if one came free. First come, first asked."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="+")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    offered = models.ForeignKey(
        Commitment,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The seat it was offered.",
    )
    left_at = models.DateTimeField(null=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "waiting"
        constraints = [
            models.UniqueConstraint(
                fields=["call", "company"],
                condition=Q(left_at=None, offered=None),
                name="waiting_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company} waits for {self.call}"


class CommitmentMove(models.Model):
    """A line of a commitment's diary: what it became, when, and why."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="moves")
    before = models.CharField(max_length=9, choices=CommitmentStatus)
    after = models.CharField(max_length=9, choices=CommitmentStatus)
    at = models.DateTimeField()
    cause = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
