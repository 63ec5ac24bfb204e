"""Tiers that promise something, and who owes it."""

from funding.office import clock
from funding.projects.models import Benefit
from sponsors.sponsorships import fulfilling
from tests import factories


def promising(*kinds, project=None, **values):
    tier = factories.tier(project, benefits=(), **values)
    for position, kind in enumerate(kinds):
        hours = 3 if kind == "hours" else None
        text = f"A promise of {kind}"
        Benefit.objects.create(tier=tier, kind=kind, text=text, hours=hours, position=position)
    return tier


def due(today=None):
    return fulfilling.due(today=today or clock.today())
