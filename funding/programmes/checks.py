"""What must never be false about programmes, asked anew from every row."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum

from funding.ledger import comparing
from funding.ledger.comparing import Leg
from funding.ledger.models import Account, Entry
from funding.programmes.models import Feedback, Hosting, Instalment, Outlay, Place, Round
from funding.programmes.outlays import BOOKED_AS

Kind = Account.Kind
Status = Instalment.Status
ACCEPTED = (Place.Status.RUNNING, Place.Status.DONE, Place.Status.ENDED)


def breaches() -> Iterator[str]:
    yield from _hosts()
    yield from _places()
    yield from _stipends()
    yield from _released()
    yield from _paid()
    yield from _outlays()


def _hosts() -> Iterator[str]:
    """A project that runs a programme knows that it does."""
    joined = Hosting.objects.exclude(joined_at=None).filter(project__funding__hosts=False)
    for hosting in joined.select_related("project", "programme"):
        yield f"{hosting.project} runs {hosting.programme}, and its page does not ask for it."


def _places() -> Iterator[str]:
    """A round counts the places that are taken, and none more than are funded."""
    live = Counter(Place.objects.live().values_list("round", flat=True))
    for round_ in Round.objects.select_related("programme"):
        if live[round_.pk] != round_.places_taken:
            yield f"{round_} counts {round_.places_taken} places taken, but {live[round_.pk]} are."
    for round_ in Round.objects.select_related("programme").filter(
        places_taken__gt=F("places_funded")
    ):
        yield f"{round_} has more places taken than are funded."
    kept = Place.objects.filter(status__in=Place.ACTIVE, round__status=Round.Status.FAILED)
    for place in kept.select_related("round__programme"):
        yield f"{place} goes on, and its round has failed."


def _stipends() -> Iterator[str]:
    """Instalments of a place that was signed for sum to its stipend, those that were dropped too."""
    planned = dict(Instalment.objects.order_by().values_list("place").annotate(sum=Sum("amount")))
    places = Place.objects.filter(status__in=ACCEPTED).exclude(signed_name="")
    for place in places.select_related("round__programme"):
        if planned.get(place.pk, 0) != place.stipend:
            sum_ = place.money(planned.get(place.pk, 0)).exact
            yield f"The instalments of {place} sum to {sum_}, not its stipend."


def _released() -> Iterator[str]:
    """None is released without both sides, or a reason of somebody's."""
    sent = {
        (place, checkpoint, side)
        for place, checkpoint, side in Feedback.objects.filter(sent_at__isnull=False).values_list(
            "place", "checkpoint", "side"
        )
    }
    rows = Instalment.objects.filter(status__in=[Status.RELEASED, Status.PAID])
    for one in rows.select_related("place__round__programme", "checkpoint"):
        both = all((one.place_id, one.checkpoint_id, side) in sent for side in Feedback.Side)
        if not both and not (one.released_by_id and one.reason):
            yield f"“{one}” was released without both sides and without a reason."


def _paid() -> Iterator[str]:
    """What is paid has an outlay that holds, of its amount, and nothing else has."""
    holds = Count("outlays", filter=Q(outlays__taken_back=None))
    amount = Sum("outlays__amount", filter=Q(outlays__taken_back=None))
    rows = Instalment.objects.annotate(holds=holds, paid=amount)
    wrong = rows.filter(
        (Q(status=Status.PAID) & (~Q(holds=1) | ~Q(paid=F("amount"))))
        | (~Q(status=Status.PAID) & Q(holds__gt=0))
    )
    for one in wrong.select_related("place__round__programme", "checkpoint"):
        yield f"“{one}” and what was recorded as paid for it differ."


def _outlays() -> Iterator[str]:
    """Outlays say what their entries say, and each such entry is one of theirs; so do those that were
    taken back and the entries that did it."""
    booked = comparing.booked(list(BOOKED_AS.values()))
    for row in Outlay.objects.select_related("entry", "taken_back").iterator():
        for other in comparing.differing(row, _leg(row), booked):
            yield f"“{row}” and {other} differ."
    for entry in Entry.objects.filter(pk__in=booked):
        yield f"Entry {entry.reference} belongs to no outlay of a round."


def _leg(row: Outlay) -> Leg:
    kind = BOOKED_AS[Outlay.Kind(row.kind)]
    return kind, Kind.HELD, f"round:{row.round_id}", Kind.BANK, "", row.currency, row.amount
