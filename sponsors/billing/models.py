"""What we know of Stripe's objects, and what we were told and asked. Each Stripe id is unique."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from funding.ledger.money import CURRENCIES, Money
from funding.projects.models import Tier
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Interval, Sponsorship


class CustomerQuerySet(models.QuerySet["Customer"]):
    def at_stripe(self, company: Company, *, livemode: bool) -> Self:
        """Those of a company that Stripe knows."""
        known = self.filter(company=company, livemode=livemode, stripe_id__isnull=False)
        return known.select_related("company")


class Customer(models.Model):
    """A company at Stripe, in one currency and one mode: Stripe lets a customer hold one currency.
    Its card and its portal belong to it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    livemode = models.BooleanField()
    stripe_id = models.CharField(max_length=80, unique=True, null=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "currency", "livemode"], name="customer_once_a_currency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company} in {self.currency}"


class Price(models.Model):
    """A tier's price as Stripe knows it. A tier whose price changes gets another one."""

    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    interval = models.CharField(max_length=5, choices=Interval)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    livemode = models.BooleanField()
    stripe_id = models.CharField(max_length=80, unique=True, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "interval", "amount", "currency", "livemode"],
                name="price_once_a_tier_and_amount",
            )
        ]

    def __str__(self) -> str:
        return f"{self.tier}: {Money(self.amount, self.currency)} a {self.interval}"


class CheckoutQuerySet(models.QuerySet["Checkout"]):
    def live(self) -> Self:
        """On which somebody may still pay, as far as we know."""
        return self.filter(status__in=[Checkout.Status.OPEN, Checkout.Status.CLOSING])


class Checkout(models.Model):
    """One payment page at Stripe for a pending sponsorship. Its id travels as Stripe's
    `client_reference_id`."""

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSING = "closing", "being closed for another one"
        COMPLETE = "complete"
        EXPIRED = "expired"

    sponsorship = models.ForeignKey(Sponsorship, models.PROTECT, related_name="checkouts")
    stripe_id = models.CharField(max_length=100, unique=True, null=True)
    url = models.URLField(max_length=2000, blank=True)
    interval = models.CharField(max_length=5, choices=Interval)
    amount = models.BigIntegerField(help_text="What the page asks for, net, minor units.")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = CheckoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sponsorship"],
                condition=Q(status__in=["open", "closing", "complete"]),
                name="checkout_one_to_pay_on_a_sponsorship",
            )
        ]
        indexes = [models.Index(fields=["status", "expires_at"], name="checkout_open_until")]

    def __str__(self) -> str:
        return self.stripe_id or f"checkout {self.pk}"


class Subscription(models.Model):
    """The Stripe subscription that pays for a sponsorship, as it was when it was last looked up.
    The link is by its item, so that one subscription may pay for several one day."""

    sponsorship = models.OneToOneField(Sponsorship, models.PROTECT, related_name="subscription")
    stripe_id = models.CharField(max_length=80)
    item_id = models.CharField(max_length=80, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, help_text="Stripe's word.")
    period_ends_at = models.DateTimeField(null=True)
    looked_up_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["stripe_id"], name="subscription_stripe_id")]

    def __str__(self) -> str:
        return self.stripe_id


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def of_company(self, company: Company) -> Self:
        """With what they are for, newest first."""
        return self.filter(sponsorship__company=company).select_related("sponsorship__project")


class Invoice(models.Model):
    """A Stripe invoice for a sponsorship: what pages list and what the books were told."""

    stripe_id = models.CharField(max_length=80, unique=True)
    sponsorship = models.ForeignKey(Sponsorship, models.PROTECT, related_name="invoices")
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
    hosted_url = models.URLField(max_length=2000, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["sponsorship", "-created_at"], name="invoice_of")]

    def __str__(self) -> str:
        return self.number or self.stripe_id

    @property
    def total(self) -> Money:
        return Money(self.net + self.tax, self.currency)


class Payment(models.Model):
    """A payment intent and the invoice it pays. When its balance transaction is known, the money
    is in the books under that id."""

    payment_intent = models.CharField(max_length=80, unique=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments")
    balance_transaction = models.CharField(max_length=80, unique=True, null=True)
    failure = models.CharField(max_length=300, blank=True, help_text="The bank's reason.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.payment_intent


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


class EventQuerySet(models.QuerySet["Event"]):
    def unhandled(self) -> Self:
        return self.filter(status=Event.Status.NEW)


class Event(models.Model):
    """What Stripe told us, kept as it came. It only says that an object has changed; what the
    object is now is looked up. Kept for at least 90 days."""

    class Status(models.TextChoices):
        NEW = "new"
        HANDLED = "handled"
        IGNORED = "ignored"
        DEAD = "dead"

    stripe_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=100, help_text="What has changed.")
    root = models.CharField(
        max_length=100, help_text="What to look up: an invoice's subscription, a charge's payment."
    )
    created_at = models.DateTimeField(help_text="Stripe's.")
    received_at = models.DateTimeField()
    payload = models.TextField()
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(
        null=True, help_text="By this machine's clock; empty: at once."
    )
    error = models.TextField(blank=True)
    handled_at = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["root"], name="event_new_by_root", condition=Q(status="new")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.root}"


class Call(models.Model):
    """A change that we ask of Stripe: written down before it is asked, so that a crash leaves a
    question and not a guess. While the outcome is unknown the same key is used again."""

    class Status(models.TextChoices):
        ASKED = "asked"
        UNCLEAR = "unclear"
        DONE = "done"
        REFUSED = "refused"

    purpose = models.CharField(max_length=40, help_text="open_checkout, create_customer …")
    subject = models.CharField(max_length=80, help_text="Our row: checkout:12.")
    attempt = models.PositiveSmallIntegerField(default=1)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    stripe_id = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject", "attempt"], name="call_once_an_attempt"
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The idempotency key: of this row alone, the same however often it is asked. Not of row
        numbers, which a restored or second database on the same account would use again."""
        return f"{self.purpose}:{self.uuid}"
