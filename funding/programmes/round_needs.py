"""What those who run a round see to next: stipends to pay, checkpoints that are late, doubts, ideas that
wait for a word, a report that is not published. The same few questions however many rounds there are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from funding.programmes import phases, timing
from funding.programmes.models import Idea, Instalment, Phase, Place, Round
from funding.projects.waiting import Need

Paid, Status = Instalment.Status, Place.Status


def of(rounds: Sequence[Round], *, now: datetime) -> dict[int, list[Need]]:
    """By round: what those who run it see to next. Nothing of one that is not under way."""
    going_on = [one for one in rounds if one.status == Round.Status.OPEN]
    if not going_on:
        return {}
    places: dict[int, list[Place]] = {}
    for place in timing.with_steps(Place.objects.filter(round__in=going_on)):
        places.setdefault(place.round_id, []).append(place)
    proposed = dict(
        Idea.objects.filter(round__in=going_on, status=Idea.Status.PROPOSED)
        .order_by().values_list("round").annotate(Count("pk"))
    )  # fmt: skip
    return {
        one.pk: list(_needs(one, places.get(one.pk, []), proposed.get(one.pk, 0), now))
        for one in going_on
    }


def _needs(round_: Round, places: list[Place], ideas: int, now: datetime) -> Iterator[Need]:
    pending = sum(one.status == Paid.RELEASED for row in places for one in row.instalments.all())
    if pending:
        words = f"{many(pending, 'stipend is', 'stipends are')} to be paid and recorded."
        yield _need(round_, words, "See which", "round-money", "spend")
    running = [one for one in places if one.status == Status.RUNNING]
    if late := sum(bool(timing.late(one, now)) for one in running):
        words = f"{many(late, 'place is', 'places are')} late with a checkpoint."
        yield _need(round_, words, "See who", "places", "choose", "?state=late")
    if doubted := sum(_is_doubted(one) for one in running):
        words = f"In {many(doubted, 'place', 'places')} somebody says that it should not go on so."
        yield _need(round_, words, "See where", "places", "choose", "?state=running")
    if ideas:
        words = f"{many(ideas, 'idea waits', 'ideas wait')} for your word."
        yield _need(round_, words, "Read and answer", "round-ideas", "edit")
    if round_.announced_at is None and phases.is_on(round_, Phase.Kind.SELECTION, now=now):
        words = "It is not announced yet who is chosen."
        yield _need(round_, words, "Choose and announce", "ranking", "choose")
    if round_.reported_at is None and phases.is_on(round_, Phase.Kind.CLOSING, now=now):
        yield _need(
            round_, "The final report is not published.", "Write it", "round-report", "edit"
        )


def _is_doubted(place: Place) -> bool:
    """And nothing was decided of it yet."""
    steps = timing.steps(place)
    return any(
        one.is_doubted and one.instalment and one.instalment.status == Paid.PENDING
        for one in steps
    )


def _need(round_: Round, words: str, link: str, name: str, deed: str, query: str = "") -> Need:
    address = reverse(f"programmes:{name}", args=[round_.programme.slug, round_.slug])
    return Need(words, link, address + query, deed)


def many(number: int, one: str, more: str) -> str:
    """1 thing waits, 3 things wait."""
    return f"{number} {one if number == 1 else more}"
