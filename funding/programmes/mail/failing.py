"""Mail about a round that does not come about, to everybody who had a part in it: one mail a person, with
a part for each thing that they are in it. It says nothing of anybody else, nor what was decided in secret."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from funding.accounts.models import User
from funding.office import outbox
from funding.office.outbox import Mail
from funding.programmes.models import (
    Application,
    Instalment,
    Mentoring,
    Part,
    Place,
    Review,
    Round,
)

RUNS = (Part.Role.ORGANISER, Part.Role.TREASURER)


@dataclass(slots=True)
class Told:
    """What one person is in the round."""

    user: User
    place: Place | None = None
    application: Application | None = None
    mentors: bool = False
    reads: int = 0  # applications that wait for their review
    runs: bool = False


def failed(
    round_: Round,
    *,
    places: Sequence[Place],
    applications: Iterable[Application],
    was_decided: bool,
) -> None:
    """To each once, before anything of it has ended."""
    known = {"round": round_, "was_decided": was_decided, "owed": _owed(round_, places)}
    outbox.write_all(
        Mail(
            f"round-failed:{round_.pk}:{one.user.pk}", [one.user.email],
            "programmes/mail/round_failed.txt", known | {"told": one},
        )
        for one in _everybody(round_, places, applications)
        if one.user.is_active and one.user.left_at is None
    )  # fmt: skip


def _everybody(
    round_: Round, places: Sequence[Place], applications: Iterable[Application]
) -> list[Told]:
    found: dict[int, Told] = {}

    def of(user: User) -> Told:
        return found.setdefault(user.pk, Told(user))

    for place in places:
        of(place.user).place = place
    for application in applications:
        if application.user is not None:
            of(application.user).application = application
    for mentoring in Mentoring.objects.filter(place__in=places).select_related("user"):
        of(mentoring.user).mentors = True
    for review in _open_reviews(round_):
        of(review.reviewer).reads += 1
    for part in round_.programme.parts.filter(role__in=RUNS).select_related("user"):
        of(part.user).runs = True
    return list(found.values())


def _open_reviews(round_: Round) -> Iterable[Review]:
    if round_.announced_at is not None:
        return []
    return Review.objects.filter(
        application__round=round_, application__status="submitted", status=Review.Status.ASSIGNED
    ).select_related("reviewer")


def _owed(round_: Round, places: Sequence[Place]) -> object:
    """What was released and not paid, for those who run it; nothing where there is none."""
    rows = Instalment.objects.filter(place__in=places, status=Instalment.Status.RELEASED)
    amount = rows.aggregate(together=Sum("amount"))["together"]
    return round_.call.money(amount) if amount else None
