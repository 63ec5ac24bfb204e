"""Projects, their people, goals, tiers and what they tell."""

from funding.projects.models.project import (
    FundedPerson,
    Funding,
    Goal,
    Grant,
    Maintainer,
    Project,
)
from funding.projects.models.telling import PaymentOut, Update
from funding.projects.models.tiers import Benefit, Tier

__all__ = [
    "Benefit",
    "FundedPerson",
    "Funding",
    "Goal",
    "Grant",
    "Maintainer",
    "PaymentOut",
    "Project",
    "Tier",
    "Update",
]
