from typing import Any

from django import forms

from sponsors.companies.models import Company


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new organisation, or a person who sponsors under a name of their choice. It stands hidden
    beside the companies that are there, so the browser is not asked to insist on its fields."""

    use_required_attribute = False

    class Meta:
        model = Company
        fields = ["display_name", "legal_name", "country", "website", "billing_email"]
        labels = {
            "display_name": "Name to show",
            "legal_name": "Legal name",
            "billing_email": "Billing e-mail",
        }
        widgets = {
            "display_name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "country": forms.Select(attrs={"autocomplete": "country"}),
            "website": forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "url"}),
            "billing_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, kind: str = Company.Kind.ORGANISATION, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = kind

    def clean_legal_name(self) -> str:
        legal_name: str = self.cleaned_data["legal_name"]
        if self.instance.is_individual:
            return ""
        if not legal_name:
            raise forms.ValidationError("Invoices of a company need its legal name.")
        return legal_name
