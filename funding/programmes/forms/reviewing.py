"""What reviewers, organisers and those who are offered a place fill in."""

from typing import Any

from django import forms

from funding.accounts.models import User
from funding.office.text import visible_text
from funding.programmes.models import Place, Review

SCORED = "scored"  # the button that counts; the other keeps a draft


class ReviewForm(forms.Form):
    """Its words and choices come from whoever makes it, since what they mean is the review's."""

    score = forms.TypedChoiceField(
        label="Score", coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    flags = forms.MultipleChoiceField(
        label="Flags", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="What an organiser should know. Tick none where nothing is to be said.",
    )  # fmt: skip
    comment = forms.CharField(
        max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="For the organisers: what speaks for it, what against. The applicant does not "
        "read it.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, review: Review, scores: dict[int, str], flags: dict[str, str], **kw: Any
    ) -> None:
        kw["initial"] = {name: getattr(review, name) for name in ("score", "flags", "comment")}
        super().__init__(*args, **kw)
        field: Any = self.fields["score"]
        field.choices = [(score, f"{score} · {words}") for score, words in scores.items()]
        several: Any = self.fields["flags"]
        several.choices = list(flags.items())
        self.is_done = review.status == Review.Status.DONE

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        counts = SCORED in self.data or self.is_done
        if counts and "score" in cleaned and cleaned["score"] is None:
            self.add_error("score", "Choose a score from 1 to 5.")
        if not counts:
            cleaned["score"] = None
        return cleaned


class ConflictForm(forms.Form):
    reason = forms.CharField(
        label="What the conflict is", max_length=300, validators=[visible_text],
        help_text="The organisers read it: we work together, say.",
    )  # fmt: skip


class GiveForm(forms.Form):
    """Who else reads an application."""

    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Give it to", empty_label="Choose a reviewer",
        error_messages={"required": "Choose who reads it."},
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        field.queryset = people


class AnnounceForm(forms.Form):
    """`early`: it takes a reason before the selection is over."""

    reason = forms.CharField(
        label="Why it is announced before the selection is over", max_length=200, required=False,
        validators=[visible_text],
        help_text="It stands beside the ranking, for organisers. Applicants do not read it.",
    )  # fmt: skip

    def __init__(self, *args: Any, early: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if early:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class AcceptForm(forms.ModelForm):  # type: ignore[type-arg]
    """A signature is a typed name under the words that stood there."""

    signed_name = forms.CharField(
        label="Your full name", max_length=120, validators=[visible_text],
        help_text="Typing it signs the agreement above. Your certificate will be of this name.",
        error_messages={"required": "Write your name: it is your signature."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    agreement = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Place
        fields = ["public_name"]
        labels = {"public_name": "Your name as others read it"}
        help_texts = {
            "public_name": "Its sponsors read it, and whoever verifies your certificate. Left "
            "empty, you are not named."
        }

    field_order = ["public_name", "signed_name"]


class DeclineForm(forms.Form):
    words = forms.CharField(
        label="Anything you want to tell the organisers", max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
