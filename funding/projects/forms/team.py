from typing import Any

from django import forms

from funding.projects.models import Invitation, Maintainer

LEAVE = "leave"


def roles() -> list[tuple[str, str]]:
    """Each role with what it may do."""
    return [(role.value, f"{role.label}: {role.means}") for role in Maintainer.Role]


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to ask, and for what."""

    class Meta:
        model = Invitation
        fields = ["email", "role"]
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "role": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles()  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=roles, widget=forms.RadioSelect)


class HandOverForm(forms.Form):
    """Who becomes an owner, and what becomes of who was one."""

    to = forms.ModelChoiceField(
        label="Who becomes an owner", queryset=Maintainer.objects.none(), empty_label=None
    )
    then = forms.ChoiceField(
        label="And you",
        choices=[
            (Maintainer.Role.EDITOR.value, "become an editor"),
            (Maintainer.Role.TREASURER.value, "become a treasurer"),
            (LEAVE, "leave the project"),
        ],
        initial=Maintainer.Role.EDITOR.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, owner: Maintainer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Maintainer.objects.filter(project=owner.project_id).exclude(pk=owner.pk)
        self.fields["to"].queryset = others.select_related("user")  # type: ignore[attr-defined]
