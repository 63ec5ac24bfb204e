"""What participants and mentors do, and how organisers see a round through."""

TABLE: dict[str, dict[str, tuple[object, ...]]] = {}


def names(town):
    return {}
