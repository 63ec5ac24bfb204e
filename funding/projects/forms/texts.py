"""What a project's page says: how it begins, its texts, its logo."""

from typing import Any

from django import forms
from django.core.files import File
from django.db.models import Count, Q
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from funding.ledger.forms import MoneyField
from funding.ledger.money import CURRENCIES, EXPONENTS
from funding.office import names, pictures
from funding.office.forms import TogetherForm
from funding.office.models import Picture
from funding.office.text import visible_text
from funding.projects.models import Language, Project
from funding.projects.models.project import NO_LICENCE

ADDRESS_TAKEN = "Another project has this address. Choose another."
LONGEST_DESCRIPTION = 20_000
MOST_LANGUAGES = 5
LICENCES = (
    "0BSD", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause",
    "BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "EPL-2.0", "EUPL-1.2",
    "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC",
    "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0",
    "OFL-1.1", "PSF-2.0", "PostgreSQL", "Ruby", "Unlicense", "Zlib",
)  # fmt: skip
RATE_HELP = (
    "What one working day costs, all in: pay, taxes, equipment, overheads. It turns money into "
    "days for everybody to see."
)


class TextField(forms.CharField):
    """Several lines, whose ends are written the same way whatever browser sent them."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class ShortField(forms.CharField):
    """A sentence or two in a field of some lines: where they end is not kept."""

    widget = forms.Textarea(attrs={"rows": 3})
    default_validators = [visible_text]

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class RateField(MoneyField):
    """A day rate whose currency is perhaps not chosen yet: then no error speaks of one."""

    is_chosen = True

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            if self.is_chosen or error.code == "required":
                raise
            raise forms.ValidationError(
                "Write an amount like 1200, without a sign or commas."
            ) from error


class BeginForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new project: the little that its desk needs."""

    day_rate = RateField(label="Day rate", help_text=RATE_HELP)

    class Meta:
        model = Project
        fields = ["name", "summary", "currency", "day_rate"]
        labels = {"summary": "What it is, in one sentence"}
        help_texts = {
            "name": "As people know it. Its address is made of it.",
            "summary": "It stands under the name.",
            "currency": "Sponsors pay in it, and the books are kept in it: it stays.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency, rate = self.fields["currency"], self.fields["day_rate"]
        assert isinstance(currency, forms.ChoiceField)
        currency.choices = [("", "Choose one"), *CURRENCIES]
        assert isinstance(rate, RateField)
        chosen = str(self["currency"].value())
        rate.is_chosen = chosen in EXPONENTS
        rate.currency = chosen if rate.is_chosen else "GBP"


class TextsForm(TogetherForm):
    """What the page says in words. Its address can be changed while nobody knows it."""

    beside = ("languages",)
    licences = LICENCES

    description = TextField(
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=(
            "What it does, who relies on it, what you will do with the time. Markdown: blank lines "
            "part paragraphs, # begins a heading, - a list."
        ),
    )
    languages = forms.CharField(
        required=False,
        max_length=200,
        label="Programming languages",
        help_text="At most five with commas between them, the main one first: Python, Rust.",
    )

    class Meta:
        model = Project
        fields = ["name", "summary", "description", "website", "repository", "licence", "slug"]
        labels = {"summary": "What it is, in one sentence", "slug": "Address"}
        help_texts = {
            "summary": "It stands under the name.",
            "repository": "Where the code can be read.",
            "slug": "The last part of its page’s address. It can be changed until you publish.",
        }
        widgets = {
            "website": forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "url"}),
            "repository": forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
            "licence": forms.TextInput(attrs={"list": "licences", "autocomplete": "off"}),
        }
        error_messages = {"slug": {"unique": ADDRESS_TAKEN}}

    def __init__(self, *args: Any, instance: Project, **kwargs: Any) -> None:
        said = {"languages": self.stands(instance, "languages")}
        super().__init__(*args, instance=instance, initial=said, **kwargs)
        if not instance.is_draft:
            del self.fields["slug"]
            self.fields["seen"].initial = self._mark(instance)
        self.order_fields(
            ["name", "slug", "summary", "description", "website", "repository", "licence"]
        )

    def stands(self, row: Any, name: str) -> Any:
        if name == "languages":
            return ", ".join(language.name for language in row.languages.all())
        return super().stands(row, name)

    def clean_licence(self) -> str:
        """As SPDX writes it, so that the directory's filter has each licence once. What is there
        from before is left alone until it is changed."""
        licence: str = self.cleaned_data["licence"]
        if not licence or "licence" not in self.changed_data:
            return licence
        try:
            return str(canonicalize_license_expression(licence))
        except InvalidLicenseExpression as error:
            raise forms.ValidationError(NO_LICENCE) from error

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if slug in names.RESERVED:
            raise forms.ValidationError(ADDRESS_TAKEN)
        still_draft = Project.objects.filter(pk=self.instance.pk, status=Project.Status.DRAFT)
        if "slug" in self.changed_data and not still_draft.exists():
            raise forms.ValidationError("The project is published now, so its address stays.")
        return slug

    def clean_languages(self) -> str:
        """As they are to stand: each once, spelt as most projects here spell it."""
        typed = [name.strip() for name in self.cleaned_data["languages"].split(",")]
        once = list({name.casefold(): name for name in reversed(typed) if name}.values())[::-1]
        if len(once) > MOST_LANGUAGES:
            raise forms.ValidationError("Name at most five languages.")
        for name in once:
            visible_text(name)
            if len(name) > 30:
                raise forms.ValidationError("The name of a language has at most 30 characters.")
        return ", ".join(self._spelt(once))

    def _spelt(self, typed: list[str]) -> list[str]:
        any_of = Q(pk=None)
        for name in typed:
            any_of |= Q(name__iexact=name)
        others = Language.objects.filter(any_of).exclude(project=self.instance)
        counted = others.values_list("name").annotate(times=Count("id")).order_by("times")
        known = {name.casefold(): name for name, _ in counted}
        return [known.get(name.casefold(), name) for name in typed]

    def save(self, commit: bool = True) -> Any:
        project = super().save(commit)
        if "languages" in self.changed_data:
            project.languages.all().delete()
            spoken = [name for name in self.cleaned_data["languages"].split(", ") if name]
            Language.objects.bulk_create(
                Language(project=project, name=name, position=position)
                for position, name in enumerate(spoken)
            )
        return project


class LogoForm(forms.Form):
    """A picture from somebody's machine."""

    logo = forms.FileField(
        label="Picture",
        help_text="PNG, JPEG, WebP or GIF, at most 2 MB. No SVG.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        error_messages={
            "required": "Choose a picture first.",
            "missing": "Choose a picture first.",
            "empty": "This file is empty. Choose another.",
        },
    )

    def clean_logo(self) -> "File[bytes]":
        file: File[bytes] = self.cleaned_data["logo"]
        if (file.size or 0) > pictures.LARGEST_FILE:
            raise forms.ValidationError("This file is larger than 2 MB. Make it smaller first.")
        return file

    def drawn(self) -> Picture | None:
        """What came, drawn anew; None, and why, when it is no picture that can be used."""
        if not self.is_valid():
            return None
        try:
            return pictures.draw(self.cleaned_data["logo"])
        except pictures.NotAPicture as refused:
            self.add_error("logo", str(refused))
            return None
