"""The list of applications as a table for a spreadsheet, for organisers: streamed in three questions,
whatever its length, and no cell in it is a formula."""

import csv
from collections.abc import Iterator
from itertools import groupby
from typing import Protocol

from funding.office.text import harmless
from funding.programmes import listing, reading
from funding.programmes.models import Answer, Application, Question, Round

COLUMNS = [
    "Number", "State", "Outcome", "Waiting list", "Name", "E-mail", "Idea", "Hours a week", "About",
    "Other commitments", "Links", "AI tools", "Sent", "Reviews", "Mean", "Lowest", "Highest",
]  # fmt: skip


class _Echo:
    """Hands each line straight on."""

    def write(self, line: str) -> str:
        return line


class _Writes(Protocol):
    def writerow(self, row: list[str], /) -> str: ...


def lines(round_: Round, asked: listing.Asked) -> Iterator[str]:
    """What the list shows for the same question, with every answer."""
    questions = list(Question.objects.filter(round=round_))
    table: _Writes = csv.writer(_Echo())
    yield "\ufeff" + table.writerow([*COLUMNS, *(harmless(one.text) for one in questions)])
    order = [one.pk for one in questions]
    rows = listing.matching(round_, asked).defer(None).select_related("idea", "user")
    shown = rows.order_by("pk").iterator(chunk_size=100)
    yield from (table.writerow(cells) for cells in _together(shown, round_, order))


def _together(
    shown: Iterator[Application], round_: Round, order: list[int]
) -> Iterator[list[str]]:
    """Both go by the application's number, so neither is ever held whole."""
    read = reading.sent(round_).values("pk")
    answers = Answer.objects.filter(application__in=read).order_by("application", "pk")
    told = groupby(answers.iterator(chunk_size=1000), key=lambda one: one.application_id)
    number, of_it = next(told, (0, iter(())))
    for application in shown:
        while number and number < application.pk:
            number, of_it = next(told, (0, iter(())))
        found = {a.question_id: a.text for a in of_it} if number == application.pk else {}
        own = [found.get(pk, "") for pk in order]
        yield [harmless(cell) for cell in [*_cells(application), *own]]


def _cells(one: Application) -> list[str]:
    mean = getattr(one, "mean", None)
    is_withdrawn = one.status == Application.Status.WITHDRAWN
    words = ["", "", "", "", "", "", ""] if is_withdrawn else [
        one.name, one.user.email if one.user else "", one.idea.title if one.idea else "",
        str(one.hours or ""), one.about, one.away, one.links,
    ]  # fmt: skip
    return [
        str(one.pk), one.get_status_display(), str(one.get_outcome_display()), str(one.rank or ""),
        *words, "" if is_withdrawn else one.ai_use,
        one.submitted_at.strftime("%Y-%m-%d %H:%M") if one.submitted_at else "",
        str(getattr(one, "reviews_done", "")),
        "" if mean is None else f"{mean / 1000:.2f}",
        str(getattr(one, "lowest", None) or ""), str(getattr(one, "highest", None) or ""),
    ]  # fmt: skip
