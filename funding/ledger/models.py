"""Accounts, entries and transfers. Only `posting` writes them; the database refuses the rest."""

from django.db import models
from django.db.models import F, Q

from funding.ledger.money import CURRENCIES, Money


class Account(models.Model):
    """A place where money is or a claim to it, in one currency. `owner` says whose it is: a
    project ("project:7"), a programme's round ("round:5"), a company ("company:3"), or nobody ("")
    for the operator's own."""

    class Kind(models.TextChoices):
        STRIPE = "stripe", "Stripe balance"
        BANK = "bank", "Bank"
        FEES = "fees", "Card fees on their way to who bears them"
        RECEIVABLE = "receivable", "Billed and not yet paid"
        TAX = "tax", "Tax payable"
        BILLED = "billed", "Billed for a project, not yet paid"
        HELD = "held", "Held for a project, free to spend"
        DEFERRED = "deferred", "Paid ahead for months to come"
        CONVERSION = "conversion", "Currency conversion"
        GENERAL = "general", "The operator’s general fund"

    kind = models.CharField(max_length=12, choices=Kind)
    owner = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3, choices=CURRENCIES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner", "currency"], name="account_once"),
            models.CheckConstraint(
                condition=Q(currency__in=[code for code, _ in CURRENCIES]),
                name="account_currency_known",
            ),
        ]
        indexes = [models.Index(fields=["owner"], name="account_owner")]

    def __str__(self) -> str:
        return f"{self.owner or 'operator'} {self.kind} {self.currency}"


class Entry(models.Model):
    """One thing that happened to money. Its reference (a Stripe balance transaction, an invoice
    and its revision, one of our rows) is what makes it happen once."""

    class Kind(models.TextChoices):
        INVOICE_FINALISED = "invoice_finalised"
        INVOICE_WITHDRAWN = "invoice_withdrawn"
        CHARGE_SETTLED = "charge_settled"
        PAID_OUTSIDE = "paid_outside"
        CREDITED = "credited"
        CREDIT_WITHDRAWN = "credit_withdrawn"
        REFUNDED = "refunded"
        REFUND_FAILED = "refund_failed"
        DISPUTED = "disputed"
        DISPUTE_REINSTATED = "dispute_reinstated"
        PAYOUT = "payout"
        STRIPE_FEE = "stripe_fee"
        ADJUSTED = "adjusted"
        MONTH_RELEASED = "month_released"
        GRANT = "grant"
        PAYMENT_OUT = "payment_out"
        STIPEND_PAID = "stipend_paid"
        COST_PAID = "cost_paid"
        CALL_FEES = "call_fees"
        REMAINDER = "remainder"
        SENT_BACK = "sent_back"
        CARRIED = "carried"
        CORRECTION = "correction"

    reference = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    memo = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField(help_text="When it happened: Stripe's created, or the day.")
    posted_at = models.DateTimeField(help_text="When it was written here.")
    legs = models.PositiveSmallIntegerField(help_text="How many transfers it was written with.")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "occurred_at"], name="entry_kind_occurred")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Transfer(models.Model):
    """One leg of an entry: a positive amount out of the credit account into the debit account.
    Naming both makes an unbalanced ledger impossible to write down."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="transfers")
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = models.BigIntegerField(help_text="Whole minor units.")
    currency = models.CharField(max_length=3)
    occurred_at = models.DateTimeField(help_text="The entry's, here to be asked by account.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="transfer_between_two_accounts"
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "occurred_at"], name="transfer_debit_occurred"),
            models.Index(fields=["credit", "occurred_at"], name="transfer_credit_occurred"),
        ]

    def __str__(self) -> str:
        return f"{self.debit} ← {self.credit}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Rollup(models.Model):
    """What an account was debited and credited in a month. It can be made anew from the transfers
    at any time; only `rollups` writes it, so it needs no triggers that guard it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    month = models.DateField(help_text="Its first day, UTC.")
    writer = models.IntegerField(
        default=0, help_text="Whose connection added it; 0: all together."
    )
    debits = models.BigIntegerField(help_text="Minor units.")
    credits = models.BigIntegerField(help_text="Minor units.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "month", "writer"], name="rollup_once"),
            models.CheckConstraint(
                condition=Q(debits__gte=0, credits__gte=0), name="rollup_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} in {self.month:%Y-%m}"
