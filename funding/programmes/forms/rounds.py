"""A round: what it says, by which rules people are chosen, and when its phases are."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from funding.office.forms import CHANGED_MEANWHILE, TogetherForm
from funding.office.text import visible_text
from funding.programmes import instants
from funding.programmes.models import Phase, Programme, Round
from funding.projects.forms.texts import ShortField, TextField

ZONE_HELP = "Deadlines are kept in UTC and shown in this zone beside it; you type them in it."
TITLE_HELP = "What happens in it: Two newcomers, one mentor, twelve weeks."
YEARS = range(2000, 2100)
SHORTEST = timedelta(minutes=1)
Times = dict[str, tuple[datetime, datetime]]
# What applicants and sponsors were told when the round opened.
ANNOUNCED = ("applies_before_decision", "is_blind", "contact_needed", "purge_months")


class ZoneField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label="Zone", choices=instants.zones, help_text=ZONE_HELP, **options)


class EarlierField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An earlier round to begin with, or none."""

    def label_from_instance(self, obj: Round) -> str:
        return f"the round {obj.name}"


class BeginRoundForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new round, from nothing or as an earlier one was."""

    zone = ZoneField(initial="UTC")
    previous = EarlierField(
        label="Begin with",
        queryset=Round.objects.none(),
        required=False,
        empty_label="nothing: an empty round",
        help_text=(
            "Its texts, rules, dates, call and questions are copied; everything can be changed. "
            "Its sponsors can be asked first."
        ),
    )

    class Meta:
        model = Round
        fields = ["name", "title", "zone", "previous"]
        help_texts = {
            "name": "Spring 2027, say. Its address is made of it.",
            "title": TITLE_HELP,
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = programme.rounds.order_by("-pk")
        previous = self.fields["previous"]
        assert isinstance(previous, EarlierField)
        previous.queryset = earlier
        if newest := earlier.first():
            self.initial.setdefault("previous", newest.pk)
            self.initial.setdefault("zone", newest.zone)
        else:
            del self.fields["previous"]


class RoundTextsForm(TogetherForm):
    """What the page of a round says in words, and what its participants sign."""

    lead = ShortField(
        label="Under the title, in two sentences", max_length=400, required=False,
        help_text="They will make schemas round-trip. It starts when three companies stand behind it.",
    )  # fmt: skip
    looks_for = TextField(
        label="Whom it looks for", required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What people should know, how much time they have, who should not hesitate. Markdown.",
    )  # fmt: skip
    agreement = TextField(
        label="What participants sign", required=False, max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The agreement as they read it before they accept their place. Markdown.",
    )  # fmt: skip
    zone = ZoneField()

    class Meta:
        model = Round
        fields = ["name", "title", "lead", "looks_for", "agreement", "zone"]
        help_texts = {"title": TITLE_HELP, "name": ""}


class RulesForm(TogetherForm):
    """How people apply and are chosen. What was announced stays once the round is open."""

    class Meta:
        model = Round
        fields = [
            "applies_before_decision", "contact_needed", "most_an_idea", "is_blind",
            "reviews_needed", "accept_days", "purge_months",
        ]  # fmt: skip
        labels = {
            "applies_before_decision": "People may apply before it is known that the round is paid for",
            "contact_needed": "Who applies shows a contact or a contribution first",
            "most_an_idea": "Applications that one idea takes",
            "is_blind": "Reviewers see neither names nor sensitive answers",
            "reviews_needed": "Reviews of each application",
            "accept_days": "Days to accept a place",
            "purge_months": "Months until what applicants wrote is deleted",
        }
        help_texts = {
            "applies_before_decision": "The page then says that the round may not come about.",
            "contact_needed": "Before the whole form opens to them.",
            "most_an_idea": "Nobody can begin one more. Empty: no limit.",
            "is_blind": "They judge what is written and not who wrote it.",
            "reviews_needed": "By different people; at least 2.",
            "accept_days": "Then it is offered to the next on the waiting list.",
            "purge_months": "Counted from the end of the round. If nobody ends it, from six months after its last phase. Applicants are told.",
        }

    announced = 0  # reviews of each application, as the page says since the round is open

    def __init__(self, *args: Any, instance: Round, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        if instance.status != Round.Status.DRAFT:
            for name in ANNOUNCED:
                del self.fields[name]
            self.announced = instance.reviews_needed
            self.fields["seen"].initial = self._mark(instance)

    def clean_reviews_needed(self) -> int:
        number: int = self.cleaned_data["reviews_needed"]
        if number < self.announced:
            raise ValidationError(
                f"{self.announced} reviews were announced. There can be more, not fewer."
            )
        return number


class InstantField(forms.DateTimeField):
    """A day and a time of day in a zone, known inside as an instant."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def __init__(self, *, zone: str, **options: Any) -> None:
        super().__init__(**options)
        self.zone = ZoneInfo(zone)
        self.error_messages["invalid"] = "Write a day and a time, like 2027-03-01 17:00."

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            found: datetime | None = super().to_python(value)
        if found is not None and found.year not in YEARS:
            raise ValidationError(f"Write a year from {YEARS[0]} to {YEARS[-1]}.")
        return found

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)


