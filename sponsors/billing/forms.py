"""What a payer fills in before Stripe's page: for whom, how often, shown or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.html import escape

from funding.ledger.money import MOST, Money
from funding.office.text import visible_text
from funding.projects.models import Tier
from sponsors.billing.models import InvoiceQuerySet, Order
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Interval, PaysBy, Visibility

CHOSEN = ("interval", "sponsor", "visibility", "pays_by", "net_days")
NEW_ORGANISATION, AS_MYSELF = "organisation", "individual"


class InvoicesForm(forms.Form):
    """Which of a company's invoices are listed. Anything else that an address says lists them all."""

    year = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    state = forms.ChoiceField(
        choices=[
            ("", "All"),
            ("open", "To be paid"),
            ("overdue", "Overdue"),
            ("paid", "Paid"),
            ("other", "Taken back or not paid"),
        ],
        required=False,
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["year"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "All years"), *((year, str(year)) for year in years)]

    def narrow(self, rows: InvoiceQuerySet, *, now: datetime) -> InvoiceQuerySet:
        self.full_clean()
        if year := self.cleaned_data.get("year"):
            rows = rows.of_year(year)
        if state := self.cleaned_data.get("state"):
            rows = rows.standing(state, now=now)
        return rows

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.values())


def number_field(help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label="PO number",
        max_length=140,
        required=False,
        validators=[visible_text],
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PayerForm(forms.Form):
    """Who pays, and by what. An invoice is sent to an organisation whose address is known; when it
    is to be paid is what its paperwork says, if nothing else was chosen."""

    po_number = number_field("Your purchase order. It stands on the invoice.")
    net_days = forms.TypedChoiceField(
        label="Paid",
        choices=Paperwork.Net.choices,
        coerce=int,
        required=False,
        widget=forms.RadioSelect,
    )

    companies: dict[str, Company]

    @property
    def asks_for_company(self) -> bool:
        """Whether what was sent (or stands there at first) names a company yet to be made."""
        return self["sponsor"].value() in {NEW_ORGANISATION, AS_MYSELF}

    @property
    def by_invoice(self) -> bool:
        """Whether an invoice was asked for."""
        return self.cleaned_data.get("pays_by") == PaysBy.INVOICE

    def _leave_out_invoices(self) -> None:
        for name in ("pays_by", "po_number", "net_days"):
            del self.fields[name]

    def _papers(self, sponsor: str) -> Paperwork | None:
        return getattr(self.companies.get(sponsor), "paperwork", None)

    def _hindrance(self, sponsor: str) -> str:
        company = self.companies.get(sponsor)
        if company is None:
            return (
                "An invoice needs an address. Put the company on the site first and fill in its "
                "paperwork, or pay by card."
            )
        if company.is_individual:
            return "Invoices are sent to organisations. Pay by card."
        papers = self._papers(sponsor)
        if papers is None or not papers.has_address:
            return f"An invoice needs the address of {company}. It is a part of its paperwork."
        return ""


class ChoiceForm(PayerForm):
    """Who sponsors, and under which terms. The price that the page showed travels with it, so that
    a page left open while the price was changed is noticed."""

    field_order = (
        "interval", "sponsor", "pays_by", "po_number", "net_days", "visibility", "wants_updates",
    )  # fmt: skip
    interval = forms.ChoiceField(label="How often", widget=forms.RadioSelect)
    sponsor = forms.ChoiceField(label="Who sponsors", widget=forms.RadioSelect)
    pays_by = forms.ChoiceField(
        label="How it is paid",
        choices=[(PaysBy.CARD, "Pay by card"), (PaysBy.INVOICE, "Send me an invoice")],
        initial=PaysBy.CARD,
        required=False,
        widget=forms.RadioSelect,
    )
    visibility = forms.ChoiceField(
        label="What everybody may see",
        choices=Visibility.choices,
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
    )
    wants_updates = forms.BooleanField(
        label="Mail me what the maintainers tell", required=False, initial=True
    )
    month_price = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST
    )
    year_price = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST
    )

    def __init__(
        self,
        *args: Any,
        tier: Tier,
        companies: Sequence[Company],
        wished: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tier = tier
        self.companies = {str(company.pk): company for company in companies}
        self._choice("interval").choices = self._intervals()
        self._choice("sponsor").choices = self._sponsors()
        prices = {"month": tier.monthly, "year": tier.yearly}
        for interval, amount in prices.items():
            self.fields[f"{interval}_price"].initial = amount
        self.fields["interval"].initial = "month" if tier.monthly else "year"
        self.fields["sponsor"].initial = self._sponsors()[0][0]
        self._offer_invoices()
        for name, value in (wished or {}).items():
            known = name in CHOSEN and name in self.fields
            if known and self._choice(name).valid_value(value):
                self.fields[name].initial = value
        self._hint_at_number()

    def _offer_invoices(self) -> None:
        """To whom an invoice can be sent: an organisation that is here. The days are those that its
        paperwork says."""
        fitting = [key for key, _ in self._sponsors() if key in self.companies]
        first = next(
            (one for key in fitting if not (one := self.companies[key]).is_individual), None
        )
        if first is None:
            self._leave_out_invoices()
            return
        papers = getattr(first, "paperwork", None)
        self.fields["net_days"].initial = papers.net_days if papers else Paperwork.Net.MONTH

    def _hint_at_number(self) -> None:
        """Who comes back sees which number they gave; a new order has one of its own."""
        sponsor = self.companies.get(str(self.fields["sponsor"].initial))
        if sponsor is None or "po_number" not in self.fields:
            return
        orders = Order.objects.filter(sponsorship__company=sponsor, sponsorship__tier=self.tier)
        if last := orders.exclude(po_number="").order_by("-asked_at").first():
            hint = f"{self.fields['po_number'].help_text} The last one was {last.po_number}."
            self.fields["po_number"].help_text = escape(hint)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.by_invoice:
            return cleaned
        sponsor = cleaned.get("sponsor")
        if sponsor is not None and (problem := self._hindrance(sponsor)):
            self.add_error("pays_by", problem)
        papers = self._papers(str(sponsor))
        missing = papers and papers.po_required and not cleaned.get("po_number")
        if missing and "po_number" not in self.errors:
            self.add_error("po_number", "No invoice without a number: your paperwork says so.")
        cleaned["net_days"] = cleaned.get("net_days") or (papers.net_days if papers else 30)
        return cleaned

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def _intervals(self) -> list[tuple[str, str]]:
        prices = [("month", self.tier.monthly_price), ("year", self.tier.yearly_price)]
        words = {"month": "a month", "year": "a year, paid at once"}
        return [(each, f"{price} {words[each]}") for each, price in prices if price]

    def _sponsors(self) -> list[tuple[str, str]]:
        """Their companies that this tier is for, then whoever they may still become."""
        audience = self.tier.audience
        fitting = [
            (key, company.display_name)
            for key, company in self.companies.items()
            if audience == Tier.Audience.ANYONE or audience == f"{company.kind}s"
        ]
        if audience != Tier.Audience.INDIVIDUALS:
            fitting.append((NEW_ORGANISATION, "A company that is not here yet"))
        if audience != Tier.Audience.ORGANISATIONS and not self._is_somebody():
            fitting.append((AS_MYSELF, "Myself, as an individual"))
        return fitting

    def _is_somebody(self) -> bool:
        return any(company.is_individual for company in self.companies.values())

    def clean_interval(self) -> Interval:
        return Interval(self.cleaned_data["interval"])

    def terms(self) -> Terms:
        """What was agreed to, at the price that was shown."""
        interval = self.cleaned_data["interval"]
        shown = self.cleaned_data.get(f"{interval}_price") or 0
        return Terms(
            interval=interval,
            price=Money(shown, self.tier.project.currency),
            visibility=Visibility(self.cleaned_data["visibility"]),
            wants_updates=self.cleaned_data["wants_updates"],
        )


class NumberForm(forms.Form):
    """The purchase order of the next invoice."""

    po_number = number_field()

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["po_number"].required = required
