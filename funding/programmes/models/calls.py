"""Funding calls: what a round costs, into how many seats it is cut, and what was decided.

Whose the seats are is known above (`sponsors.sponsorships` has the commitments)."""

from datetime import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from funding.ledger.money import CURRENCIES, MOST, Money
from funding.office.text import visible_text
from funding.programmes.models.rounds import Round

amount_validators = [MinValueValidator(1), MaxValueValidator(MOST)]


class FundingCallQuerySet(models.QuerySet["FundingCall"]):
    def undecided(self) -> Self:
        """That take commitments and of which not all is decided."""
        return self.filter(state=FundingCall.State.OPEN)

    def to_be_closed(self, now: datetime) -> Self:
        return self.filter(
            state__in=[FundingCall.State.OPEN, FundingCall.State.SUCCEEDED],
            closed_at=None,
            closes_at__lte=now,
        )

    def to_be_cleared(self) -> Self:
        """Whose round is done, and of which something may be left."""
        settled = self.filter(state=FundingCall.State.SUCCEEDED, settled_at__isnull=False)
        return settled.filter(cleared_at=None, round__status=Round.Status.DONE)


class FundingCall(models.Model):
    """What a round costs, who may pay for it until when, and under which rule. What was announced
    does not change once somebody has committed."""

    class Mode(models.TextChoices):
        ALL_OR_NOTHING = "all_or_nothing", "All or nothing"
        PER_PLACE = "per_place", "Place by place"

    class Remainder(models.TextChoices):
        REFUND = "refund", "Refunded to its sponsors, each by its share"
        NEXT_ROUND = "next_round", "Kept for the next round of the programme"
        GENERAL = "general", "Given to the operator’s general fund"

    class State(models.TextChoices):
        DRAFT = "draft", "Not open yet"
        OPEN = "open", "Open"
        SUCCEEDED = "succeeded", "Paid for"
        FAILED = "failed", "Failed"

    round = models.OneToOneField(Round, models.PROTECT, related_name="call")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    stipend = models.BigIntegerField(
        validators=amount_validators, help_text="What a participant gets, minor units."
    )
    programme_cost = models.BigIntegerField(
        default=0, editable=False, help_text="The sum of its cost parts: per place, minor units."
    )
    places_wanted = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    places_least = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    mode = models.CharField(max_length=14, choices=Mode, default=Mode.ALL_OR_NOTHING)
    closes_at = models.DateTimeField()
    remainder = models.CharField(max_length=10, choices=Remainder, default=Remainder.REFUND)
    policy = models.TextField(
        blank=True, max_length=5_000,
        help_text="What sponsors get and what they do not. Markdown.",
    )  # fmt: skip
    takes_anonymous = models.BooleanField(default=True)
    takes_invoices = models.BooleanField(default=True, help_text="By purchase order.")
    po_days = models.PositiveSmallIntegerField(
        default=14, validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Days for which a seat is kept while a company gets a purchase order.",
    )  # fmt: skip
    first_until = models.DateTimeField(
        null=True, blank=True,
        help_text="Until when only those who sponsored the round before may take a seat.",
    )  # fmt: skip
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False, help_text="For the first time.")
    closed_at = models.DateTimeField(
        null=True, editable=False, help_text="When no seat could be taken any more."
    )
    secured_at = models.DateTimeField(
        null=True, editable=False,
        help_text="When so much was paid that it can fail no more. Before that nothing is paid out.",
    )  # fmt: skip
    settled_at = models.DateTimeField(
        null=True, editable=False, help_text="When the remainder was carried out."
    )
    cleared_at = models.DateTimeField(
        null=True, editable=False,
        help_text="When what was left at the end of its round was carried out.",
    )  # fmt: skip

    objects = FundingCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(places_least__gte=1, places_least__lte=F("places_wanted")),
                name="call_least_within_wanted",
                violation_error_message="The least number of places is at most the number wanted.",
            ),
            models.CheckConstraint(
                condition=Q(stipend__gt=0, programme_cost__gte=0), name="call_costs_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open", "succeeded", "failed"]),
                name="call_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(secured_at=None), name="call_secured_never_fails"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | Q(settled_at__isnull=False),
                name="call_settled_before_cleared",
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_at"], name="call_to_be_closed", condition=Q(closed_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"call of {self.round}"

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)

    @property
    def cost(self) -> Money:
        """Of one place."""
        return self.money(self.stipend + self.programme_cost)

    @property
    def wanted(self) -> Money:
        """What all seats together pay."""
        return self.money(self.cost.amount * self.places_wanted)

    @property
    def least(self) -> Money:
        """What must be firm for the round to come about."""
        return self.money(self.cost.amount * self.places_least)

    @property
    def is_secure(self) -> bool:
        """Whether it can fail no more, so that its money may be paid out: the least is paid, or nobody
        owes anything."""
        is_over = self.secured_at is not None or self.settled_at is not None
        return is_over and self.state == self.State.SUCCEEDED

    @property
    def said_at_the_end(self) -> "models.QuerySet[Note]":
        """What its diary says of where the money went that was left."""
        return self.notes.filter(at=self.cleared_at) if self.cleared_at else self.notes.none()

    def is_open(self, now: datetime) -> bool:
        """Whether a seat may be taken: undecided or decided well, until it closes."""
        open_ = self.state in (self.State.OPEN, self.State.SUCCEEDED)
        return open_ and self.closed_at is None and now < self.closes_at


class CostPart(models.Model):
    """What a place costs besides the stipend: a mentor's time, travel, the card fees expected."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="parts")
    name = models.CharField(max_length=80, validators=[visible_text])
    when = models.CharField(
        max_length=120, blank=True, validators=[visible_text], help_text="When it is paid."
    )
    amount = models.BigIntegerField(validators=amount_validators, help_text="For one place.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="cost_part_positive")
        ]

    def __str__(self) -> str:
        return self.name


class Share(models.Model):
    """Seats of one name and one price. All shares of a call together sum exactly to what it wants.
    `taken` is moved by `seat_moves` alone, by one conditional update; the constraint holds the
    last seat."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="shares")
    name = models.CharField(max_length=60, validators=[visible_text], default="Sponsor")
    amount = models.BigIntegerField(validators=amount_validators, help_text="Of one seat, net.")
    seats = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("seats")), name="share_seats_not_oversold"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.call}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.call.currency)

    @property
    def free(self) -> int:
        return self.seats - self.taken


class Decision(models.Model):
    """What was decided of a call, once: of all of it (place 0), or of one place after the other.
    `undone_at` when firm money fell below the least after all."""

    call = models.ForeignKey(FundingCall, models.PROTECT, related_name="decisions")
    place = models.PositiveSmallIntegerField(default=0)
    is_success = models.BooleanField()
    firm = models.BigIntegerField(help_text="What was firm then, minor units.")
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["call", "place"], name="decision_once")]

    def __str__(self) -> str:
        outcome = "succeeded" if self.is_success else "failed"
        return f"{self.call} {outcome} ({self.place})"


class Note(models.Model):
    """A line in the diary of a call, as its organisers and sponsors read it. It names no company
    that stays anonymous."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    words = models.CharField(max_length=300)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words
