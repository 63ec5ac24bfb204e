"""What pages show of a round that is running or was run."""

from django import template

from funding.ledger.money import Money
from funding.programmes import statistics, timing
from funding.programmes.models import Place, Round

register = template.Library()


@register.inclusion_tag("programmes/_statistics.html")
def statistics_of(round_: Round) -> dict[str, object]:
    """The numbers of a round that everybody may know, or nothing."""
    return {"lines": statistics.of(round_)}


@register.filter
def money_of(place: Place, amount: int) -> Money:
    """An amount in the currency of a place."""
    return place.money(amount)


@register.filter
def ends(place: Place) -> object:
    """The last day that is known of a place: its own end, or its last checkpoint's."""
    steps = timing.steps(place)
    return place.ends_at or (steps[-1].due_at if steps else None)
