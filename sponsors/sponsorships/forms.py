"""What people type about a sponsorship."""

from django import forms

from sponsors.sponsorships.models import Visibility


class ShowingForm(forms.Form):
    """What everybody may see of a sponsorship, and whether its people get mail."""

    visibility = forms.ChoiceField(
        label="What everybody may see", choices=Visibility.choices, widget=forms.RadioSelect
    )
    wants_updates = forms.BooleanField(
        label="Mail us what the maintainers tell",
        required=False,
        help_text="To everybody who acts for the company here.",
    )

    def clean_visibility(self) -> Visibility:
        return Visibility(self.cleaned_data["visibility"])
