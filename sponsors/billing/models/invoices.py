"""What is owed and what was paid: invoices, payments, and yearly money whose months are to come."""

from datetime import UTC, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from funding.ledger.money import CURRENCIES, Money
from sponsors.billing.periods import months_between
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Commitment, Sponsorship

# What an invoice is for, with what is said of it.
SUBJECTS = (
    "company", "sponsorship__project", "sponsorship__bought_by", "commitment__share",
    "commitment__call__round__programme", "commitment__accepted_by",
)  # fmt: skip


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def paying(self) -> Self:
        """For a period, paid, and not taken back as a whole since: by these a sponsorship is paid
        for."""
        kept = Q(returned=0, credited=0) | Q(returned__lt=F("net") + F("tax") - F("credited"))
        return self.filter(kept, status="paid", is_change=False)

    def awaited(self) -> Self:
        """Billed, and neither paid nor given up."""
        return self.filter(status="open")

    def sent(self) -> Self:
        """Sent, and not yet paid or given up: somebody's finance department has it."""
        return self.awaited().filter(is_sent=True)

    def overdue(self, now: datetime) -> Self:
        return self.sent().filter(due_at__lt=now)

    def without_location(self) -> Self:
        """Drafts that cannot be finalised, since nobody knows where they are taxed; no other
        draft is kept here."""
        return self.filter(status="draft")

    def of_company(self, company: Company) -> Self:
        """With what they are for, what was credited and what went back, newest first."""
        rows = self.filter(company=company).with_subjects()
        return rows.with_returns()

    def newest_by_sponsorship(self) -> dict[int, "Invoice"]:
        """Of each sponsorship among them the newest."""
        rows = self.filter(sponsorship__isnull=False).order_by("created_at", "id")
        return {one.sponsorship_id or 0: one for one in rows}

    def with_subjects(self) -> Self:
        """With what they are for."""
        return self.select_related(*SUBJECTS)

    def with_returns(self) -> Self:
        """With what says how each of them stands."""
        return self.prefetch_related("credit_notes", "payments__refunds", "payments__disputes")

    def of_year(self, year: int) -> Self:
        first, after = (datetime(one, 1, 1, tzinfo=UTC) for one in (year, year + 1))
        return self.filter(created_at__gte=first, created_at__lt=after)

    def standing(self, how: str, *, now: datetime) -> Self:
        """Of the states by which a list of them is narrowed."""
        late = Q(status="open", is_sent=True, due_at__lt=now)
        return self.filter(
            {
                "paid": Q(status="paid"),
                "open": Q(status="open"),
                "overdue": late,
                "other": ~Q(status__in=["paid", "open"]),
            }[how]
        )


class Invoice(models.Model):
    """A Stripe invoice for a sponsorship or for a seat of a programme: what pages list and what the
    books were told."""

    stripe_id = models.CharField(max_length=80, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    sponsorship = models.ForeignKey(
        Sponsorship, models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    fund = models.CharField(
        max_length=40, help_text="Whose accounts its money goes through: project:7, round:3."
    )
    number = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=16, help_text="Stripe's word.")
    revision = models.PositiveSmallIntegerField(
        default=0, help_text="Times it was billed or taken back in the books; odd: billed now."
    )
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    period_starts_at = models.DateTimeField()
    period_ends_at = models.DateTimeField()
    is_change = models.BooleanField(
        default=False, help_text="For a change within a period, which is billed by itself."
    )
    is_left_out = models.BooleanField(
        default=False, help_text="Taken back as it was made: its sponsorship was paused."
    )
    hosted_url = models.URLField(max_length=2000, blank=True)
    is_sent = models.BooleanField(default=False, help_text="Sent, not charged to a card.")
    due_at = models.DateTimeField(null=True, help_text="Of one that is sent.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Times a card was tried.")
    next_attempt_at = models.DateTimeField(null=True)
    returned = models.BigIntegerField(
        default=0,
        help_text="What went back of what was paid: refunds, disputes open or lost. Without what "
        "was paid too much.",
    )
    credited = models.BigIntegerField(
        default=0, help_text="Taken off before it was paid, by credit notes, tax included."
    )
    paid_outside = models.BigIntegerField(
        default=0, help_text="What of it was paid by money that Stripe has not seen."
    )
    po_number = models.CharField(max_length=140, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    paper = models.JSONField(
        default=dict, help_text="What its PDF says, as it was when it was finalised."
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned__gte=0, credited__gte=0), name="invoice_returned_positive"
            ),
            models.CheckConstraint(
                condition=Q(sponsorship=None, commitment__isnull=False)
                | Q(sponsorship__isnull=False, commitment=None),
                name="invoice_for_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["sponsorship", "-created_at"], name="invoice_of"),
            models.Index(fields=["company", "-created_at"], name="invoice_of_company"),
            models.Index(fields=["created_at"], name="invoice_made"),
            models.Index(fields=["due_at"], name="invoice_awaited", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return self.number or self.stripe_id

    def get_absolute_url(self) -> str:
        """Its PDF, for people of its company and for staff: what mails link to."""
        return reverse("billing:document", args=[self.stripe_id])

    @property
    def subject(self) -> Sponsorship | Commitment:
        """What it is for."""
        subject = self.sponsorship or self.commitment
        assert subject is not None  # noqa: S101 - the constraint `invoice_for_one_thing`
        return subject

    @property
    def net_money(self) -> Money:
        return Money(self.net, self.currency)

    @property
    def tax_money(self) -> Money:
        return Money(self.tax, self.currency)

    @property
    def months(self) -> int:
        """For how many months it pays. The invoice itself says so, not what its sponsorship has
        become since. A seat is paid once, and its money is held at once."""
        if self.commitment_id is not None:
            return 1
        return months_between(self.period_starts_at, self.period_ends_at)

    @property
    def total(self) -> Money:
        return Money(self.net + self.tax, self.currency)

    @property
    def open_amount(self) -> Money:
        """What is still to be paid: all of it, less what credit notes took off."""
        return Money(self.net + self.tax - self.credited, self.currency)

    def is_overdue(self, now: datetime) -> bool:
        return self.status == "open" and self.due_at is not None and self.due_at < now


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
