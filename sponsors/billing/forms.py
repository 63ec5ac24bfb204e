"""What a payer fills in before Stripe's page: for whom, how often, shown or not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from funding.ledger.money import MOST, Money
from funding.projects.models import Tier
from sponsors.billing.models import InvoiceQuerySet
from sponsors.companies.models import Company
from sponsors.sponsorships.lifecycle import Terms
from sponsors.sponsorships.models import Interval, Visibility

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


class ChoiceForm(forms.Form):
    """Who sponsors, and under which terms. The price that the page showed travels with it, so that
    a page left open while the price was changed is noticed."""

    interval = forms.ChoiceField(label="How often", widget=forms.RadioSelect)
    sponsor = forms.ChoiceField(label="Who sponsors", widget=forms.RadioSelect)
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
        self, *args: Any, tier: Tier, companies: Sequence[Company], **kwargs: Any
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

    @property
    def asks_for_company(self) -> bool:
        """Whether what was sent (or stands there at first) names a company yet to be made."""
        return self["sponsor"].value() in {NEW_ORGANISATION, AS_MYSELF}

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
