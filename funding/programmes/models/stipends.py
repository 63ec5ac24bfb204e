"""What is paid out of a round's account: instalments of stipends, and what the programme costs."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from funding.ledger.models import Entry
from funding.ledger.money import CURRENCIES, Money
from funding.office.text import visible_text
from funding.programmes.models.calls import amount_validators
from funding.programmes.models.rounds import Round
from funding.programmes.models.running import Checkpoint, Place


class Instalment(models.Model):
    """A part of a stipend: pending until both sides were heard or an organiser says why not, then
    released, then paid. All of a place sum to its stipend."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waits for its checkpoint"
        RELEASED = "released", "To be paid"
        PAID = "paid", "Paid"
        DROPPED = "dropped", "Not paid: the place ended before"

    place = models.ForeignKey(Place, models.PROTECT, related_name="instalments")
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="+")
    amount = models.BigIntegerField(help_text="Minor units.")
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Empty: both sides were heard.",
    )  # fmt: skip
    reason = models.CharField(
        max_length=300,
        blank=True,
        help_text="Of a release without both sides; while it is pending: why it is held back.",
    )

    class Meta:
        ordering = ["checkpoint__number"]
        constraints = [
            models.UniqueConstraint(fields=["place", "checkpoint"], name="instalment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_positive"),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(reason=""), name="instalment_override_reasoned"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint} of {self.place}"

    @property
    def money(self) -> Money:
        return self.place.money(self.amount)

    @property
    def is_held(self) -> bool:
        """Kept back by an organiser, who said why."""
        return self.status == self.Status.PENDING and bool(self.reason)


class Outlay(models.Model):
    """Money that was paid out of a round's account: an instalment of a stipend, or programme cost.
    A mistake is taken back by a correction in the books, never changed."""

    class Kind(models.TextChoices):
        STIPEND = "stipend", "Stipend"
        COST = "cost", "Programme cost"

    round = models.ForeignKey(Round, models.PROTECT, related_name="outlays")
    kind = models.CharField(max_length=7, choices=Kind)
    instalment = models.ForeignKey(Instalment, models.PROTECT, null=True, related_name="outlays")
    payee = models.CharField(
        max_length=120,
        validators=[visible_text],
        help_text="Whom, or what for, as sponsors read it.",
    )
    amount = models.BigIntegerField(validators=amount_validators)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    paid_on = models.DateField()
    paid_by = models.CharField(
        max_length=120,
        validators=[visible_text],
        help_text="Who paid it: the foundation, the operator.",
    )
    reference = models.CharField(max_length=140, validators=[visible_text])
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    taken_back = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    taken_back_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"],
                condition=Q(taken_back=None),
                name="outlay_once_an_instalment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="outlay_positive"),
            models.CheckConstraint(
                condition=Q(kind="stipend", instalment__isnull=False)
                | Q(kind="cost", instalment=None),
                name="outlay_stipend_has_an_instalment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payee}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
