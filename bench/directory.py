"""The directory of 5,000 projects as anybody gets it: its first page, a filtered and a searched one,
whose cards are kept, and pages that nobody has asked for before, whose cards are drawn; beside stock
ListView pages of as many rows on the same server and database."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection

from bench import load, results
from bench.load import Server
from funding.office import clock
from funding.projects.models import FundedPerson, Funding, Goal, Language, Project

PROJECTS = 5_000
REQUESTS = 60
# What is asked for, and the ratio to reach.
PAGES = {
    "first page": ([""], 1.5),
    "filtered": (["?language=Rust&funding=needs"], 1.5),
    "searched": (["?q=web+toolkit+4"], 1.5),
    # Once around, more cards than are kept.
    "drawn anew": ([f"?page={number}" for number in range(1, 200)], 0.4),
}


def run(*, rounds: int, folder: str) -> None:
    _fill()
    with load.server() as ours, load.server("bare") as bare:
        print(f"{PROJECTS:,} projects, {rounds} rounds")
        for name, (queries, goal) in PAGES.items():
            _measure(name, ours, bare, queries, goal, rounds)


def _measure(
    name: str, ours: Server, bare: Server, queries: list[str], goal: float, rounds: int
) -> None:
    requests = max(REQUESTS, len(queries))
    sizes = [len(server.ask(load.get(path + queries[0]))) / 1024
             for server, path in ((ours, "/projects/"), (bare, "/stock-list/"))]  # fmt: skip
    mine, stock = [], []
    for _ in range(rounds):
        mine.append(ours.rate(*(f"/projects/{query}" for query in queries), requests=requests))
        stock.append(bare.rate(*(f"/stock-list/{query}" for query in queries), requests=requests))
    results.show(f"limit: a stock ListView of {sizes[1]:.0f} KB, {name}", stock)
    results.show(f"ours, {sizes[0]:.0f} KB, {name}", mine)
    results.ratio(name, mine, stock, goal)


def _fill() -> None:
    """Projects that differ in everything that is filtered, searched and ordered by."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    projects = _projects()
    _funded(projects)
    Goal.objects.bulk_create(
        Goal(project=one, position=position, title=title, days=days)
        for one in projects
        for position, (title, days) in enumerate((("Maintenance", 3), ("Features", 2)))
    )
    Language.objects.bulk_create(
        Language(project=one, name=("Python", "Rust", "C", "Go", "Java")[i % 5])
        for i, one in enumerate(projects)
    )
    FundedPerson.objects.bulk_create(
        FundedPerson(project=one, name="T. Carter", days=3) for one in projects
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _projects() -> list[Project]:
    return Project.objects.bulk_create(
        Project(
            slug=f"project-{i}", name=f"Project {i * 7919 % PROJECTS}", status="published",
            summary=f"A {('web', 'mail', 'map')[i % 3]} toolkit that many services are built on.",
            currency=("GBP", "EUR", "USD")[i % 3], day_rate=30_000,
            licence=("MIT", "BSD-3-Clause", "Apache-2.0", "GPL-3.0-or-later")[i % 4],
        )
        for i in range(PROJECTS)
    )  # fmt: skip


def _funded(projects: list[Project]) -> None:
    now = clock.now()
    Funding.objects.bulk_create(
        Funding(project=one, filled=i * 37 % 12_000, committed=i * 37 % 12_000 * 65,
                sponsors=i % 9, funded_at=now - timedelta(hours=i * 31 % PROJECTS))
        for i, one in enumerate(projects)
    )  # fmt: skip
