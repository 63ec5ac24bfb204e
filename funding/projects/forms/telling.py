from django import forms

from funding.office.forms import TogetherForm
from funding.projects.models import Update


class UpdateForm(TogetherForm):
    """What the maintainers tell, as a draft or as it stands on the project's page."""

    class Meta:
        model = Update
        fields = ["title", "body"]
        labels = {"body": "What you tell"}
        help_texts = {
            "body": "Markdown: a blank line begins a paragraph, * a list, # a heading, and "
            "[words](https://example.org) is a link. Images are left out."
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 16})}


class PublishForm(forms.Form):
    """Whether the sponsors hear of it by mail; asked until they have."""

    mail_sponsors = forms.BooleanField(
        label="Mail it to the sponsors who want updates", required=False, initial=True
    )
