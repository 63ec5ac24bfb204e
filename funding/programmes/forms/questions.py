"""What organisers ask: questions of their own, and criteria of eligibility."""

from collections.abc import Set
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from funding.office.forms import TogetherForm
from funding.office.text import visible_text
from funding.programmes.models import Criterion, Question, Round
from funding.projects.forms.texts import ShortField

Kind = Question.Kind
LONGEST_CHOICE = 120
TOO_LATE = "Somebody has sent answers already, so this one may be left empty. Take the mark off."
MOST_CHOICES = 30


class ChoicesField(forms.CharField):
    """A list, written one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def run_validators(self, value: Any) -> None:
        """Each line is checked below."""

    def validate(self, value: Any) -> None:
        for line in value:
            visible_text(line)
            if len(line) > LONGEST_CHOICE:
                raise ValidationError(f"A choice has at most {LONGEST_CHOICE} characters.")
        if len(value) > MOST_CHOICES:
            raise ValidationError(f"Give at most {MOST_CHOICES} choices.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class QuestionForm(TogetherForm):
    """A question. Once somebody has sent answers, a new one may only be optional, and of one that is there
    only the help may change."""

    text = ShortField(
        max_length=240, label="The question", widget=forms.Textarea(attrs={"rows": 2})
    )
    help = ShortField(
        required=False, max_length=400, label="A word of help",
        help_text="It stands under the question.",
    )  # fmt: skip
    choices = ChoicesField(
        required=False, label="What can be chosen",
        widget=forms.Textarea(attrs={"rows": 4}), help_text="One a line, where one or several are chosen.",
    )  # fmt: skip

    class Meta:
        model = Question
        fields = [
            "stage", "text", "kind", "choices", "most", "help", "is_required", "is_sensitive",
        ]  # fmt: skip
        labels = {
            "stage": "When it is asked", "kind": "How it is answered",
            "most": "Characters at most", "is_required": "It has to be answered",
            "is_sensitive": "It is sensitive",
        }  # fmt: skip
        help_texts = {
            "most": "Of a text; up to 10 000.",
            "is_sensitive": "Where reviewers read without names they do not see the answer either.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answered: Set[str] = set()
        self.stage_before = self.instance.stage

    def keep_what_was_answered(self, stages: Set[str]) -> None:
        """In these stages somebody has sent answers."""
        self.answered = stages
        if self.instance._state.adding and self.stage_before in stages:
            self.initial["is_required"] = False
        if self.instance._state.adding or self.stage_before not in stages:
            return
        for name in set(self.fields) - {"help", "seen"}:
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_coming = self.instance._state.adding or cleaned.get("stage") != self.stage_before
        is_late = is_coming and cleaned.get("stage") in self.answered
        if is_late and cleaned.get("is_required"):
            self.add_error("is_required", TOO_LATE)
        if "choices" in cleaned and "kind" in cleaned:
            if cleaned["kind"] in (Kind.CHOICE, Kind.SEVERAL):
                if len(cleaned["choices"]) < 2:
                    self.add_error("choices", "Give at least two choices, one a line.")
            else:
                cleaned["choices"] = []
        return cleaned


class CriterionForm(TogetherForm):
    """A criterion of eligibility."""

    text = ShortField(
        max_length=240, label="The question", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One that is answered by yes or no: Are you 18 or older?",
    )  # fmt: skip
    must_be = forms.TypedChoiceField(
        label="Who answers this may apply", choices=[(True, "Yes"), (False, "No")],
        coerce=lambda said: said in (True, "True"), widget=forms.RadioSelect,
    )  # fmt: skip
    reason = ShortField(
        max_length=300, label="What the others are told",
        help_text="In kind words: why they cannot apply this time.",
    )  # fmt: skip

    class Meta:
        model = Criterion
        fields = ["text", "must_be", "reason"]

    def keep_what_was_answered(self) -> None:
        """Somebody has sent answers."""
        for name in ("text", "must_be"):
            self.fields[name].disabled = True


class CopyForm(forms.Form):
    """From which round of the programme."""

    earlier = forms.ModelChoiceField(Round.objects.none(), label="Round", empty_label=None)

    def __init__(self, *args: Any, rounds: QuerySet[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["earlier"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rounds
        field.label_from_instance = lambda round_: round_.name  # type: ignore[assignment,method-assign]