class DatesForm(forms.Form):
    """When each phase begins and ends. Both are left empty for one that the round does without;
    funding begins when the round is opened, so it has an end only."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        round_: Round,
        now: datetime,
        proposed: Times | None = None,
        **kwargs: Any,
    ) -> None:
        """`proposed`: what is typed there for a round that has no dates yet."""
        super().__init__(*args, **kwargs)
        self.round, self.now = round_, now
        self.is_open = round_.status != Round.Status.DRAFT
        self.stands = {o.kind: (o.starts_at, o.ends_at) for o in round_.phases.all()}
        self.fields["seen"].initial = self._mark()
        for kind in Phase.Kind:
            times = self.stands.get(kind) or (proposed or {}).get(kind)
            if kind != Phase.Kind.FUNDING:
                self._add(kind, "begins", times[0] if times else None)
            elif self.is_open:
                continue
            self._add(kind, "ends", times[1] if times else None)

    def rows(self) -> list[dict[str, Any]]:
        """The fields by phase, for the page."""
        return [
            {"name": kind.label, "fields": [self[name] for name in self._names(kind)]}
            for kind in Phase.Kind
            if self._names(kind)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("seen") != self._mark():
            self.add_error(None, CHANGED_MEANWHILE)
            data = cast(QueryDict, self.data).copy()
            data["seen"] = self._mark()
            self.data = data
        if not self.errors:
            self.times = self._read(cleaned)
        return cleaned

    def point_at(self, kind: str, words: str) -> None:
        """Say of a phase what is wrong with it."""
        name = f"{kind}_begins"
        self.add_error(name if name in self.fields else f"{kind}_ends", words)

    def _read(self, cleaned: Mapping[str, Any]) -> Times:
        times: Times = {}
        for kind in Phase.Kind:
            if kind == Phase.Kind.FUNDING:
                times |= self._funding(cleaned)
                continue
            starts_at, ends_at = cleaned.get(f"{kind}_begins"), cleaned.get(f"{kind}_ends")
            if starts_at and ends_at:
                times[kind] = (starts_at, ends_at)
            elif starts_at or ends_at:
                side = "ends" if starts_at else "begins"
                self.add_error(
                    f"{kind}_{side}", f"Say when it {side} as well, or leave both empty."
                )
        return times

    def _funding(self, cleaned: Mapping[str, Any]) -> Times:
        """From now on, or from when the round was opened."""
        funding = Phase.Kind.FUNDING.value
        if self.is_open:
            return {funding: self.stands[funding]} if funding in self.stands else {}
        ends_at: datetime = cleaned["funding_ends"]
        if ends_at <= self.now:
            self.add_error("funding_ends", "This has passed. Choose an instant that is to come.")
        return {funding: (min(self.now, ends_at - SHORTEST), ends_at)}

    def _names(self, kind: Phase.Kind) -> list[str]:
        return [name for side in ("begins", "ends") if (name := f"{kind}_{side}") in self.fields]

    def _add(self, kind: Phase.Kind, side: str, initial: datetime | None) -> None:
        is_needed = kind == Phase.Kind.FUNDING
        self.fields[f"{kind}_{side}"] = InstantField(
            label=f"{kind.label} {side}", zone=self.round.zone, initial=initial,
            required=is_needed,
        )  # fmt: skip

    def _mark(self) -> str:
        written = [
            (kind, f"{a:%F%R}", f"{b:%F%R}") for kind, (a, b) in sorted(self.stands.items())
        ]
        return hashlib.sha256(repr(written).encode()).hexdigest()[:24]


class ReasonForm(forms.Form):
    """Why a call is called off, as everybody reads it."""

    reason = forms.CharField(
        label="Why", max_length=200, validators=[visible_text],
        help_text="It stands in the call’s diary, which sponsors read.",
    )  # fmt: skip
