"""What was paid, by card and by bank transfer, and yearly money whose months are to come."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from funding.ledger.money import Money
from sponsors.billing.models.invoices import Invoice


class Payment(models.Model):
    """A payment intent and the invoice it pays. When its balance transaction is known, the money
    is in the books under that id."""

    payment_intent = models.CharField(max_length=80, unique=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments")
    balance_transaction = models.CharField(max_length=80, unique=True, null=True)
    charge = models.CharField(max_length=80, unique=True, null=True)
    amount = models.BigIntegerField(
        default=0, help_text="What was taken, in the invoice's currency; 0 while nothing was."
    )
    fee = models.BigIntegerField(default=0, help_text="In the currency it was settled in.")
    net = models.BigIntegerField(default=0, help_text="What of it is the project's, fee included.")
    surplus = models.BigIntegerField(
        default=0, help_text="What of it was not owed: a second payment for the same invoice."
    )
    settled_in = models.CharField(max_length=3, blank=True, help_text="Stripe's currency for it.")
    settled = models.BigIntegerField(default=0, help_text="In that currency, fee included.")
    warned_at = models.DateTimeField(
        null=True, help_text="When its bank believed that somebody else had paid with the card."
    )
    settled_at = models.DateTimeField(null=True)
    means = models.CharField(max_length=40, blank=True, help_text="Visa 4242, bank transfer …")
    failure = models.CharField(max_length=300, blank=True, help_text="The bank's reason.")
    failure_code = models.CharField(max_length=60, blank=True, help_text="Stripe's word for it.")
    needs_person = models.BooleanField(
        default=False, help_text="The bank wants to see somebody (3-D Secure)."
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["-settled_at", "-id"], name="payment_settled"),
            models.Index(
                fields=["warned_at"], name="payment_warned", condition=Q(warned_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.payment_intent

    @property
    def tax(self) -> int:
        return self.amount - self.net - self.surplus

    @property
    def money(self) -> Money:
        """What was taken, tax included."""
        return Money(self.amount, self.invoice.currency)


class Deferral(models.Model):
    """A yearly payment whose months are still to come: so much is moved to what the project may
    spend as each service month passes, the remainder in the last."""

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="deferral")
    amount = models.BigIntegerField(help_text="What is released in all: net, less the card fee.")
    starts_at = models.DateTimeField()
    months = models.PositiveSmallIntegerField(default=12)
    released = models.PositiveSmallIntegerField(default=0, help_text="Months released so far.")
    next_at = models.DateTimeField(null=True, help_text="When the next month will have passed.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(released__lte=F("months")), name="deferral_months_released"
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="deferral_due")]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.released} of {self.months} months"


class BankPaymentQuerySet(models.QuerySet["BankPayment"]):
    def agreed(self) -> Self:
        """What Stripe has agreed to: that it pays its invoice."""
        return self.filter(invoice__status="paid", invoice__paid_outside__gt=0)

    def waiting(self) -> Self:
        """What Stripe has not agreed to yet."""
        return self.filter(invoice__status__in=BankPayment.MAY_PAY)

    def for_nothing(self) -> Self:
        """What Stripe will never agree to: its invoice is void, or was paid in another way."""
        void, otherwise = Q(invoice__status="void"), Q(invoice__status="paid")
        return self.filter(void | otherwise & Q(invoice__paid_outside=0))

    def too_much(self) -> Self:
        """Of which some was not owed when Stripe agreed to it."""
        return self.agreed().filter(amount__gt=F("net") + F("tax"))


class BankPayment(models.Model):
    """Money for an invoice that did not come through Stripe, as staff saw it on the bank's paper."""

    MAY_PAY = ("open", "uncollectible")

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="bank_payment")
    amount = models.BigIntegerField(help_text="Minor units of the invoice's currency.")
    net = models.BigIntegerField(
        default=0, help_text="What of it is the project's; 0 until it is in the books."
    )
    tax = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=140, help_text="On the bank's statement.")
    received_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = BankPaymentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.reference} for {self.invoice}"

    @property
    def is_for_nothing(self) -> bool:
        """As `for_nothing` finds it."""
        invoice = self.invoice
        return invoice.status == "void" or (invoice.status == "paid" and not invoice.paid_outside)

    @property
    def surplus(self) -> Money:
        """What of it was not owed, once it is known for what it came."""
        waits = self.invoice.status in self.MAY_PAY
        rest = 0 if waits else self.amount - self.net - self.tax
        return Money(rest, self.invoice.currency)
