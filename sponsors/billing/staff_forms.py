"""What the people who run the site fill in, and a project's treasurers: money at the bank, money that
goes back, disputes."""

from typing import Any

from django import forms

from funding.ledger.forms import MoneyField
from funding.ledger.money import MOST, Money
from funding.office.text import visible_text


class BankForm(forms.Form):
    """What the bank's paper says of money for an invoice."""

    amount = MoneyField(label="Amount")
    reference = forms.CharField(
        label="Reference",
        max_length=140,
        validators=[visible_text],
        help_text="As it stands on the bank’s statement.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    received_on = forms.DateField(
        label="Received on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, MoneyField)
        amount.in_currency(currency)


class SentForm(forms.Form):
    """What the bank's paper says of money that was sent back."""

    on = forms.DateField(
        label="Sent on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reference = forms.CharField(
        label="Reference",
        max_length=140,
        validators=[visible_text],
        help_text="As it stands on the bank’s paper. The company reads it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class GiveBackForm(forms.Form):
    """How much of a payment goes back, and why. What could go back when the page was made travels with
    it, so that the same form sent twice gives back once."""

    amount = MoneyField(label="Give back", help_text="Tax included.")
    why = forms.CharField(
        label="Why",
        max_length=300,
        validators=[visible_text],
        help_text="The company reads it, on the credit note too.",
    )
    ends = forms.BooleanField(label="End the sponsorship too", required=False)
    left = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)

    def __init__(self, *args: Any, left: Money, may_end: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_end:  # a seat is paid once: nothing goes on
            del self.fields["ends"]
        amount = self.fields["amount"]
        assert isinstance(amount, MoneyField)
        amount.in_currency(left.currency)
        amount.most, amount.initial = left.amount, left.amount
        self.fields["left"].initial = left.amount

    def clean_left(self) -> int:
        """Whoever looks again looks at what is so now; who goes on, at what they saw."""
        seen: int = self.cleaned_data["left"]
        return seen


class GoOnForm(forms.Form):
    """Why a sponsorship goes on though a payment of it was disputed."""

    why = forms.CharField(
        label="Why",
        max_length=300,
        validators=[visible_text],
        help_text="It is kept with the dispute, for whoever looks at it next. The company does not "
        "read it.",
    )
