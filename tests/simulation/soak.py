"""Many towns, on every core. Each town is a seed; what one has shown is written down when it is done,
so that a run that was broken off goes on from there. What no town has shown is tried on histories that
were written down (`cells`)."""

import argparse
import json
import math
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import fields
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import setup_test_environment

from tests.simulation import cells, machine, report, seats, truth
from tests.simulation.cells import Walk
from tests.simulation.defects import DEFECTS
from tests.simulation.machine import Result

QUICK, LONG, TOWN, COMPANIES = 20_000, 1_000_000, 5_000, 280
CALLS = 12  # of programmes, beside each town
FEW = 30  # companies are in a town at least
STATEMENTS = 2_000  # that SQLite need not read again; the site has some thousands
TUPLES = ("seen", "places")
SEPARATOR = " | "


def prepare() -> None:
    """A process of the pool has a database of its own."""
    setup_test_environment(debug=False)
    before, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    folder = ""
    if connection.vendor == "sqlite":
        folder = f"{tempfile.gettempdir()}/"
        connection.settings_dict["OPTIONS"]["cached_statements"] = STATEMENTS
    test["NAME"] = f"{folder}soak_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    Finalize(None, connection.creation.destroy_test_db, (before, 0), exitpriority=10)


def town(seed: int, months: float, companies: int) -> dict[str, Any]:
    try:
        lived = machine.live(seed, months=months, companies=companies)
        result = report.merged([lived, seats.live(seed, calls=CALLS)])
    except truth.Breach as breach:
        return {"seed": seed, "breach": _told(breach)}
    said = {field.name: getattr(result, field.name) for field in fields(Result)}
    said["seed"] = seed
    for name in TUPLES:
        said[name] = {SEPARATOR.join(cell): count for cell, count in said[name].items()}
    return said


def walk(one: Walk) -> Result | str:
    """What a walk has shown, or what was false on it."""
    try:
        return one.take()
    except truth.Breach as breach:
        return f"{one}: {_told(breach)}"


def _told(breach: truth.Breach) -> str:
    return "\n".join([str(breach), *breach.__notes__])


def plant(name: str) -> bool:
    """Whether the planted defect of that name is found."""
    defect = next(one for one in DEFECTS if one.name == name)
    machine.replay(defect.steps, defect.trouble)
    try:
        machine.replay(defect.steps, defect.trouble, planted=defect.planted)
    except truth.Breach:
        return True
    return False


def main(given: list[str]) -> int:
    arguments = _arguments(given)
    began = time.monotonic()
    log = Path("var/soak") / f"{arguments.first}-{arguments.months}.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    if arguments.fresh or arguments.quick:
        log.unlink(missing_ok=True)
    fork = multiprocessing.get_context("fork")  # nobody has a connection yet
    with ProcessPoolExecutor(arguments.jobs, mp_context=fork, initializer=prepare) as pool:
        towns = _towns(pool, arguments, log)
        walks = cells.records() if arguments.seed is None else []
        recorded = pool.map(walk, walks)  # after the towns
        planted = pool.map(plant, _names())
        said = list(_lived(towns, log))
        results, broken = _filled(pool, said, list(recorded))
        found = dict(zip(_names(), planted, strict=True))
    return _tell(results, broken, found, seconds=time.monotonic() - began)


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} sponsorship-months")
    parser.add_argument("--months", type=int, default=0, help="so many sponsorship-months")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seed", type=int, help="this town alone, as it was when it was broken")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier run has done")
    arguments = parser.parse_args(given)
    arguments.months = arguments.months or (QUICK if arguments.quick else LONG)
    if arguments.seed is not None:
        arguments.first, arguments.months, arguments.fresh = arguments.seed, TOWN, True
    return arguments


def _towns(pool: Any, arguments: argparse.Namespace, log: Path) -> list[Future[dict[str, Any]]]:
    """Those that no earlier run has lived through."""
    done = {one["seed"] for one in _kept(log)}
    count = math.ceil(arguments.months / TOWN)
    seeds = set(range(arguments.first, arguments.first + count)) - done
    each = min(TOWN, arguments.months)
    companies = max(FEW, COMPANIES * each // TOWN)
    return [pool.submit(town, seed, each, companies) for seed in sorted(seeds)]


def _kept(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _lived(towns: Iterable[Future[dict[str, Any]]], log: Path) -> Iterator[dict[str, Any]]:
    """What each has shown: those of an earlier run first, then as they come."""
    yield from _kept(log)
    with log.open("a") as kept:
        for future in as_completed(towns):
            said = future.result()
            _say(said)
            if "breach" not in said:
                kept.write(json.dumps(said) + "\n")
                kept.flush()
            yield said


def _filled(
    pool: Any, said: list[dict[str, Any]], recorded: list[Result | str]
) -> tuple[list[Result], list[str]]:
    """What towns and walks have shown, with walks for what none of them has; and what was false."""
    broken = [f"seed {one['seed']}: {one['breach']}" for one in said if "breach" in one]
    broken += [one for one in recorded if isinstance(one, str)]
    results = [*_read(said), *(one for one in recorded if isinstance(one, Result))]
    if not recorded:
        return results, broken
    lacking = report.empty(report.merged(results))
    passed = [one.places if isinstance(one, Result) else Counter() for one in recorded]
    print(f"{len(lacking)} cells are empty: written histories go for them.", flush=True)

    def take(walks: Sequence[Walk]) -> list[Result | None]:
        taken = list(pool.map(walk, walks))
        broken.extend(one for one in taken if isinstance(one, str))
        return [one if isinstance(one, Result) else None for one in taken]

    return [*results, *cells.fill(lacking, passed, take)], broken


def _read(said: Iterable[dict[str, Any]]) -> Iterator[Any]:
    for one in said:
        if "breach" in one:
            continue
        given = {field.name: one[field.name] for field in fields(Result)}
        for name in TUPLES:
            cells = {tuple(key.split(SEPARATOR)): count for key, count in one[name].items()}
            given[name] = Counter(cells)
        yield Result(**given)


def _names() -> list[str]:
    return [defect.name for defect in DEFECTS]


def _say(said: dict[str, Any]) -> None:
    if "breach" in said:
        print(f"Seed {said['seed']}: {said['breach']}", flush=True)
    else:
        print(f"Seed {said['seed']}: {said['months']:,.0f} sponsorship-months", flush=True)


def _tell(
    results: list[Result], broken: list[str], found: dict[str, bool], *, seconds: float
) -> int:
    whole = report.merged(results)
    for line in report.lines(whole):
        print(line)
    for cell in report.empty(whole):
        print(f"EMPTY {SEPARATOR.join(cell)}")
    for name, was in found.items():
        print(f"{'found' if was else 'NOT FOUND':>9}  {name}")
    print(f"planted defects found: {sum(found.values())} of {len(found)}")
    for one in broken:
        print(f"BREACH of {one}")
    print(f"{seconds / 60:.1f} minutes")
    wrong = (
        broken or report.empty(whole) or not all(found.values()) or any(whole.difference.values())
    )
    return 1 if wrong else 0
