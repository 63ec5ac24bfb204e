"""Who pays, for what, and on which page: customers, prices, checkouts, subscriptions."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from funding.ledger.money import CURRENCIES, Money
from funding.projects.models import Tier
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Interval, Sponsorship


class CustomerQuerySet(models.QuerySet["Customer"]):
    def at_stripe(self, company: Company, *, livemode: bool) -> Self:
        """Those of a company that Stripe knows."""
        known = self.filter(company=company, livemode=livemode, stripe_id__isnull=False)
        return known.select_related("company")

    def typed_elsewhere(self) -> Self:
        """Those at whose company an address was typed that is not in its paperwork."""
        return self.exclude(elsewhere={})


class Customer(models.Model):
    """A company at Stripe, in one currency and one mode: Stripe lets a customer hold one currency.
    Its card and its portal belong to it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    livemode = models.BooleanField()
    stripe_id = models.CharField(max_length=80, unique=True, null=True)
    card = models.CharField(max_length=40, blank=True, help_text="As people know it: Visa 4242.")
    card_good_until = models.DateField(
        null=True, help_text="The last day of the month that is printed on it."
    )
    told = models.JSONField(
        default=dict, help_text="What Stripe was told of the company last: name, address, number."
    )
    elsewhere = models.JSONField(
        default=dict,
        help_text="An address that somebody typed at Stripe, where it is not the paperwork’s.",
    )

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
    is_sent = models.BooleanField(
        default=False, help_text="Its invoices are sent, not charged to a card."
    )
    schedule_id = models.CharField(
        max_length=80, blank=True, help_text="Stripe's plan of what it becomes at a period's end."
    )
    payment_method = models.CharField(
        max_length=80, blank=True, help_text="Its own; empty: it is charged to its customer's."
    )
    card = models.CharField(max_length=40, blank=True, help_text="As people know its own card.")
    card_good_until = models.DateField(null=True)
    told_reference = models.CharField(
        max_length=140, null=True,
        help_text="The company's own, as Stripe was told last; null: as its newest invoice says.",
    )  # fmt: skip
    created_at = models.DateTimeField(null=True, help_text="Stripe's.")
    period_ends_at = models.DateTimeField(null=True)
    looked_up_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["stripe_id"], name="subscription_stripe_id"),
            models.Index(fields=["period_ends_at"], name="subscription_renews"),
            models.Index(fields=["created_at"], name="subscription_made"),
        ]

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def charged_to(self) -> tuple[str, date | None]:
        """The card that the next renewal is charged to, and until when it is good."""
        source = self if self.payment_method else self.customer
        return source.card, source.card_good_until


class Order(models.Model):
    """That a company wants a sponsorship billed by invoice, as its people asked for it: written
    down before Stripe is asked for a subscription that sends invoices."""

    sponsorship = models.OneToOneField(Sponsorship, models.PROTECT, related_name="order")
    po_number = models.CharField(
        max_length=140, blank=True, help_text="Purchase order; stands on the invoices to come."
    )
    reference = models.CharField(max_length=140, blank=True, help_text="The company's own.")
    net_days = models.PositiveSmallIntegerField(help_text="To pay within, from the invoice's day.")
    interval = models.CharField(max_length=5, choices=Interval)
    amount = models.BigIntegerField(help_text="Of one interval, net, minor units.")
    asked_at = models.DateTimeField()
    po_good_for = models.DateTimeField(
        null=True, help_text="The renewal for which the number was confirmed last."
    )
    is_told = models.BooleanField(
        default=True, help_text="Stripe's subscription carries number and reference as they are."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(net_days__in=[14, 30, 60]), name="order_net_days_known"
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="order_untold", condition=Q(is_told=False)),
        ]

    def __str__(self) -> str:
        return self.po_number or f"order {self.pk}"
