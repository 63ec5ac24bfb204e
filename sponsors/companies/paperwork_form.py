"""What a company's finance department types once."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from funding.accounts.address import deliverable
from funding.office.forms import TogetherForm
from sponsors.companies import tax_numbers
from sponsors.companies.models import Company, Paperwork

MOST_ADDRESSES = 5
OF_ORGANISATIONS = ("tax_id", "reference", "po_required", "net_days", "addresses")


class AddressesField(forms.CharField):
    """A few e-mail addresses, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in str(value or "").replace(",", "\n").splitlines()]
        return list({line.lower(): line for line in lines if line}.values())

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        if len(value) > MOST_ADDRESSES:
            raise ValidationError(f"{MOST_ADDRESSES} addresses are the most there can be.")

    def run_validators(self, value: Any) -> None:
        for address in value:
            try:
                validate_email(address)
                deliverable(address)
            except ValidationError as error:
                raise ValidationError(f"{address:.60} is no e-mail address.") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class PaperworkForm(TogetherForm):
    addresses = AddressesField(
        label="Accounts payable",
        required=False,
        help_text=f"Up to {MOST_ADDRESSES} e-mail addresses, one a line. Each gets every invoice, "
        "besides the billing e-mail.",
    )

    class Meta:
        model = Paperwork
        fields = [
            "line1", "line2", "postcode", "city", "region", "tax_id", "reference", "po_required",
            "net_days", "addresses",
        ]  # fmt: skip
        labels = {"net_days": "Invoices are paid"}
        help_texts = {
            "po_required": "Nothing is ordered then without a number, and it is asked for again "
            "before each renewal.",
            "net_days": "What is chosen beforehand when an invoice is asked for.",
        }
        widgets = {
            "line1": forms.TextInput(attrs={"autocomplete": "address-line1"}),
            "line2": forms.TextInput(attrs={"autocomplete": "address-line2"}),
            "postcode": forms.TextInput(attrs={"autocomplete": "postal-code"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "region": forms.TextInput(attrs={"autocomplete": "address-level1"}),
            "net_days": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company: Company = self.instance.company
        self.fields["region"].label = "State or region"
        if self.company.is_individual:
            for name in OF_ORGANISATIONS:
                del self.fields[name]
        elif not tax_numbers.is_known(self.company.country) and not self.instance.tax_id:
            del self.fields["tax_id"]

    def clean_tax_id(self) -> str:
        typed: str = self.cleaned_data["tax_id"].strip()
        if not typed:
            self.instance.tax_id_kind = ""
            return ""
        try:
            number = tax_numbers.read(typed, self.company.country)
        except tax_numbers.NoNumber as error:
            raise ValidationError(str(error)) from error
        self.instance.tax_id_kind = number.kind
        return number.value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = {name: cleaned.get(name) for name in ("line1", "postcode", "city", "region")}
        if not any(typed.values()):
            return cleaned
        for name, words in (("line1", "street and number"), ("city", "city")):
            if not typed[name] and name not in self.errors:
                self.add_error(name, f"An address needs its {words}.")
        self._insist_on_tax_place(typed)
        return cleaned

    def _insist_on_tax_place(self, typed: dict[str, Any]) -> None:
        """In two countries tax depends on the place."""
        country, postcode = self.company.country, typed["postcode"] or ""
        if country == "US" and not re.fullmatch(r"\d{5}(-\d{4})?", postcode, re.ASCII):
            self.add_error("postcode", "An address in the United States needs its ZIP code.")
        if country == "CA" and not (postcode or typed["region"]):
            self.add_error("region", "An address in Canada needs its province or postal code.")

    def save(self, commit: bool = True) -> Any:
        """The kind goes with the number, in one statement."""
        fields = [name for name in self.changed_data if name in self._columns()]
        self.instance.save(update_fields=[*fields, "tax_id_kind"])
        return self.instance
