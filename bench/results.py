"""Printing what was measured: the median of the rounds, how far they spread, and the ratio."""

from statistics import median


def show(name: str, rates: list[float], unit: str = "/s") -> float:
    """One line for a row of rates; answers their median."""
    middle = median(rates)
    spread = (max(rates) - min(rates)) / middle * 100 if middle else 0.0
    print(f"  {name:<52} {middle:>10,.0f}{unit}  ± {spread / 2:.0f} %")
    return middle


def ratio(name: str, ours: list[float], limit: list[float], goal: float) -> None:
    """Ours against the limit, round by round, so that what slows one slows the other too."""
    rounds = [mine / other for mine, other in zip(ours, limit, strict=True)]
    middle = median(rounds)
    verdict = "reached" if middle >= goal else "MISSED"
    print(
        f"  → {name}: {middle:.2f} x ({min(rounds):.2f} to {max(rounds):.2f}), "
        f"to reach {goal:.2f} x: {verdict}"
    )
