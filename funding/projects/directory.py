"""The directory: which published projects are shown for what an address asks for, in which order,
and what is said of them. A page of ids is found along an index and shown as `cards`, so the number
of questions never grows, and their work hardly does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Self
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Lower
from django.urls import reverse

from funding.projects import cards
from funding.projects.models import Funding, Goal, Language, Project
from funding.projects.worktime import FULL

A_PAGE = 24
LONGEST = 80  # of anything that an address asks for
MOST_WORDS = 8
MOST_OPTIONS = 200

STATES = {
    "needs": "Needs sponsors",
    "nobody": "No sponsor yet",
    "reached": "Every goal reached",
}
SORTS = {
    "needed": "Most needed",
    "funded": "Newly funded",
    "name": "Name",
}
Projects = QuerySet[Project]
Version = tuple[int, int]  # a project and which version of it


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. A state or a sorting that there is not is not asked for; a
    language, licence or currency that nobody has is, and finds nothing."""

    q: str = ""
    language: str = ""
    licence: str = ""
    currency: str = ""
    funding: str = ""
    sort: str = "needed"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        said = {field.name: _short(query.get(field.name, "")) for field in fields(cls)}
        known = {"funding": STATES, "sort": SORTS}
        return cls(**{k: v for k, v in said.items() if v and v in known.get(k, {v})})

    @property
    def words(self) -> list[str]:
        return self.q.split()[:MOST_WORDS]

    @property
    def narrowed_by(self) -> dict[str, str]:
        """Those that leave projects out, each in words that go on after "projects"."""
        words = {
            "q": f"about “{self.q}”",
            "language": f"in {self.language}",
            "licence": f"under {self.licence}",
            "currency": f"paid in {self.currency}",
            "funding": _STATES_AFTER_PROJECTS.get(self.funding, ""),
        }
        return {name: said for name, said in words.items() if getattr(self, name)}

    def without(self, name: str) -> "Asked":
        return replace(self, **{name: ""})

    @property
    def address(self) -> str:
        usual = Asked()
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        query = urlencode({k: v for k, v in asked.items() if v != getattr(usual, k)})
        return reverse("projects:directory") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values that a filter may have, and how many published projects have it."""

    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    options: list[Option]


class Listing:
    """One page of the directory, on one day."""

    def __init__(self, asked: Asked, *, number: str | None = None, today: date) -> None:
        self.asked = asked
        self.number = number
        self.today = today

    @cached_property
    def paginated(self) -> "Page[Version]":
        """The projects on this page; a number that there is not leads to one there is."""
        projects = _fitting(self.asked)
        paginator = Paginator(_ORDERS[self.asked.sort](projects), A_PAGE)
        paginator.count = projects.count()  # the same, without walking along the order
        return paginator.get_page(self.number)

    @cached_property
    def cards(self) -> list[str]:
        return cards.of(self.paginated, today=self.today)

    @property
    def said(self) -> str:
        """What is shown: "14 projects in Python that need sponsors, most needed first"."""
        count = self.paginated.paginator.count
        said = " ".join(
            [f"{count or 'No'} project{'' if count == 1 else 's'}", *self._after(count)]
        )
        return said if count < 2 else f"{said}, {_SORTS_AFTER_PROJECTS[self.asked.sort]}"

    def _after(self, count: int) -> Iterator[str]:
        for words in self.asked.narrowed_by.values():
            yield _OF_ONE.get(words, words) if count == 1 else words

    @cached_property
    def drops(self) -> list[tuple[str, str]]:
        """Each filter in words, and the address at which it is left out."""
        asked = self.asked
        return [(words, asked.without(name).address) for name, words in asked.narrowed_by.items()]

    @cached_property
    def filters(self) -> list[Filter]:
        found = counts()
        sorts = [Option(name, said, name == self.asked.sort) for name, said in SORTS.items()]
        return [
            Filter("sort", "Order", sorts),
            self._filter("language", "Language", "Any language", found.languages),
            self._filter("licence", "Licence", "Any licence", found.licences),
            self._filter("funding", "Funding", "Any funding", found.states, STATES),
            self._filter("currency", "Currency", "Any currency", found.currencies),
        ]

    def _filter(
        self, name: str, label: str, none: str, counts: Mapping[str, int],
        labels: Mapping[str, str] | None = None,
    ) -> Filter:  # fmt: skip
        asked = getattr(self.asked, name)
        values = [*counts, *([asked] if asked and asked not in counts else [])]
        return Filter(name, label, [
            Option("", none, not asked),
            *(Option(value, (labels or {}).get(value, value), value == asked, counts.get(value, 0))
              for value in values),
        ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How many published projects have each value of a filter, whatever else is asked for."""

    languages: dict[str, int]
    licences: dict[str, int]
    currencies: dict[str, int]
    states: dict[str, int]


