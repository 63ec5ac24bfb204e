"""What people type about a company."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from funding.accounts.models import User
from funding.office import pictures
from funding.office.forms import TogetherForm
from funding.office.models import Picture
from sponsors.companies.models import Company

WHO = {
    Company.Kind.ORGANISATION: "A company or another organisation",
    Company.Kind.INDIVIDUAL: "Myself, as an individual",
}


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new organisation, or a person who sponsors under a name of their choice. It stands hidden
    beside the companies that are there, so the browser is not asked to insist on its fields."""

    use_required_attribute = False

    class Meta:
        model = Company
        fields = ["display_name", "legal_name", "country", "website", "billing_email"]
        labels = {
            "display_name": "Name to show",
            "legal_name": "Legal name",
            "billing_email": "Billing e-mail",
        }
        widgets = {
            "display_name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "country": forms.Select(attrs={"autocomplete": "country"}),
            "website": forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "url"}),
            "billing_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, kind: str = Company.Kind.ORGANISATION, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = kind

    def clean_legal_name(self) -> str:
        legal_name: str = self.cleaned_data["legal_name"]
        if self.instance.is_individual:
            return ""
        if not legal_name:
            raise forms.ValidationError("Invoices of a company need its legal name.")
        return legal_name


class NewcomerForm(CompanyForm):
    """The same, with the question whether it is a company or the person who asks. Who is here as
    an individual already is not asked."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User) -> None:
        is_somebody = Company.objects.of(user).filter(kind=Company.Kind.INDIVIDUAL).exists()
        offered = [Company.Kind.ORGANISATION] if is_somebody else list(Company.Kind)
        kind = data.get("sponsor", "") if data is not None else ""
        super().__init__(
            data,
            kind=kind if kind in offered else offered[0],
            initial={"billing_email": user.email, "sponsor": offered[0]},
        )
        choices = [(kind, WHO[kind]) for kind in offered]
        self.fields["sponsor"] = forms.ChoiceField(
            label="Who is it", choices=choices, widget=forms.RadioSelect
        )


class OneParagraph(forms.CharField):
    """A few sentences typed into several lines are one paragraph."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value)).split())


class DescriptionForm(TogetherForm):
    """What a company's page and its invoices say of it."""

    about = OneParagraph(
        max_length=240, required=False, help_text=Company._meta.get_field("about").help_text
    )

    class Meta:
        model = Company
        fields = ["display_name", "about", "website", "legal_name", "country", "billing_email"]
        labels = CompanyForm.Meta.labels
        widgets = CompanyForm.Meta.widgets
        help_texts = {
            "legal_name": "As invoices need it. Those already sent keep the one they were sent with.",
            "country": "Where invoices go. Those already sent keep the one they were sent with.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_individual:
            del self.fields["legal_name"]
        else:
            self.fields["legal_name"].required = True


class LogoForm(forms.Form):
    """A new logo, or none from now on. What was sent is drawn when the form is checked, outside any
    transaction: a large image takes a moment."""

    picture = forms.FileField(
        label="New logo",
        required=False,
        help_text="PNG, JPEG, WebP or GIF, at most 2 MB. It is drawn anew in at most 512 by 512 "
        "pixels.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    without = forms.BooleanField(label="Show no logo any more", required=False)

    def __init__(self, *args: Any, has_logo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_logo:
            del self.fields["without"]

    def clean_picture(self) -> Picture | None:
        file: UploadedFile[Any] | None = self.cleaned_data["picture"]
        if file is None:
            return None
        if (file.size or 0) > pictures.LARGEST_FILE:
            raise forms.ValidationError("This file is larger than 2 MB. Send a smaller image.")
        try:
            return pictures.draw(file)  # type: ignore[arg-type]
        except pictures.NotAPicture as error:
            raise forms.ValidationError(str(error)) from error

    def chosen(self, now: Picture | None) -> Picture | None:
        """The logo from now on. A new one wins over "none"."""
        new: Picture | None = self.cleaned_data["picture"]
        return new or (None if self.cleaned_data.get("without") else now)
