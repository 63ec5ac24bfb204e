"""Amounts as people type them."""

from typing import Any

from django import forms

from funding.ledger.money import EXPONENTS, MOST, Money, NotAnAmount


class MoneyField(forms.CharField):
    """An amount of one currency, typed in major units with a point (1200 or 12.50) and known inside
    in whole minor units. `currency` is set by the form, whose project says which."""

    def __init__(self, *, least: int = 1, most: int = MOST, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most, self.currency = least, most, ""
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def in_currency(self, currency: str) -> None:
        """Say in which currency; the label says so too."""
        self.currency = currency
        self.label = f"{self.label} in {currency}"

    def prepare_value(self, value: Any) -> Any:
        """Minor units as they are typed; what was typed stays as it is."""
        if not isinstance(value, int):
            return value
        sign, digits = ("-" if value < 0 else ""), f"{abs(value):03d}"
        exponent = EXPONENTS[self.currency]
        if not exponent:
            return str(value)
        whole, part = digits[:-exponent], digits[-exponent:]
        return f"{sign}{whole}" if int(part) == 0 else f"{sign}{whole}.{part}"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            money = Money.parse(text, self.currency)
        except NotAnAmount as error:
            raise forms.ValidationError(self._example()) from error
        if money.amount < self.least:
            raise forms.ValidationError(f"The least is {Money(self.least, self.currency).exact}.")
        if money.amount > self.most:
            raise forms.ValidationError(f"The most is {Money(self.most, self.currency).exact}.")
        return money.amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def _example(self) -> str:
        example = "1200.50" if EXPONENTS[self.currency] else "1200"
        return f"Write an amount in {self.currency} like {example}, without a sign or commas."
