"""What a project offers and asks for: people, goals, tiers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Sum

from funding.ledger.forms import MoneyField
from funding.office.forms import TogetherForm
from funding.office.text import visible_text
from funding.projects.forms.texts import RATE_HELP, ShortField, TextField
from funding.projects.models import Benefit, FundedPerson, Goal, Project, Tier
from funding.projects.models.people import days_validators
from funding.projects.models.tiers import LEAST

MOST_ROWS = 20  # of people, goals and tiers each: what a page can show
MOST_DAYS = 99
MOST_SEATS = 100_000
Kind = Benefit.Kind


def days_field(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        max_digits=6,
        decimal_places=2,
        validators=days_validators,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": "Write a number like 2 or 2.5, with a point.",
            "min_value": "A tenth of a day is the least: 0.1.",
            "max_value": f"The most is {MOST_DAYS}.",
            "max_digits": f"The most is {MOST_DAYS}.",
            "max_whole_digits": f"The most is {MOST_DAYS}.",
            "max_decimal_places": "Write at most two digits after the point.",
        },
        **options,
    )


class RateForm(TogetherForm):
    """What a day costs."""

    day_rate = MoneyField(label="Day rate", help_text=RATE_HELP)

    class Meta:
        model = Project
        fields = ["day_rate"]

    def __init__(self, *args: Any, instance: Project, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        in_currency(self, instance)


class OneOfFewForm(TogetherForm):
    """A row of a project's short list, which has room for `MOST_ROWS`."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        siblings = type(self.instance)._default_manager.filter(project=self.instance.project)
        if self.instance._state.adding and siblings.count() >= MOST_ROWS:
            raise forms.ValidationError(f"There is room for {MOST_ROWS}. Remove one first.")
        return cleaned


class PersonForm(OneOfFewForm):
    """Somebody whose work is paid for."""

    days = days_field(
        label="Days a week", help_text="That the project’s money is to pay for: 2 or 2.5."
    )

    does = forms.CharField(
        label="What they do", required=False, max_length=120, validators=[visible_text],
        help_text="In a few words: releases, docs.",
    )  # fmt: skip

    class Meta:
        model = FundedPerson
        fields = ["name", "does", "days"]


class GoalForm(OneOfFewForm):
    """A rung of the ladder."""

    days = days_field(
        label="Days a week that it adds", help_text="On top of the goals below it: 2 or 2.5."
    )

    description = ShortField(required=False, max_length=240)

    class Meta:
        model = Goal
        fields = ["title", "days", "description"]
        labels = {"title": "What the days are for"}
        help_texts = {"title": "In a few words: maintenance, security releases."}

    def clean_days(self) -> Decimal:
        days: Decimal = self.cleaned_data["days"]
        others = Goal.objects.filter(project=self.instance.project).exclude(pk=self.instance.pk)
        sum_of_others = others.aggregate(sum=Sum("days"))["sum"] or Decimal(0)
        if sum_of_others + days > MOST_DAYS:
            raise forms.ValidationError(f"All goals together ask for at most {MOST_DAYS} days.")
        return days


