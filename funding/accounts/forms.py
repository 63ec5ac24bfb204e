from django import forms
from django.http import HttpRequest

from funding.accounts.models import User


class SignupForm(forms.Form):
    """What sign-up asks beside the e-mail address."""

    name = forms.CharField(
        max_length=80, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
