"""What a programme is called, of which kind it is, and who runs it."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from funding.accounts.models import User
from funding.office.forms import TogetherForm
from funding.programmes.models import Part, PartInvitation, Programme
from funding.projects.forms.texts import ShortField, TextField
from funding.projects.models import Project

NO_KIND = "Say of what kind it is."
NO_CONTACT = "Everybody sees the programme, so they need an address to ask at."
KIND_HELP = "Only for another kind: a hackathon, a grant, a study."


class KindForm(forms.ModelForm):  # type: ignore[type-arg]
    """A kind of its own has a name; the others have none."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Programme.Kind.OWN:
            if not cleaned.get("own_kind") and "own_kind" not in self.errors:
                self.add_error("own_kind", NO_KIND)
        elif "own_kind" in cleaned:
            cleaned["own_kind"] = ""
        return cleaned


class OwnedField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Projects among those that are offered; a number that no database knows is none of them."""

    def clean(self, value: Any) -> Any:
        offered = self.queryset
        assert offered is not None
        known = {str(pk) for pk in offered.values_list("pk", flat=True)}
        for one in value or []:
            if str(one) not in known:
                raise forms.ValidationError("Choose among your projects.")
        return super().clean(value)


class BeginForm(KindForm):
    """A new programme: what its desk needs."""

    projects = OwnedField(
        label="Run by",
        queryset=Project.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Projects of yours. Others can be asked afterwards.",
        error_messages={"required": "Choose at least one project."},
    )
    summary = ShortField(label="What it is, in one sentence", max_length=240)

    class Meta:
        model = Programme
        fields = ["name", "kind", "own_kind", "summary", "contact"]
        labels = {"own_kind": "Which kind"}
        help_texts = {
            "name": "As people will know it. Its address is made of it.",
            "own_kind": KIND_HELP,
        }

    def __init__(self, *args: Any, owned: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = self.fields["projects"]
        assert isinstance(projects, forms.ModelMultipleChoiceField)
        projects.queryset = owned
        if owned.count() == 1:
            projects.initial = [one.pk for one in owned]


class TextsForm(KindForm, TogetherForm):
    """What the page of a programme says in words."""

    summary = ShortField(label="What it is, in one sentence", max_length=240)
    description = TextField(
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=(
            "Whom it helps, what one learns, who runs it. Markdown: blank lines part paragraphs, "
            "# begins a heading, - a list."
        ),
    )

    class Meta:
        model = Programme
        fields = ["name", "kind", "own_kind", "summary", "contact", "description"]
        labels = {"own_kind": "Which kind"}
        help_texts = {"own_kind": KIND_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact = self.fields["contact"]
        contact.required = self.instance.published_at is not None
        contact.error_messages["required"] = NO_CONTACT


class AskForm(forms.Form):
    """Which project is to run it too, by the last part of its page's address."""

    project = forms.CharField(
        max_length=400,
        help_text="The address of its page here, or the last part of it: harbour-rest.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_project(self) -> Project:
        typed: str = self.cleaned_data["project"]
        slug = typed.rstrip("/").rpartition("/")[2].lower()
        found = Project.objects.filter(slug=slug, status=Project.Status.PUBLISHED).first()
        if found is None:
            raise forms.ValidationError(
                "There is no published project at this address. Look at it once more."
            )
        return found


def roles() -> list[tuple[str, str]]:
    """Each part with what it is."""
    return [(role.value, f"{role.label}: {role.means}") for role in Part.Role]


class GiveForm(forms.Form):
    """A part for somebody who runs one of the projects."""

    user = forms.ModelChoiceField(
        label="Who", queryset=User.objects.none(), empty_label="Choose one"
    )
    role = forms.ChoiceField(label="Part", choices=roles, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to ask by mail, and for what."""

    class Meta:
        model = PartInvitation
        fields = ["email", "role"]
        labels = {"role": "Part"}
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "role": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles()  # type: ignore[attr-defined]
