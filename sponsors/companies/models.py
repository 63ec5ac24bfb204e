"""Companies and the people who act for them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from funding.accounts.address import deliverable
from funding.accounts.models import User
from funding.office.models import Picture
from funding.office.text import public_address, visible_text
from sponsors.companies.countries import COUNTRIES


class CompanyQuerySet(models.QuerySet["Company"]):
    def of(self, user: User) -> Self:
        """Those that a person acts for."""
        return self.filter(memberships__user=user)


class Company(models.Model):
    """Who sponsors and gets the paperwork. An *individual* is a company of one member without a
    legal name, whose address is never public; staff may turn it into an organisation."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation"
        INDIVIDUAL = "individual"

    kind = models.CharField(max_length=12, choices=Kind)
    display_name = models.CharField(
        max_length=80,
        validators=[visible_text],
        help_text="As it stands on the pages of what it sponsors.",
    )
    legal_name = models.CharField(
        max_length=160, blank=True, validators=[visible_text], help_text="As invoices need it."
    )
    country = models.CharField(max_length=2, choices=COUNTRIES)
    slug = models.SlugField(max_length=60, unique=True, editable=False)
    about = models.CharField(
        max_length=240, blank=True, validators=[visible_text],
        help_text="A sentence or two, on its public page.",
    )  # fmt: skip
    logo = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    website = models.URLField(blank=True, validators=[public_address])
    billing_email = models.EmailField(
        "billing e-mail", validators=[deliverable], help_text="Where invoices are sent."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["display_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="individual") | ~Q(legal_name=""),
                name="company_organisation_has_legal_name",
                violation_error_message="An organisation needs its legal name.",
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("companies:public", args=[self.slug])

    @property
    def is_individual(self) -> bool:
        return self.kind == self.Kind.INDIVIDUAL

    @property
    def name_on_paper(self) -> str:
        return self.legal_name or self.display_name


class Paperwork(models.Model):
    """What a company's finance department wants on its invoices, and how it pays them."""

    class Net(models.IntegerChoices):
        FORTNIGHT = 14, "within 14 days"
        MONTH = 30, "within 30 days"
        TWO_MONTHS = 60, "within 60 days"

    company = models.OneToOneField(Company, models.CASCADE, related_name="paperwork")
    line1 = models.CharField("address", max_length=120, blank=True, validators=[visible_text])
    line2 = models.CharField(
        "address, second line", max_length=120, blank=True, validators=[visible_text]
    )
    postcode = models.CharField(max_length=20, blank=True, validators=[visible_text])
    city = models.CharField(max_length=80, blank=True, validators=[visible_text])
    region = models.CharField(max_length=80, blank=True, validators=[visible_text])
    tax_id = models.CharField("tax number", max_length=40, blank=True)
    tax_id_kind = models.CharField(max_length=20, blank=True, help_text="Stripe's word: eu_vat.")
    reference = models.CharField(
        "own reference", max_length=140, blank=True, validators=[visible_text],
        help_text="A cost centre, say. It stands on every invoice.",
    )  # fmt: skip
    po_required = models.BooleanField("no invoice without a purchase order", default=False)
    net_days = models.PositiveSmallIntegerField(choices=Net, default=Net.MONTH)
    addresses = models.JSONField(
        default=list, help_text="E-mail addresses of accounts payable; each gets every invoice."
    )

    class Meta:
        verbose_name_plural = "paperwork"
        constraints = [
            models.CheckConstraint(
                condition=Q(net_days__in=[14, 30, 60]), name="paperwork_net_days_known"
            ),
            models.CheckConstraint(
                condition=Q(tax_id="") | ~Q(tax_id_kind=""), name="paperwork_tax_id_has_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"paperwork of {self.company}"

    @property
    def has_address(self) -> bool:
        """Whether invoices can be sent to it: where it is taxed follows from its address."""
        return bool(self.line1 and self.city)


class Membership(models.Model):
    """A person who acts for a company."""

    class Role(models.TextChoices):
        OWNER = "owner"

    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role, default=Role.OWNER)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} for {self.company}"
