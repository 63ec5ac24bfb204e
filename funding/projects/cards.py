"""Cards: a project as lists show it. A card is the same for everybody, so it is drawn once for each
version of its project and each day (with a day a grant begins or ends), and lies in the memory of
each process. `Funding.version` moves with every write that a card shows, so none is ever stale."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import date
from threading import Lock

from django.template.loader import render_to_string

from funding.projects.models import Project
from funding.projects.page import Page

MOST_CARDS = 2_000

Key = tuple[int, int, date]

_cards: OrderedDict[Key, str] = OrderedDict()
_lock = Lock()


def of(versions: Iterable[tuple[int, int]], *, today: date) -> list[str]:
    """The cards of these (project, version), in this order; those not kept yet in one question."""
    keys = [(project_id, version, today) for project_id, version in versions]
    cards = {key: _cards.get(key) for key in keys}
    drawn = dict(_draw([key for key, card in cards.items() if card is None]))
    with _lock:
        for key in keys:
            if card := cards[key] or drawn.get(key):
                _cards[key] = card
                _cards.move_to_end(key)
        while len(_cards) > MOST_CARDS:
            _cards.popitem(last=False)
    return [card for key in keys if (card := cards[key] or drawn.get(key))]


def clear() -> None:
    """Forget every card: for tests, and after templates have changed."""
    _cards.clear()


def _draw(keys: list[Key]) -> Iterator[tuple[Key, str]]:
    if not keys:
        return
    projects = Project.objects.with_page_parts().in_bulk([key[0] for key in keys])
    for key in keys:
        if key[0] in projects:  # it may be gone since it was listed
            page = Page(projects[key[0]], today=key[2])
            yield key, render_to_string("projects/_card.html", {"page": page})