def counts() -> Counts:
    """Counted anew whenever anything about any project was written: versions only grow, and a new
    project has a number higher than any before."""
    written = Funding.objects.aggregate(Count("pk"), Sum("version"), Max("pk"))
    return _counted(tuple(written.values()))


@lru_cache(maxsize=1)
def _counted(written: tuple[int | None, ...]) -> Counts:
    spoken = Language.objects.filter(project__status=Project.Status.PUBLISHED)
    projects = Project.objects.listed()
    in_state = {name: Count("pk", filter=having) for name, having in _IN_STATE.items()}
    return Counts(
        languages=_by_value(spoken, "name"),
        licences=_by_value(projects.exclude(licence=""), "licence"),
        currencies=_by_value(projects, "currency"),
        states=projects.aggregate(**in_state),
    )


def _by_value(rows: QuerySet[Any], column: str) -> dict[str, int]:
    """The values that most have, by name."""
    counted = rows.values_list(column).annotate(count=Count("pk")).order_by("-count", column)
    return dict(sorted(counted[:MOST_OPTIONS], key=lambda row: row[0].casefold()))


def clear() -> None:
    """Forget what was counted: for tests."""
    _counted.cache_clear()


def most_needed(*, most: int, today: date) -> list[str]:
    """The cards of the projects furthest from their top goal."""
    return cards.of(_ORDERS["needed"](Project.objects.listed())[:most], today=today)


def _fitting(asked: Asked) -> Projects:
    projects = Project.objects.listed()
    if asked.language:
        projects = projects.filter(languages__name=asked.language)
    if asked.licence:
        projects = projects.filter(licence=asked.licence)
    if asked.currency:
        projects = projects.filter(currency=asked.currency)
    if asked.funding:
        projects = projects.filter(_IN_STATE[asked.funding])
    for word in asked.words:
        projects = projects.filter(_mentions(word))
    return projects


def _mentions(word: str) -> Q:
    """SQLite tells capital letters from small ones outside ASCII, so each is looked for."""
    spelt = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    found = Q()
    for each in spelt:
        languages = Language.objects.filter(project=OuterRef("pk"), name__icontains=each)
        found |= Q(name__icontains=each) | Q(summary__icontains=each) | Q(Exists(languages))
    return found


# Each order is an index from one end to the other, so a first page sorts nothing. Totals are walked
# with a look at each one's project (a join might begin at the projects, and sort them all).


def _by_totals(*order: str) -> Callable[[Projects], "QuerySet[Any, Version]"]:
    def ordered(projects: Projects) -> "QuerySet[Any, Version]":
        totals = Funding.objects.filter(Exists(projects.filter(pk=OuterRef("pk"))))
        return totals.order_by(*order).values_list("pk", "version")

    return ordered


def _by_name(projects: Projects) -> "QuerySet[Any, Version]":
    return projects.order_by(Lower("name"), "id").values_list("pk", "funding__version")


_ORDERS: dict[str, Callable[[Projects], "QuerySet[Any, Version]"]] = {
    "needed": _by_totals("filled", "project_id"),
    "funded": _by_totals("-funded_at", "project_id"),
    "name": _by_name,
}
_IN_STATE: dict[str, Q] = {
    "needs": Q(funding__filled__lt=FULL),
    "nobody": Q(funding__sponsors=0),
    # Without a goal there is nothing to reach, though nothing is missing either.
    "reached": Q(funding__filled__gte=FULL)
    & Q(Exists(Goal.objects.filter(project=OuterRef("pk")))),
}
_STATES_AFTER_PROJECTS = {
    "needs": "that need sponsors",
    "nobody": "that nobody sponsors yet",
    "reached": "with every goal reached",
}
_SORTS_AFTER_PROJECTS = {
    "needed": "most needed first",
    "funded": "newly funded first",
    "name": "by name",
}
_OF_ONE = {"that need sponsors": "that needs sponsors"}


def _short(text: str) -> str:
    return " ".join(text[:LONGEST].split())
