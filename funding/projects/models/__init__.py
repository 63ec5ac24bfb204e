"""Projects, their people, goals, tiers and what they tell."""

from funding.projects.models.ladder import NEVER, Funding, Goal, Grant
from funding.projects.models.people import FundedPerson, Invitation, Maintainer, OpenInvitation
from funding.projects.models.project import Language, Project
from funding.projects.models.telling import Activity, PaymentOut, Update
from funding.projects.models.tiers import Benefit, Tier

__all__ = [
    "NEVER",
    "Activity",
    "Benefit",
    "FundedPerson",
    "Funding",
    "Goal",
    "Grant",
    "Invitation",
    "Language",
    "Maintainer",
    "OpenInvitation",
    "PaymentOut",
    "Project",
    "Tier",
    "Update",
]
