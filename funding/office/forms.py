"""Forms that two people may have open at the same time."""

import hashlib
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict

CHANGED_MEANWHILE = (
    "Somebody else changed this while you were writing. Nothing was overwritten: what stands now is "
    "told at each field that differs. Save again to put yours in its place."
)


class TogetherForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that carries a mark of what stood there when it was opened. Whoever saves second is
    told what stands now, with everything they typed still in its field; saving again is then meant.
    Only what was changed is written. It is to be checked and saved under one lock of the owner, as
    `editing.save` does."""

    beside: tuple[str, ...] = ()  # fields that are kept in rows of their own; see `stands`
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed_meanwhile = False
        self.fields["seen"].initial = self._mark(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        model = type(self.instance)
        now = model._default_manager.filter(pk=self.instance.pk).first()
        if self.instance.pk and now is None:
            raise ValidationError("Somebody else removed this while you were writing.")
        if now is not None and self.data.get(self.add_prefix("seen")) != self._mark(now):
            self._tell_of(now)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """A new row, or the changed fields of one that is there; many-to-many fields are not for it."""
        if not commit or self.instance._state.adding:
            return super().save(commit)
        fields = [name for name in self.changed_data if name in self._columns()]
        self.instance.save(update_fields=fields)
        return self.instance

    def stands(self, row: Any, name: str) -> Any:
        """What a row says in a field. A form with fields `beside` the row's own says it for them,
        and writes them in its `save`."""
        return getattr(row, name)

    def _watched(self) -> set[str]:
        return self._columns() | set(self.beside)

    def _columns(self) -> set[str]:
        meta: Any = type(self.instance)._meta
        return {field.name for field in meta.concrete_fields} & set(self.fields)

    def _mark(self, instance: Model) -> str:
        values = [(name, str(self.stands(instance, name))) for name in sorted(self._watched())]
        return hashlib.sha256(repr(values).encode()).hexdigest()[:24]

    def _tell_of(self, now: Model) -> None:
        self.changed_meanwhile = True
        self.add_error(None, CHANGED_MEANWHILE)
        for name in sorted(self._watched() & set(self.cleaned_data)):
            stands = self.stands(now, name)
            if stands != self.cleaned_data[name]:
                self.add_error(name, f"Now stands: {self._in_words(name, stands)}")
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("seen")] = self._mark(now)
        self.data = data

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        value = field.prepare_value(value)
        words = dict(getattr(field, "choices", []))
        said = [
            str(words.get(one, one)) for one in (value if isinstance(value, list) else [value])
        ]
        return ", ".join(said) if value not in (None, "", []) else "nothing"
