"""What waits for the maintainers of a project that runs: things that only they can do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.urls import reverse

from funding.projects.models import Project
from funding.projects.page import Page

SILENCE = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Need:
    """A sentence, and the page on which it is seen to by whoever may do `deed`."""

    words: str
    link: str
    address: str
    deed: str


def needs(page: Page) -> list[Need]:
    """The most pressing first; nothing of a project that is archived."""
    return list(_needs(page.project, page)) if page.project.is_open else []


def _needs(project: Project, page: Page) -> Iterator[Need]:
    if not page.tiers:
        yield _need(
            project, "No tier is on offer, so nobody can sponsor.", "Offer one", "tiers", "edit"
        )
    if silence := _silence(page):
        yield _need(project, silence, "Write an update", "new-update", "edit")
    for title in project.updates.filter(published_at=None).values_list("title", flat=True)[:3]:
        yield _need(project, f"A draft is not published: “{title}”.", "See it", "updates", "edit")
    if page.goals and page.next_step is None:
        words = "Sponsors pay for every goal. Say what more days would be for."
        yield _need(project, words, "Add a goal", "goals", "edit")


def _silence(page: Page) -> str:
    """For how long sponsors have been told nothing; empty while that is not long."""
    newest = page.updates[0].published_at if page.updates else page.project.published_at
    if newest is None or page.today - newest.date() < SILENCE:
        return ""
    if not page.updates:
        return "Nothing has been told yet since the project was published."
    return f"The last update is of {_day(newest.date())}. Sponsors have heard nothing since."


def _day(day: date) -> str:
    return format_date(day, "d MMMM yyyy", locale="en_GB")


def _need(project: Project, words: str, link: str, name: str, deed: str) -> Need:
    return Need(words, link, reverse(f"projects:{name}", args=[project.slug]), deed)
