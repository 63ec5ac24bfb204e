"""The order in which reviewers see applications: by the mean of their scores, with how far the scores
lie apart. Whatever has fewer than two reviews has no place in it. One question a page, whatever their
number."""

from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, Window
from django.db.models.functions import NullIf, Rank

from funding.programmes.models import Application, Review, Round

LEAST = 2  # reviews, for a place in the ranking
DONE = Q(reviews__status=Review.Status.DONE)
WITHOUT_WORDS = (
    "pk", "name", "status", "outcome", "rank", "submitted_at", "round_id", "user_id", "idea__title",
)  # fmt: skip


def scored(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With `reviews_done`, `mean` in thousandths of a score (whole numbers, so that what is equal is
    equal on every database), `lowest`, `highest` and `spread`."""
    found: QuerySet[Any] = rows.annotate(
        reviews_done=Count("reviews", filter=DONE),
        mean=_thousandths(),
        lowest=Min("reviews__score", filter=DONE),
        highest=Max("reviews__score", filter=DONE),
        spread=F("highest") - F("lowest"),
    )
    return found


def ranked(round_: Round) -> QuerySet[Any]:
    """In order, with its `position` and how many `share` it."""
    rows = scored(_read_for(round_)).filter(reviews_done__gte=LEAST)
    found: QuerySet[Any] = rows.annotate(
        position=Window(Rank(), order_by=F("mean").desc()),
        share=Window(Count("pk"), partition_by=[F("mean")]),
    )
    return found.order_by("position", "pk")


def too_few(round_: Round) -> QuerySet[Any]:
    rows = scored(_read_for(round_)).filter(reviews_done__lt=LEAST)
    return rows.order_by("reviews_done", "pk")


def _read_for(round_: Round) -> QuerySet[Application]:
    rows = Application.objects.submitted().filter(round=round_).select_related("idea")
    return rows.only(*WITHOUT_WORDS)


def _thousandths() -> object:
    sum_, number = Sum("reviews__score", filter=DONE), Count("reviews", filter=DONE)
    whole = IntegerField()
    return sum_ * 1000 / NullIf(number, 0, output_field=whole)
