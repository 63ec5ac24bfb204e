"""What applicants fill in. A draft keeps what was typed as it is; these check what is sent."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.utils.html import escape

from funding.office.text import public_address, visible_text
from funding.programmes.models import Application, Contact, Criterion, Question, Round
from funding.projects.forms.texts import TextField

FIXED = ("name", "about", "hours", "away", "links", "ai_use")
CONSENT = "consent"
MOST_LINKS = 10
Kind = Question.Kind
is_address = URLValidator(
    schemes=["http", "https"],
    message="Each line is the address of a web page: https://example.org.",
)


def name_of(question: Question) -> str:
    """Of its field."""
    return f"q{question.pk}"


class LongField(TextField):
    """Several lines, of which too many can be typed or pasted: nothing is cut off unseen."""

    def __init__(self, *, most: int, rows: int = 6, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(widget=widget, **options)
        self.validators.append(MaxLengthValidator(most, LongField.too_long))

    too_long = "This has %(show_value)s characters; at most %(limit_value)s can be sent."


class LineField(forms.CharField):
    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(MaxLengthValidator(most, LongField.too_long))


def _number(**options: Any) -> forms.Field:
    return forms.DecimalField(
        max_digits=15, decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": "Write a number like 12 or 12.5, with a point."}, **options,
    )  # fmt: skip


def _day(**options: Any) -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"invalid": "Write a day like 2027-03-31."}
    return forms.DateField(
        widget=widget, input_formats=["%Y-%m-%d"], error_messages=wrong, **options
    )


def _field(question: Question) -> forms.Field:
    options: dict[str, Any] = {
        "label": question.text, "help_text": help_of(question), "required": question.is_required,
    }  # fmt: skip
    chosen = [(one, one) for one in question.choices]
    made: dict[str, Callable[[], forms.Field]] = {
        Kind.SHORT: lambda: LineField(most=question.most, **options),
        Kind.LONG: lambda: LongField(most=question.most, **options),
        Kind.CHOICE: lambda: forms.ChoiceField(
            choices=chosen if question.is_required else [*chosen, ("", "No answer")],
            widget=forms.RadioSelect, **options,
        ),
        Kind.SEVERAL: lambda: forms.MultipleChoiceField(
            choices=chosen, widget=forms.CheckboxSelectMultiple, **options
        ),
        Kind.NUMBER: lambda: _number(**options),
        Kind.DATE: lambda: _day(**options),
    }  # fmt: skip
    return made[question.kind]()


def help_of(question: Question) -> str:
    """Escaped where it is shown: field hints are otherwise trusted."""
    limit = f"At most {question.most} characters." if question.kind in ("short", "long") else ""
    return escape(" ".join(filter(None, (question.help, limit))))


class AnswersForm(forms.Form):
    """An organiser's own questions of one stage."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[name_of(question)] = _field(question)

    def answers(self) -> dict[int, str]:
        """By question; of several choices one a line."""
        return {one.pk: _as_text(self.cleaned_data[name_of(one)]) for one in self.questions}

    def fill(self, application: Application, *, now: datetime) -> None:
        """Put what is no answer of an own question into the row."""


class SampleForm(AnswersForm):
    """The work sample."""


class ApplicationForm(AnswersForm):
    """What every round asks, and the organiser's own questions between."""

    name = LineField(
        most=80, label="Your name", validators=[visible_text],
        help_text="As you want to be called.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    about = LongField(
        most=5_000, label="About you",
        help_text="Who you are, and why this. At most 5000 characters.",
    )  # fmt: skip
    hours = forms.IntegerField(
        min_value=1, max_value=80, label="Hours a week that you can give",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Write a whole number like 30."},
    )  # fmt: skip
    away = LongField(
        most=2_000, rows=3, required=False, label="Other commitments in that time",
        help_text="Work, exams, journeys: what you know already.",
    )  # fmt: skip
    links = LongField(
        most=2_000, rows=3, required=False, label="Links",
        help_text=f"To what shows your work, one a line, at most {MOST_LINKS}.",
    )  # fmt: skip
    ai_use = LongField(
        most=2_000, rows=3, label="Use of AI tools",
        help_text="Which you used for this application and for what. “None” is an answer.",
    )  # fmt: skip
    consent = forms.BooleanField(
        error_messages={"required": "Without this nobody may read what you wrote."}
    )
    last = ("ai_use", CONSENT)

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[CONSENT].label = (
            "The organisers and reviewers of this round may read this. It is deleted "
            f"{round_.purge_months} month{'s'[: round_.purge_months != 1]} after the round has ended."
        )
        own = [name_of(one) for one in self.questions]
        fixed = [name for name in FIXED if name not in self.last]
        self.order_fields([*fixed, *own, *self.last])

    def clean_links(self) -> str:
        links = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if len(links) > MOST_LINKS:
            raise ValidationError(f"Give at most {MOST_LINKS} links.")
        for link in links:
            is_address(link)
            public_address(link)
        return "\n".join(links)

    def fill(self, application: Application, *, now: datetime) -> None:
        for name in FIXED:
            setattr(application, name, self.cleaned_data[name])
        application.consented_at = application.consented_at or now


class EligibilityForm(forms.Form):
    """Yes or no to each criterion."""

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            self.fields[f"c{one.pk}"] = forms.ChoiceField(
                label=one.text, choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect,
                error_messages={"required": "Answer yes or no."},
            )  # fmt: skip

    def answers(self) -> dict[str, bool]:
        return {str(one.pk): self.cleaned_data[f"c{one.pk}"] == "yes" for one in self.criteria}


def eligibility_as_typed(said: dict[str, bool]) -> dict[str, str]:
    return {f"c{pk}": "yes" if answer else "no" for pk, answer in said.items()}


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A contact with a project, or a contribution to it."""

    is_contribution = forms.TypedChoiceField(
        label="What it is", widget=forms.RadioSelect, coerce=lambda said: said == "yes",
        choices=[("no", "A contact: a question, a discussion"), ("yes", "A contribution: code, docs, a report")],
        error_messages={"required": "Choose one."},
    )  # fmt: skip

    class Meta:
        model = Contact
        fields = ["is_contribution", "url", "words"]
        help_texts = {"url": "Where it can be seen.", "words": "What happened there."}
        error_messages = {
            "url": {"invalid": "Give the address of a web page: https://example.org."}
        }
        widgets = {"url": forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"})}

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        public_address(url)
        return url


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)
