"""Stripe's events, a month of renewals of them: how many a second are verified and kept, and how
many kept, looked up and booked, beside a bare view that only verifies and inserts.

Times are of the processor, whatever else the machine does. Stripe answers at once here (its answers are recorded beforehand): what is measured is ours. A
comparison measured elsewhere on one machine: dj-stripe 2.11 handled 39 events a second where this
bare view took 661, so 12 times dj-stripe is 0.71 times the bare view."""

import time
from collections.abc import Callable

from bench import results
from bench.letters import Application, Letter, send
from bench.season import Season

SPONSORSHIPS = 120


def run(*, rounds: int, folder: str) -> None:
    measured: dict[str, list[float]] = {"bare": [], "intake": [], "whole": []}
    statements = 0.0
    with Season(sponsorships=SPONSORSHIPS) as season:
        for _ in range(rounds):
            letters = season.next_month()
            measured["bare"].append(_rate(letters, season.bare(), season.clear))
            measured["intake"].append(_rate(letters, season.site(hint=False), season.clear))
            seconds, statements = season.whole(letters)
            measured["whole"].append(len(letters) / seconds)
    print(f"Events of {SPONSORSHIPS} renewals a month, {rounds} rounds")
    for name, what in (
        ("bare", "limit: a bare view verifies and inserts"),
        ("intake", "ours: verified and kept"),
        ("whole", "ours: kept, looked up at an instant Stripe, booked"),
    ):
        results.show(what, measured[name])
    print(f"  statements an event, in all: {statements:.1f}")
    results.ratio("intake", measured["intake"], measured["bare"], 0.8)
    results.ratio("end to end", measured["whole"], measured["bare"], 0.71)


def _rate(letters: list[Letter], application: Application, clear: Callable[[], None]) -> float:
    clear()
    before = time.process_time()
    for body, signature in letters:
        send(application, body, signature)
    return len(letters) / (time.process_time() - before)
