"""What people type about a sponsorship."""

from collections.abc import Sequence
from typing import Any

from django import forms

from funding.office.text import visible_text
from sponsors.companies.forms import OneParagraph
from sponsors.companies.models import Company
from sponsors.sponsorships.models import Reason, Visibility


class ShowingForm(forms.Form):
    """What everybody may see of a sponsorship, and whether its people get mail."""

    visibility = forms.ChoiceField(
        label="On the project’s page, and on your own",
        choices=Visibility.choices,
        widget=forms.RadioSelect,
    )
    wants_updates = forms.BooleanField(
        label="Mail us what the maintainers tell",
        required=False,
        help_text="To everybody who acts for the company here.",
    )

    def clean_visibility(self) -> Visibility:
        return Visibility(self.cleaned_data["visibility"])


class DoneForm(forms.Form):
    """The proof that something promised was done."""

    proof = forms.CharField(
        label="How it can be seen",
        max_length=300,
        validators=[visible_text],
        help_text="An address, or a few words. The sponsor reads it.",
    )


class EndForm(forms.Form):
    """Why a company ends a sponsorship, if it wants to say so."""

    reason = forms.ChoiceField(
        label="Why",
        choices=[("", "We would rather not say"), *Reason.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    words = OneParagraph(
        label="In your own words",
        max_length=300,
        required=False,
        validators=[visible_text],
        help_text="At most 300 characters. The maintainers read it.",
    )


class PauseForm(forms.Form):
    """How many monthly charges are left out."""

    months = forms.TypedChoiceField(
        label="How many charges are left out",
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, plans: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        """`plans`: how many, and what that means."""
        super().__init__(*args, **kwargs)
        months = self.fields["months"]
        assert isinstance(months, forms.ChoiceField)
        months.choices = plans


class NamingForm(forms.Form):
    """Whether a company is named among those who stand behind a round."""

    is_anonymous = forms.ChoiceField(
        label="On its pages",
        choices=[("", "Show our name"), ("yes", "Do not name us")],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_is_anonymous(self) -> bool:
        return bool(self.cleaned_data["is_anonymous"])


class PoForm(forms.Form):
    """The purchase order of a seat."""

    po_number = forms.CharField(
        label="PO number",
        max_length=140,
        validators=[visible_text],
        help_text="It stands on the invoice.",
        error_messages={"required": "Give the number, or come back when you have it."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WaitForm(forms.Form):
    """For which company somebody waits for a seat."""

    company = forms.ChoiceField(label="Who waits", widget=forms.RadioSelect)

    def __init__(self, *args: Any, companies: Sequence[Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.companies = {str(one.pk): one for one in companies}
        choice = self.fields["company"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(pk, one.display_name) for pk, one in self.companies.items()]
        if companies:
            choice.initial = str(companies[0].pk)

    def clean_company(self) -> Company:
        return self.companies[self.cleaned_data["company"]]
