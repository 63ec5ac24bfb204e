"""Money that goes back: credit notes, refunds, disputes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse

from funding.ledger.money import Money
from sponsors.billing.models.invoices import Invoice
from sponsors.billing.models.payments import BankPayment, Payment


class CreditNote(models.Model):
    """That less is owed than an invoice says, or that some of what was paid goes back."""

    stripe_id = models.CharField(max_length=80, unique=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credit_notes")
    number = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=16, help_text="Stripe's word: issued or void.")
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    before_payment = models.BigIntegerField(
        default=0, help_text="What of it came off what was still owed, tax included."
    )
    revision = models.PositiveSmallIntegerField(
        default=0, help_text="Times it was booked or taken back in the books; odd: booked now."
    )
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    paper = models.JSONField(default=dict, help_text="What its PDF says.")

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.number or self.stripe_id

    def get_absolute_url(self) -> str:
        """Its PDF, for people of its company and for staff."""
        return reverse("billing:document", args=[self.stripe_id])

    @property
    def net_money(self) -> Money:
        return Money(self.net, self.invoice.currency)

    @property
    def tax_money(self) -> Money:
        return Money(self.tax, self.invoice.currency)

    @property
    def total(self) -> Money:
        return Money(self.net + self.tax, self.invoice.currency)


class Asked(models.Model):
    """That somebody wants money to go back to a company: who, how much and why, written down before
    Stripe is asked."""

    class Status(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        REFUSED = "refused"

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="asked")
    amount = models.BigIntegerField(help_text="Tax included, minor units.")
    why = models.CharField(max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Empty: the site itself, as it was announced.",
    )  # fmt: skip
    at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKED)
    ends = models.BooleanField(
        default=False, help_text="The sponsorship is to be ended when this is done."
    )
    ended_at = models.DateTimeField(null=True, help_text="When that was asked of Stripe.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_asked_positive"),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(status="asked"), name="refund_asked_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment}"


class Refund(models.Model):
    """Money on its way back to who paid, as Stripe tells it. It may fail weeks later and come back
    to us; both movements are in the books under their balance transactions."""

    STAYED = ("failed", "canceled")

    stripe_id = models.CharField(max_length=80, unique=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(CreditNote, models.PROTECT, null=True, related_name="refunds")
    asked = models.OneToOneField(Asked, models.PROTECT, null=True, related_name="refund")
    amount = models.BigIntegerField()
    tax = models.BigIntegerField(default=0, help_text="What of it is tax.")
    status = models.CharField(max_length=16, help_text="Stripe's word.")
    failure = models.CharField(max_length=80, blank=True, help_text="Stripe's word.")
    balance_transaction = models.CharField(max_length=80, unique=True, null=True)
    failure_balance_transaction = models.CharField(max_length=80, unique=True, null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def is_on_its_way(self) -> bool:
        return self.status in {"pending", "requires_action"}

    @property
    def money(self) -> Money:
        return Money(self.amount, self.payment.invoice.currency)

    @property
    def went_back(self) -> bool:
        """Whether the money is with who paid, or on its way there."""
        return self.status not in self.STAYED


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def needing_an_answer(self) -> Self:
        return self.filter(status__in=Dispute.TO_ANSWER).order_by("due_by", "id")


class Dispute(models.Model):
    """That who paid, or their bank, wants a payment back. Stripe takes the money at once, and gives
    it back if we are right; somebody has to answer before the deadline."""

    TO_ANSWER = ("needs_response", "warning_needs_response", "appeal_needs_response")
    TAKEN = ("needs_response", "under_review", "lost", "appeal_needs_response",
             "appeal_under_review")  # fmt: skip

    stripe_id = models.CharField(max_length=80, unique=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    amount = models.BigIntegerField()
    status = models.CharField(max_length=40, help_text="Stripe's word.")
    reason = models.CharField(max_length=60, help_text="Stripe's word.")
    due_by = models.DateTimeField(null=True, help_text="Until when an answer counts.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    goes_on_because = models.CharField(
        max_length=300, blank=True, help_text="Why the sponsorship goes on all the same."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, help_text="That it goes on.")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["status", "due_by"], name="dispute_to_answer")]

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.payment.invoice.currency)

    @property
    def is_inquiry(self) -> bool:
        """Somebody asks; nothing was taken."""
        return self.status.startswith("warning_")

    @property
    def is_taken(self) -> bool:
        return self.status in self.TAKEN

    @property
    def needs_answer(self) -> bool:
        return self.status in self.TO_ANSWER


class Movement(models.Model):
    """A balance transaction with which money of a payment went back, or came again: what is in the
    books under its id, in parts. Amounts are what went back; less than nothing came again."""

    stripe_id = models.CharField(max_length=80, unique=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="movements")
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, related_name="movements")
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, related_name="movements")
    net = models.BigIntegerField(help_text="Out of what the project holds.")
    tax = models.BigIntegerField()
    surplus = models.BigIntegerField(default=0, help_text="Of what was paid too much.")
    fee = models.BigIntegerField(default=0, help_text="Stripe's, borne by the project.")
    settled_in = models.CharField(max_length=3, help_text="Stripe's currency for it.")
    settled = models.BigIntegerField(help_text="In that currency, fee included.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def gross(self) -> int:
        return self.net + self.tax + self.surplus


class BankReturnQuerySet(models.QuerySet["BankReturn"]):
    def to_send(self) -> Self:
        """What nobody has said of that it was sent."""
        return self.filter(sent_on=None)

    def sent(self) -> Self:
        return self.filter(sent_on__isnull=False)

    def together(self) -> tuple[int, int]:
        """Net and tax of all of them."""
        sums = self.aggregate(net=Sum("net"), tax=Sum("tax"))
        return sums["net"] or 0, sums["tax"] or 0


class BankReturn(models.Model):
    """What goes back to a company that paid by bank: Stripe has never seen its money, so staff send
    it and say when. It is in the books from then on, and Stripe has a credit note of it."""

    bank_payment = models.ForeignKey(BankPayment, models.PROTECT, related_name="returns")
    net = models.BigIntegerField(help_text="Out of what the round holds.")
    tax = models.BigIntegerField(default=0)
    why = models.CharField(max_length=300)
    promised_at = models.DateTimeField()
    sent_on = models.DateField(null=True)
    reference = models.CharField(max_length=140, blank=True, help_text="On the bank’s paper.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)
    credit_note = models.OneToOneField(
        CreditNote, models.PROTECT, null=True, related_name="bank_return"
    )

    objects = BankReturnQuerySet.as_manager()

    class Meta:
        ordering = ["promised_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0) & ~Q(net=0, tax=0),
                name="bank_return_positive",
            ),
            models.CheckConstraint(
                condition=Q(sent_on=None, recorded_at=None)
                | Q(sent_on__isnull=False, recorded_at__isnull=False),
                name="bank_return_sent_is_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money.exact} of invoice {self.bank_payment.invoice}"

    @property
    def money(self) -> Money:
        """What is sent, tax included."""
        return self._money(self.net + self.tax)

    @property
    def net_money(self) -> Money:
        return self._money(self.net)

    @property
    def tax_money(self) -> Money:
        return self._money(self.tax)

    def _money(self, amount: int) -> Money:
        return Money(amount, self.bank_payment.invoice.currency)
