"""What a company fills in to take a seat of a programme: for whom, how it is paid, named or not, and the
name with which it is signed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from funding.office.text import visible_text
from funding.programmes.models import FundingCall
from sponsors.billing.forms import AS_MYSELF, NEW_ORGANISATION, PayerForm
from sponsors.companies.models import Company, Paperwork
from sponsors.sponsorships.models import PaysBy


class SeatForm(PayerForm):
    """`read` is the digest of the words that the page showed, so that nobody signs others."""

    field_order = (
        "sponsor", "pays_by", "po_number", "net_days", "is_anonymous", "signed_name", "read",
    )  # fmt: skip
    sponsor = forms.ChoiceField(label="Who takes the seat", widget=forms.RadioSelect)
    pays_by = forms.ChoiceField(
        label="How it is paid",
        choices=[(PaysBy.CARD, "By card"), (PaysBy.INVOICE, "By invoice, with a purchase order")],
        initial=PaysBy.CARD,
        required=False,
        widget=forms.RadioSelect,
    )
    is_anonymous = forms.ChoiceField(
        label="On its pages",
        choices=[("", "Show our name"), ("yes", "Do not name us")],
        required=False,
        widget=forms.RadioSelect,
    )
    signed_name = forms.CharField(
        label="Your name, as your signature",
        max_length=120,
        validators=[visible_text],
        help_text="You sign for the company, and may do so.",
        error_messages={"required": "Write your name: it is your signature."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        *args: Any,
        call: FundingCall,
        companies: Sequence[Company],
        digest: str,
        wished: str = "",
        **kwargs: Any,
    ) -> None:
        """`wished`: the company that the link that led here names."""
        super().__init__(*args, **kwargs)
        self.call = call
        self.companies = {str(company.pk): company for company in companies}
        choice = self.fields["sponsor"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = self._sponsors()
        choice.initial = wished if choice.valid_value(wished) else self._sponsors()[0][0]
        self.fields["read"].initial = digest
        self.fields[
            "po_number"
        ].help_text = f"It stands on the invoice. If you have none yet, the seat is kept {call.po_days} days."
        self._leave_out()

    def _leave_out(self) -> None:
        """What this call does not take, and what no company of theirs could choose."""
        payable = [one for one in self.companies.values() if not one.is_individual]
        if not self.call.takes_invoices or not payable:
            self._leave_out_invoices()
        else:
            papers = getattr(payable[0], "paperwork", None)
            days = papers.net_days if papers else Paperwork.Net.MONTH
            self.fields["net_days"].initial = days
        if not self.call.takes_anonymous:
            del self.fields["is_anonymous"]

    def _sponsors(self) -> list[tuple[str, str]]:
        theirs = [(key, company.display_name) for key, company in self.companies.items()]
        theirs.append((NEW_ORGANISATION, "A company that is not here yet"))
        if not any(company.is_individual for company in self.companies.values()):
            theirs.append((AS_MYSELF, "Myself, as an individual"))
        return theirs

    @property
    def pays(self) -> PaysBy:
        return PaysBy(self.cleaned_data.get("pays_by") or PaysBy.CARD)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.by_invoice:
            cleaned["po_number"] = ""
            return cleaned
        sponsor = str(cleaned.get("sponsor"))
        if problem := self._hindrance(sponsor):
            self.add_error("pays_by", problem)
        papers = self._papers(sponsor)
        cleaned["net_days"] = cleaned.get("net_days") or (papers.net_days if papers else 30)
        return cleaned
