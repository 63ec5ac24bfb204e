"""Many towns, on every core. Each town is a seed; what one has shown is written down when it is done,
so that a run that was broken off goes on from there."""

import argparse
import json
import math
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import fields
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import setup_test_environment

from tests.simulation import machine, report, truth
from tests.simulation.defects import DEFECTS
from tests.simulation.machine import Result
from tests.simulation.weather import Cell

QUICK, LONG, TOWN, COMPANIES = 20_000, 1_000_000, 5_000, 280
TUPLES = ("seen", "places", "reached")
# Small towns whose seeds go for what is still empty: so many, of so many months and companies.
MENDING, MOST_MENDING, SMALL, FEW = 1_000_000, 24, 120, 30
SEPARATOR = " | "


def prepare() -> None:
    """A process of the pool has a database of its own."""
    setup_test_environment(debug=False)
    before, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    folder = f"{tempfile.gettempdir()}/" if connection.vendor == "sqlite" else ""
    test["NAME"] = f"{folder}soak_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    Finalize(None, connection.creation.destroy_test_db, (before, 0), exitpriority=10)


def town(
    seed: int, months: float, companies: int, wanted: Sequence[Cell] = (), ways: Sequence[str] = ()
) -> dict[str, Any]:
    try:
        result = machine.live(
            seed, months=months, companies=companies, wanted=wanted, favoured=ways
        )
    except truth.Breach as breach:
        return {"seed": seed, "breach": "\n".join([str(breach), *breach.__notes__])}
    said = {field.name: getattr(result, field.name) for field in fields(Result)}
    for name in TUPLES:
        said[name] = {SEPARATOR.join(cell): count for cell, count in said[name].items()}
    return said


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
        said = list(_towns(pool, arguments, log))
        said += _mended(pool, said) if not arguments.seed else []
        found = dict(zip(_names(), pool.map(plant, _names()), strict=True))
    return _tell(said, found, seconds=time.monotonic() - began)


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


def _towns(pool: Any, arguments: argparse.Namespace, log: Path) -> Iterator[dict[str, Any]]:
    """What each has shown: those of an earlier run first, then as they come."""
    done = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    yield from done
    count = math.ceil(arguments.months / TOWN)
    seeds = set(range(arguments.first, arguments.first + count)) - {one["seed"] for one in done}
    each = min(TOWN, arguments.months)
    companies = max(FEW, COMPANIES * each // TOWN)
    waiting = [pool.submit(town, seed, each, companies) for seed in sorted(seeds)]
    with log.open("a") as kept:
        for future in as_completed(waiting):
            said = future.result()
            _say(said)
            if "breach" not in said:
                kept.write(json.dumps(said) + "\n")
                kept.flush()
            yield said


def _mended(pool: Any, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Small towns in which what is still empty comes first."""
    more: list[dict[str, Any]] = []
    while len(more) < MOST_MENDING:
        whole = report.merged(_read([*said, *more]))
        lacking = report.empty(whole)
        if not lacking:
            break
        ways = report.ways(whole, lacking)
        print(f"{len(lacking)} cells are empty: two more towns go for them.", flush=True)
        seeds = [MENDING + len(more) + number for number in range(2)]
        waiting = [pool.submit(town, seed, SMALL, FEW, lacking, ways) for seed in seeds]
        more += [future.result() for future in waiting]
    return more


def _read(said: Iterable[dict[str, Any]]) -> Iterator[Any]:
    for one in said:
        if "breach" in one:
            continue
        given = dict(one)
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


def _tell(said: list[dict[str, Any]], found: dict[str, bool], *, seconds: float) -> int:
    whole = report.merged(_read(said))
    for line in report.lines(whole):
        print(line)
    for name, was in found.items():
        print(f"{'found' if was else 'NOT FOUND':>9}  {name}")
    print(f"planted defects found: {sum(found.values())} of {len(found)}")
    broken = [one for one in said if "breach" in one]
    for one in broken:
        print(f"BREACH of seed {one['seed']}: {one['breach']}")
    print(f"{seconds / 60:.1f} minutes")
    wrong = (
        broken or report.empty(whole) or not all(found.values()) or any(whole.difference.values())
    )
    return 1 if wrong else 0
