"""What maintainers fill in about a project."""

from funding.projects.forms.offers import GoalForm, PersonForm, RateForm, TierForm
from funding.projects.forms.texts import (
    ADDRESS_TAKEN,
    LONGEST_DESCRIPTION,
    BeginForm,
    LogoForm,
    TextsForm,
)

__all__ = [
    "ADDRESS_TAKEN",
    "LONGEST_DESCRIPTION",
    "BeginForm",
    "GoalForm",
    "LogoForm",
    "PersonForm",
    "RateForm",
    "TextsForm",
    "TierForm",
]
