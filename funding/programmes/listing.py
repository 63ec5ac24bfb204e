"""The organisers' list of applications: which are shown for what an address asks for, in which order.
The number of questions is the same for three applications and for a thousand."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When

from funding.programmes import ranking
from funding.programmes.models import Application, Idea, Review, Round
from funding.programmes.reviewing import FLAGS

A_PAGE = 50
LONGEST = 80  # of anything that an address asks for
Status = Application.Status
STATES = {
    "sent": "Sent",
    "ineligible": "Not eligible",
    "withdrawn": "Withdrawn",
    "selected": "Chosen",
    "waiting": "On the waiting list",
    "not_chosen": "Not chosen",
    "open": "Not decided",
}
READ = {"missing": "Reviews missing", "done": "All reviews in"}
SORTS = {
    "number": "Number",
    "name": "Name",
    "mean": "Highest mean",
    "spread": "Widest spread",
    "fewest": "Fewest reviews",
}
# What was withdrawn stays its writer's own: its name is neither searched nor does it order anything.
READABLE = Case(When(status=Status.WITHDRAWN, then=Value("")), default=F("name"))
_ORDERS = {
    "number": [F("pk").asc()],
    "name": [F("readable_name").asc(), F("pk").asc()],
    "mean": [F("mean").desc(nulls_last=True), F("pk").asc()],
    "spread": [F("spread").desc(nulls_last=True), F("pk").asc()],
    "fewest": [F("reviews_done").asc(), F("pk").asc()],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; what there is not is not asked for."""

    q: str = ""
    state: str = "sent"
    idea: str = ""
    read: str = ""
    flagged: str = ""
    sort: str = "number"

    @classmethod
    def read_from(cls, query: Mapping[str, str]) -> Self:
        known = {
            "state": {*STATES, "all"},
            "read": READ,
            "sort": SORTS,
            "flagged": {*FLAGS, "any"},
        }
        said = {f.name: _short(query.get(f.name, "")) for f in fields(cls)}
        return cls(**{k: v for k, v in said.items() if v and v in known.get(k, {v})})

    @property
    def address(self) -> str:
        usual = type(self)()
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        return urlencode({k: v for k, v in said.items() if v != getattr(usual, k)})


class Listing:
    """One page of it."""

    def __init__(self, round_: Round, asked: Asked, *, number: str | None = None) -> None:
        self.round, self.asked, self.number = round_, asked, number
        self.states, self.reads, self.sorts, self.flags = STATES, READ, SORTS, FLAGS

    @cached_property
    def paginated(self) -> "Page[Any]":
        reviews = Review.objects.filter(status=Review.Status.DONE).only("application", "flags")
        rows = matching(self.round, self.asked)
        paginator = Paginator(
            rows.prefetch_related(Prefetch("reviews", reviews, to_attr="read")), A_PAGE
        )
        return paginator.get_page(self.number)

    @cached_property
    def ideas(self) -> list[Idea]:
        return list(Idea.objects.filter(round=self.round).only("title").order_by("title", "pk"))

    @cached_property
    def counts(self) -> dict[str, int]:
        """Of the whole round, whatever is filtered."""
        of = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
        return Application.objects.filter(round=self.round).aggregate(**of)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked.address)


def matching(round_: Round, asked: Asked) -> QuerySet[Any]:
    """Scored, in order; drafts are their writer's own and never here."""
    sent = Application.objects.filter(round=round_).exclude(status=Status.DRAFT)
    rows: QuerySet[Any] = ranking.scored(_narrowed(sent, round_, asked))
    if asked.read:
        enough = Q(reviews_done__gte=round_.reviews_needed)
        rows = rows.filter(enough if asked.read == "done" else ~enough)
    rows = rows.annotate(readable_name=READABLE).select_related("idea")
    rows = rows.only(*ranking.WITHOUT_WORDS)
    return rows.order_by(*_ORDERS[asked.sort])


def flags(application: Application) -> list[str]:
    """What its reviewers flagged, in words, each once."""
    raised = {flag for review in getattr(application, "read", []) for flag in review.flags}
    return [words for flag, words in FLAGS.items() if flag in raised]


def _narrowed(rows: QuerySet[Any], round_: Round, asked: Asked) -> QuerySet[Any]:
    state = {
        "sent": Q(status=Status.SUBMITTED),
        "ineligible": Q(status=Status.INELIGIBLE),
        "withdrawn": Q(status=Status.WITHDRAWN),
        "open": Q(status=Status.SUBMITTED, outcome=""),
    }
    if asked.state != "all":
        decided = Q(status=Status.SUBMITTED, outcome=asked.state)
        rows = rows.filter(state.get(asked.state, decided))
    if asked.idea.isdecimal() and asked.idea.isascii():
        rows = rows.filter(idea__in=Idea.objects.filter(round=round_, pk=int(asked.idea[:15])))
    if asked.flagged:
        rows = rows.filter(pk__in=_flagged(round_, asked.flagged))
    for word in asked.q.split()[:8]:
        same = Q(pk=int(word)) if word.isascii() and word.isdecimal() and len(word) < 16 else Q()
        named = Q(name__icontains=word) & ~Q(status=Status.WITHDRAWN)
        rows = rows.filter(named | same)
    return rows


def _flagged(round_: Round, flag: str) -> list[int]:
    """Few are: their ids are asked for first, since databases look into lists in different ways."""
    rows = Review.objects.filter(application__round=round_, status=Review.Status.DONE)
    found = rows.exclude(flags=[]).values_list("application", "flags")
    return sorted({one for one, raised in found if flag == "any" or flag in raised})


def _short(text: str) -> str:
    return text.strip()[:LONGEST]
