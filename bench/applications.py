"""Very many applications of one round, each with twenty answers and two reviews, as their organisers see
them: the list, searched, filtered and ordered, the ranking, and the export; beside the same questions
asked of the database raw. The number of questions is the same for a tenth of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench import results
from funding.accounts.models import User
from funding.office import clock
from funding.programmes.models import Answer, Application, Idea, Question, Review, Round
from tests import factories
from tests.programmes import scenes

QUESTIONS, REVIEWERS, IDEAS = 20, 6, 4
TEXT = "I would begin with a test that fails, keep it as small as I can, and ask early. " * 3
# What is asked for, and the ratio to the raw questions to reach.
PAGES = {
    "list": ("applications/", 0.1),
    "searched": ("applications/?q=Person+77", 0.04),
    "filtered": ("applications/?state=open&read=done&idea=IDEA", 0.05),
    "flagged": ("applications/?flagged=any", 0.03),
    "by mean": ("applications/?sort=mean", 0.1),
    "by spread, last page": ("applications/?sort=spread&page=999", 0.1),
    "ranking": ("ranking/", 0.15),
    "export": ("applications/export/", 0.1),
}
Asked = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """A round as its organiser reads it."""

    client: Client
    round: Round
    idea: int

    def get(self, path: str) -> int:
        """The answer's bytes, all of them."""
        path = path.replace("IDEA", str(self.idea))
        at = f"/organise/{self.round.programme.slug}/{self.round.slug}/{path}"
        answer: Any = self.client.get(at)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.status_code != 200:
            raise SystemExit(f"{at}: {answer.status_code}")
        return len(body)


def run(*, rounds: int, folder: str, size: int = 1_000) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    few, many = _desk(max(size // 10, 1)), _desk(size)
    print(f"{size:,} applications of {QUESTIONS} answers and 2 reviews, {rounds} rounds")
    for name, (path, goal) in PAGES.items():
        _measure(name, path, few, many, rounds, goal)


def _measure(name: str, path: str, few: Desk, many: Desk, rounds: int, goal: float) -> None:
    less, asked = _recorded(few, path), _recorded(many, path)
    if len(less) != len(asked):
        raise SystemExit(f"{name}: {len(less)} questions for few, {len(asked)} for many")
    size = many.get(path) / 1024
    raw, ours = [], []
    for _ in range(rounds):
        raw.append(_rate(lambda: _ask_raw(asked)))
        ours.append(_rate(lambda: many.get(path)))
    results.show(f"limit: its {len(asked)} questions asked raw, {name}", raw)
    results.show(f"ours, {size:,.0f} KB, {name}", ours)
    results.ratio(name, ours, raw, goal)


def _rate(deed: Callable[[], object]) -> float:
    """Times a second of processor time."""
    before, times = time.process_time(), 0
    while (took := time.process_time() - before) < 0.5:
        deed()
        times += 1
    return times / took


def _recorded(desk: Desk, path: str) -> list[Asked]:
    """The questions that an address asks once everything is warm."""
    desk.get(path)
    asked: list[Asked] = []

    def record(execute: Any, sql: str, given: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            asked.append((sql, given))
        return execute(sql, given, many, context)

    with connection.execute_wrapper(record):
        desk.get(path)
    return asked


def _ask_raw(asked: list[Asked]) -> None:
    with connection.cursor() as cursor:
        for sql, given in asked:
            cursor.execute(sql, given)
            cursor.fetchall()


def _desk(number: int) -> Desk:
    organiser = factories.user(password="x")
    round_ = scenes.selection(organiser=organiser)
    ideas = [scenes.idea(round_, title=f"Idea {one}") for one in range(IDEAS)]
    _fill(round_, ideas, number)
    client = Client()
    client.force_login(organiser, "django.contrib.auth.backends.ModelBackend")
    return Desk(client, round_, ideas[0].pk)


def _fill(round_: Round, ideas: list[Idea], number: int) -> None:
    now = clock.now()
    readers = [scenes.part(round_.programme, "reviewer").user for _ in range(REVIEWERS)]
    questions = Question.objects.bulk_create(
        Question(round=round_, text=f"Question {one}?", position=one) for one in range(QUESTIONS)
    )
    users = User.objects.bulk_create(
        User(email=f"{round_.pk}-{one}@people.example", name=f"Person {one}")
        for one in range(number)
    )
    rows = Application.objects.bulk_create(
        Application(
            round=round_, user=user, status="submitted", name=user.name, about=TEXT, hours=30,
            idea=ideas[one % IDEAS], begun_at=now, saved_at=now, submitted_at=now,
        )
        for one, user in enumerate(users)
    )  # fmt: skip
    Answer.objects.bulk_create(
        (Answer(application=row, question=one, text=TEXT) for row in rows for one in questions),
        batch_size=2_000,
    )
    Review.objects.bulk_create(
        Review(
            application=row, reviewer=readers[(one + which) % REVIEWERS], status="done",
            score=1 + (one * 7 + which * which) % 5, comment=TEXT, assigned_at=now, done_at=now,
            flags=["look"] if one % 20 == 0 else [],
        )
        for one, row in enumerate(rows) for which in range(2)
    )  # fmt: skip
