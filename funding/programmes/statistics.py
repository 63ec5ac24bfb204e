"""Statistics of a round, from its rows. What so few share that it could tell a person is not said: fewer
than five applicants, and how places ended when fewer than five of them ended otherwise."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from funding.ledger.money import Money
from funding.programmes.models import Application, Outlay, Place, Review, Round

FEW = 5
HIDDEN = f"fewer than {FEW}"
State = Application.Status
Status = Place.Status


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    said: str


def of(round_: Round) -> list[Line]:
    """What everybody may know of a round: nothing of choosing before it was announced."""
    if round_.announced_at is None:
        return []
    return [*_applicants(round_), *_places(round_), *_paid(round_)]


def _applicants(round_: Round) -> list[Line]:
    sent = Q(submitted_at__isnull=False)
    counts = Application.objects.filter(round=round_).aggregate(
        applied=Count("pk", filter=sent),
        eligible=Count("pk", filter=sent & ~Q(status=State.INELIGIBLE)),
        chosen=Count("pk", filter=Q(outcome=Application.Outcome.SELECTED)),
    )
    reviewed = Review.objects.filter(
        application__round=round_, status=Review.Status.DONE
    ).aggregate(count=Count("application", distinct=True))["count"]
    return [
        Line("Applied", _unless_few(counts["applied"])),
        Line("Eligible", _unless_few(counts["eligible"])),
        Line("Reviewed", _unless_few(reviewed)),
        Line("Chosen", str(counts["chosen"])),
    ]


def _places(round_: Round) -> list[Line]:
    counts = round_.places.aggregate(
        done=Count("pk", filter=Q(status=Status.DONE)),
        ended=Count("pk", filter=Q(status=Status.ENDED) & ~Q(signed_name="")),
        running=Count("pk", filter=Q(status=Status.RUNNING)),
    )
    accepted = Line("Accepted", str(sum(counts.values())))
    if round_.status != Round.Status.DONE:
        return [accepted]
    if 0 < counts["ended"] < FEW:  # either figure would tell the other
        return [accepted, Line("Completed, or ended early", "not said of so few")]
    done = Line("Completed", str(counts["done"]))
    return [accepted, done, Line("Ended early", str(counts["ended"]))]


def _paid(round_: Round) -> list[Line]:
    outlays = Outlay.objects.filter(round=round_, taken_back=None, kind=Outlay.Kind.STIPEND)
    sums = outlays.values("currency").annotate(sum=Sum("amount")).order_by("currency")
    whole = [Money(row["sum"], row["currency"]) for row in sums]
    if round_.status != Round.Status.DONE or not whole or _tells(round_):
        return []
    return [Line("Paid as stipends", " and ".join(money.exact for money in whole))]


def _tells(round_: Round) -> bool:
    """Whether what was paid would say that somebody ended early, of few."""
    ended = round_.places.filter(status=Status.ENDED).count()
    return 0 < ended < FEW


def _unless_few(number: int) -> str:
    return HIDDEN if 0 < number < FEW else str(number)
