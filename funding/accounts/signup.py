"""What sign-up asks. A module of its own: allauth's forms are built on this one, ours on allauth's."""

from django import forms
from django.http import HttpRequest

from funding.accounts.models import User
from funding.office.text import visible_text


class SignupForm(forms.Form):
    """What sign-up asks beside the e-mail address."""

    name = forms.CharField(
        max_length=80,
        label="Your name",
        validators=[visible_text],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
