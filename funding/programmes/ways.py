"""Where one person has something to do in programmes, or sees how it stands: what they are asked, places,
reviews, applications, and what they run."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from funding.accounts.models import User
from funding.programmes import (
    access,
    deadlines,
    founding,
    instants,
    inviting,
    my_places,
    phases,
    reviewing,
    round_needs,
)
from funding.programmes.models import Application, Part, Phase, Place, Programme, Review, Round
from funding.programmes.round_needs import many

Status = Place.Status


@dataclass(frozen=True, slots=True)
class Way:
    """A page on which somebody has something to do, or sees how it stands."""

    words: str
    address: str
    said: str
    waits: bool = False


def of(user: User, *, now: datetime) -> list[Way]:
    """Nothing for who has nothing to do with programmes."""
    return [
        *_asked(user, now), *_in_places(user, now), *_to_review(user, now), *_applied(user, now),
        *_run(user, now),
    ]  # fmt: skip


def _asked(user: User, now: datetime) -> Iterator[Way]:
    for one in inviting.waiting_for(user, now=now):
        words = f"You are asked to be {inviting.a(one.role)} of {one.programme}"
        address = reverse("programmes:waiting-invitation", args=[one.pk])
        yield Way(words, address, "Read what it means, and answer.", waits=True)
    for asked in founding.asked_of(user):
        words = f"{asked.programme} asks whether {asked.project} runs it too"
        address = reverse("programmes:asked", args=[asked.pk])
        yield Way(words, address, "Read what it means, and answer.", waits=True)


def _in_places(user: User, now: datetime) -> Iterator[Way]:
    lines = my_places.mine(user, now=now)
    for line in lines:
        if line.place.status not in Place.ACTIVE:
            continue
        who = "You take part" if line.is_participant else f"You mentor {line.place.user}"
        yield Way(
            str(line.place.round), line.place.get_absolute_url(),
            f"{who}. {_next_of(line)}".strip(), line.is_asked,
        )  # fmt: skip
    if past := sum(line.place.status in (Status.DONE, Status.ENDED) for line in lines):
        yield Way(
            "Your places", reverse("programmes:my-places"), f"{many(past, 'is', 'are')} over."
        )


def _next_of(line: my_places.Line) -> str:
    zone = line.place.round.zone
    if line.place.status == Status.OFFERED:
        return f"It is offered to you until {instants.said(line.place.accept_until, zone)}."
    if line.coming is None:
        return ""
    return f"Next: {line.coming.checkpoint}, due {instants.said(line.coming.due_at, zone)}."


def _to_review(user: User, now: datetime) -> Iterator[Way]:
    """Rounds in which reviews last on, with what is still to be read."""
    rows = reviewing.of(user).filter(
        application__status=Application.Status.SUBMITTED,
        application__round__status=Round.Status.OPEN, status=Review.Status.ASSIGNED,
    )  # fmt: skip
    counts = Counter(rows.values_list("application__round", flat=True))
    rounds = Round.objects.filter(pk__in=counts).select_related("programme")
    for one in rounds.prefetch_related("phases"):
        step = phases.find(one, Phase.Kind.REVIEW)
        if step is not None and reviewing.is_on(one, now=now):
            until = instants.said(step.ends_at, one.zone)
            said = f"{many(counts[one.pk], 'application', 'applications')} to read until {until}."
            yield Way(f"Reviews for {one}", reverse("programmes:my-reviews"), said, waits=True)


def _applied(user: User, now: datetime) -> Iterator[Way]:
    """What is not decided yet, or was decided in a round that goes on and led to no place."""
    rows = Application.objects.filter(user=user, round__status=Round.Status.OPEN, place=None)
    rows = rows.select_related("round__programme", "round__call").prefetch_related("round__phases")
    for one in rows.order_by("-begun_at"):
        window = deadlines.window(one.round, now=now)
        is_draft = one.status == Application.Status.DRAFT and window.is_open
        if is_draft and window.ends_at:
            said = f"Not sent yet. It can be sent until {_said(window.ends_at, one.round)}."
            yield Way(_application(one), one.get_absolute_url(), said, waits=True)
        elif one.status == Application.Status.SUBMITTED:
            said = "It is sent." if one.round.announced_at is None else "It was decided."
            yield Way(_application(one), one.get_absolute_url(), said)


def _run(user: User, now: datetime) -> Iterator[Way]:
    """What they run, with how much waits there; for who runs nothing, where a mentor has ideas."""
    parts: dict[int, set[str]] = {}
    for programme, role in Part.objects.filter(user=user).values_list("programme", "role"):
        parts.setdefault(programme, set()).add(role)
    seen = {pk: roles for pk, roles in parts.items() if roles & access.MAY["see"]}
    if not parts:
        return
    address = reverse("programmes:mine")
    if not seen:
        yield Way("Your parts in programmes", address, "What you were asked to do, and where.")
        return
    rounds = Round.objects.filter(programme__in=seen).select_related("programme")
    needs = round_needs.of(list(rounds.prefetch_related("phases")), now=now)
    by_round = {one.pk: seen[one.programme_id] for one in rounds}
    waits = sum(
        bool(by_round[pk] & access.MAY[one.deed]) for pk, found in needs.items() for one in found
    )
    names = list(
        Programme.objects.filter(pk__in=seen).order_by("name").values_list("name", flat=True)
    )
    said = names[0] if len(names) == 1 else f"{len(names)} programmes"
    if waits:
        said += f": {many(waits, 'thing waits', 'things wait')} for you"
    yield Way("Programmes that you run", address, f"{said}.", bool(waits))


def _application(one: Application) -> str:
    return f"Your application to {one.round}"


def _said(instant: datetime, round_: Round) -> str:
    return instants.said(instant, round_.zone)
