from typing import Any

from django import forms

from funding.ledger.forms import MoneyField
from funding.office import clock
from funding.office.text import visible_text
from funding.projects.models import FundedPerson, Grant, PaymentOut


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class RecordingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What moved, for the project that its row has; checked against what is recorded of that project
    already, so that the same form sent twice is noticed."""

    amount = MoneyField(label="Amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, MoneyField)
        amount.in_currency(self.instance.project.currency)

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"project", "taken_back"}


class GrantForm(RecordingForm):
    received_on = _day("The day it came")
    starts_on = _day("First day it pays for")
    ends_on = _day("Last day it pays for")

    class Meta:
        model = Grant
        fields = ["funder", "amount", "received_on", "starts_on", "ends_on"]
        help_texts = {"funder": "Shown on the project’s page while the grant runs."}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "A grant ends on the day it starts or later.")
        return cleaned


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: FundedPerson) -> str:
        return f"{obj} (left)" if obj.left_at else obj.name


class PaymentForm(RecordingForm):
    person = PersonField(
        label="Person", queryset=FundedPerson.objects.none(), required=False,
        empty_label="Nobody of these: a supplier",
    )  # fmt: skip
    paid_on = _day("The day it was paid")

    class Meta:
        model = PaymentOut
        fields = ["person", "supplier", "kind", "paid_on", "amount", "reference"]
        labels = {"kind": "What for"}
        help_texts = {
            "supplier": "Who was paid, when it is no person above.",
            "reference": "The bank’s, or the invoice’s: it tells two equal payments apart.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = FundedPerson.objects.filter(project=self.instance.project)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "person" in cleaned and "supplier" in cleaned:
            if cleaned["person"] and cleaned["supplier"]:
                self.add_error("supplier", "Name either a person or a supplier, not both.")
            elif not cleaned["person"] and not cleaned["supplier"]:
                self.add_error("supplier", "Say who was paid: choose a person or name a supplier.")
        return cleaned


class CorrectionForm(forms.Form):
    """Why something was recorded wrongly, and whether anything happened at all."""

    because = forms.CharField(
        label="What was wrong",
        max_length=200,
        validators=[visible_text],
        help_text="In a few words, for those who read the books later.",
    )
    what = forms.ChoiceField(
        label="And what is right",
        choices=[
            ("other", "It happened, and the right values are those below"),
            ("never", "It never happened"),
        ],
        initial="other",
        widget=forms.RadioSelect,
    )

    @property
    def never_happened(self) -> bool:
        return bool(self.cleaned_data["what"] == "never")


def today_for(form: type[RecordingForm]) -> dict[str, Any]:
    """What a new form says at first."""
    days = {GrantForm: ("received_on", "starts_on"), PaymentForm: ("paid_on",)}[form]
    return dict.fromkeys(days, clock.today())
