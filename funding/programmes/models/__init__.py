"""Programmes and all that is in them."""

from funding.programmes.models.applying import (
    Answer,
    Application,
    Contact,
    Criterion,
    Idea,
    Question,
)
from funding.programmes.models.calls import (
    CostPart,
    Decision,
    FundingCall,
    Note,
    Share,
)
from funding.programmes.models.interest import Interest
from funding.programmes.models.programme import Hosting, Part, PartInvitation, Programme
from funding.programmes.models.reviewing import Review
from funding.programmes.models.rounds import Deed, Phase, Round
from funding.programmes.models.running import (
    MOST_WEEKS,
    Checkpoint,
    Extension,
    Feedback,
    Mentoring,
    Place,
    Post,
)
from funding.programmes.models.stipends import Instalment, Outlay

__all__ = [
    "Answer", "Application", "Checkpoint", "Contact", "CostPart", "Criterion", "Decision", "Deed",
    "Extension", "Feedback", "FundingCall", "Hosting", "Idea", "Instalment", "Interest",
    "MOST_WEEKS", "Mentoring", "Note", "Outlay", "Part", "PartInvitation", "Phase", "Place", "Post", "Programme",
    "Question", "Review", "Round", "Share",
]  # fmt: skip
