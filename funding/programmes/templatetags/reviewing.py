"""What templates ask about reviews: means, spreads, flags."""

from typing import Any

from django import template

from funding.programmes import listing, reading, reviewing
from funding.programmes.models import Application, Round

register = template.Library()
register.filter("flags", listing.flags)
register.filter("number", reading.number)

STEP, EDGE = 19, 4  # of the picture: between two scores, and beside the outer ones


@register.filter
def mean(thousandths: int) -> str:
    """4.67."""
    return f"{thousandths / 1000:.2f}"


@register.filter
def flag_words(raised: list[str]) -> list[str]:
    return [words for flag, words in reviewing.FLAGS.items() if flag in raised]


@register.filter
def score_words(score: int) -> str:
    return reviewing.SCORES[score]


@register.inclusion_tag("programmes/desk/_whisker.html")
def whisker(row: Any) -> dict[str, object]:
    """From the lowest score to the highest, with the mean: a sentence, and a picture of it."""
    left = EDGE + (row.lowest - 1) * STEP
    return {
        "row": row,
        "left": left,
        "width": max((row.highest - row.lowest) * STEP, 1),
        "at": f"{EDGE + (row.mean / 1000 - 1) * STEP:.1f}",
        "ticks": [EDGE + step * STEP for step in range(5)],
    }


@register.inclusion_tag("programmes/desk/_decide.html", takes_context=True)
def decide(context: dict[str, Any], row: Application, round_: Round, why_not: str) -> Any:
    """What is decided of an application, and the buttons that decide something else."""
    page = getattr(context.get("paginated"), "number", 1)
    return {
        "row": row, "round": round_, "why_not": why_not, "csrf_token": context.get("csrf_token"),
        "query": f"?page={page}" if page > 1 else "", "outcomes": OUTCOMES,
    }  # fmt: skip


OUTCOMES = [
    (Application.Outcome.SELECTED, "Choose"),
    (Application.Outcome.WAITING, "Waiting list"),
    (Application.Outcome.NOT_CHOSEN, "Do not choose"),
]
