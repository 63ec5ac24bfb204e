"""A page of the demo alone: whom one can be, and where to look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from demo import cast, mailbox
from funding.office import clock
from funding.programmes import phases
from funding.programmes.models import Application, Round

ORDER = ["draft", *(kind.value for kind in phases.ORDER), "done", "failed"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A round with where it is; a draft has no page that everybody sees."""

    round: Round
    phase: str
    applications: int

    @property
    def path(self) -> str:
        return "" if self.round.status == Round.Status.DRAFT else self.round.get_absolute_url()


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return mailbox.page(
        request, "overview.html",
        {"people": cast.PEOPLE, "password": cast.PASSWORD, "maintainer": cast.MAINTAINER,
         "rounds": list(shown(clock.now())), "stories": cast.STORIES},
    )  # fmt: skip


def shown(now: datetime) -> Iterator[Shown]:
    """All rounds, in the order of a round's life."""
    rows = Round.objects.select_related("programme").prefetch_related("phases")
    sent = Application.objects.submitted().order_by().values_list("round").annotate(Count("pk"))
    counts = dict(sent)
    found = [(*state(one, now), one) for one in rows]
    for _, words, one in sorted(found, key=lambda row: (row[0], row[2].pk)):
        yield Shown(one, words, counts.get(one.pk, 0))


def state(round_: Round, now: datetime) -> tuple[int, str]:
    """Where it is in its life, in words; between two phases the next, after the last the last."""
    if round_.status != Round.Status.OPEN:
        return ORDER.index(round_.status), round_.get_status_display()
    steps = phases.steps(round_, now=now)
    if on := next((one for one in reversed(steps) if one.is_on), None):
        return ORDER.index(on.kind), on.name
    if coming := next((one for one in steps if one.starts_at > now), None):
        return ORDER.index(coming.kind), f"Before {coming.name.lower()}"
    return ORDER.index(steps[-1].kind), f"After {steps[-1].name.lower()}"
