"""What waits for the organisers of a round: each thing in a sentence, with the page on which it is
seen to. The same few questions however many rounds there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from funding.programmes import ending_rounds, mentoring
from funding.programmes.models import Round


@dataclass(frozen=True, slots=True)
class Task:
    words: str
    page: str  # the name of the address, among those of a round's desk
    query: str = ""


def of(rounds: Sequence[Round], *, now: datetime) -> dict[int, list[Task]]:
    """By round; the rounds come with their phases."""
    lacking = mentoring.missing_in(rounds)
    return {one.pk: [*_mentors(lacking[one.pk]), *_end(one, now)] for one in rounds}


def _mentors(number: int) -> list[Task]:
    if not number:
        return []
    is_one = number == 1
    words = "One place has no mentor." if is_one else f"{number} places have no mentor."
    return [Task(f"{words} Choose one.", "places", "?state=mentorless")]


def _end(round_: Round, now: datetime) -> list[Task]:
    if not ending_rounds.is_overdue(round_, now=now):
        return []
    return [Task("The last phase is over. End the round.", "end-round")]
