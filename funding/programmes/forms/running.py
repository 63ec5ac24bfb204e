"""What participants, mentors, organisers and treasurers fill in about places."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from funding.accounts.models import User
from funding.ledger.forms import MoneyField
from funding.office import clock
from funding.office.forms import TogetherForm
from funding.office.text import visible_text
from funding.programmes.models import MOST_WEEKS, Checkpoint, Feedback, Place, Post, Round
from funding.projects.forms.texts import TextField

FIRST, LAST = 2000, 2200  # years in which a round may be


class InstantField(forms.DateTimeField):
    """An instant, typed and shown in the zone that the form says; inside it is UTC."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    zone = "UTC"

    def in_zone(self, zone: str) -> None:
        self.zone = zone
        self.label = f"{self.label} ({'UTC' if zone == 'UTC' else _city(zone)} time)"

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        found = super().to_python(value)
        if found is None:
            return None
        if not FIRST <= found.year <= LAST:
            raise ValidationError("Choose a day that a round can have.")
        return found.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FeedbackForm(TogetherForm):
    """What one side says. It may be kept half written; what is sent says something, and how it
    goes."""

    text = TextField(
        label="What you say", required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="The organisers read it, and the other side once it has sent too. Markdown.",
    )  # fmt: skip
    goes_well = forms.TypedChoiceField(
        label="Should it go on as it does?", required=False, empty_value=None,
        choices=[("True", "Yes, it should go on"), ("False", "No, something has to change")],
        coerce=lambda said: said == "True", widget=forms.RadioSelect,
        help_text="If both sides say yes, the instalment is paid next. If not, an organiser talks "
        "to both of you first.",
    )  # fmt: skip
    private = TextField(
        label="For the organisers alone", required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The other side never reads this.",
    )  # fmt: skip

    class Meta:
        model = Feedback
        fields = ["text", "goes_well", "private"]

    @property
    def sends(self) -> bool:
        return "send" in self.data or self.instance.sent_at is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = any(
            cleaned.get(name) not in (None, "") for name in ("text", "private", "goes_well")
        )
        if not self.sends and not said and not self.errors:
            self.add_error("text", "Nothing is written yet.")
        if self.sends and not (cleaned.get("text") or "").strip():
            self.add_error("text", "Say something before you send it. A sentence is enough.")
        if self.sends and cleaned.get("goes_well") is None and "goes_well" not in self.errors:
            self.add_error("goes_well", "Choose one before you send it.")
        return cleaned


class CheckpointForm(forms.Form):
    """A row of a round's checkpoints. A row without a title is left out."""

    title = forms.CharField(max_length=80, validators=[visible_text], required=False)
    opens_at = InstantField(label="Opens", required=False)
    due_at = InstantField(label="Due", required=False)
    instalment = MoneyField(label="Instalment", required=False)
    asks_participant = forms.CharField(
        label="Asked of the participant", max_length=400, required=False,
        initial=Checkpoint._meta.get_field("asks_participant").default,
    )  # fmt: skip
    asks_mentor = forms.CharField(
        label="Asked of the mentor", max_length=400, required=False,
        initial=Checkpoint._meta.get_field("asks_mentor").default,
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, InstantField):
                field.in_zone(zone)
            if isinstance(field, MoneyField):
                field.in_currency(currency)

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("title")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("title"):
            for name in ("opens_at", "due_at", "instalment", "asks_participant", "asks_mentor"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Every checkpoint needs this.")
        elif cleaned.get("instalment"):
            self.add_error("title", "Give this checkpoint a title, or empty its instalment.")
        return cleaned


CheckpointFormSet = forms.formset_factory(CheckpointForm, extra=0, max_num=12, absolute_max=12)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=240, validators=[visible_text],
        help_text="Kept with it, for whoever asks later.",
    )  # fmt: skip


class ExtendForm(ReasonForm):
    weeks = forms.IntegerField(
        min_value=1, max_value=MOST_WEEKS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Write a whole number of weeks.",
            "min_value": "One week is the least.",
            "max_value": f"{MOST_WEEKS} weeks are the most.",
        },
    )  # fmt: skip
    field_order = ["weeks", "reason"]


class EndForm(ReasonForm):
    last_day = DayField(label="Its last day")
    field_order = ["last_day", "reason"]

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.fields["reason"].help_text = "Both sides read it on their page."
        self.fields["last_day"].initial = clock.today()

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day > clock.today():
            raise ValidationError(
                "This day is still to come. End the place on the day or after it."
            )
        begun = self.place.starts_at or self.place.offered_at
        if day < begun.date():
            raise ValidationError("The place had not begun then.")
        return day


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return str(obj)


class MentorsForm(forms.Form):
    first = PersonField(label="Mentor", queryset=User.objects.none())
    second = PersonField(
        label="Second mentor", queryset=User.objects.none(), required=False, empty_label="Nobody"
    )

    def __init__(self, *args: Any, people: "list[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among = User.objects.filter(pk__in=[one.pk for one in people])
        for name in ("first", "second"):
            self.fields[name].queryset = among  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("first") == cleaned.get("second"):
            self.add_error("second", "This is the first mentor already.")
        return cleaned

    @property
    def people(self) -> list[User]:
        both = (self.cleaned_data["first"], self.cleaned_data.get("second"))
        return [one for one in both if one]


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a participant is named where everybody reads it."""

    class Meta:
        model = Place
        fields = ["public_name"]
        labels = {"public_name": "Your name on pages"}
        help_texts = {
            "public_name": "Sponsors read it. Empty: you are not named. Your certificate is of the name "
            "that you signed with; who verifies it reads that name, unless this is empty."
        }


class PostForm(TogetherForm):
    body = TextField(
        label="What you tell", max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Markdown.",
    )  # fmt: skip

    class Meta:
        model = Post
        fields = ["title", "body"]


class ReportForm(TogetherForm):
    report = TextField(
        label="The report", required=False, max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="What was done, by whom, what came of it, and what you learned. Markdown.",
    )  # fmt: skip

    class Meta:
        model = Round
        fields = ["report"]


class PayForm(forms.Form):
    paid_by = forms.CharField(
        label="Who paid it", max_length=120, validators=[visible_text],
        help_text="The foundation, the operator: whose bank account it left.",
    )  # fmt: skip
    paid_on = DayField(label="The day it was paid")
    reference = forms.CharField(
        max_length=140, validators=[visible_text], help_text="The bank’s, or the invoice’s."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid_on"].initial = clock.today()

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > clock.today():
            raise ValidationError("This day is still to come. Record it once it was paid.")
        if day.year < FIRST:
            raise ValidationError("Choose a day that a round can have.")
        return day


class CostForm(PayForm):
    what = forms.CharField(
        label="What for", max_length=120, validators=[visible_text],
        help_text="Sponsors read it: the mentor’s time, travel.",
    )  # fmt: skip
    amount = MoneyField(label="Amount")
    field_order = ["what", "amount", "paid_by", "paid_on", "reference"]

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, MoneyField)
        amount.in_currency(currency)


class BecauseForm(forms.Form):
    because = forms.CharField(
        label="What was wrong", max_length=200, validators=[visible_text],
        help_text="In a few words, for those who read the books later.",
    )  # fmt: skip


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
