"""What organisers do: programmes, rounds, calls, people."""

TABLE: dict[str, dict[str, tuple[object, ...]]] = {}


def names(town):
    return {}