class TierForm(OneOfFewForm):
    """A tier with what it promises. Its benefits are rows of their own, written anew when one of
    them is changed; what was sold keeps a copy."""

    beside = ("kinds", "docs_where", "hours", "own")

    description = ShortField(required=False, max_length=240)
    monthly = MoneyField(label="Price a month", required=False, least=LEAST)
    yearly = MoneyField(
        label="Price a year", required=False, least=LEAST,
        help_text="Paid at once. Offer either price or both.",
    )  # fmt: skip
    seats = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=MOST_SEATS,
        help_text="How many may have it at once. Empty: as many as want it.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Write a whole number.",
            "min_value": "Offer at least one place, or leave this empty.",
            "max_value": f"Offer at most {MOST_SEATS:,}, or leave this empty.",
        },
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="What it promises", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            (kind.value, kind.label)
            for kind in (Kind.LOGO, Kind.DOCS, Kind.SUPPORT, Kind.CALL, Kind.RELEASES)
        ],
    )  # fmt: skip
    docs_where = forms.CharField(
        label="Where in the documentation", required=False, max_length=120,
        validators=[visible_text],
        help_text="If that is promised: “Named in the documentation’s sidebar”.",
    )  # fmt: skip
    hours = forms.IntegerField(
        label="Hours of the maintainers’ time each month", required=False,
        min_value=1, max_value=160, help_text="Empty: none is promised.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Write a whole number.",
            "min_value": "Promise at least one hour, or leave this empty.",
            "max_value": "The most is 160 hours.",
        },
    )  # fmt: skip
    own = TextField(
        label="More, in your own words", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text="Each on a line of its own.",
    )  # fmt: skip

    class Meta:
        model = Tier
        fields = ["name", "description", "monthly", "yearly", "audience", "seats"]
        labels = {"audience": "Who may have it"}

    def __init__(self, *args: Any, instance: Tier, **kwargs: Any) -> None:
        said = {name: self.stands(instance, name) for name in self.beside}
        super().__init__(*args, instance=instance, initial=said, **kwargs)
        in_currency(self, instance.project)

    def stands(self, row: Any, name: str) -> Any:
        if name not in self.beside:
            return super().stands(row, name)
        there = list(row.benefits.all()) if row.pk else []
        texts = {benefit.kind: benefit.text for benefit in there}
        if name == "kinds":
            return [kind for kind, _ in self.base_fields["kinds"].choices if kind in texts]  # type: ignore[attr-defined]
        if name == "docs_where":
            text = texts.get(Kind.DOCS, "")
            return "" if text == Kind.DOCS.label else text
        if name == "hours":
            return next((benefit.hours for benefit in there if benefit.hours), None)
        return "\n".join(benefit.text for benefit in there if benefit.kind == Kind.OWN)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Tier.objects.filter(project=self.instance.project).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError("Another tier has this name. Choose another.")
        return name

    def clean_seats(self) -> int | None:
        seats: int | None = self.cleaned_data["seats"]
        taken = Tier.objects.filter(pk=self.instance.pk).values_list("taken", flat=True).first()
        if seats is not None and taken and taken > seats:
            are = "place is" if taken == 1 else "places are"
            raise forms.ValidationError(
                f"{taken} {are} taken: offer at least so many, or close it."
            )
        return seats

    def clean_own(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["own"].splitlines() if line.strip()]
        for line in lines:
            visible_text(line)
            if len(line) > 120:
                raise forms.ValidationError("A line has at most 120 characters.")
        if len(lines) > 12:
            raise forms.ValidationError("Promise at most 12 things in your own words.")
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        monthly, yearly = cleaned.get("monthly"), cleaned.get("yearly")
        if not (monthly or yearly or self.errors.keys() & {"monthly", "yearly"}):
            self.add_error("monthly", "Give it a price a month, a price a year, or both.")
        if monthly and yearly and yearly < monthly:
            self.add_error("yearly", "This is less than one month. Write the price of all twelve.")
        if cleaned.get("docs_where") and Kind.DOCS not in cleaned.get("kinds", []):
            self.add_error("docs_where", "Tick above that it is promised, or leave this empty.")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        tier = super().save(commit)
        if set(self.beside) & set(self.changed_data):
            tier.benefits.all().delete()
            Benefit.objects.bulk_create(
                Benefit(tier=tier, kind=kind, text=text, hours=hours, position=position)
                for position, (kind, text, hours) in enumerate(self._promised())
            )
        return tier

    def _promised(self) -> list[tuple[str, str, int | None]]:
        said = self.cleaned_data
        words = {Kind.DOCS.value: said["docs_where"] or Kind.DOCS.label}
        promised = [(kind, words.get(kind, Kind(kind).label), None) for kind in said["kinds"]]
        if hours := said["hours"]:
            of_time = (
                f"{hours} hour{'' if hours == 1 else 's'} of the maintainers’ time each month"
            )
            promised.append((Kind.HOURS.value, of_time, hours))
        return promised + [(Kind.OWN.value, line, None) for line in said["own"].splitlines()]


def in_currency(form: forms.BaseForm, project: Project) -> None:
    """Its amounts are the project's."""
    for field in form.fields.values():
        if isinstance(field, MoneyField):
            field.in_currency(project.currency)
