"""A call: what a place costs, and into which seats that is cut."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet

from funding.ledger.forms import MoneyField
from funding.ledger.money import CURRENCIES, EXPONENTS
from funding.office.forms import TogetherForm
from funding.office.text import visible_text
from funding.programmes.forms.rounds import InstantField
from funding.programmes.models import FundingCall, Phase, Round, Share
from funding.projects.forms.texts import TextField

EQUAL, NAMED = "equal", "named"
UNNAMED = Share._meta.get_field("name").get_default()  # how seats of equal price are called
MOST_LINES = 20
MOST_SEATS = 500


class AmountField(MoneyField):
    """An amount whose currency is perhaps not chosen yet: then no error speaks of one."""

    def choose(self, currency: str) -> None:
        self.is_chosen = currency in EXPONENTS
        self.currency = currency if self.is_chosen else "GBP"

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError as error:
            if self.is_chosen or "required" in {one.code for one in error.error_list}:
                raise
            raise ValidationError(
                "Write an amount like 1200, without a sign or commas."
            ) from error


def cut_of(call: FundingCall) -> dict[str, Any]:
    """How its seats are cut, as the form says it."""
    shares = list(call.shares.all()) if call.pk else []
    is_named = any(one.name != UNNAMED for one in shares)
    return {
        "cut_by": NAMED if is_named else EQUAL,
        "seats": sum(one.seats for one in shares) if shares and not is_named else None,
    }


class CallForm(TogetherForm):
    """All of a call but its lines."""

    beside = ("cut_by", "seats")
    stipend = AmountField(
        label="Stipend of a place", help_text="What a participant gets, in all its instalments."
    )
    cut_by = forms.ChoiceField(
        label="Seats", widget=forms.RadioSelect, initial=EQUAL,
        choices=[
            (EQUAL, "Equal: so many seats, all of one price"),
            (NAMED, "Named: seats of different prices, written down below"),
        ],
    )  # fmt: skip
    seats = forms.IntegerField(
        label="How many equal seats", required=False, min_value=1, max_value=MOST_SEATS,
        help_text="Where the sum cannot be divided, some cost one smallest unit more.",
    )  # fmt: skip
    policy = TextField(
        label="What sponsors get", required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=(
            "And what they do not: no say in who is chosen, for instance. Everybody reads it. "
            "Markdown."
        ),
    )  # fmt: skip

    class Meta:
        model = FundingCall
        fields = [
            "currency", "stipend", "places_wanted", "places_least", "mode", "remainder",
            "policy", "takes_anonymous", "takes_invoices", "po_days",
        ]  # fmt: skip
        labels = {
            "places_wanted": "Places wanted",
            "places_least": "Places at least",
            "mode": "How it is decided",
            "remainder": "What is not needed is",
            "takes_anonymous": "Companies may stay unnamed",
            "takes_invoices": "Companies may pay by invoice, with a purchase order",
            "po_days": "Days to get a purchase order",
        }
        help_texts = {
            "currency": "Companies pay in it, and stipends are paid in it.",
            "places_least": "With fewer, the round does not come about and nobody is charged.",
            "mode": (
                "All or nothing: decided once, when enough for the least is promised. Place by "
                "place: from the least on, each place when it is covered."
            ),
            "remainder": (
                "Said before anybody promises. Done once all is paid, with what the places do not "
                "need, and when the round is done, with what is left then."
            ),
            "po_days": "So long a seat is kept for them.",
        }

    def __init__(
        self, *args: Any, round_: Round, instance: FundingCall,
        again: dict[str, Any] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """`again` is what was typed and is to be shown once more, unchecked."""
        super().__init__(*args, instance=instance, initial=again or cut_of(instance), **kwargs)
        self.round = round_
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)
        currency.choices = [("", "Choose one"), *CURRENCIES]
        stipend = self.fields["stipend"]
        assert isinstance(stipend, AmountField)
        stipend.choose(self.chosen)
        if round_.previous_id:
            self.fields["first_until"] = InstantField(
                label="Until when its earlier sponsors are asked first", zone=round_.zone,
                required=False, initial=instance.first_until,
                help_text="Until then only those who paid for the round before may take a seat.",
            )  # fmt: skip
        self.order_fields(["currency", "stipend", "places_wanted", "places_least"])

    @property
    def chosen(self) -> str:
        return str(self["currency"].value() or "")

    def stands(self, row: Any, name: str) -> Any:
        """The seats are in rows of their own; what they are cut into is compared by `_mark` alone."""
        if name in self.beside:
            if not row.pk:
                return ""
            shares = [(one.name, one.amount, one.seats) for one in row.shares.all()]
            return str([*shares, *((one.name, one.amount) for one in row.parts.all())])
        return super().stands(row, name)

    def _tell_of(self, now: Any) -> None:
        """As for every form, but for the seats, whose lines stand below."""
        cleaned = self.cleaned_data
        self.cleaned_data = {k: v for k, v in cleaned.items() if k not in self.beside}
        super()._tell_of(now)
        self.cleaned_data = {**cleaned, **self.cleaned_data}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wanted, least = cleaned.get("places_wanted"), cleaned.get("places_least")
        if wanted and least and least > wanted:
            self.add_error("places_least", f"At most as many as are wanted: {wanted}.")
        if (
            cleaned.get("cut_by") == EQUAL
            and not cleaned.get("seats")
            and "seats" not in self.errors
        ):
            self.add_error("seats", "Say how many.")
        self._read_first_until(cleaned)
        return cleaned

    def _read_first_until(self, cleaned: dict[str, Any]) -> None:
        until = self.instance.first_until = cleaned.get("first_until")
        funding = self.round.phases.filter(kind=Phase.Kind.FUNDING).first()
        if until and funding and until >= funding.ends_at:
            self.add_error("first_until", "Choose an instant before the call closes.")


class LineForm(forms.Form):
    """A part of what a place costs besides the stipend."""

    name = forms.CharField(label="What for", max_length=80, validators=[visible_text])
    when = forms.CharField(
        label="When it is paid", max_length=120, required=False, validators=[visible_text]
    )
    amount = AmountField(label="For one place")


class SeatForm(forms.Form):
    """Seats of one name and price."""

    name = forms.CharField(label="Name", max_length=60, validators=[visible_text])
    amount = AmountField(label="Price of one")
    seats = forms.IntegerField(label="How many", min_value=1, max_value=MOST_SEATS, initial=None)


class Lines(BaseFormSet):  # type: ignore[type-arg]
    """Lines of a call; one that is left empty is left out. A line more is asked for by a button of
    its own, so that no script is needed."""

    currency = "GBP"

    def initial_form_count(self) -> int:
        return 0  # each line may be emptied

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["amount"].choose(self.currency)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [one.cleaned_data for one in self.forms if one.cleaned_data.get("name")]
