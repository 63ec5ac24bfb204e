"""What mentors and organisers fill in about ideas."""

from typing import Any

from django import forms

from funding.office.forms import TogetherForm
from funding.office.text import visible_text
from funding.programmes.models import Idea, Part, Programme
from funding.projects.forms.texts import ShortField, TextField
from funding.projects.models import Project


class IdeaForm(TogetherForm):
    """What a participant could work on, at which project, and with whom."""

    beside = ("mentors",)
    description = TextField(
        max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text="What is to be done, what one learns by it, what one should know before. Markdown.",
    )  # fmt: skip
    mentors = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Mentors",
        help_text="Who would work with the participant.",
    )  # fmt: skip

    class Meta:
        model = Idea
        fields = ["title", "project", "description"]
        help_texts = {"title": "In a few words."}

    def __init__(self, *args: Any, instance: Idea, programme: Programme, **kwargs: Any) -> None:
        said = {"mentors": self.stands(instance, "mentors")}
        super().__init__(*args, instance=instance, initial=said, **kwargs)
        project, mentors = self.fields["project"], self.fields["mentors"]
        assert isinstance(project, forms.ModelChoiceField)
        joined = programme.hostings.filter(joined_at__isnull=False)
        project.queryset = Project.objects.filter(pk__in=joined.values("project"))
        project.empty_label = "None in particular"
        assert isinstance(mentors, forms.MultipleChoiceField)
        rows = programme.parts.filter(role=Part.Role.MENTOR).select_related("user")
        mentors.choices = [(str(one.pk), str(one.user)) for one in rows]
        if not mentors.choices:
            del self.fields["mentors"]

    def stands(self, row: Any, name: str) -> Any:
        if name == "mentors":
            return [str(pk) for pk in row.mentors.values_list("pk", flat=True)] if row.pk else []
        return super().stands(row, name)

    def _watched(self) -> set[str]:
        return super()._watched() & set(self.fields)

    def save(self, commit: bool = True) -> Any:
        idea = super().save(commit)
        if "mentors" in self.changed_data:
            idea.mentors.set(self.cleaned_data["mentors"])
        return idea


class DeclineForm(forms.Form):
    """Why an idea is not taken in."""

    reason = ShortField(
        max_length=300, validators=[visible_text],
        help_text="Who proposed it is told this by mail.",
    )  # fmt: skip
